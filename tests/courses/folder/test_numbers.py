"""Numbers and titles out of names, one name at a time."""

import unicodedata

import pytest

from lms_box.courses.folder.numbering import numbering_of
from lms_box.courses.folder.titles import readable, split_extension

NAMES: list[tuple[str, tuple[int, ...], str]] = [
    # the ways that people and platforms number
    ("01 Intro", (1,), "Intro"),
    ("1. Welcome", (1,), "Welcome"),
    ("1.Welcome", (1,), "Welcome"),
    ("1) Intro", (1,), "Intro"),
    ("(1) Intro", (1,), "Intro"),
    ("[01] Intro", (1,), "Intro"),
    ("[01]Intro", (1,), "Intro"),
    ("[01] - Intro", (1,), "Intro"),
    ("【01】Intro", (1,), "Intro"),
    ("01_intro", (1,), "intro"),
    ("1-Intro", (1,), "Intro"),
    ("1 - Intro", (1,), "Intro"),
    ("01 – Intro", (1,), "Intro"),
    ("01 — Intro", (1,), "Intro"),
    ("1: Intro", (1,), "Intro"),
    ("01. - Intro", (1,), "Intro"),
    ("10 - Intro", (10,), "Intro"),
    ("001 Find", (1,), "Find"),
    ("000123 Find", (123,), "Find"),
    ("00 Hello", (0,), "Hello"),
    ("#3 Title", (3,), "Title"),
    ("# 3 - Title", (3,), "Title"),
    ("№ 3 Название", (3,), "Название"),
    ("Nr. 4 Titel", (4,), "Titel"),
    ("01__foo_bar__", (1,), "foo bar"),
    ("01a Intro", (1, 1), "Intro"),
    ("2b) More", (2, 2), "More"),
    ("01intro", (1,), "intro"),
    # levels
    ("1.1 Setup", (1, 1), "Setup"),
    ("1.1. Setup", (1, 1), "Setup"),
    ("1.10_Setup", (1, 10), "Setup"),
    ("1.2.3 Deep", (1, 2, 3), "Deep"),
    ("1-2 Setup", (1, 2), "Setup"),
    ("S01E02", (1, 2), "S01E02"),
    ("S01E02 - Title", (1, 2), "Title"),
    ("s1e2.Title", (1, 2), "Title"),
    ("S01_E02_Title", (1, 2), "Title"),
    ("Series - S01E02 - Title", (1, 2), "Series - Title"),
    ("Series - S01E02 - v1.2 of it", (1, 2), "Series - v1.2 of it"),
    ("Series.S01E02.The.Title", (1, 2), "Series The Title"),
    ("Series.S01E02.Version.1.2.1080p", (1, 2), "Series Version 1.2"),
    # words before the number
    ("Lesson 3", (3,), "Lesson 3"),
    ("Lesson 3 - Intro", (3,), "Intro"),
    ("Lesson_03_Intro", (3,), "Intro"),
    ("lesson03-intro", (3,), "intro"),
    ("Week 2 - Loops", (2,), "Loops"),
    ("Week 2 - ", (2,), "Week 2"),
    ("Week02", (2,), "Week02"),
    ("Day-01", (1,), "Day-01"),
    ("Week 2 - Day 3 - Loops", (2, 3), "Loops"),
    ("Section 1 Lesson 3 Title", (1, 3), "Title"),
    ("Chapter 4: Foo", (4,), "Foo"),
    ("Ch01 - Foo", (1,), "Foo"),
    ("Lecture #5", (5,), "Lecture #5"),
    ("Lecture No. 5 Bar", (5,), "Bar"),
    ("Module 2.1 Foo", (2, 1), "Foo"),
    ("Part II - More", (2,), "More"),
    ("Part IV", (4,), "Part IV"),
    ("Lesson One", (1,), "Lesson One"),
    ("Part Two - More", (2,), "More"),
    ("Part 1 of 3 - Foo", (1,), "Foo"),
    ("Lesson 10, Arrays", (10,), "Arrays"),
    ("Lesson 3a Foo", (3, 1), "Foo"),
    ("EP12 Foo", (12,), "Foo"),
    ("Vol. 3 Foo", (3,), "Foo"),
    ("LESSON 7 FOO", (7,), "FOO"),
    # other languages and scripts
    ("Lektion 4 Verben", (4,), "Verben"),
    ("Leçon 3 : Le subjonctif", (3,), "Le subjonctif"),
    ("Aula 05 - Verbos", (5,), "Verbos"),
    ("Lección 2. Hola", (2,), "Hola"),
    ("Rozdział 3 - Pętle", (3,), "Pętle"),
    ("Bölüm 2 - Döngüler", (2,), "Döngüler"),
    ("Урок 3. Введение", (3,), "Введение"),
    ("УРОК 3. Введение", (3,), "Введение"),
    ("Лекция №4 Циклы", (4,), "Циклы"),
    ("Часть 2 — Циклы", (2,), "Циклы"),
    ("Μάθημα 2 - Αρχή", (2,), "Αρχή"),
    ("שיעור 3 - מבוא", (3,), "מבוא"),
    ("פרק 2 לולאות", (2,), "לולאות"),
    ("الدرس ٣ - مقدمة", (3,), "مقدمة"),
    ("درس 3 مقدمة", (3,), "مقدمة"),
    ("٠١ مقدمة", (1,), "مقدمة"),
    ("۰۲ شروع", (2,), "شروع"),
    ("पाठ २ परिचय", (2,), "परिचय"),
    ("Bài 3 Vòng lặp", (3,), "Vòng lặp"),
    ("บทที่ 3 ตัวแปร", (3,), "ตัวแปร"),
    ("第3课", (3,), "第3课"),
    ("第3课 变量", (3,), "变量"),
    ("第３课　变量", (3,), "变量"),
    ("第三课 变量", (3,), "变量"),
    ("第十二章、函数", (12,), "函数"),
    ("第二十章 函数", (20,), "函数"),
    ("第1章第2节 标题", (1, 2), "标题"),
    ("第3回 関数", (3,), "関数"),
    ("3日目 関数", (3,), "関数"),
    ("3강 변수", (3,), "변수"),
    ("제3강 변수", (3,), "변수"),
    ("2주차 반복문", (2,), "반복문"),
    ("01介绍", (1,), "介绍"),
    ("０１　はじめに", (1,), "はじめに"),
    ("１．はじめに", (1,), "はじめに"),
    ("３、関数", (3,), "関数"),
    ("１－２　設定", (1, 2), "設定"),
    ("① Intro", (1,), "Intro"),
    ("1️⃣ Intro", (1,), "Intro"),
    # numbers that belong to the title
    ("Dr. No", (), "Dr. No"),
    ("2001 A Space Odyssey", (), "2001 A Space Odyssey"),
    ("1984", (), "1984"),
    ("7 Habits", (), "7 Habits"),
    ("02 2001 A Space Odyssey", (2,), "2001 A Space Odyssey"),
    ("12 Angry Men", (), "12 Angry Men"),
    ("3D Modeling", (), "3D Modeling"),
    ("3-D printing", (), "3-D printing"),
    ("2nd part", (), "2nd part"),
    ("10x engineer", (), "10x engineer"),
    ("50% off", (), "50% off"),
    ("1.5x speed", (), "1.5x speed"),
    ("4x4 trucks", (), "4x4 trucks"),
    ("S3 buckets", (), "S3 buckets"),
    ("L06", (), "L06"),
    ("3天学会Python", (), "3天学会Python"),
    ("2024-01-15 Lecture", (), "2024-01-15 Lecture"),
    ("20240115_intro", (), "20240115 intro"),
    ("15.01.2024 Lecture", (), "15.01.2024 Lecture"),
    ("123456789 views", (), "123456789 views"),
    ("Part of it", (), "Part of it"),
    ("Day by day", (), "Day by day"),
    ("Les Misérables", (), "Les Misérables"),
    ("Introduction", (), "Introduction"),
    # the number is all there is
    ("01", (1,), "01"),
    ("1.2", (1, 2), "1.2"),
    ("12.", (12,), "12."),
    # ids of platforms, tags
    ("12345678_Intro", (), "Intro"),
    ("12345678_01 Intro", (1,), "Intro"),
    ("1234567_", (), "1234567"),
    ("01 Intro (1080p)", (1,), "Intro"),
    ("01 Intro [720p HD]", (1,), "Intro"),
    ("Intro_1080p", (), "Intro"),
    ("Intro (x264, AAC)", (), "Intro"),
    ("(1080p)", (), "(1080p)"),
    ("Video [dQw4w9WgXcQ]", (), "Video"),
    ("Intro (4K)", (), "Intro"),
    # nothing else is lost
    ("01 .NET basics", (1,), ".NET basics"),
    ("01. .NET", (1,), ".NET"),
    ("04 C++", (4,), "C++"),
    ("05 C#", (5,), "C#"),
    ("06 What is AI?", (6,), "What is AI?"),
    ("07 Q&A (live)", (7,), "Q&A (live)"),
    ("08 Street (AVI, no audio)", (8,), "Street (AVI, no audio)"),
    ("01 🚀", (1,), "🚀"),
    ("🚀 Launch", (), "🚀 Launch"),
    ("01 [draft] x", (1,), "[draft] x"),
    ("_2019", (), "2019"),
    ("etc.", (), "etc."),
    ("02-numpy", (2,), "numpy"),
    ("data-wrangling", (), "data-wrangling"),
    ("02-knn__slides", (2,), "knn slides"),
    ("10_eval3-cv__notes", (10,), "eval3-cv notes"),
]


