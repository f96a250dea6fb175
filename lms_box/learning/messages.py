"""What crosses the wire of learning."""

from datetime import UTC, date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from lms_box.courses.messages import ContentType, ContentView, CourseStatus, CourseView
from lms_box.http.messages import Message, Moment, OptionalLine, View
from lms_box.jobs.messages import State

Number = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
# Two of a kind are described as a list of two: not every reader of descriptions knows `prefixItems`.
PAIR = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
Span = Annotated[tuple[Number, Number], WithJsonSchema({**PAIR, "items": {"type": "number", "minimum": 0, "maximum": 1e9}})]
SpanView = Annotated[tuple[float, float], WithJsonSchema(PAIR)]


def _within_time(moment: datetime) -> datetime:
    """A zone can lead beyond the first and the last year that there are."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("lies outside of time") from None


class ProgressReport(Message):
    """What a player saw since its last report, or what the learner said by hand."""

    position: Number | None = Field(None, description="second or page")
    watched: Annotated[list[Span], Field(max_length=1000)] = Field(
        default=[], description="seconds are half-open, pages inclusive and counted from 1"
    )
    at: Annotated[AwareDatetime, AfterValidator(_within_time)] | None = Field(
        None, description="the client's time of the report; the server's when left out"
    )
    completed: bool | None = Field(None, description="true or false by hand")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.position is None and not self.watched and self.completed is None:
            raise PydanticCustomError("one_of", "say position, watched or completed")
        return self


class ProgressView(View):
    content_id: UUID
    position: float
    watched: list[SpanView]
    progress_percentage: float
    completed: bool
    updated_at: Moment | None


class CourseProgress(View):
    course_id: UUID
    progress_percentage: float
    completed: bool
    contents: list[ProgressView]


class EnrollmentView(View):
    course_id: UUID
    enrolled_at: Moment
    completed_at: Moment | None
    progress_percentage: float


class Continue(View):
    course: CourseView
    content: ContentView
    progress: ProgressView


class CourseOnShelf(View):
    course: CourseView
    progress_percentage: float
    completed: bool
    next_content_id: UUID | None
    done: int
    total: int


class RecentNote(View):
    """A note as the dashboard shows it."""

    id: UUID
    course_id: UUID
    content_id: UUID | None
    title: str
    content: str
    at: float | None
    created_at: Moment
    updated_at: Moment
    course_title: str
    content_title: str | None
    content_type: ContentType | None


class Dashboard(View):
    continue_: Continue | None = Field(serialization_alias="continue")
    courses: list[CourseOnShelf]
    notes: list[RecentNote]


class WeekView(View):
    week: date = Field(description="its Monday")
    learners: int = Field(description="people who learned something in it")
    done: int = Field(description="contents that were completed in it")


class CourseTotals(View):
    """How far the learners of a course are, as counts of them."""

    id: UUID
    title: str
    learners: int
    begun: int = Field(description="who have seen something, those who finished among them")
    finished: int


class OverviewView(View):
    learners: int = Field(description="open accounts that are no admin's")
    active_this_week: int = Field(description="people who learned something in the last 7 days")
    courses: dict[CourseStatus, int]
    enrollments: int
    completions: int = Field(description="enrollments with every content done")
    storage_used: int = Field(description="in bytes")
    storage_free: int = Field(description="in bytes")
    storage_originals: int = Field(description="in bytes: of what is used, the files as they were uploaded")
    jobs: dict[State, int]
    weeks: list[WeekView] = Field(description="the last twelve, the present one last")
    fullest: list[CourseTotals] = Field(description="the courses with the most learners")


class LearnerQuery(Message):
    skip: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    q: OptionalLine = Field("", description="In the name or the address.")


class LearnerView(View):
    """Somebody in a course, and how far."""

    user_id: UUID
    name: str
    email: str
    is_active: bool
    enrolled_at: Moment
    last_seen_at: Moment | None = Field(description="when something of the course was last watched or read")
    progress_percentage: float
    done: int
    total: int
    completed: bool


class CourseOfLearner(View):
    """A course that somebody is in, for admins."""

    course_id: UUID
    title: str
    enrolled_at: Moment
    last_seen_at: Moment | None
    progress_percentage: float
    done: int
    total: int
    completed: bool


def moment_of(report: ProgressReport, received: datetime) -> datetime:
    """When a report counts: its own time, but never a time still to come."""
    return min(report.at, received) if report.at else received
