"""The rules of notes: everybody has their own, and nobody another's."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.courses.service import allowed_course, get_course
from lms_box.courses.tables import Content, Course, Section
from lms_box.db.base import now
from lms_box.errors import Invalid, NotFound
from lms_box.notes.messages import NoteDraft, NoteQuery
from lms_box.notes.tables import Note
from lms_box.viewer import Viewer

RECENT = 5
PLACED = (
    select(
        *(Note.id, Note.course_id, Note.content_id, Note.title, Note.content, Note.at, Note.created_at, Note.updated_at),
        Course.title.label("course_title"),
        Content.title.label("content_title"),
        Content.type.label("content_type"),
    )
    .join(Course, Course.id == Note.course_id)
    .outerjoin(Content, Content.id == Note.content_id)
    .order_by(Note.updated_at.desc(), Note.id.desc())
)
LAST_CHANGED = PLACED.where(Note.user_id == bindparam("learner_id")).limit(RECENT)


async def list_notes(
    session: AsyncSession, *, learner_id: UUID, query: NoteQuery
) -> tuple[Sequence[Row[*tuple[Any, ...]]], int]:
    """One page of my notes as `PlacedNote`, the last changed first, and how many there are in all."""
    wanted = [Note.user_id == learner_id, *_asked_for(query)]
    total = await session.scalar(select(func.count(Note.id)).where(*wanted))
    newest = PLACED.where(*wanted).offset(query.skip).limit(query.limit)
    return (await session.execute(newest)).all(), total or 0


def recent_notes(connection: Connection, *, learner_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    return connection.execute(LAST_CHANGED, {"learner_id": learner_id}).all()


async def courses_with_notes(session: AsyncSession, *, learner_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """The courses that I wrote notes in as `CourseWithNotes`, the last written in first."""
    counted = (
        select(Course.id.label("course_id"), Course.title, func.count(Note.id).label("count"))
        .join(Note, Note.course_id == Course.id)
        .where(Note.user_id == learner_id)
        .group_by(Course.id, Course.title)
        .order_by(func.max(Note.updated_at).desc())
    )
    return (await session.execute(counted)).all()


async def every_note(session: AsyncSession, *, learner_id: UUID) -> Sequence[Note]:
    """In the order they were written."""
    return (await session.scalars(select(Note).where(Note.user_id == learner_id).order_by(Note.id))).all()


async def allowed_note(session: AsyncSession, *, learner_id: UUID, note_id: UUID, to_write: bool = False) -> Note:
    note = await session.get(Note, note_id, with_for_update=to_write)
    if note is None or note.user_id != learner_id:
        raise NotFound("There is no such note.")
    return note


async def add_note(session: AsyncSession, *, learner: Viewer, draft: NoteDraft) -> Note:
    await _check_place(session, learner, draft)
    note = Note(user_id=learner.id, **draft.model_dump())
    session.add(note)
    await session.flush()
    return note


async def change_note(session: AsyncSession, *, learner: Viewer, note: Note, draft: NoteDraft) -> Note:
    """Says every field anew. Where it stands is checked when it moves: its course may be closed by now."""
    if (draft.course_id, draft.content_id) != (note.course_id, note.content_id):
        await _check_place(session, learner, draft)
    for name, value in draft.model_dump().items():
        setattr(note, name, value)
    note.updated_at = now()
    await session.flush()
    return note


async def remove_note(session: AsyncSession, *, learner_id: UUID, note_id: UUID) -> None:
    await session.delete(await allowed_note(session, learner_id=learner_id, note_id=note_id, to_write=True))


async def notes_of_course(
    session: AsyncSession, *, learner: Viewer, course_id: UUID
) -> tuple[Course, list[tuple[Note, Content | None]]]:
    """All my notes of a course in the order of its lessons; who wrote some has them, also when the course is closed."""
    rows = await session.execute(
        select(Note, Content)
        .outerjoin(Content, Content.id == Note.content_id)
        .outerjoin(Section, Section.id == Content.section_id)
        .where(Note.user_id == learner.id, Note.course_id == course_id)
        .order_by(
            Content.id.is_not(None), Section.order_index, Content.order_index, Content.id, func.coalesce(Note.at, -1.0), Note.id
        )
    )
    notes: list[tuple[Note, Content | None]] = [(note, content) for note, content in rows]
    if notes:
        return await get_course(session, course_id=course_id), notes
    return await allowed_course(session, viewer=learner, course_id=course_id), []


def _asked_for(query: NoteQuery) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = []
    if query.course_id is not None:
        chosen.append(Note.course_id == query.course_id)
    if query.content_id is not None:
        chosen.append(Note.content_id == query.content_id)
    return [*chosen, *Note.speaks_of(query.q or "")]


async def _check_place(session: AsyncSession, learner: Viewer, draft: NoteDraft) -> None:
    """The course is one that the learner may see, and the content one of its own."""
    await allowed_course(session, viewer=learner, course_id=draft.course_id)
    if draft.content_id is None:
        return
    content = await session.get(Content, draft.content_id)
    if content is None or content.course_id != draft.course_id or (content.is_archived and not learner.is_admin):
        words = "This course has no such content."
        raise Invalid(words, code="content_not_in_course", fields=(("content_id", "content_not_in_course", words),))
