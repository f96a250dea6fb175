"""The rules of learning: who is in a course, and how far."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.courses.service import allowed_course, may_see
from lms_box.courses.tables import Asset, Content, Course
from lms_box.db.engine import insert_into
from lms_box.errors import Forbidden
from lms_box.learning.tables import Enrollment, Progress
from lms_box.viewer import Viewer


@dataclass(frozen=True, slots=True)
class CourseStanding:
    """How far a learner is in a course: a progress (or None) for each of its contents, in their order."""

    course: Course
    contents: Sequence[tuple[Content, Asset, Progress | None]]

    @property
    def done(self) -> int:
        return sum(1 for _, _, progress in self.contents if progress and progress.completed)

    @property
    def percentage(self) -> float:
        """The mean over the contents; one that is completed counts whole."""
        if not self.contents:
            return 0.0
        parts = (100.0 if row.completed else row.percentage for _, _, row in self.contents if row)
        return round(sum(parts) / len(self.contents), 1)

    @property
    def is_completed(self) -> bool:
        return bool(self.contents) and self.done == len(self.contents)


async def enroll(session: AsyncSession, *, learner: Viewer, course_id: UUID) -> tuple[Enrollment, bool]:
    """Returns the enrollment, and whether it is new."""
    course = await allowed_course(session, viewer=learner, course_id=course_id)
    is_new = await _add_once(session, learner_id=learner.id, course_id=course.id)
    return await session.get_one(Enrollment, (learner.id, course.id)), is_new


async def leave(session: AsyncSession, *, learner: Viewer, course_id: UUID) -> None:
    """What was watched is kept for a return."""
    await session.execute(delete(Enrollment).where(Enrollment.user_id == learner.id, Enrollment.course_id == course_id))


async def is_enrolled(session: AsyncSession, *, learner_id: UUID, course_id: UUID) -> bool:
    return await session.get(Enrollment, (learner_id, course_id)) is not None


async def check_enrolled(session: AsyncSession, *, learner: Viewer, course: Course) -> None:
    if not await is_enrolled(session, learner_id=learner.id, course_id=course.id):
        raise Forbidden(f"Enroll in “{course.title}” first.", code="not_enrolled")


async def standing_in(session: AsyncSession, *, learner: Viewer, course_id: UUID) -> CourseStanding:
    course = await allowed_course(session, viewer=learner, course_id=course_id)
    await check_enrolled(session, learner=learner, course=course)
    return CourseStanding(course, (await standings(session, learner_id=learner.id, course_ids=[course_id]))[course_id])


async def standings(
    session: AsyncSession, *, learner_id: UUID, course_ids: Sequence[UUID]
) -> dict[UUID, list[tuple[Content, Asset, Progress | None]]]:
    """The contents of each course in order, with the learner's progress; one query for all."""
    query = (
        select(Content, Asset, Progress)
        .join(Asset, Content.asset_id == Asset.id)
        .outerjoin(Progress, (Progress.content_id == Content.id) & (Progress.user_id == learner_id))
        .where(Content.course_id.in_(course_ids), Content.is_archived.is_(False))
        .order_by(Content.order_index, Content.id)
    )
    found: dict[UUID, list[tuple[Content, Asset, Progress | None]]] = {course_id: [] for course_id in course_ids}
    for content, asset, progress in await session.execute(query):
        found[content.course_id].append((content, asset, progress))
    return found


async def my_courses(session: AsyncSession, *, learner: Viewer) -> list[tuple[Enrollment, CourseStanding]]:
    """The courses that I am in and may still see, the last enrolled first."""
    rows = (
        await session.execute(
            select(Enrollment, Course)
            .join(Course, Course.id == Enrollment.course_id)
            .where(Enrollment.user_id == learner.id)
            .order_by(Enrollment.enrolled_at.desc(), Course.id)
        )
    ).all()
    seen = [(enrollment, course) for enrollment, course in rows if may_see(learner, course)]
    contents = await standings(session, learner_id=learner.id, course_ids=[course.id for _, course in seen])
    return [(enrollment, CourseStanding(course, contents[course.id])) for enrollment, course in seen]


async def _add_once(session: AsyncSession, *, learner_id: UUID, course_id: UUID) -> bool:
    """False when the row is there already; of two devices that ask at once, the second waits for the first."""
    row = insert_into(session, Enrollment).values(user_id=learner_id, course_id=course_id)
    added = row.on_conflict_do_nothing().returning(Enrollment.user_id)
    return await session.scalar(added) is not None
