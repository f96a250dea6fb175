"""Composition of the background work: which kinds of jobs there are, and who does them. It knows no web."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial
from uuid import UUID

from lms_box.box import Box
from lms_box.courses.staging import jobs as staging
from lms_box.db.base import now
from lms_box.jobs.chores import repeating
from lms_box.jobs.consumer import Consumer, run_all
from lms_box.jobs.messages import JobFacts, RunJob
from lms_box.jobs.service import tell
from lms_box.learning.standing import places_of_learners
from lms_box.playback import jobs as playback
from lms_box.playback.ladders import arrange_ladders, ladders_wait

JOBS: dict[str, Callable[..., Awaitable[None]]] = {**playback.JOBS, **staging.JOBS}
AWAITED = (*playback.AWAITED, *staging.JOBS)
PATIENT = frozenset(JOBS) - frozenset(AWAITED)
MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
SEEN_LATELY = timedelta(days=30)


@asynccontextmanager
async def working(box: Box) -> AsyncIterator[Consumer]:
    """Works off the queue while the block lasts; what is unfinished then goes on at the next start."""
    connect_jobs(box)
    kinds, places = _kinds(box, JOBS), box.settings.media.jobs
    async with AsyncExitStack() as stack:
        for work, every, otherwise in (
            (playback.collect, HOUR, "What nobody needs any more was not collected"),
            (follow_learners, MINUTE, "Ladders wait in the order that they had"),
            (playback.renew_ladders, DAY, "Films keep the ladders that they have"),
        ):
            await stack.enter_async_context(repeating(partial(work, box), every=every, otherwise=otherwise))
        consumer = Consumer(box.db, box.queue, box.owner, kinds, concurrency=places, patient=PATIENT)
        yield await stack.enter_async_context(consumer)


async def work_off(box: Box, subjects: Collection[UUID], watch: Callable[[list[JobFacts]], None]) -> None:
    """Returns when everything on these subjects is ready or has failed; a running server does it, else this process."""
    connect_jobs(box)
    kinds = _kinds(box, AWAITED)
    await run_all(box.db, box.owner, kinds, subjects=subjects, concurrency=box.settings.media.jobs, watch=watch)


async def follow_learners(box: Box) -> None:
    """What learners come to next has its ladder made first."""
    async with box.db.reading() as session:
        if not await ladders_wait(session):
            return
        standing = await places_of_learners(session, since=now() - SEEN_LATELY)
    async with box.db.writing() as session:
        await arrange_ladders(session, standing=standing)


def connect_jobs(box: Box) -> None:
    """From now on, what becomes of a job is recorded with what it worked on."""
    tell(box.db, {**playback.TOLD, **staging.TOLD})


def _kinds(box: Box, names: Iterable[str]) -> dict[str, RunJob]:
    return {name: partial(JOBS[name], box) for name in names}
