"""Folders as people have them, and the courses they become."""

from collections.abc import Callable

import pytest

from lms_box.courses.folder.document import Plan

PlanOf = Callable[..., Plan]


def outline(plan: Plan) -> list[tuple[str, list[str]]]:
    return [(section.title, [content.title for content in section.contents]) for section in plan.sections]


def attachments(plan: Plan) -> dict[str, tuple[str, ...]]:
    """By path of the content or "# title" of the section; "" is the course."""
    found = {content.path: content.attachments for content in plan.contents()}
    found |= {f"# {section.title}": section.attachments for section in plan.sections}
    return {owner: paths for owner, paths in (found | {"": plan.attachments}).items() if paths}


def reasons(plan: Plan) -> dict[str, str]:
    return {ignored.path: ignored.reason for ignored in plan.ignored}


TREES: list[tuple[str, list[str], list[tuple[str, list[str]]]]] = [
    ("flat", ["2. Loops.mp4", "1. Intro.mp4", "10. End.mp4"], [("A course", ["Intro", "Loops", "End"])]),
    ("sections", ["02 B/01 x.mp4", "01 A/01 y.mp4", "10 C/01 z.mp4"], [("A", ["y"]), ("B", ["x"]), ("C", ["z"])]),
    ("beside sections", ["welcome.mp4", "01 A/01 x.mp4"], [("Introduction", ["welcome"]), ("A", ["x"])]),
    (
        "deeper",
        ["2 Basics/2.1 Setup/01 a.mp4", "2 Basics/2.10 End/b.mp4", "2 Basics/2.2 Go/c.mp4"],
        [("2 Basics - 2.1 Setup", ["a"]), ("2 Basics - 2.2 Go", ["c"]), ("2 Basics - 2.10 End", ["b"])],
    ),
    ("own files before deeper ones", ["01 A/01 One/x.mp4", "01 A/9 last.mp4"], [("A", ["9 last"]), ("1 A - 1 One", ["x"])]),
    (
        "weeks and days",
        ["Week 2/Day 1 - X/a.mp4", "Week 1/Day 1 - Y/b.mp4"],
        [("Week 1 - 1 Y", ["b"]), ("Week 2 - 1 X", ["a"])],
    ),
    ("a dot is no extension of a folder", ["04. IAM/01 x.mp4", "05. v1.2/01 y.mp4"], [("IAM", ["x"]), ("v1.2", ["y"])]),
    ("case of extensions", ["01 A.MP4", "02 B.Pdf", "03 C.PPTX", "04 D.Md"], [("A course", ["A", "B", "C", "D"])]),
    ("no number comes last", ["01 A.mp4", "B.mp4", "02 C.mp4"], [("A course", ["A", "C", "B"])]),
    ("case-blind and natural", ["b2.mp4", "B10.mp4", "a.mp4", "Á1.mp4"], [("A course", ["a", "Á1", "b2", "B10"])]),
    ("two files of one number", ["01 A.mp4", "01 B.mp4", "02 C.mp4"], [("A course", ["A", "B", "C"])]),
    ("two videos of one name", ["01 A.mp4", "01 A.mkv"], [("A course", ["A", "A"])]),
    ("notes and slides are two", ["02-knn__notes.pdf", "02-knn__slides.pdf"], [("A course", ["knn notes", "knn slides"])]),
    ("README per folder", ["README.md", "a/README.md", "b/README.md", "b/x.md"], [("a", ["a"]), ("b", ["b", "x"])]),
    ("only a README", ["README.md"], [("A course", ["A course"])]),
    ("MPEG-TS and TypeScript", ["01 video.ts", "02 app.ts"], [("A course", ["video"])]),
    ("hidden folders", [".obsidian/x.md", "a.md"], [("A course", ["a"])]),
    (
        "a numbered section with lessons, called like material",
        ["01 Start/01 A.mp4", "05 Code/01 L.mp4", "05 Code/code/a.py"],
        [("Start", ["A"]), ("Code", ["L"])],
    ),
    ("material is all there is", ["resources/01 A.mp4", "resources/02 B.mp4"], [("resources", ["A", "B"])]),
    ("old office files", ["01 A.ppt", "02 B.doc"], [("A course", ["A", "B"])]),
    ("a numbered Sample is a lesson", ["01 Population.mp4", "02 Sample.mp4"], [("A course", ["Population", "Sample"])]),
    ("right to left", ["שיעור 2 - ב.mp4", "שיעור 10 - י.mp4", "שיעור 1 - א.mp4"], [("A course", ["א", "ב", "י"])]),
    ("Chinese", ["第十课 末.mp4", "第2课 二.mp4", "第一课 始.mp4"], [("A course", ["始", "二", "末"])]),
    ("nothing", [], []),
    ("nothing to learn", ["a.zip", "b.txt"], []),
    ("newline", ["01 A\nB.mp4"], [("A course", ["A B"])]),
    ("invalid UTF-8", ["01 caf\udce9.mp4"], [("A course", ["caf\\xe9"])]),
]


