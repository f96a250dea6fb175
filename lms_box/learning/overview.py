"""What admins see at a glance: numbers of the whole box, each from one query, however many rows there are."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.accounts.tables import User
from lms_box.courses.tables import Asset, Content, Course
from lms_box.db.base import now
from lms_box.jobs.service import count_jobs_by_state
from lms_box.learning.messages import CourseTotals
from lms_box.learning.tables import Enrollment, Progress
from lms_box.learning.weeks import last_weeks
from lms_box.playback.tables import Build

WEEK = timedelta(days=7)
FULLEST = 5


async def overview_numbers(session: AsyncSession) -> dict[str, Any]:
    """By the names of `OverviewView`, but for what is free. The bytes are counted in the database: to look through the
    storage for them takes as long as it is full.
    """
    sums = (select(func.coalesce(func.sum(table.size), 0)).scalar_subquery() for table in (Asset, Build))
    originals, builds = (int(size) for size in (await session.execute(select(*sums))).one())
    learners = select(func.count(User.id)).where(User.role == "user", User.is_active.is_(True))
    active = select(func.count(Progress.user_id.distinct())).where(Progress.updated_at >= now() - WEEK)
    courses = await session.execute(select(Course.status, func.count()).group_by(Course.status))
    return {
        "learners": await session.scalar(learners) or 0,
        "active_this_week": await session.scalar(active) or 0,
        "courses": {"draft": 0, "published": 0, "archived": 0} | dict(courses.all()),
        "enrollments": await session.scalar(select(func.count()).select_from(Enrollment)) or 0,
        "completions": await session.scalar(select(func.count()).select_from(_finished().subquery())) or 0,
        "storage_originals": originals,
        "storage_used": originals + builds,
        "jobs": await count_jobs_by_state(session),
        "weeks": await last_weeks(session),
        "fullest": await _fullest(session),
    }


async def _fullest(session: AsyncSession) -> list[CourseTotals]:
    learners = func.count(Enrollment.user_id)
    chosen = (
        select(Course.id, Course.title, learners)
        .join(Enrollment, Enrollment.course_id == Course.id)
        .group_by(Course.id, Course.title)
        .order_by(learners.desc(), Course.title)
        .limit(FULLEST)
    )
    rows = (await session.execute(chosen)).all()
    ids = [course_id for course_id, _, _ in rows]
    begun = await _count_by_course(session, _begun(), ids)
    finished = await _count_by_course(session, _finished(), ids)
    return [
        CourseTotals(id=one, title=title, learners=count, begun=begun.get(one, 0), finished=finished.get(one, 0))
        for one, title, count in rows
    ]


async def _count_by_course(session: AsyncSession, who: Select[UUID, UUID], ids: Sequence[UUID]) -> dict[UUID, int]:
    chosen = who.where(Enrollment.course_id.in_(ids)).subquery()
    rows = await session.execute(select(chosen.c.course_id, func.count()).group_by(chosen.c.course_id))
    return dict(rows.all())


def _begun() -> Select[UUID, UUID]:
    """Enrollments of learners who have seen something of the course."""
    return (
        select(Enrollment.course_id, Enrollment.user_id)
        .join(Content, Content.course_id == Enrollment.course_id)
        .join(Progress, (Progress.content_id == Content.id) & (Progress.user_id == Enrollment.user_id))
        .where(Content.is_archived.is_(False))
        .distinct()
    )


def _finished() -> Select[UUID, UUID]:
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
        select(Enrollment.course_id, Enrollment.user_id)
        .join(wanted, wanted.c.course_id == Enrollment.course_id)
        .join(done, (done.c.course_id == Enrollment.course_id) & (done.c.user_id == Enrollment.user_id))
        .where(done.c.contents == wanted.c.contents)
    )
