"""course.toml: what it says wins, what is wrong in it is said with its line, and what is written is read as the same."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from academy import write_tree
from courses.folder.conftest import fact
from hypothesis import given
from hypothesis import strategies as st

from lms_box.courses.folder.arranging import find_mistakes
from lms_box.courses.folder.course_file import parse_course_file, read_course_file
from lms_box.courses.folder.document import Plan
from lms_box.courses.folder.plan import make_plan
from lms_box.courses.folder.scan import raw_of, shown, take_snapshot
from lms_box.courses.folder.toml_lines import line_of
from lms_box.courses.folder.toml_writing import course_file_text
from lms_box.errors import Invalid

PATHS = ("01 Start/01 Welcome.mp4", "01 Start/01 Welcome.en.srt", "01 Start/02 Words.md", "01 Start/rope.zip",
         "02 Knots/01 Bowline.mp4", "02 Knots/02 Hitch.mp4", "cover.png", "boat.png", "README.md", "drafts/x.mp4")  # fmt: skip


def planned(text: str, *paths: str) -> Plan:
    facts = [fact(path) for path in (*(paths or PATHS), "course.toml")]
    said = parse_course_file(text)
    assert list(find_mistakes(said, facts)) == []
    return make_plan(facts, name="Folder", wishes=said)


def sections(plan: Plan) -> list[tuple[str, list[str]]]:
    return [(section.title, [content.title for content in section.contents]) for section in plan.sections]


def test_what_is_not_said_is_guessed() -> None:
    assert planned("").sections == make_plan([fact(path) for path in PATHS], name="Folder").sections


SAID: list[tuple[str, str, Callable[[Plan], Any], Any]] = [
    ("title", 'title = "Sailing"', lambda plan: plan.title, "Sailing"),
    ("cover", 'cover = "boat.png"', lambda plan: (plan.cover, plan.attachments), ("boat.png", ("cover.png",))),
    (
        "description",
        'description = "Said."',
        lambda plan: (plan.fields["description"], plan.description, [one.path for one in plan.ignored]),
        ("Said.", None, ["course.toml", "README.md"]),
    ),
    (
        "ignore",
        'ignore = ["drafts", "*.zip", "02 Knots/02 Hitch.mp4"]',
        lambda plan: [one.path for one in plan.ignored if one.reason == "course.toml says so"],
        ["01 Start/rope.zip", "02 Knots/02 Hitch.mp4", "drafts/x.mp4"],
    ),
    (
        "named in spite of a pattern",
        'ignore = ["drafts"]\n[[sections]]\ntitle = "X"\ncontents = [{ path = "drafts/x.mp4" }]',
        lambda plan: sections(plan)[0],
        ("X", ["x"]),
    ),
    (
        "order and titles, the rest behind",
        (
            '[[sections]]\ntitle = "Ropes"\nfolder = "02 Knots"\n'
            '[[sections.contents]]\npath = "02 Knots/02 Hitch.mp4"\ntitle = "The hitch"'
        ),
        lambda plan: sections(plan)[:2],
        [("Ropes", ["The hitch", "Bowline"]), ("Start", ["Welcome", "Words"])],
    ),
    (
        "a section that is said by its title",
        '[[sections]]\ntitle = "Start"\n[[sections.contents]]\npath = "02 Knots/02 Hitch.mp4"',
        lambda plan: sections(plan)[:2],
        [("Start", ["Hitch", "Welcome", "Words"]), ("Knots", ["Bowline"])],
    ),
    (
        "a lesson that is said to be an attachment loses its captions to the course",
        '[[sections]]\ntitle = "Start"\nattachments = ["01 Start/01 Welcome.mp4"]',
        lambda plan: (sections(plan)[0], plan.sections[0].attachments, plan.attachments),
        (("Start", ["Words"]), ("01 Start/01 Welcome.mp4",), ("boat.png", "01 Start/01 Welcome.en.srt", "01 Start/rope.zip")),
    ),
    (
        "an attachment that is said to be a lesson",
        '[[sections]]\ntitle = "Start"\ncontents = [{ path = "01 Start/rope.zip", type = "file", is_preview = true }]',
        lambda plan: next((one.title, one.type, one.is_preview, one.reasons[0].reason) for one in plan.sections[0].contents),
        ("rope", "file", True, "course.toml says so"),
    ),
    (
        "captions",
        (
            '[[sections]]\ntitle = "Start"\n[[sections.contents]]\npath = "01 Start/02 Words.md"\n'
            'captions = [{ path = "01 Start/01 Welcome.en.srt", language = "de" }]'
        ),
        lambda plan: [(one.title, [(c.path, c.language) for c in one.captions]) for one in plan.sections[0].contents],
        [("Words", [("01 Start/01 Welcome.en.srt", "de")]), ("Welcome", [])],
    ),
]


@pytest.mark.parametrize(("text", "look", "expected"), [row[1:] for row in SAID], ids=[row[0] for row in SAID])
def test_what_is_said_wins(text: str, look: Callable[[Plan], Any], expected: Any) -> None:
    plan = planned(text)
    assert look(plan) == expected
    assert sorted([*plan.stored_paths(), *(one.path for one in plan.ignored)]) == sorted((*PATHS, "course.toml"))


def test_a_name_may_be_written_with_other_bytes_for_the_same_letters() -> None:
    plan = planned('[[sections]]\ntitle = "S"\ncontents = [{ path = "caf\u00e9.md", title = "T" }]', "cafe\u0301.md")
    assert [one.path for one in plan.contents()] == ["cafe\u0301.md"]


WRONG = [
    ('titel = "x"', 1, "there is no key “titel”; known here are title, description"),
    ('title = "x"\n\ntitle = "y"', 3, "this is no TOML"),
    ("title = ", 1, "this is no TOML"),
    ('# a comment\ntitle = """\nx\n"""\ndifficulty = "hard"', 5, "difficulty: "),
    ("completion_threshold = 0", 1, "completion_threshold: "),
    ('[[sections]]\ntitle = "A"\n\n[[sections]]\nfolder = "x"', 4, "“title” is missing here"),
    (
        '[[sections]]\ntitle = "A"\n[[sections.contents]]\npath = "02 Knots/01 Bowline.mp4"\npreview = true',
        5,
        "no key “preview”; known",
    ),
    ('[[sections]]\ntitle = "A"\n[[sections.contents]]\npath = "gone.mp4"', 4, "there is no file “gone.mp4”"),
    ('[[sections]]\ntitle = "[not] = a table"\n[[sections.contents]]\n"path" = "gone.mp4"', 4, "there is no file “gone.mp4”"),
    ('cover = "boat.png"\nattachments = [\n  "boat.png",\n]', 2, "has a place already"),
    ("sections = 3", 1, "sections: "),
    ('id = "seven"', 1, "id: "),
    ('title = "x"\n\n\n[other]\nkey = 1', 4, "there is no key “other”"),
    ("[[sections]]\n[[sections]]", 1, "“title” is missing here"),
]


@pytest.mark.parametrize(("text", "line", "words"), WRONG)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    write_tree(tmp_path, {**dict.fromkeys(PATHS, "x"), "course.toml": text})
    with pytest.raises(Invalid) as error:
        read_course_file(take_snapshot(tmp_path))
    assert error.value.detail.startswith(f"course.toml, line {line}: ")
    assert words in error.value.detail
    assert error.value.code == "bad_course_file"


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    write_tree(tmp_path, {"course.toml": b'title = "x"\ncategory = "\xff"', "a.md": "x"})
    with pytest.raises(Invalid, match="line 2: this is no text in UTF-8"):
        read_course_file(take_snapshot(tmp_path))


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
VALUES = st.one_of(WORDS, st.booleans(), st.integers(-1000, 1000), st.lists(WORDS, max_size=3))


@given(st.dictionaries(st.sampled_from(["title", "description", "ignore", "cover"]), VALUES), st.lists(WORDS, max_size=3))
def test_what_is_written_is_read_as_the_same(values: dict[str, Any], titles: list[str]) -> None:
    contents = [{"path": title, "captions": [{"path": title, "language": None}]} for title in titles]
    text = course_file_text({**values, "sections": [{"title": "S", "contents": contents}] if contents else []})
    read = tomllib.loads(text)
    for name, value in values.items():
        assert read.get(name, []) == (value.replace("\r\n", "\r\n") if isinstance(value, str) else value), text
    assert [one["path"] for section in read.get("sections", []) for one in section["contents"]] == titles
    for index in range(len(titles)):
        line = text.split("\n")[line_of(text, ("sections", 0, "contents", index, "path")) - 1]
        assert line.startswith("path = ")


@given(st.binary(min_size=1, max_size=30).filter(lambda raw: b"\0" not in raw))
def test_a_path_that_is_shown_leads_back_to_its_bytes(raw: bytes) -> None:
    assert raw_of(shown(raw)) == raw
