"""A library folder is followed: settled files only, one course or many, and nothing lost when a disk is away."""

import asyncio
import shutil
from pathlib import Path

import pytest
from academy import write_tree
from sqlalchemy import select
from uploads.conftest import until

from lms_box.box import Box
from lms_box.courses.folder.importing import Imported
from lms_box.courses.folder.library import Library, courses_in, watching
from lms_box.courses.tables import Content, Course

LAYOUTS = [
    ("many", ["Knots/01 a.md", "Bread/x/b.md", ".hidden/c.md"], ["Bread", "Knots"]),
    ("one with lessons of its own", ["a.mp4", "More/b.md"], ["."]),
    ("one with numbered folders", ["01 Start/a.md", "02 More/b.md", "extra/c.md"], ["."]),
    ("one with a course.toml", ["course.toml", "Start/a.md", "More/b.md"], ["."]),
    ("one with a README", ["README.md", "Start/a.md"], ["."]),
    ("many beside a stray file", ["Knots/01 a.md", "Bread/b.md", ".DS_Store", "list.xlsx"], ["Bread", "Knots"]),
    ("nothing", [], []),
]


@pytest.mark.parametrize(("files", "courses"), [row[1:] for row in LAYOUTS], ids=[row[0] for row in LAYOUTS])
def test_what_is_a_course(tmp_path: Path, files: list[str], courses: list[str]) -> None:
    write_tree(tmp_path, dict.fromkeys(files, "x"))
    assert [str(path.relative_to(tmp_path)) for path in courses_in(tmp_path)] == courses


async def titles(box: Box) -> list[str]:
    async with box.db.reading() as session:
        shown = Content.is_archived.is_(False)
        rows = select(Course.title, Content.title).join(Content, Content.course_id == Course.id).where(shown)
        return sorted(f"{course}: {title}" for course, title in await session.execute(rows))


async def test_only_what_is_at_rest_is_imported(box: Box, tmp_path: Path) -> None:
    told: list[str] = []

    def tell(folder: Path, _: Imported) -> None:
        told.append(folder.name)

    root = write_tree(tmp_path / "library", {"Knots/01 Bowline.md": "# B", "Bread/01 Flour.md": "# F"})
    library = Library(box, [root], tell, settled=3.0)
    assert (await library.look(0.0), told) == (False, [])
    write_tree(root, {"Knots/02 Hitch.md": "# half"})
    assert (await library.look(2.0), told) == (False, [])
    assert (await library.look(3.5), told) == (False, ["Bread"])
    write_tree(root, {"Knots/03 Bend.mp4.part": "half", "Knots/.tmp": "x"})
    assert (await library.look(5.5), told) == (True, ["Bread", "Knots"]), "partial downloads keep nobody waiting"
    assert (await library.look(99.0), len(told)) == (True, 2)
    assert await titles(box) == ["Bread: Flour", "Knots: Bowline", "Knots: Hitch"]
    (root / "Knots/01 Bowline.md").unlink()
    shutil.rmtree(root / "Bread")
    assert [await library.look(at) for at in (100.0, 103.0)] == [False, True]
    assert await titles(box) == ["Bread: Flour", "Knots: Hitch"], "a folder that is away takes no course with it"
    write_tree(root, {"Knots/course.toml": "titel = 1"})
    assert [await library.look(at) for at in (200.0, 203.0, 206.0)] == [False, True, True]
    write_tree(root, {"Knots/course.toml": 'title = "Ropes"'})
    assert [await library.look(at) for at in (300.0, 303.0)] == [False, True]
    assert await titles(box) == ["Bread: Flour", "Ropes: Hitch"]


async def test_changes_are_heard_of(box: Box, tmp_path: Path) -> None:
    root = write_tree(tmp_path / "library", {"Knots/01 Bowline.md": "# B"})
    heard = asyncio.Event()
    async with watching(box, [root, tmp_path / "gone"], on_import=lambda *_: heard.set(), settled=0.05):
        await asyncio.wait_for(heard.wait(), 60)
        heard.clear()
        write_tree(root, {"Bread/01 Flour.md": "# F"})
        await asyncio.wait_for(heard.wait(), 60)

    async def both() -> bool:
        return await titles(box) == ["Bread: Flour", "Knots: Bowline"]

    await until(both)
