"""One process's working place for jobs: claims and runs them in the event loop, keeps leases, records how they end."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Collection, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.db.engine import Database
from lms_box.errors import LmsError, Unavailable
from lms_box.jobs import service
from lms_box.jobs.messages import ClaimedJob, JobFailed, JobWaits, Kinds, Report, RunJob, Why
from lms_box.jobs.owner import Owner

log = logging.getLogger(__name__)

Wanted = Callable[[], Collection[UUID] | None]
DATABASE_TROUBLE = (SQLAlchemyError, OSError)
DAY = 86_400.0
WAYS_GIVEN = 3


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Seconds between looks at wishes and progress, between sweeps and heartbeats; and to wait for when stopping.

    A job that will be done within `soon` is let go on, whoever waits.
    """

    look: float = 1.0
    sweep: float = 2.0
    heartbeat: float = 10.0
    patience: float = 5.0
    soon: float = 30.0


class _Running:
    """A job being run here, and what is to be written of it."""

    def __init__(self, job: ClaimedJob, run: RunJob) -> None:
        self.job = job
        self.ended_by: Literal["itself", "stop", "wish", "loss"] = "itself"
        self._news: tuple[float, str] = (0.0, "")
        self._written = self._news
        self._began = asyncio.get_running_loop().time()
        self._task = asyncio.create_task(_run(run, job, self._report))

    def _report(self, progress: float, stage: str) -> None:
        self._news = (progress, stage)

    def interrupt(self, by: Literal["stop", "wish", "loss"]) -> None:
        if not self._task.done() and self.ended_by == "itself":
            self.ended_by = by
            self._task.cancel()

    def take_news(self) -> tuple[float, str] | None:
        """The progress, if it has moved by a hundredth or to another stage since it was last taken."""
        if self._news[1] == self._written[1] and abs(self._news[0] - self._written[0]) < 0.01:
            return None
        self._written = self._news
        return self._news

    @property
    def progress(self) -> float:
        return self._news[0]

    def is_done_within(self, seconds: float) -> bool:
        worked = asyncio.get_running_loop().time() - self._began
        return self.progress > 0.02 and worked * (1 - self.progress) / self.progress < seconds

    async def outcome(self) -> BaseException | None:
        await asyncio.wait({self._task})
        return asyncio.CancelledError() if self._task.cancelled() else self._task.exception()


async def _run(run: RunJob, job: ClaimedJob, report: Report) -> None:
    await run(job, report)


