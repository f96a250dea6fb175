"""The rules of learning: who is in a course, and how far."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.courses.service import allowed_course, may_see
from lms_box.courses.tables import Asset, Content, Course
from lms_box.courses.views import CONTENT_COLUMNS, COURSE_COLUMNS, Columns
from lms_box.db.engine import insert_into
from lms_box.errors import Forbidden, NotFound
from lms_box.learning.tables import Enrollment, Progress
from lms_box.learning.watching import Seen
from lms_box.viewer import Viewer

# Made once: to build these takes longer than to run them.
STEPS = (
    select(
        Content.course_id,
        Content.id,
        Asset.duration,
        Asset.status == "failed",
        Progress.position,
        Progress.position_at,
        Progress.watched,
        Progress.percentage,
        Progress.completed,
        Progress.completed_at,
        Progress.updated_at,
    )
    .join(Asset, Content.asset_id == Asset.id)
    .join(Enrollment, Enrollment.course_id == Content.course_id)
    .outerjoin(Progress, (Progress.content_id == Content.id) & (Progress.user_id == Enrollment.user_id))
    .where(Enrollment.user_id == bindparam("learner_id"), Content.is_archived.is_(False))
    .order_by(Content.order_index, Content.id)
)
STEPS_OF_ONE = STEPS.where(Enrollment.course_id == bindparam("course_id"))
ENROLLED = Enrollment.enrolled_at.label("enrolled_at")
SHELF = (
    select(ENROLLED, *COURSE_COLUMNS)
    .join(Course, Course.id == Enrollment.course_id)
    .where(Enrollment.user_id == bindparam("learner_id"))
    .order_by(Enrollment.enrolled_at.desc(), Course.id)
)
ONE = (
    select(ENROLLED, *COURSE_COLUMNS)
    .select_from(Course)
    .outerjoin(Enrollment, (Enrollment.course_id == Course.id) & (Enrollment.user_id == bindparam("learner_id")))
    .where(Course.id == bindparam("course_id"))
)
PLACE = select(*CONTENT_COLUMNS).join(Asset, Content.asset_id == Asset.id).where(Content.id == bindparam("content_id"))


class Step(NamedTuple):
    """One content of a course, and what the learner has seen of it; columns, because a shelf has hundreds of them."""

    content_id: UUID
    seconds: float | None
    is_broken: bool
    """It could not be made ready."""
    seen: Seen | None

    @property
    def is_done(self) -> bool:
        return self.seen is not None and self.seen.completed

    @property
    def is_ahead(self) -> bool:
        return not self.is_done and not self.is_broken


@dataclass(frozen=True, slots=True)
class CourseStanding:
    """How far a learner is in a course: its contents in their order."""

    course: Columns
    """With `enrolled_at`."""
    steps: Sequence[Step]

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.steps)

    @property
    def percentage(self) -> float:
        """The mean over the contents; one that is completed counts whole."""
        if not self.steps:
            return 0.0
        parts = (100.0 if step.is_done else step.seen.percentage for step in self.steps if step.seen)
        return round(sum(parts) / len(self.steps), 1)

    @property
    def is_completed(self) -> bool:
        return bool(self.steps) and self.done == len(self.steps)


async def enroll(session: AsyncSession, *, learner: Viewer, course_id: UUID) -> bool:
    """Whether the enrollment is new."""
    course = await allowed_course(session, viewer=learner, course_id=course_id)
    return await _add_once(session, learner_id=learner.id, course_id=course.id)


async def leave(session: AsyncSession, *, learner: Viewer, course_id: UUID) -> None:
    """What was watched is kept for a return."""
    await session.execute(delete(Enrollment).where(Enrollment.user_id == learner.id, Enrollment.course_id == course_id))


async def is_enrolled(session: AsyncSession, *, learner_id: UUID, course_id: UUID) -> bool:
    return await session.get(Enrollment, (learner_id, course_id)) is not None


def standing_in(connection: Connection, *, learner: Viewer, course_id: UUID) -> CourseStanding:
    asked = {"learner_id": learner.id, "course_id": course_id}
    course = connection.execute(ONE, asked).one_or_none()
    if course is None or not may_see(learner, course):
        raise NotFound("There is no such course.")
    if course.enrolled_at is None:
        raise Forbidden(f"Enroll in “{course.title}” first.", code="not_enrolled")
    return CourseStanding(course, _by_course(connection.execute(STEPS_OF_ONE, asked))[course_id])


def place_to_go_on(shelf: Sequence[CourseStanding]) -> tuple[CourseStanding, Step] | None:
    """The content touched last; when it is done, the next one that can be opened, from there on and then from the start."""
    touched = [
        (step.seen.updated_at, standing, index)
        for standing in shelf
        for index, step in enumerate(standing.steps)
        if step.seen and step.seen.updated_at
    ]
    for _, standing, index in sorted(touched, key=lambda row: row[0], reverse=True):
        for step in (*standing.steps[index:], *standing.steps[:index]):
            if step.is_ahead:
                return standing, step
    return None


def my_courses(connection: Connection, *, learner: Viewer) -> list[CourseStanding]:
    """The courses that I am in and may still see, the last enrolled first."""
    asked = {"learner_id": learner.id}
    courses = connection.execute(SHELF, asked).all()
    steps = _by_course(connection.execute(STEPS, asked))
    return [CourseStanding(course, steps[course.id]) for course in courses if may_see(learner, course)]


def shown_at(connection: Connection, step: Step) -> Columns | None:
    """The content of a step, as `view_content` reads it; None when it has just gone."""
    return connection.execute(PLACE, {"content_id": step.content_id}).one_or_none()


async def _add_once(session: AsyncSession, *, learner_id: UUID, course_id: UUID) -> bool:
    """False when the row is there already; of two devices that ask at once, the second waits for the first."""
    row = insert_into(session, Enrollment).values(user_id=learner_id, course_id=course_id)
    added = row.on_conflict_do_nothing().returning(Enrollment.user_id)
    return await session.scalar(added) is not None


def _by_course(rows: Iterable[Columns]) -> defaultdict[UUID, list[Step]]:
    """The contents of each course in order, with what the learner has seen."""
    found: defaultdict[UUID, list[Step]] = defaultdict(list)
    for course_id, content_id, seconds, is_broken, *columns in rows:
        is_seen = columns[-1] is not None
        found[course_id].append(Step(content_id, seconds, is_broken, Seen(*columns) if is_seen else None))
    return found
