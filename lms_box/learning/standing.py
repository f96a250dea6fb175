"""Where the learners of each course are now, for those who prepare what comes next."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.courses.tables import Content
from lms_box.learning.tables import Enrollment, Progress


async def places_of_learners(session: AsyncSession, *, since: datetime) -> dict[UUID, set[int]]:
    """By course, the places in its order of the contents touched last; 0 for those who enrolled and have yet to begin."""
    places: dict[UUID, set[int]] = defaultdict(set)
    for course_id, place in await session.execute(_touched(since)):
        places[course_id].add(place)
    for course_id in await session.scalars(_not_begun(since)):
        places[course_id].add(0)
    return dict(places)


def _touched(since: datetime) -> Select[UUID, int]:
    recency = func.row_number().over(
        partition_by=(Progress.user_id, Content.course_id), order_by=(Progress.updated_at.desc(), Content.order_index)
    )
    touched = (
        select(Content.course_id, Content.order_index, recency.label("recency"))
        .join(Progress, Progress.content_id == Content.id)
        .join(Enrollment, (Enrollment.course_id == Content.course_id) & (Enrollment.user_id == Progress.user_id))
        .where(Progress.updated_at >= since, Content.is_archived.is_(False))
        .subquery()
    )
    return select(touched.c.course_id, touched.c.order_index).where(touched.c.recency == 1).distinct()


def _not_begun(since: datetime) -> Select[UUID]:
    begun = (
        select(Progress.user_id)
        .join(Content, Content.id == Progress.content_id)
        .where(Progress.user_id == Enrollment.user_id, Content.course_id == Enrollment.course_id)
    )
    return select(Enrollment.course_id).where(Enrollment.enrolled_at >= since, ~begun.exists()).distinct()
