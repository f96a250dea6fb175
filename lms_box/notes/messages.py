"""What crosses the wire of notes."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from lms_box.courses.messages import ContentType
from lms_box.http.messages import Message, Moment, OptionalLine, Prose, View

Place = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False, description="second or page of the content")]


class NoteView(View):
    id: UUID
    course_id: UUID
    content_id: UUID | None
    title: str
    content: str = Field(description="Markdown")
    at: float | None = Field(description="second or page of the content")
    created_at: Moment
    updated_at: Moment


class PlacedNote(NoteView):
    """A note in a list, with the names of where it was written."""

    course_title: str
    content_title: str | None
    content_type: ContentType | None


class CourseWithNotes(View):
    course_id: UUID
    title: str
    count: int = Field(description="how many notes of mine")


class NoteDraft(Message):
    course_id: UUID
    content_id: UUID | None = None
    title: OptionalLine = ""
    content: Prose = Field(description="Markdown")
    at: Place | None = None


class NoteQuery(Message):
    course_id: UUID | None = None
    content_id: UUID | None = None
    q: OptionalLine | None = Field(None, description="words that must all stand in the title or the text")
    skip: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    limit: Annotated[int, Field(ge=1, le=100)] = 20
