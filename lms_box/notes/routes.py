"""The doors of notes."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.accounts.links import site_address
from lms_box.http.conditional import check_match
from lms_box.http.routing import Call, Page, Route
from lms_box.notes import service
from lms_box.notes.export import write_markdown
from lms_box.notes.messages import CourseWithNotes, NoteDraft, NoteQuery, NoteView, PlacedNote


async def list_notes(call: Call, *, query: NoteQuery) -> Page:
    """My notes, the last changed first."""
    async with call.box.db.reading() as session:
        notes, total = await service.list_notes(session, learner_id=call.me.id, query=query)
    return Page([PlacedNote.model_validate(note) for note in notes], total, query.skip, query.limit)


async def list_courses_with_notes(call: Call) -> list[CourseWithNotes]:
    """The courses that I wrote notes in, and how many."""
    async with call.box.db.reading() as session:
        courses = await service.courses_with_notes(session, learner_id=call.me.id)
    return [CourseWithNotes.model_validate(course) for course in courses]


async def add_note(call: Call, *, body: NoteDraft) -> NoteView:
    """Write a note, at a second or page if `at` says one."""
    async with call.box.db.writing() as session:
        return NoteView.model_validate(await service.add_note(session, learner=call.me, draft=body))


async def show_note(call: Call) -> NoteView:
    """One of my notes."""
    async with call.box.db.reading() as session:
        note = await service.allowed_note(session, learner_id=call.me.id, note_id=call.id_of("note_id"))
    return NoteView.model_validate(note)


async def replace_note(call: Call, *, body: NoteDraft) -> NoteView:
    """Say every field of a note anew."""
    async with call.box.db.writing() as session:
        note_id = call.id_of("note_id")
        note = await service.allowed_note(session, learner_id=call.me.id, note_id=note_id, to_write=True)
        check_match(call.request, NoteView.model_validate(note))
        return NoteView.model_validate(await service.change_note(session, learner=call.me, note=note, draft=body))


async def remove_note(call: Call) -> None:
    """Remove a note of mine."""
    async with call.box.db.writing() as session:
        await service.remove_note(session, learner_id=call.me.id, note_id=call.id_of("note_id"))


async def export_notes(call: Call) -> web.Response:
    """My notes of a course as one Markdown file."""
    async with call.box.db.reading() as session:
        course, notes = await service.notes_of_course(session, learner=call.me, course_id=call.id_of("course_id"))
    name = quote(f"{course.title}.md", safe="")
    return web.Response(
        text=write_markdown(course, notes, site=site_address(call.box.settings.server)),
        content_type="text/markdown",
        charset="utf-8",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Cache-Control": "private, no-store"},
    )


async def export_mine(session: AsyncSession, user_id: UUID) -> Any:
    """For what people take along of themselves."""
    notes = await service.every_note(session, learner_id=user_id)
    return [NoteView.model_validate(note).model_dump(mode="json") for note in notes]


NOTE = "/notes/{note_id}"
ROUTES = [
    Route(method="GET", path="/notes", handler=list_notes, query=NoteQuery, returns=list[PlacedNote]),
    Route(method="POST", path="/notes", handler=add_note, body=NoteDraft, returns=NoteView, status=201),
    Route(method="GET", path="/notes/courses", handler=list_courses_with_notes, returns=list[CourseWithNotes]),
    Route(method="GET", path=NOTE, handler=show_note, returns=NoteView),
    Route(method="PUT", path=NOTE, handler=replace_note, body=NoteDraft, returns=NoteView),
    Route(method="DELETE", path=NOTE, handler=remove_note),
    Route(method="GET", path="/courses/{course_id}/notes/export", handler=export_notes, media_type="text/markdown"),
]
