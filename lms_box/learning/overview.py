"""What admins see at a glance: numbers of the whole box, each from one query, however many rows there are."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.accounts.tables import User
from lms_box.courses.tables import Content, Course
from lms_box.db.base import now
from lms_box.jobs.service import count_jobs_by_state
from lms_box.learning.tables import Enrollment, Progress

WEEK = timedelta(days=7)


async def overview_numbers(session: AsyncSession) -> dict[str, Any]:
    """By the names of `OverviewView`, but for the storage."""
    learners = select(func.count(User.id)).where(User.role == "user", User.is_active.is_(True))
    active = select(func.count(Progress.user_id.distinct())).where(Progress.updated_at >= now() - WEEK)
    courses = await session.execute(select(Course.status, func.count()).group_by(Course.status))
    return {
        "learners": await session.scalar(learners) or 0,
        "active_this_week": await session.scalar(active) or 0,
        "courses": {"draft": 0, "published": 0, "archived": 0} | dict(courses.all()),
        "enrollments": await session.scalar(select(func.count()).select_from(Enrollment)) or 0,
        "completions": await session.scalar(_completions()) or 0,
        "jobs": await count_jobs_by_state(session),
    }


def _completions() -> Select[int]:
    """Enrollments of learners who have done every content that the course shows."""
    shown = Content.is_archived.is_(False)
    wanted = select(Content.course_id, func.count().label("contents")).where(shown).group_by(Content.course_id).subquery()
    done = (
        select(Progress.user_id, Content.course_id, func.count().label("contents"))
        .join(Content, Content.id == Progress.content_id)
        .where(shown, Progress.completed.is_(True))
        .group_by(Progress.user_id, Content.course_id)
        .subquery()
    )
    return (
        select(func.count())
        .select_from(Enrollment)
        .join(wanted, wanted.c.course_id == Enrollment.course_id)
        .join(done, (done.c.course_id == Enrollment.course_id) & (done.c.user_id == Enrollment.user_id))
        .where(done.c.contents == wanted.c.contents)
    )
