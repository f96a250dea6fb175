"""Which film gets its ladder when: what somebody comes to next goes first, what has one of another kind last."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.courses.tables import Content
from lms_box.jobs.service import add_job, change_turns, count_jobs, find_jobs_of
from lms_box.jobs.tables import Job
from lms_box.media.ladder import fitting_sides, rungs_for
from lms_box.media.messages import Built

COMES_NEXT, LATER, ANEW = 200, 300, 400
"""Priorities, behind everything that nobody can play yet."""
AHEAD = 5
"""So many contents, from where a learner stands, come next."""
GIVEN_UP = ("failed", "cancelled")
SOUND_RATE = 200_000

Standing = Mapping[UUID, Collection[int]]
"""By course, at which places of its order learners are."""


async def want_ladder(
    session: AsyncSession, *, asset_id: UUID, title: str, course_id: UUID | None, place: int, priority: int = LATER
) -> None:
    await add_job(session, kind="ladder", subject=asset_id, title=title, priority=priority, line=course_id, place=place)


def has_another_ladder(plays: Built, *, sides: tuple[int, ...]) -> bool:
    """Whether it was made for a ladder that had other rungs for this picture than `sides` has."""
    own = plays.short_side
    return own is not None and fitting_sides(own, sides=plays.ladder) != fitting_sides(own, sides=sides)


async def want_ladders_anew(session: AsyncSession, *, assets: Collection[UUID]) -> None:
    """Once nothing else is to be done. What failed already is for the admin."""
    tried = {job.subject for job in await find_jobs_of(session, subjects=assets, kinds=["ladder"]) if job.state in GIVEN_UP}
    shown = select(Content).where(Content.asset_id.in_(set(assets) - tried), Content.is_archived.is_(False))
    for content in await session.scalars(shown.order_by(Content.order_index, Content.id)):
        assert content.asset_id
        await want_ladder(
            session,
            asset_id=content.asset_id,
            title=content.title,
            course_id=content.course_id,
            place=content.order_index,
            priority=ANEW,
        )


async def ladders_wait(session: AsyncSession) -> bool:
    return await count_jobs(session, states=["queued"], kinds=["ladder"]) > 0


async def arrange_ladders(session: AsyncSession, *, standing: Standing) -> None:
    """Gives every waiting ladder its turn by where the learners of its courses are now."""
    waiting = select(Job.subject).where(Job.kind == "ladder", Job.state == "queued", Job.priority < ANEW)
    rows = await session.execute(
        select(Content.asset_id, Content.course_id, Content.order_index).where(
            Content.asset_id.in_(waiting), Content.is_archived.is_(False)
        )
    )
    turns: dict[UUID, tuple[int, int]] = {}
    for asset_id, course_id, place in rows:
        turn = _turn(place, standing.get(course_id, ()))
        turns[asset_id] = min(turn, turns.get(asset_id, turn))
    await change_turns(session, kind="ladder", turns=turns)


def _turn(place: int, standing: Collection[int]) -> tuple[int, int]:
    """Priority and place: by how far it lies ahead of the nearest learner, else by the order of the course."""
    ahead = min((place - at for at in standing if 0 <= place - at < AHEAD), default=None)
    return (LATER, place) if ahead is None else (COMES_NEXT, ahead)


def space_for(plays: Built, *, sides: tuple[int, ...]) -> int:
    """Bytes that a ladder may take at most; what was copied may be its best rung."""
    shown = next((one for one in plays.renditions if one.width and one.height), None)
    if shown is None:
        return 0
    assert shown.width
    assert shown.height
    rates = [rung.peak_rate for rung in rungs_for(shown.width, shown.height, sides=sides)]
    copied = shown.average_bandwidth if shown.copied else 0
    return int(shown.duration * (sum(rates) + copied + SOUND_RATE) / 8)
