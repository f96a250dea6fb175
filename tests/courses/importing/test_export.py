"""An export imported into an empty box is the same course, field by field."""

import shutil
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from academy import write_tree
from cast import Person
from courses.importing.folders import bring_in, by_path, write_course
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lms_box.box import Box, open_box
from lms_box.config import load_settings
from lms_box.courses.folder.export import Outgoing, export_course
from lms_box.courses.messages import ContentChange, CourseChange
from lms_box.courses.service import change_content, change_course
from lms_box.courses.tables import Asset, Attachment, Caption, Content, Course, Section
from lms_box.errors import Invalid

FIELDS = ("id", "title", "description", "instructor", "difficulty", "category", "status", "completion_threshold")


async def described(box: Box, course_id: UUID) -> dict[str, Any]:
    """Everything of a course but the ids of its parts, and times."""
    async with box.db.reading() as session:
        course = await session.get_one(Course, course_id)
        attached = [
            (one.path, asset.sha256, one.section_id, one.content_id)
            for one, asset in await session.execute(
                select(Attachment, Asset).join(Asset).where(Attachment.course_id == course_id).order_by(Attachment.order_index)
            )
        ]
        sections = []
        chosen = select(Section).where(Section.course_id == course_id).order_by(Section.order_index, Section.id)
        for section in await session.scalars(chosen):
            contents = select(Content, Asset).join(Asset, Content.asset_id == Asset.id).where(Content.section_id == section.id)
            rows = (await session.execute(contents.order_by(Content.is_archived, Content.order_index, Content.id))).all()
            sections.append(
                {
                    "title": section.title,
                    "attachments": [row[:2] for row in attached if row[2] == section.id and row[3] is None],
                    "contents": [
                        {
                            **{name: getattr(content, name) for name in (
                                "title", "description", "type", "is_preview", "is_archived",
                            )},
                            "sha256": asset.sha256,
                            "path": content.path,
                            "captions": [
                                tuple(row)
                                for row in await session.execute(
                                    select(Caption.path, Caption.kind, Caption.language, Asset.sha256)
                                    .join(Asset, Caption.asset_id == Asset.id)
                                    .where(Caption.content_id == content.id)
                                    .order_by(Caption.path)
                                )
                            ],
                            "attachments": [row[:2] for row in attached if row[3] == content.id],
                        }
                        for content, asset in rows
                    ],
                }
            )  # fmt: skip
        return {
            **{name: getattr(course, name) for name in FIELDS},
            "has_picture": course.thumbnail_key is not None,
            "attachments": [row[:2] for row in attached if row[2] is None and row[3] is None],
            "sections": sections,
        }


async def imported_elsewhere(folder: Path, data_dir: Path) -> dict[str, Any]:
    shutil.rmtree(data_dir, ignore_errors=True)
    data_dir.mkdir()
    async with open_box(load_settings(data_dir=data_dir, environ={"LMS_AUTH__SECRET_KEY": "k" * 40})) as other:
        made = await bring_in(other, folder)
        found = await described(other, made["course_id"])
        again = await bring_in(other, folder)
        assert len(again["changes"]["unchanged"]) == len(made["contents"])
        assert await described(other, made["course_id"]) == found
    return found