@pytest.mark.parametrize(("name", "number", "title"), NAMES, ids=[name for name, _, _ in NAMES])
def test_a_name_alone(name: str, number: tuple[int, ...], title: str) -> None:
    named = numbering_of([name]).read(name)
    assert (named.number, named.title) == (number, title)


NEIGHBOURS: list[tuple[list[str], list[tuple[tuple[int, ...], str]]]] = [
    (["1 Alpha", "2 Beta", "10 Gamma"], [((1,), "Alpha"), ((2,), "Beta"), ((10,), "Gamma")]),
    (["01 Alpha", "3 Idiots"], [((1,), "Alpha"), ((3,), "Idiots")]),
    (["10 Things", "12 Angry Men", "101 Dalmatians"], [((), "10 Things"), ((), "12 Angry Men"), ((), "101 Dalmatians")]),
    (["7 Habits", "Alpha", "Beta"], [((), "7 Habits"), ((), "Alpha"), ((), "Beta")]),
    (["099 Alpha", "100 Beta"], [((99,), "Alpha"), ((100,), "Beta")]),
    (["Python - 01 Intro", "Python - 02 Loops"], [((1,), "Intro"), ((2,), "Loops")]),
    (["My_Course_01_Intro", "My_Course_02_Loops"], [((1,), "Intro"), ((2,), "Loops")]),
    (
        ["Show S01E01 One", "Show S01E02 Two", "Show S01E03 Six"],
        [((1, 1), "Show One"), ((1, 2), "Show Two"), ((1, 3), "Show Six")],
    ),
    (["Algebra 1", "Algebra 2"], [((), "Algebra 1"), ((), "Algebra 2")]),
    (["Course - Alpha", "Course - Beta", "Course - Gamma"], [((), "Alpha"), ((), "Beta"), ((), "Gamma")]),
    (["01 - Stats - Mean", "02 - Stats - Mode", "03 - Stats - Range"], [((1,), "Mean"), ((2,), "Mode"), ((3,), "Range")]),
    (["01 Intro to A", "02 Intro to B", "03 Intro to C"], [((1,), "Intro to A"), ((2,), "Intro to B"), ((3,), "Intro to C")]),
    (["I. Alpha", "II. Beta", "IX. Gamma"], [((1,), "Alpha"), ((2,), "Beta"), ((9,), "Gamma")]),
    (["Lesson 1", "Lesson 2", "Lesson 10"], [((1,), "Lesson 1"), ((2,), "Lesson 2"), ((10,), "Lesson 10")]),
    (["1a Alpha", "1b Beta", "2a Gamma"], [((1, 1), "Alpha"), ((1, 2), "Beta"), ((2, 1), "Gamma")]),
]


