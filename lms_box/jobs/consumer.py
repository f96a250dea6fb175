"""Works off the jobs inside a server, or for one command that waits for them."""

import asyncio
from collections.abc import Callable, Collection
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Self
from uuid import UUID

from lms_box.db.engine import Database
from lms_box.jobs import service
from lms_box.jobs.desk import Desk, Rhythm
from lms_box.jobs.messages import UNFINISHED, JobFacts, Kinds
from lms_box.jobs.owner import Owner, find_consumers
from lms_box.jobs.queue import Queue

if TYPE_CHECKING:
    from lms_box.jobs.bell import Listener

BATCH = 1000  # subjects in one query


class Consumer:
    """Works off the whole queue while the block runs; jobs of kinds that it does not know are left to others."""

    def __init__(
        self,
        db: Database,
        queue: Queue,
        owner: Owner,
        kinds: Kinds,
        concurrency: int = 1,
        rhythm: Rhythm | None = None,
        patient: Collection[str] = (),
    ) -> None:
        """Jobs of `patient` kinds give way to others."""
        self._queue = queue
        self._owner = owner
        self._concurrency = concurrency
        rhythm = rhythm or Rhythm()
        self._desk = Desk(db, owner, kinds, places=concurrency, rhythm=rhythm, wanted=lambda: None, patient=patient)
        self._presence = ExitStack()
        self._listener: Listener | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        loop = asyncio.get_running_loop()

        def answer() -> None:
            """In one of huey's threads: it stays busy for as long as there is work."""
            asyncio.run_coroutine_threadsafe(self._desk.work(), loop).result()

        self._presence.enter_context(self._owner.consuming())
        self._desk.start()
        self._listener = await asyncio.to_thread(self._queue.listen, answer, threads=self._concurrency)

    async def stop(self) -> None:
        """Running jobs are cancelled and put back for the next consumer."""
        await self._desk.stop()
        if self._listener is not None:
            await asyncio.to_thread(self._listener.stop)
        self._presence.close()


async def run_all(
    db: Database,
    owner: Owner,
    kinds: Kinds,
    *,
    subjects: Collection[UUID],
    concurrency: int = 1,
    watch: Callable[[list[JobFacts]], None] | None = None,
    rhythm: Rhythm | None = None,
) -> list[JobFacts]:
    """Return the jobs of `kinds` on `subjects` when all have ended, telling `watch` how they stand meanwhile.

    While a server of this machine works off the queue, it only waits; else, or from the moment that the server dies,
    it works itself, on these subjects only. Kinds that are not to be waited for must not be given.
    """
    unfinished: set[UUID] = set(subjects)

    def wanted() -> list[UUID]:
        return [] if find_consumers(owner.run_folder) else sorted(unfinished)[:BATCH]

    desk = Desk(db, owner, kinds, places=concurrency, rhythm=rhythm or Rhythm(), wanted=wanted)
    desk.start()
    try:
        while True:
            facts = await _facts_of(db, kinds, subjects)
            unfinished.intersection_update(job.subject for job in facts if job.state in UNFINISHED)
            if watch:
                watch(facts)
            if not unfinished:
                return facts
            desk.invite()
            await asyncio.sleep(0.05)
    finally:
        await desk.stop()


async def _facts_of(db: Database, kinds: Kinds, subjects: Collection[UUID]) -> list[JobFacts]:
    found: list[JobFacts] = []
    ordered = sorted(subjects)
    async with db.reading() as session:
        for start in range(0, len(ordered), BATCH):
            found += await service.find_jobs_of(session, subjects=ordered[start : start + BATCH], kinds=tuple(kinds))
    return found
