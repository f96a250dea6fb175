"""The sample course: it reads as it is meant to, and what it tells people to type is there."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pptx import Presentation
from pypdf import PdfReader
from typer.main import get_command

from lms_box.courses.folder.document import Plan
from lms_box.courses.folder.plan import make_plan
from lms_box.courses.folder.scan import take_snapshot
from lms_box_cli.main import app

WELCOME = Path(__file__).resolve().parents[2] / "docs" / "welcome"
REPO = WELCOME.parents[1]
SHEET = "3 Looking after it/04 The box on one sheet.pdf"


@pytest.fixture
def makers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(WELCOME))


@pytest.fixture
def course(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """As make.py makes it, with the film only named: drawing it takes longer than a test should."""
    request.getfixturevalue("makers")
    import make
    import slides

    folder = tmp_path / make.TITLE
    shutil.copytree(WELCOME / "course", folder)
    film = folder / make.FILM
    film.write_bytes(b"\0\0\0\x18ftypisom\0\0\0\0isommp42")
    for language in ("en", "de"):
        film.with_suffix(f".{language}.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n", "utf-8")
    slides.make_slides(folder / make.SLIDES)
    slides.picture_of_course().save(folder / make.PICTURE)
    return folder


@pytest.fixture
def plan(course: Path) -> Plan:
    return make_plan(take_snapshot(course).files, name=course.name)


def test_every_lesson_stands_in_its_place_without_doubt(plan: Plan) -> None:
    assert [section.title for section in plan.sections] == ["First steps", "People and courses", "Looking after it"]
    assert [len(section.contents) for section in plan.sections] == [3, 4, 5]
    assert [content.path for content in plan.contents() if content.confidence != "high"] == []
    assert plan.ignored == ()
    assert plan.description == "README.md"


def test_the_film_has_captions_in_two_languages(plan: Plan) -> None:
    film = next(content for content in plan.contents() if content.type == "video")
    assert {caption.language for caption in film.captions} == {"en", "de"}


def test_the_slides_have_titles_a_table_a_picture_and_notes(course: Path) -> None:
    import make

    slides = list(Presentation(str(course / make.SLIDES)).slides)
    shapes = [shape for slide in slides for shape in slide.shapes]
    assert all(slide.shapes.title.text_frame.text and slide.notes_slide.notes_text_frame.text for slide in slides)
    assert any(shape.has_table for shape in shapes)
    assert any(shape.shape_type is not None and shape.shape_type.name == "PICTURE" for shape in shapes)


@pytest.mark.usefixtures("makers")
def test_the_film_says_something_on_every_page() -> None:
    import film
    import scenes

    made = scenes.scenes()
    assert 20 <= sum(scene.seconds for scene in made) <= 40
    captions = film._captions(made, "en")
    assert captions.startswith("WEBVTT\n\n00:00:00.200 --> ")
    assert captions.count(" --> ") == len(made)
    assert all(set(scene.said) == {"en", "de"} for scene in made)


@pytest.mark.usefixtures("makers")
def test_the_film_and_the_picture_are_written_in_letters_that_their_fonts_have(monkeypatch: pytest.MonkeyPatch) -> None:
    import drawing
    import scenes
    import slides

    written: set[tuple[str, str]] = set()

    def write(_: object, __: object, words: str, *, face: str = drawing.READ, **___: object) -> None:
        written.update((face, letter) for letter in words if not letter.isspace())

    monkeypatch.setattr(drawing.Sheet, "write", write)
    scenes.scenes()
    slides.picture_of_course()
    assert written
    assert [at for at in sorted(written) if drawing.font(at[0], 20).getmask(at[1]).getbbox() is None] == []


@pytest.mark.deep
@pytest.mark.usefixtures("makers")
def test_the_film_is_as_long_as_its_pages(tmp_path: Path) -> None:
    import av
    import film
    import scenes

    film.make_film(tmp_path / "film.mp4")
    with av.open(str(tmp_path / "film.mp4")) as container:
        assert {stream.codec_context.name for stream in container.streams} == {"h264", "aac"}
        assert container.duration is not None
        assert container.duration / 1_000_000 == pytest.approx(sum(scene.seconds for scene in scenes.scenes()), abs=0.2)


def test_the_sheet_is_printed_from_its_source() -> None:
    page = (WELCOME / "sheet.html").read_text("utf-8")
    source = re.sub(r"<style>.*?</style>|<title>.*?</title>|<[^>]+>", " ", page, flags=re.DOTALL)
    printed = " ".join(page.extract_text() for page in PdfReader(WELCOME / "course" / SHEET).pages)
    assert sorted(printed.split()) == sorted(source.split()), "print sheet.html again"


def told_commands() -> Iterator[tuple[str, str]]:
    """(document, command) of all that people are told to type."""
    documents = [REPO / "README.md", *WELCOME.rglob("*.md"), WELCOME / "sheet.html", *(REPO / "docs").glob("*.md")]
    for document in documents:
        for line in re.findall(r"^(?: {4}|`{0,1}|\s*<dt>|.*`)(lms [^`<\n#|]+)", document.read_text("utf-8"), re.MULTILINE):
            yield document.name, line.strip()


@pytest.mark.parametrize(("document", "line"), sorted(set(told_commands())))
def test_what_people_are_told_to_type_is_there(document: str, line: str) -> None:
    words = [word for word in line.split()[1:] if not word.startswith(("--", "/"))]
    command = get_command(app)
    while words and hasattr(command, "commands"):
        assert words[0] in command.commands or words[0] in {"COMMAND", "…"}, f"{document}: {line}"
        command = command.commands.get(words.pop(0))
    options = {option for parameter in getattr(command, "params", []) for option in parameter.opts}
    general = {"--config", "--data-dir", "--debug", "--version", "--help"}
    assert set(re.findall(r"--[a-z][a-z-]+", line)) <= options | general, f"{document}: {line}"