async def test_a_course_comes_back_as_it_was(box: Box, owner: Person, tmp_path: Path, media: Path) -> None:
    chapters: dict[str, bytes | str] = {"01 Start/01 Welcome.chapters.vtt": "WEBVTT\n\n00:00.000 --> 00:01.000\nAboard\n"}
    made = await bring_in(box, write_tree(write_course(tmp_path / "Sailing", media), chapters))
    course, contents = made["course_id"], by_path(made)
    await owner.ask("PATCH", f"/courses/{course}", json={"title": 'A "title"', "instructor": "Ada", "category": "Sea"})
    words = contents["01 Start/02 Words.md"]["id"]
    await owner.ask("PATCH", f"/contents/{words}", json={"is_archived": True, "description": 'Two\nlines, \\ and """'})
    draft = {"title": "By hand: a/b?", "text": "# Text", "is_preview": True}
    assert (await owner.ask("POST", f"/courses/{course}/contents", json=draft)).status == 201
    before = await described(box, course)
    out = await export_course(box, course_id=course, into=tmp_path / "out", on_file=lambda *_: None)
    assert sorted(out.files) == sorted(
        str(path.relative_to(tmp_path / "out"))
        for path in (tmp_path / "out").rglob("*")
        if path.is_file() and path.name != "course.toml"
    )
    after = await imported_elsewhere(tmp_path / "out", tmp_path / "other")
    by_hand = before["sections"][1]["contents"][-1]
    assert (by_hand["path"], after["sections"][1]["contents"][-1]["path"]) == (None, "Knots/By hand- a-b-.md")
    by_hand["path"] = "Knots/By hand- a-b-.md"
    assert after == before
    assert not list(tmp_path.glob(".out*"))


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
LINES = TEXTS.map(str.strip)
TITLES = LINES.filter(bool)
NAMES = st.sampled_from(
    [
        "01 A.md", "02 B.md", "Pics/boat.png", "02 B.zip", "x/y/z.ipynb", "notes.txt", "Café.md", "第3课.md", "#.html",
        "03 Film.mp4", "03 Film.pt-BR.srt", "03 Film.srt", "x/03 Film.mp4", "x/03 Film.en.vtt", "x/03 Film slides.pdf",
    ]
)  # fmt: skip
SAME = st.booleans().map(lambda is_same: "# The same in each" if is_same else None)
EDITS = st.builds(ContentChange, title=TITLES, description=TEXTS, is_archived=st.booleans(), is_preview=st.booleans())
COURSES = st.builds(
    CourseChange,
    title=TITLES,
    description=TEXTS,
    category=LINES,
    instructor=LINES,
    difficulty=st.sampled_from(["beginner", "intermediate", "advanced"]),
    status=st.sampled_from(["draft", "published", "archived"]),
    completion_threshold=st.integers(1, 100),
)


@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(NAMES, min_size=1, unique=True), data=st.data(), course=COURSES)
async def test_any_course_comes_back_as_it_was(
    names: list[str], data: st.DataObject, course: CourseChange, tmp_path_factory: pytest.TempPathFactory
) -> None:
    tmp_path = tmp_path_factory.mktemp("export")
    files: dict[str, bytes | str] = {name: data.draw(SAME) or f"# {name}" for name in names}
    files |= {"last.md": "# Last"}
    (tmp_path / "data").mkdir()
    async with open_box(load_settings(data_dir=tmp_path / "data", environ={"LMS_AUTH__SECRET_KEY": "k" * 40})) as box:
        made = await bring_in(box, write_tree(tmp_path / "Folder", files))
        async with box.db.writing() as session:
            await change_course(session, course_id=made["course_id"], change=course)
            for one in made["contents"]:
                await change_content(session, content_id=one["id"], change=data.draw(EDITS))
        before = await described(box, made["course_id"])
        await export_course(box, course_id=made["course_id"], into=tmp_path / "out", on_file=lambda *_: None)
    assert await imported_elsewhere(tmp_path / "out", tmp_path / "other") == before


async def test_nothing_is_written_over(box: Box, tmp_path: Path) -> None:
    made = await bring_in(box, write_tree(tmp_path / "Folder", {"a.md": "# A"}))
    write_tree(tmp_path / "out", {"precious.txt": "x"})
    with pytest.raises(Invalid, match="is not empty"):
        await export_course(box, course_id=made["course_id"], into=tmp_path / "out", on_file=lambda *_: None)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["precious.txt"]


def test_no_two_files_get_one_path() -> None:
    outgoing = Outgoing()
    wanted = ["a/b.md", "a/b.md", "a", "a/b.md/c", "course.toml", "a/b (2).md"]
    assert [outgoing.add(path, "key", 1) for path in wanted] == [
        "a/b.md", "a/b (2).md", "a (2)", "(2)/a/b.md/c", "course (2).toml", "a/b (2) (2).md",
    ]  # fmt: skip
