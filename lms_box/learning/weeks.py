"""Who learned something in which week: noted with the reports, counted for admins."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.db.base import now
from lms_box.db.engine import insert_into
from lms_box.learning.messages import WeekView
from lms_box.learning.tables import LearningWeek
from lms_box.learning.watching import Seen

SHOWN = 12


def week_of(moment: datetime) -> date:
    """The Monday of its week, UTC."""
    return moment.date() - timedelta(days=moment.weekday())


def is_news(before: Seen, after: Seen) -> bool:
    """Whether a report says more of its week than the report before it did."""
    if before.updated_at is None or after.updated_at is None:
        return True
    was_open = not (before.watched or before.position_at or before.completed)
    return was_open or is_finished(before, after) or week_of(before.updated_at) != week_of(after.updated_at)


def is_finished(before: Seen, after: Seen) -> bool:
    return after.completed and not before.completed


def note_weeks(connection: Connection, *, done: Mapping[UUID, int]) -> None:
    """The present week of each learner, with how many contents were finished just now."""
    if not done:
        return
    week = week_of(now())
    added = insert_into(connection, LearningWeek)
    total = {"done": LearningWeek.done + added.excluded.done}
    rows = [{"user_id": user_id, "week": week, "done": count} for user_id, count in sorted(done.items())]
    connection.execute(added.on_conflict_do_update(index_elements=["user_id", "week"], set_=total), rows)


async def last_weeks(session: AsyncSession) -> list[WeekView]:
    """The present week last; weeks in which nobody learned are there too."""
    this = week_of(now())
    weeks = [this - timedelta(weeks=back) for back in reversed(range(SHOWN))]
    counted = (
        select(LearningWeek.week, func.count(), func.sum(LearningWeek.done))
        .where(LearningWeek.week >= weeks[0])
        .group_by(LearningWeek.week)
    )
    found = {week: (learners, done) for week, learners, done in await session.execute(counted)}
    return [WeekView(week=week, learners=found.get(week, (0, 0))[0], done=found.get(week, (0, 0))[1]) for week in weeks]