class Desk:
    """At most `places` jobs at a time, of the `wanted` subjects only unless that answers None.

    Jobs of `patient` kinds, that nobody waits for, give way to any other: they are put back and begun anew later.
    """

    def __init__(
        self,
        db: Database,
        owner: Owner,
        kinds: Kinds,
        *,
        places: int,
        rhythm: Rhythm,
        wanted: Wanted,
        patient: Collection[str] = (),
    ) -> None:
        self._db = db
        self._owner = owner
        self._kinds = kinds
        self._places = places
        self._rhythm = rhythm
        self._wanted = wanted
        self._patient = patient
        self._gave_way: Counter[UUID] = Counter()
        self._running: dict[UUID, _Running] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._claiming = asyncio.Lock()  # a heartbeat must not meet a job that is claimed but not yet in _running
        self._closing = asyncio.Event()

    def start(self) -> None:
        self._spawn(self._watch())

    async def stop(self) -> None:
        """Running jobs are cancelled and put back, no attempt counted."""
        self._closing.set()
        async with self._claiming:
            for running in self._running.values():
                running.interrupt("stop")
        if self._tasks and (await asyncio.wait(set(self._tasks), timeout=self._rhythm.patience))[1]:
            log.warning("A job did not stop in time; it is queued again when this process has ended")

    def invite(self) -> None:
        """Begin working if a place is free or may become so, without waiting for it."""
        may_begin = len(self._running) < self._places or self._find_patient() is not None
        if may_begin and not self._closing.is_set():
            self._spawn(self.work())

    async def work(self) -> None:
        """Claim the best job and run it, until none is left or no place is free."""
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        try:
            with _going_on():
                while running := await self._begin():
                    self.invite()
                    await self._see_through(running)
        finally:
            self._tasks.discard(task)

    def _spawn(self, coroutine: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _begin(self) -> _Running | None:
        async with self._claiming:
            if self._closing.is_set() or not await self._has_place() or (job := await self._claim()) is None:
                return None
            self._running[job.id] = running = _Running(job, self._kinds[job.kind])
            return running

    async def _has_place(self) -> bool:
        """When all are taken and somebody waits, a patient one is asked to go: its place is free once it has ended."""
        if len(self._running) < self._places:
            return True
        if (patient := self._find_patient()) is not None and await self._is_urgent():
            self._gave_way[patient.job.id] += 1
            patient.interrupt("stop")
        return False

    def _find_patient(self) -> _Running | None:
        """The one that loses least; none while another is going, and none that went too often or will soon be done."""
        if any(running.ended_by != "itself" for running in self._running.values()):
            return None
        patient = [one for one in self._running.values() if one.job.kind in self._patient]
        soon = self._rhythm.soon
        found = [one for one in patient if self._gave_way[one.job.id] < WAYS_GIVEN and not one.is_done_within(soon)]
        return min(found, key=lambda one: one.progress, default=None)

    async def _is_urgent(self) -> bool:
        kinds = [kind for kind in self._kinds if kind not in self._patient]
        async with self._db.reading() as session:
            return await service.has_due_job(session, kinds=kinds, subjects=self._wanted())

    async def _claim(self) -> ClaimedJob | None:
        kinds, subjects = tuple(self._kinds), self._wanted()
        async with self._db.reading() as session:
            if not await service.has_due_job(session, kinds=kinds, subjects=subjects):
                return None
        async with self._db.writing() as session:
            return await service.claim_job(session, owner=self._owner.name, kinds=kinds, subjects=subjects)

    async def _see_through(self, running: _Running) -> None:
        error = await running.outcome()
        try:
            async with self._db.writing() as session:
                await self._record(session, running, error)
        except DATABASE_TROUBLE:
            log.exception("The end of job %s could not be written; it is queued again", running.job.id)
        finally:
            del self._running[running.job.id]

    async def _record(self, session: AsyncSession, running: _Running, error: BaseException | None) -> None:
        owner, job_id = self._owner.name, running.job.id
        if error is None:
            await service.finish_job(session, owner=owner, job_id=job_id)
        elif running.ended_by == "stop":
            await service.release_job(session, owner=owner, job_id=job_id)
        elif running.ended_by == "wish":
            await service.stop_job(session, owner=owner, job_id=job_id)
        elif isinstance(error, JobWaits):
            await service.postpone_job(session, owner=owner, job_id=job_id, why=error.why, seconds=error.seconds)
        elif running.ended_by == "itself":
            why, retry = _explain(running.job, error)
            await service.fail_job(session, owner=owner, job_id=job_id, why=why, retry=retry)

    async def _watch(self) -> None:
        rhythm, clock = self._rhythm, asyncio.get_running_loop().time
        turns = (
            (self._look, rhythm.look),
            (self._beat, rhythm.heartbeat),
            (self._sweep, rhythm.sweep),
            (self._forget, DAY),
        )
        due = [0.0] * len(turns)
        while not self._closing.is_set():
            for number, (turn, pause) in enumerate(turns):
                if clock() >= due[number]:
                    due[number] = clock() + pause
                    with _going_on():
                        await turn()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), min(due) - clock())

    async def _look(self) -> None:
        """See who wishes a running job to end, and write how far they are."""
        if not self._running:
            return
        owner, seen = self._owner.name, dict(self._running)  # a job may end and be begun anew while this looks
        async with self._db.reading() as session:
            interrupted = await service.find_interrupted(session, owner=owner, job_ids=list(seen))
        for job_id, end in interrupted.items():
            seen[job_id].interrupt("wish" if end == "cancelled" else "loss")
        news = {job_id: news for job_id, running in self._running.items() if (news := running.take_news())}
        if news:
            async with self._db.writing() as session:
                for job_id, (progress, stage) in news.items():
                    await service.report_progress(session, owner=owner, job_id=job_id, progress=progress, stage=stage)

    async def _beat(self) -> None:
        async with self._claiming:
            async with self._db.reading() as session:
                holds_any = await service.has_leases(session, owner=self._owner.name)
            if holds_any:
                async with self._db.writing() as session:
                    await service.keep_leases(session, owner=self._owner.name, job_ids=set(self._running))

    async def _sweep(self) -> None:
        """Free what the dead held, and begin what nobody was woken for."""
        async with self._db.reading() as session:
            found = await service.has_jobs_of_the_dead(session, is_alive=self._owner.is_alive)
        if found:
            async with self._db.writing() as session:
                await service.release_jobs_of_the_dead(session, is_alive=self._owner.is_alive)
        self.invite()

    async def _forget(self) -> None:
        async with self._db.writing() as session:
            await service.remove_old_jobs(session)


@contextmanager
def _going_on() -> Iterator[None]:
    """A turn that fails must not end the turns after it."""
    try:
        yield
    except DATABASE_TROUBLE as error:
        log.warning("Jobs wait for the database: %s", error)
    except Exception:
        log.exception("Jobs go on, but something went wrong between them")


def _explain(job: ClaimedJob, error: BaseException) -> tuple[Why, bool]:
    """A sentence for people, and whether another try may go better."""
    match error:
        case JobFailed(why=why, retry=retry):
            return why, retry
        case LmsError(detail=detail, code=code):
            return Why(detail, code), isinstance(error, Unavailable)
    log.error("Job %s (%s, %s) failed", job.id, job.kind, job.title, exc_info=error)
    words = f"Something went wrong that lms_box did not expect. The log tells more under {job.id}."
    return Why(words, code="unexpected"), True
