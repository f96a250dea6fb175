"""What a person sees of a plan."""

from collections.abc import Callable
from dataclasses import replace
from io import StringIO

from rich.console import Console

from lms_box.courses.folder.document import Changes, Plan
from lms_box.courses.folder.edits import Edit
from lms_box_cli.plan_tree import LISTED, clean, plan_tree, summary


def drawn(plan: Plan, durations: dict[str, float] | None = None) -> str:
    file = StringIO()
    Console(file=file, width=160, color_system=None).print(plan_tree(plan, durations))
    return file.getvalue()


def test_a_plan_at_a_glance(plan_of: Callable[..., Plan]) -> None:
    plan = plan_of(
        "README.md", "cover.jpg", "01 Basics/01 Intro.mp4", "01 Basics/01 Intro.en.srt", "01 Basics/01 Intro slides.pdf",
        "01 Basics/02 Loops.pptx", "01 Basics/data/x.csv", "02 More/Old.doc", ".DS_Store",
    )  # fmt: skip
    assert drawn(plan, {"01 Basics/01 Intro.mp4": 61.6}).splitlines() == [
        "A course",
        "├── cover  cover.jpg",
        "├── description  README.md",
        "├── 1  Basics",
        "│   ├── 1 ▶ Intro  01 Intro.mp4  1:02  captions: en",
        "│   │   └── + with it",
        "│   │       └── 01 Basics/01 Intro slides.pdf",
        "│   ├── 2 ▤ Loops  02 Loops.pptx",
        "│   └── + for this section",
        "│       └── 01 Basics/data/x.csv",
        "├── 2  More",
        "│   └── ⬇ Old  Old.doc",
        "│       └── ? .doc files are not shown, learners download them",
        "├── ignored",
        "│   └── .DS_Store  left behind by macOS",
        "└── 2 sections, 3 lessons, 1 ignored, 1 to look at",
    ]


def test_what_is_doubtful_of_all_is_said_once(plan_of: Callable[..., Plan]) -> None:
    text = drawn(plan_of("a.mp4", "b.mp4", "c.mp4"))
    assert text.count("? in the order of names") == 1


def test_long_lists_end_in_a_count(plan_of: Callable[..., Plan]) -> None:
    text = drawn(plan_of("01 A.mp4", *(f".git/{number}" for number in range(LISTED + 5))))
    assert f"the history of a repository ({LISTED + 5})" in text
    assert "and 5 more" in text


def test_a_name_cannot_draw_on_the_terminal(plan_of: Callable[..., Plan]) -> None:
    assert clean("a\x1b[31m\nb\u202ec é🚀👩\u200d🎓") == "a\\x1b[31m\\nb\\u202ec é🚀👩\u200d🎓"
    text = drawn(plan_of("[bold]x.mp4", "a\x1b[2J.mp4"))
    assert "[bold]x" in text
    assert "\x1b" not in text


def test_changes_are_counted_only_where_a_course_was(plan_of: Callable[..., Plan]) -> None:
    plan = plan_of("01 A.mp4")
    assert summary(plan) == "1 section, 1 lesson, 0 ignored"
    changed = replace(plan, changes=Changes(moved=("01 A.mp4",), removed=("x", "y")))
    assert summary(changed) == "1 section, 1 lesson, 0 ignored, 1 moved, 2 removed"


def test_the_difference_to_the_course_that_is_there(plan_of: Callable[..., Plan]) -> None:
    plan = plan_of("01 A.mp4", "02 B.mp4", "03 C.mp4", "04 D.mp4")
    changes = Changes(
        added=("01 A.mp4",), changed=("02 B.mp4",), moved=("03 C.mp4",), removed=("x.mp4",), unchanged=("04 D.mp4",)
    )
    edits = (Edit(None, "title", "browser"), Edit("02 B.mp4", "is_preview", "folder"), Edit(None, "order", "browser"))
    lines = drawn(replace(plan, changes=changes, edits=edits), {"04 D.mp4": 3700}).splitlines()
    assert [line.strip("│├└─ ") for line in lines[2:]] == [
        "1 ▶ A  01 A.mp4  new",
        "2 ▶ B  02 B.mp4  changed",
        "3 ▶ C  03 C.mp4  moved",
        "4 ▶ D  04 D.mp4  1:01:40",
        "- no longer in the folder",
        "x.mp4",
        "changed in the browser",
        "title  stays",
        "02 B.mp4: preview  gives way to the folder, which changed later",
        "order  stays",
        "1 section, 4 lessons, 0 ignored, 1 added, 1 changed, 1 moved, 1 removed, 1 unchanged",
    ]


def test_an_archive_in_a_folder_is_offered_as_it_is(plan_of: Callable[..., Plan]) -> None:
    assert "01 A.tar.gz  an archive, offered as it is" in drawn(plan_of("01 A.mp4", "01 A.tar.gz"))