@pytest.mark.parametrize(("paths", "expected"), [tree[1:] for tree in TREES], ids=[tree[0] for tree in TREES])
def test_sections_and_titles(plan_of: PlanOf, paths: list[str], expected: list[tuple[str, list[str]]]) -> None:
    assert outline(plan_of(*paths)) == expected


ATTACHED: list[tuple[str, list[str], dict[str, tuple[str, ...]]]] = [
    ("same stem", ["01 A.mp4", "01 A.pdf", "01 A.zip"], {"01 A.mp4": ("01 A.pdf", "01 A.zip")}),
    (
        "same number and stem with more",
        ["02 Lecture.mp4", "02 Lecture slides.pdf"],
        {"02 Lecture.mp4": ("02 Lecture slides.pdf",)},
    ),
    (
        "same number in another dress",
        ["02 - Lecture.mp4", "2. lecture_notes.PDF"],
        {"02 - Lecture.mp4": ("2. lecture_notes.PDF",)},
    ),
    ("same number, nothing but slides", ["02 Lecture.mp4", "02 slides.pptx"], {"02 Lecture.mp4": ("02 slides.pptx",)}),
    ("same number alone is a lesson", ["03 Vim.mp4", "03 Quiz on shells.pdf"], {}),
    ("no number, a companion", ["Intro.mp4", "Intro handout.pdf"], {"Intro.mp4": ("Intro handout.pdf",)}),
    ("no number, a subject of its own", ["Intro.mp4", "Intro to Python.pdf"], {}),
    ("number 1 and 10", ["Lesson 1.mp4", "Lesson 10.pdf"], {}),
    ("sound of a video", ["01 A.mp4", "01 A.mp3"], {"01 A.mp4": ("01 A.mp3",)}),
    ("data by number", ["01 A.mp4", "02 B.mp4", "02 data.csv"], {"02 B.mp4": ("02 data.csv",)}),
    ("data of nobody", ["s/01 A.mp4", "s/data.csv", "t/b.mp4"], {"# s": ("s/data.csv",)}),
    ("data of a document", ["01 A.md", "01 A.csv"], {"01 A.md": ("01 A.csv",)}),
    ("loose files of a flat folder", ["01 A.mp4", "b.zip"], {"# A course": ("b.zip",)}),
    ("loose files of a course", ["s/01 A.mp4", "b.zip"], {"": ("b.zip",)}),
    (
        "resources",
        ["s/01 A.mp4", "s/resources/slides.pdf", "s/resources/x/y.txt"],
        {"# s": ("s/resources/slides.pdf", "s/resources/x/y.txt")},
    ),
    ("resources of the course", ["s/01 A.mp4", "resources/slides.pdf"], {"": ("resources/slides.pdf",)}),
    (
        "code",
        ["01 A.mp4", "code/main.py", "code/README.md", "code/index.html"],
        {"# A course": ("code/index.html", "code/main.py", "code/README.md")},
    ),
    ("numbered resources", ["s/01 A.mp4", "s/99 - Resources/slides.pdf"], {"# s": ("s/99 - Resources/slides.pdf",)}),
    ("named like a lesson in resources", ["s/01 A.mp4", "s/resources/01 A.pdf"], {"s/01 A.mp4": ("s/resources/01 A.pdf",)}),
    ("figures", ["s/01 A.md", "s/fig/01-x.png", "s/fig/README.md"], {"# s": ("s/fig/01-x.png", "s/fig/README.md")}),
    (
        "a web project",
        ["s/01 A.mp4", "s/start/index.html", "s/start/style.css"],
        {"# s": ("s/start/index.html", "s/start/style.css")},
    ),
    ("spoken descriptions", ["x.mp4", "x.descriptions.en.vtt", "x.en.vtt"], {"x.mp4": ("x.descriptions.en.vtt",)}),
    ("licence", ["a.md", "LICENSE.md", "b/CONTRIBUTING.md", "b/x.md"], {"": ("LICENSE.md",), "# b": ("b/CONTRIBUTING.md",)}),
    ("a second cover", ["cover.jpg", "poster.jpg", "a.mp4"], {"# A course": ("poster.jpg",)}),
    ("files above deeper sections", ["P/n.zip", "P/1 A/x.mp4", "P/2 B/y.mp4"], {"# P - 1 A": ("P/n.zip",)}),
]


@pytest.mark.parametrize(("paths", "expected"), [tree[1:] for tree in ATTACHED], ids=[tree[0] for tree in ATTACHED])
def test_attachments(plan_of: PlanOf, paths: list[str], expected: dict[str, tuple[str, ...]]) -> None:
    assert attachments(plan_of(*paths)) == expected


