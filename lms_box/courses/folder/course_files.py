"""What a course already has of its folder's files, and what the folder said of it at the last import."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.courses.folder.changes import KnownFile
from lms_box.courses.tables import Asset, Attachment, Caption, Content, Course, Section

Stamp = tuple[str, int, int]
"""Path, size and modification time in nanoseconds: what tells an unchanged file without reading it."""
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CourseFiles:
    contents: list[KnownFile]
    assets: dict[Stamp, UUID]
    """The asset of every file, content or not, that looks as it did at the last import."""


@dataclass(frozen=True, slots=True)
class ContentState:
    id: UUID
    section_id: UUID
    values: Mapping[str, Any]
    """Those that somebody in the browser may change, by name."""
    imported: Mapping[str, Any]
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class SectionState:
    id: UUID
    title: str
    imported: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CourseState:
    """The course as it stands, sections and contents in order; an empty one where there is none yet."""

    values: Mapping[str, Any] = field(default_factory=dict)
    imported: Mapping[str, Any] = field(default_factory=dict)
    updated_at: datetime = LONG_AGO
    sections: tuple[SectionState, ...] = ()
    contents: Mapping[UUID, ContentState] = field(default_factory=dict)
    captions: frozenset[str] = frozenset()
    """The paths of those that are there."""


COURSE_VALUES = ("title", "description", "instructor", "difficulty", "category", "status", "completion_threshold")
CONTENT_VALUES = ("title", "description", "is_preview", "is_archived")


async def course_state(session: AsyncSession, *, course_id: UUID | None) -> CourseState:
    course = await session.get(Course, course_id) if course_id else None
    if course is None:
        return CourseState()
    sections = select(Section).where(Section.course_id == course.id).order_by(Section.order_index, Section.id)
    contents = select(Content).where(Content.course_id == course.id).order_by(Content.order_index, Content.id)
    captions = select(Caption.path).join(Content, Caption.content_id == Content.id).where(Content.course_id == course.id)
    return CourseState(
        values={name: getattr(course, name) for name in COURSE_VALUES},
        imported=course.imported,
        updated_at=course.updated_at,
        sections=tuple(SectionState(one.id, one.title, one.imported) for one in await session.scalars(sections)),
        contents={one.id: _state(one) for one in await session.scalars(contents)},
        captions=frozenset(await session.scalars(captions)),
    )


def _state(content: Content) -> ContentState:
    values = {name: getattr(content, name) for name in CONTENT_VALUES}
    return ContentState(content.id, content.section_id, values, content.imported, content.updated_at)


async def course_files(session: AsyncSession, *, course_id: UUID | None) -> CourseFiles:
    if course_id is None:
        return CourseFiles([], {})
    columns = (Content.id, Content.path, Content.source_size, Content.source_mtime, Asset.id, Asset.sha256)
    rows = (
        await session.execute(
            select(*columns)
            .join(Asset, Asset.id == func.coalesce(Content.next_asset_id, Content.asset_id))
            .where(Content.course_id == course_id, Content.path.is_not(None))
        )
    ).all()
    contents = [KnownFile(row[0], row[1] or "", row[2] or 0, row[3] or 0, row[5]) for row in rows]
    stamps = {(row[1] or "", row[2] or 0, row[3] or 0): row[4] for row in rows}
    captions = (
        select(Caption.path, Caption.source_size, Caption.source_mtime, Caption.asset_id)
        .join(Content, Caption.content_id == Content.id)
        .where(Content.course_id == course_id)
    )
    attachments = select(Attachment.path, Attachment.source_size, Attachment.source_mtime, Attachment.asset_id).where(
        Attachment.course_id == course_id
    )
    for query in (captions, attachments):
        for path, size, mtime, asset_id in await session.execute(query):
            stamps[path, size, mtime] = asset_id
    return CourseFiles(contents, stamps)
