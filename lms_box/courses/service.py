"""The rules of the catalogue: who sees a course, what may be changed, what an order must hold."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.courses.assets import remove_unused_assets
from lms_box.courses.messages import ContentChange, CourseChange, CourseDraft, CourseOrder, CourseQuery
from lms_box.courses.tables import Asset, Attachment, Content, Course, Section
from lms_box.courses.views import Columns, CourseRows, Totals
from lms_box.db.base import now
from lms_box.errors import Invalid, NotFound
from lms_box.viewer import Viewer

PICTURE = {"thumbnail_url"}
"""Not a plain field: see `thumbnails`."""


async def allowed_course(session: AsyncSession, *, viewer: Viewer | None, course_id: UUID) -> Course:
    """A published course is for everybody who may see the catalogue, any other for admins alone."""
    course = await session.get(Course, course_id)
    if course is None or not may_see(viewer, course):
        raise NotFound("There is no such course.")
    return course


async def get_course(session: AsyncSession, *, course_id: UUID, to_write: bool = False) -> Course:
    course = await session.get(Course, course_id, with_for_update=to_write)
    if course is None:
        raise NotFound("There is no such course.")
    return course


async def allowed_content(session: AsyncSession, *, viewer: Viewer | None, content_id: UUID) -> tuple[Content, Course, Asset]:
    """A content that the viewer may know of; whether they may play it is for playback to say."""
    row = (await session.execute(_contents().add_columns(Course).join(Course).where(Content.id == content_id))).one_or_none()
    if row is None or not may_see(viewer, row[2]) or (row[0].is_archived and not _is_admin(viewer)):
        raise NotFound("There is no such content.")
    return row[0], row[2], row[1]


async def allowed_attachment(
    session: AsyncSession, *, viewer: Viewer | None, attachment_id: UUID
) -> tuple[Attachment, Course, Asset]:
    query = select(Attachment, Course, Asset).join(Course).join(Asset).where(Attachment.id == attachment_id)
    row = (await session.execute(query)).one_or_none()
    if row is None or not may_see(viewer, row[1]):
        raise NotFound("There is no such file.")
    return row[0], row[1], row[2]


def may_see(viewer: Viewer | None, course: Course | Columns) -> bool:
    return course.status == "published" or _is_admin(viewer)


async def list_courses(
    session: AsyncSession, *, viewer: Viewer | None, query: CourseQuery
) -> tuple[list[tuple[Course, Totals]], int]:
    """One page of courses in the order asked for, and how many there are in all."""
    wanted = _filtered(select(Course), viewer, query)
    total = await session.scalar(select(func.count()).select_from(wanted.subquery()))
    column = getattr(Course, query.sort.removeprefix("-"))
    column = Course.folded if query.sort.endswith("title") else column
    order = column.desc() if query.sort.startswith("-") else column
    courses = (await session.scalars(wanted.order_by(order, Course.id).offset(query.skip).limit(query.limit))).all()
    totals = await totals_of(session, course_ids=[course.id for course in courses])
    return [(course, totals.get(course.id, Totals())) for course in courses], total or 0


async def every_course(session: AsyncSession) -> list[tuple[Course, Totals]]:
    """For the owner at the shell: all of them, by title."""
    courses = (await session.scalars(select(Course).order_by(Course.folded, Course.id))).all()
    totals = await totals_of(session, course_ids=[course.id for course in courses])
    return [(course, totals.get(course.id, Totals())) for course in courses]


async def totals_of(session: AsyncSession, *, course_ids: Sequence[UUID]) -> dict[UUID, Totals]:
    query = (
        select(Content.course_id, func.count(), func.coalesce(func.sum(Asset.duration), 0.0))
        .join(Asset, Content.asset_id == Asset.id)
        .where(Content.course_id.in_(course_ids), Content.is_archived.is_(False))
        .group_by(Content.course_id)
    )
    return {course_id: Totals(count, seconds or 0.0) for course_id, count, seconds in await session.execute(query)}


async def course_rows(session: AsyncSession, *, course: Course) -> CourseRows:
    """What the course's page shows: archived contents are not part of it."""
    sections = await session.scalars(
        select(Section).where(Section.course_id == course.id).order_by(Section.order_index, Section.id)
    )
    contents = await session.execute(
        _contents()
        .where(Content.course_id == course.id, Content.is_archived.is_(False))
        .order_by(Content.order_index, Content.id)
    )
    attachments = await session.execute(
        select(Attachment, Asset)
        .join(Asset)
        .where(Attachment.course_id == course.id)
        .order_by(Attachment.order_index, Attachment.id)
    )
    return CourseRows(
        course,
        sections.all(),
        [(content, asset) for content, asset in contents],
        [(attachment, asset) for attachment, asset in attachments],
    )


async def get_content(session: AsyncSession, *, content_id: UUID, to_write: bool = False) -> Content:
    content = await session.get(Content, content_id, with_for_update=to_write)
    if content is None:
        raise NotFound("There is no such content.")
    return content