IGNORED = [
    ".DS_Store",
    "a/.DS_Store",
    "Thumbs.db",
    "a/desktop.ini",
    ".git/HEAD",
    ".git/objects/ab/cd",
    "node_modules/x/README.md",
    "x.mp4.part",
    "x.mp4.crdownload",
    "x.tmp",
    "~$deck.pptx",
    "notes.md~",
    ".hidden.mp4",
    "._01 A.mp4",
    "__MACOSX/01 A.mp4",
    "sample.mp4",
    "Sample/x.mp4",
    "x-sample.mkv",
    "course.toml",
    "@eaDir/x.jpg",
    "__pycache__/x.pyc",
    "x.torrent",
    ".venv/README.md",
    ".ipynb_checkpoints/a.ipynb",
]


@pytest.mark.parametrize("path", IGNORED)
def test_what_is_ignored_is_listed_with_a_reason(plan_of: PlanOf, path: str) -> None:
    plan = plan_of("01 A.mp4", path)
    assert reasons(plan).keys() == {path}
    assert outline(plan) == [("A course", ["A"])]


@pytest.mark.parametrize(
    "path", ["samples.mp4", "sampling.mp4", "02 sample.mp4", "partial.mp4", "temp.mp4", "hidden.mp4", "git.mp4"]
)
def test_what_only_looks_like_junk_is_kept(plan_of: PlanOf, path: str) -> None:
    assert not plan_of("01 A.mp4", path).ignored


@pytest.mark.parametrize(
    ("paths", "cover", "description"),
    [
        (["a.mp4", "cover.jpg", "README.md"], "cover.jpg", "README.md"),
        (["a.mp4", "card.JPG", "About.TXT"], "card.JPG", "About.TXT"),
        (["a.mp4", "folder.png", "poster.webp", "description.md", "readme.md"], "poster.webp", "description.md"),
        (["a.mp4", "s/cover.jpg", "s/README.md", "s/b.mp4"], None, None),
        (["a.mp4", "cover.svg", "Recover.jpg"], None, None),
        (["a.mp4", "README"], None, "README"),
    ],
)
def test_cover_and_description(plan_of: PlanOf, paths: list[str], cover: str | None, description: str | None) -> None:
    plan = plan_of(*paths)
    assert (plan.cover, plan.description) == (cover, description)


def test_types(plan_of: PlanOf) -> None:
    plan = plan_of("1.mkv", "2.FLAC", "3.pptx", "4.pdf", "5.markdown", "6.htm", "7.ipynb", "8.docx")
    assert [content.type for content in plan.contents()] == ["video", "audio", "presentation", *["document"] * 4, "file"]


def test_confidence_and_reasons(plan_of: PlanOf) -> None:
    plan = plan_of("01 A.mp4", "02 B.mp4", "02 C.mp4", "D.mp4", "05 E.doc")
    found = {content.title: (content.confidence, tuple(one.reason for one in content.reasons)) for content in plan.contents()}
    assert found["A"] == ("high", ("number 1 in its name",))
    assert found["B"] == ("medium", ("number 2 in its name", "02 C.mp4 has number 2 too"))
    assert found["D"] == ("medium", ("without a number, so behind those that have one",))
    assert found["E"][0] == "medium"


def test_reasons_have_codes_and_name_what_they_are_about(plan_of: PlanOf) -> None:
    plan = plan_of("02 B.mp4", "02 C.mp4", "D.mp4", "05 E.blend")
    contents = plan.document()["sections"][0]["contents"]
    codes = {one["path"]: [(code["code"], code["about"]) for code in one["reason_codes"]] for one in contents}
    assert codes["02 B.mp4"] == [("number", "2"), ("same_number", "02 C.mp4")]
    assert codes["D.mp4"] == [("no_number", "")]
    assert all(len(one["reasons"]) == len(one["reason_codes"]) for one in contents)


def test_titles_of_courses(plan_of: PlanOf) -> None:
    assert plan_of("a.mp4", name="Intro_to  Statistics").title == "Intro to Statistics"
    assert plan_of("a.mp4", name="6.001 SICP v1.2").title == "6.001 SICP v1.2"


def test_the_document_has_the_names_of_the_contract(plan_of: PlanOf) -> None:
    document = plan_of("s/01 A.mp4", "s/01 A.en.srt", ".x").document()
    assert list(document) == ["title", "cover", "description", "sections", "attachments", "ignored", "changes"]
    assert list(document["sections"][0]) == ["title", "attachments", "contents"]
    content = document["sections"][0]["contents"][0]
    assert list(content) == ["path", "title", "type", "confidence", "reasons", "captions", "attachments", "reason_codes"]
    assert content["captions"] == [{"path": "s/01 A.en.srt", "language": "en"}]
    assert document["changes"]["added"] == ["s/01 A.mp4"]