@pytest.mark.parametrize(("names", "expected"), NEIGHBOURS, ids=[names[0] for names, _ in NEIGHBOURS])
def test_names_among_neighbours(names: list[str], expected: list[tuple[tuple[int, ...], str]]) -> None:
    numbering = numbering_of(names)
    assert [(named.number, named.title) for named in map(numbering.read, names)] == expected


@pytest.mark.parametrize(("name", "shown"), [("\x01", r"\x01"), (" ", r"\x20"), ("\u200b", r"\x200b"), ("\x01a", " a")])
def test_a_name_of_nothing_that_is_seen_is_written_in_numbers(name: str, shown: str) -> None:
    assert readable(name) == shown


@pytest.mark.parametrize("name", ["Café 01", "Leçon 3 - Été", "レッスン2 はじめに", "第3课 变量", "Bài 3 Vòng lặp"])
def test_composed_and_decomposed_names_are_read_alike(name: str) -> None:
    composed, decomposed = (readable(unicodedata.normalize(form, name)) for form in ("NFC", "NFD"))
    assert numbering_of([composed]).read(composed) == numbering_of([decomposed]).read(decomposed)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Intro.mp4", ("Intro", ".mp4")),
        ("Intro.MP4", ("Intro", ".mp4")),
        ("Dr. No.mp4", ("Dr. No", ".mp4")),
        ("Dr. No", ("Dr. No", "")),
        ("x.tar.gz", ("x.tar", ".gz")),
        (".bashrc", (".bashrc", "")),
        ("Makefile", ("Makefile", "")),
        ("a.", ("a.", "")),
        ("1. Welcome", ("1. Welcome", "")),
        ("x.en.vtt", ("x.en", ".vtt")),
    ],
)
def test_extensions(name: str, expected: tuple[str, str]) -> None:
    assert split_extension(name) == expected