async def attachments_of(session: AsyncSession, *, content_id: UUID) -> list[tuple[Attachment, Asset]]:
    query = select(Attachment, Asset).join(Asset).where(Attachment.content_id == content_id)
    return [(attachment, asset) for attachment, asset in await session.execute(query.order_by(Attachment.order_index))]


async def add_course(session: AsyncSession, *, creator_id: UUID | None, draft: CourseDraft) -> Course:
    course = Course(created_by=creator_id, **draft.model_dump(exclude=PICTURE))
    session.add(course)
    await session.flush()
    return course


async def change_course(session: AsyncSession, *, course_id: UUID, change: CourseChange | CourseDraft) -> Course:
    """A draft replaces every field, a change those that it names."""
    course = await get_course(session, course_id=course_id, to_write=True)
    given = change.model_dump(exclude=PICTURE, exclude_unset=isinstance(change, CourseChange))
    for name, value in given.items():
        if value is not None:
            setattr(course, name, value)
    course.updated_at = now()
    await session.flush()
    return course


async def remove_course(session: AsyncSession, *, course_id: UUID) -> list[str]:
    """Removes the course with everything in it; returns the storage prefixes that nothing refers to any more."""
    course = await get_course(session, course_id=course_id, to_write=True)
    thumbnail = [course.thumbnail_key] if course.thumbnail_key else []
    await session.delete(course)
    await session.flush()
    return thumbnail + await remove_unused_assets(session)


async def arrange_course(session: AsyncSession, *, course_id: UUID, order: CourseOrder) -> Course:
    """Puts every content where the order says; an order that forgets or doubles one is refused whole."""
    course = await get_course(session, course_id=course_id, to_write=True)
    contents = {
        content.id: content
        for content in await session.scalars(
            select(Content).where(Content.course_id == course_id, Content.is_archived.is_(False))
        )
    }
    sections = {row.id: row for row in await session.scalars(select(Section).where(Section.course_id == course_id))}
    _check_order(order, contents=set(contents), sections=set(sections))
    arranged = [sections.pop(wanted.id) if wanted.id else Section(course_id=course_id) for wanted in order.sections]
    for index, (section, wanted) in enumerate(zip(arranged, order.sections, strict=True)):
        section.title, section.order_index = wanted.title, index
    session.add_all(arranged)
    await session.flush()
    places = ((section, one) for section, wanted in zip(arranged, order.sections, strict=True) for one in wanted.contents)
    for index, (section, content_id) in enumerate(places):
        contents[content_id].section_id, contents[content_id].order_index = section.id, index
    await session.flush()
    await _remove_left_out(session, course_id=course_id, left_out=list(sections.values()))
    course.updated_at = now()
    return course


async def change_content(session: AsyncSession, *, content_id: UUID, change: ContentChange) -> Content:
    content = await get_content(session, content_id=content_id, to_write=True)
    for name, value in change.model_dump(exclude_unset=True, exclude_none=True).items():
        setattr(content, name, value)
    content.updated_at = now()
    await session.flush()
    return content


async def remove_content(session: AsyncSession, *, content_id: UUID) -> list[str]:
    """Returns the storage prefixes that nothing refers to any more."""
    await session.delete(await get_content(session, content_id=content_id, to_write=True))
    await session.flush()
    return await remove_unused_assets(session)


def _is_admin(viewer: Viewer | None) -> bool:
    return viewer is not None and viewer.is_admin


def _contents() -> Select[Content, Asset]:
    return select(Content, Asset).join(Asset, Content.asset_id == Asset.id)


def _filtered(wanted: Select[Course], viewer: Viewer | None, query: CourseQuery) -> Select[Course]:
    if not _is_admin(viewer):
        wanted = wanted.where(Course.status == "published")
    for column, value in (
        (Course.status, query.status),
        (Course.difficulty, query.difficulty),
        (Course.category, query.category),
    ):
        if value:
            wanted = wanted.where(column == value)
    return wanted.where(*Course.speaks_of(query.q or ""))


def _check_order(order: CourseOrder, *, contents: set[UUID], sections: set[UUID]) -> None:
    named = [content_id for section in order.sections for content_id in section.contents]
    if len(named) != len(set(named)) or set(named) != contents:
        raise Invalid("The order must name each content of the course exactly once.", code="incomplete_order")
    kept = [section.id for section in order.sections if section.id]
    if len(kept) != len(set(kept)) or not set(kept) <= sections:
        raise Invalid("The order names a section that is not in this course, or one twice.", code="unknown_section")


async def _remove_left_out(session: AsyncSession, *, course_id: UUID, left_out: Sequence[Section]) -> None:
    """Sections that the order left out go; archived contents in them wait in the first of the others."""
    gone = [section.id for section in left_out]
    others = select(Section).where(Section.course_id == course_id, Section.id.not_in(gone))
    keeper = await session.scalar(others.order_by(Section.order_index, Section.id).limit(1))
    archived = (await session.scalars(select(Content).where(Content.section_id.in_(gone)))).all()
    if archived and keeper is None:
        return
    for content in archived:
        assert keeper
        content.section_id = keeper.id
    await session.flush()
    for section in left_out:
        await session.delete(section)
    await session.flush()
