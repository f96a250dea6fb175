"""The rules of what an upload becomes: a content at the end of a section, in the order of its course."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.courses.assets import want_build
from lms_box.courses.folder.titles import readable, spaced, split_extension, without_tags
from lms_box.courses.service import get_course
from lms_box.courses.tables import Asset, Content, Course, Section
from lms_box.courses.uploads.keeping import Kept, asset_of
from lms_box.db.base import new_id, now
from lms_box.errors import Conflict, Invalid

TYPES = frozenset({"video", "audio", "presentation", "document"})


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a content goes and what is said of it; without a section it goes to the end of the course."""

    course_id: UUID
    section_id: UUID | None
    title: str
    description: str = ""
    is_preview: bool = False


async def add_content(session: AsyncSession, *, placing: Placing, kept: Kept) -> tuple[Content, Asset]:
    course = await get_course(session, course_id=placing.course_id, to_write=True)
    asset = await asset_of(session, kept)
    if asset is None:
        raise Conflict("The same file was removed from the box at this moment. Please send it again.", code="try_again")
    section = await _section_for(session, course, placing.section_id)
    content = Content(
        id=new_id(),
        course_id=course.id,
        section_id=section.id,
        asset_id=asset.id,
        type=asset.kind if asset.kind in TYPES else "file",
        title=placing.title,
        description=placing.description,
        is_preview=placing.is_preview,
        order_index=0,
        details={},
    )
    session.add(content)
    await _put_last(session, course, section, content)
    await want_build(session, asset=asset, kind=content.type, title=content.title, content=content)
    course.updated_at = now()
    await session.flush()
    return content, asset


def title_from(name: str) -> str:
    """What people would call the file."""
    stem, _ = split_extension(readable(name))
    return spaced(without_tags(stem))[:200] or "Untitled"


async def _section_for(session: AsyncSession, course: Course, section_id: UUID | None) -> Section:
    """The one that is named, else the last; a course without sections gets its first, named like itself."""
    of_course = select(Section).where(Section.course_id == course.id)
    if section_id is not None:
        section = await session.scalar(of_course.where(Section.id == section_id))
        if section is None:
            words = "This course has no such section."
            raise Invalid(words, code="unknown_section", fields=(("section_id", "unknown_section", words),))
        return section
    section = await session.scalar(of_course.order_by(Section.order_index.desc(), Section.id.desc()).limit(1))
    if section is None:
        section = Section(course_id=course.id, title=course.title, order_index=0)
        session.add(section)
        await session.flush()
    return section


async def _put_last(session: AsyncSession, course: Course, section: Section, content: Content) -> None:
    """Last in its section; what stands in later sections moves on by one."""
    rows = await session.execute(
        select(Content, Section.order_index)
        .join(Section, Section.id == Content.section_id)
        .where(Content.course_id == course.id, Content.id != content.id)
        .order_by(Section.order_index, Content.order_index, Content.id)
    )
    before: list[Content] = []
    after: list[Content] = []
    for other, place in rows:
        (before if place <= section.order_index else after).append(other)
    for index, one in enumerate([*before, content, *after]):
        one.order_index = index
    await session.flush()
