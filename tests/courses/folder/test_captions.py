"""Caption files and the recordings they belong to."""

from collections.abc import Callable

import pytest

from lms_box.courses.folder.document import Plan, PlannedCaption

BESIDE = [
    ("x.srt", None),
    ("x.en.vtt", "en"),
    ("x_en.srt", "en"),
    ("x-en.srt", "en"),
    ("x English.srt", "en"),
    ("x (English).srt", "en"),
    ("x [de].vtt", "de"),
    ("x.eng.srt", "en"),
    ("x.captions.en.vtt", "en"),
    ("x.en.captions.vtt", "en"),
    ("x.en.sdh.srt", "en"),
    ("x.en.forced.srt", "en"),
    ("x.pt-BR.vtt", "pt-BR"),
    ("x.pt_BR.srt", "pt-BR"),
    ("x.zh-Hans.vtt", "zh-Hans"),
    ("x Deutsch.srt", "de"),
    ("x 中文.srt", "zh"),
    ("x.Русский.ass", "ru"),
    ("X.EN.VTT", "en"),
    ("x.subtitles.fr.sbv", "fr"),
    ("x.en-US.ssa", "en-US"),
    ("subs/x.srt", None),
    ("subs/x.en.vtt", "en"),
    ("Subtitles/en/x.srt", "en"),
    ("captions/English/x.vtt", "en"),
    ("en/x.srt", "en"),
    ("subs/x/English.srt", "en"),
    ("subs/x/2_English.srt", "en"),
    ("字幕/x.zh.srt", "zh"),
]


@pytest.mark.parametrize(("path", "language"), BESIDE, ids=[path for path, _ in BESIDE])
def test_by_stem_and_language(plan_of: Callable[..., Plan], path: str, language: str | None) -> None:
    plan = plan_of("x.mp4", "y.mp4", path)
    assert [(caption.path, caption.language) for caption in next(plan.contents()).captions] == [(path, language)]


CHAPTERS = [
    ("x.chapters.vtt", None),
    ("x.chapters.en.vtt", "en"),
    ("x.en.chapters.vtt", "en"),
    ("x_chapters.vtt", None),
    ("x - Chapters.srt", None),
    ("x (Kapitel).vtt", None),
    ("subs/x.chapters.vtt", None),
    ("chapters.vtt", None),
]


@pytest.mark.parametrize(("path", "language"), CHAPTERS, ids=[path for path, _ in CHAPTERS])
def test_chapters_are_told_from_captions(plan_of: Callable[..., Plan], path: str, language: str | None) -> None:
    (film,) = plan_of("x.mp4", path).contents()
    assert film.captions == (PlannedCaption(path, language, "chapters"),)
    assert film.attachments == ()


def test_the_captions_of_a_film_called_chapters_are_captions(plan_of: Callable[..., Plan]) -> None:
    (film,) = plan_of("On Chapters.mp4", "On Chapters.vtt", "On Chapters.chapters.vtt").contents()
    assert [(one.path, one.kind) for one in film.captions] == [
        ("On Chapters.vtt", "captions"),
        ("On Chapters.chapters.vtt", "chapters"),
    ]


PLACES: list[tuple[str, list[str], dict[str, list[str]], list[str]]] = [
    ("numbers written otherwise", ["01 - Intro.mp4", "02.mp4", "1. intro.srt"], {"01 - Intro.mp4": ["1. intro.srt"]}, []),
    ("1 and 10", ["Lesson 1.mp4", "Lesson 10.mp4", "Lesson 10.srt"], {"Lesson 10.mp4": ["Lesson 10.srt"]}, []),
    ("the longer stem", ["x.mp4", "x more.mp4", "x more.en.srt"], {"x more.mp4": ["x more.en.srt"]}, []),
    (
        "a language in the title",
        ["Learn English.mp4", "Learn.mp4", "Learn English.srt"],
        {"Learn English.mp4": ["Learn English.srt"]},
        [],
    ),
    ("by number alone", ["01 A.mp4", "02 B.mp4", "02.en.srt"], {"02 B.mp4": ["02.en.srt"]}, []),
    ("mirrored", ["1 A/01 x.mp4", "2 B/01 x.mp4", "subs/2 B/01 x.srt"], {"2 B/01 x.mp4": ["subs/2 B/01 x.srt"]}, []),
    ("all in one place", ["1 A/01 x.mp4", "2 B/01 y.mp4", "subs/01 y.srt"], {"2 B/01 y.mp4": ["subs/01 y.srt"]}, []),
    ("by position", ["a.mp4", "b.mp4", "first.srt", "second.srt"], {"a.mp4": ["first.srt"], "b.mp4": ["second.srt"]}, []),
    ("one and one", ["a.mp4", "English.srt"], {"a.mp4": ["English.srt"]}, []),
    ("more captions than recordings", ["a.mp4", "first.srt", "second.srt"], {}, ["first.srt", "second.srt"]),
    (
        "its recording is missing",
        ["002 B.mp4", "001 A.en.vtt", "001 A.chapters.vtt"],
        {},
        ["001 A.chapters.vtt", "001 A.en.vtt"],
    ),
    ("of a document", ["a.md", "a.srt"], {}, ["a.srt"]),
    ("of a sound", ["a.mp3", "a.srt"], {"a.mp3": ["a.srt"]}, []),
]


@pytest.mark.parametrize(("paths", "captions", "ignored"), [place[1:] for place in PLACES], ids=[place[0] for place in PLACES])
def test_places(plan_of: Callable[..., Plan], paths: list[str], captions: dict[str, list[str]], ignored: list[str]) -> None:
    plan = plan_of(*paths)
    found = {content.path: [caption.path for caption in content.captions] for content in plan.contents()}
    assert {path: listed for path, listed in found.items() if listed} == captions
    assert [one.path for one in plan.ignored] == ignored


def test_what_is_guessed_is_flagged(plan_of: Callable[..., Plan]) -> None:
    plan = plan_of("a.mp4", "b.mp4", "first.srt", "second.srt")
    assert {content.confidence for content in plan.contents()} == {"low"}
    assert next(plan_of("01 A.mp4", "01.srt").contents()).confidence == "medium"
