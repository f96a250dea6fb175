"""A course to learn from, made straight in the database: lessons with stored files, and builds where a test plays them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lms_box.box import Box
from lms_box.courses.assets import find_asset, prefix_of
from lms_box.courses.tables import Asset, Attachment, Content, Course, Section
from lms_box.db.base import new_id
from lms_box.media.messages import Built
from lms_box.playback.service import add_build
from lms_box.storage.reading import fingerprint


@dataclass(frozen=True)
class Lesson:
    """`data` is the stored file's; the same bytes are the same asset."""

    title: str
    type: str = "video"
    duration: float | None = 100.0
    pages: int | None = None
    data: bytes | None = None
    name: str = "lesson.mp4"
    status: str = "ready"
    is_preview: bool = False
    is_archived: bool = False
    attachments: tuple[str, ...] = ()


def page(title: str, pages: int = 4, **more: Any) -> Lesson:
    return Lesson(title, type="document", duration=None, pages=pages, name="sheet.pdf", **more)


async def add_course(box: Box, title: str, lessons: Sequence[Lesson] = (), **facts: Any) -> UUID:
    """One section of the same name as the course; published unless said otherwise."""
    async with box.db.writing() as session:
        course = Course(title=title, **{"status": "published", **facts})
        session.add(course)
        await session.flush()
        section = Section(course_id=course.id, title=title, order_index=0)
        session.add(section)
        await session.flush()
    for index, lesson in enumerate(lessons):
        await _add_lesson(box, course.id, section.id, lesson, index)
    return course.id


async def _add_lesson(box: Box, course_id: UUID, section_id: UUID, lesson: Lesson, index: int) -> None:
    asset_id = await add_asset(box, lesson)
    async with box.db.writing() as session:
        content = Content(
            course_id=course_id,
            section_id=section_id,
            asset_id=asset_id,
            type=lesson.type,
            title=lesson.title,
            order_index=index,
            is_preview=lesson.is_preview,
            is_archived=lesson.is_archived,
            path=f"{index} {lesson.name}",
            details={},
        )
        session.add(content)
        await session.flush()
        for name in lesson.attachments:
            session.add(
                Attachment(
                    course_id=course_id,
                    content_id=content.id,
                    asset_id=asset_id,
                    path=name,
                    order_index=0,
                    source_size=0,
                    source_mtime=0,
                )
            )


async def add_asset(box: Box, lesson: Lesson) -> UUID:
    asset_id = new_id()
    with box.storage.scratch(box.owner.name) as folder:
        source = folder / lesson.name
        source.write_bytes(lesson.data if lesson.data is not None else f"the bytes of {asset_id}".encode())
        facts = await fingerprint(source)
        async with box.db.reading() as session:
            if there := await find_asset(session, sha256=facts.sha256):
                return there.id
        key = f"{prefix_of(asset_id)}/source{source.suffix}"
        await box.storage.take(key, source, how="move")
    async with box.db.writing() as session:
        session.add(
            Asset(
                id=asset_id,
                sha256=facts.sha256,
                key=key,
                size=facts.size,
                kind=lesson.type,
                media_type="application/octet-stream",
                status=lesson.status,
                duration=lesson.duration,
                page_count=lesson.pages,
            )
        )
    return asset_id


async def build(box: Box, content_id: UUID, files: dict[str, bytes], **built: Any) -> UUID:
    """What a child process would have made of the content, published under a build of its own."""
    build_id = new_id()
    async with box.db.reading() as session:
        asset_id = (await session.get_one(Content, content_id)).asset_id
    with box.storage.scratch(box.owner.name) as folder:
        for name, data in files.items():
            (folder / name).write_bytes(data)
        await box.storage.publish(folder, f"{prefix_of(asset_id)}/{build_id}")
    async with box.db.writing() as session:
        await add_build(session, build_id=build_id, asset_id=asset_id, built=Built(**built), size=sum(map(len, files.values())))
    return build_id


async def contents_of(box: Box, course_id: UUID) -> list[UUID]:
    """In their order, archived ones too."""
    async with box.db.reading() as session:
        chosen = select(Content.id).where(Content.course_id == course_id).order_by(Content.order_index, Content.id)
        return list(await session.scalars(chosen))


async def stored_keys(box: Box) -> list[str]:
    return await box.storage.keys("")


def write_tree(root: Path, files: dict[str, bytes | str]) -> Path:
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
    return root
