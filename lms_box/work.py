"""Composition of the background work: which kinds of jobs there are, and who does them. It knows no web."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from functools import partial
from uuid import UUID

from lms_box.box import Box
from lms_box.jobs.consumer import Consumer, run_all
from lms_box.jobs.messages import JobFacts, RunJob
from lms_box.jobs.service import tell
from lms_box.playback import jobs as playback
from lms_box.storage.pending import sweep

JOBS: dict[str, Callable[..., Awaitable[None]]] = {**playback.JOBS}


@asynccontextmanager
async def working(box: Box) -> AsyncIterator[Consumer]:
    """Works off the queue while the block lasts; what is unfinished then goes on at the next start."""
    connect_jobs(box)
    await tidy(box)
    async with Consumer(box.db, box.queue, box.owner, _kinds(box), concurrency=box.settings.media.jobs) as consumer:
        yield consumer


async def tidy(box: Box) -> None:
    """Removes what killed processes had begun to store."""
    await sweep(box.db, box.storage, is_alive=box.owner.is_alive)
    await box.storage.sweep(box.owner.is_alive)


async def work_off(box: Box, subjects: Collection[UUID], watch: Callable[[list[JobFacts]], None]) -> None:
    """Returns when the jobs on these subjects have ended; a running server does them, else this process."""
    connect_jobs(box)
    await run_all(box.db, box.owner, _kinds(box), subjects=subjects, concurrency=box.settings.media.jobs, watch=watch)


def connect_jobs(box: Box) -> None:
    """From now on, what becomes of a job is recorded with what it worked on."""
    tell(box.db, playback.TOLD)


def _kinds(box: Box) -> dict[str, RunJob]:
    return {name: partial(run, box) for name, run in JOBS.items()}
