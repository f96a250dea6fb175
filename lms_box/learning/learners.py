"""Who is in a course and how far, and in which courses somebody is: for admins."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, Subquery, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.accounts.tables import User
from lms_box.courses.tables import Content, Course
from lms_box.learning.messages import CourseOfLearner, LearnerQuery, LearnerView
from lms_box.learning.tables import Enrollment, Progress

SHOWN = Content.is_archived.is_(False)


async def list_learners(session: AsyncSession, *, course_id: UUID, query: LearnerQuery) -> tuple[list[LearnerView], int]:
    """One page of a course's learners by name, and how many there are in all."""
    chosen = _learners(course_id)
    if query.q:
        chosen = chosen.where(or_(*(column.icontains(query.q, autoescape=True) for column in (User.name, User.email))))
    total = await session.scalar(select(func.count()).select_from(chosen.subquery()))
    return await _views(session, course_id, chosen.offset(query.skip).limit(query.limit)), total or 0


async def every_learner(session: AsyncSession, *, course_id: UUID) -> list[LearnerView]:
    return await _views(session, course_id, _learners(course_id))


async def courses_of(session: AsyncSession, *, user_id: UUID) -> list[CourseOfLearner]:
    """The last enrolled first; drafts and archived courses too."""
    seen = _seen(Progress.user_id == user_id)
    wanted = select(Content.course_id, func.count().label("contents")).where(SHOWN).group_by(Content.course_id).subquery()
    rows = await session.execute(
        select(Course.id, Course.title, Enrollment.enrolled_at, wanted.c.contents, seen)
        .join(Enrollment, Enrollment.course_id == Course.id)
        .outerjoin(wanted, wanted.c.course_id == Course.id)
        .outerjoin(seen, seen.c.course_id == Course.id)
        .where(Enrollment.user_id == user_id)
        .order_by(Enrollment.enrolled_at.desc(), Course.id)
    )
    return [
        CourseOfLearner(course_id=row.id, title=row.title, enrolled_at=row.enrolled_at, **_standing(row, row.contents or 0))
        for row in rows
    ]


def _learners(course_id: UUID) -> Select[Any]:
    seen = _seen(Content.course_id == course_id)
    return (
        select(User, Enrollment.enrolled_at, seen)
        .join(Enrollment, Enrollment.user_id == User.id)
        .outerjoin(seen, seen.c.user_id == User.id)
        .where(Enrollment.course_id == course_id)
        .order_by(func.lower(User.name), User.id)
    )


def _seen(condition: Any) -> Subquery:
    """What was seen, by learner and course; of a completed content all of it."""
    points = case((Progress.completed, 100.0), else_=Progress.percentage)
    return (
        select(
            Progress.user_id,
            Content.course_id,
            func.sum(points).label("points"),
            func.sum(case((Progress.completed, 1), else_=0)).label("done"),
            func.max(Progress.updated_at).label("last_seen_at"),
        )
        .join(Content, Content.id == Progress.content_id)
        .where(SHOWN, condition)
        .group_by(Progress.user_id, Content.course_id)
        .subquery()
    )


async def _views(session: AsyncSession, course_id: UUID, chosen: Select[Any]) -> list[LearnerView]:
    contents = select(func.count()).select_from(Content).where(Content.course_id == course_id, SHOWN)
    total = await session.scalar(contents) or 0
    return [
        LearnerView(
            user_id=row.User.id,
            name=row.User.name,
            email=row.User.email,
            is_active=row.User.is_active,
            enrolled_at=row.enrolled_at,
            **_standing(row, total),
        )
        for row in await session.execute(chosen)
    ]


def _standing(row: Any, total: int) -> dict[str, Any]:
    done = row.done or 0
    return {
        "last_seen_at": row.last_seen_at,
        "progress_percentage": round((row.points or 0.0) / total, 1) if total else 0.0,
        "done": done,
        "total": total,
        "completed": 0 < total == done,
    }
