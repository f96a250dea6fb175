"""The rules of jobs: how they are added, claimed, kept, finished, tried again and given up."""

import logging
from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from typing import get_args
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.db.base import new_id, now
from lms_box.db.engine import Database, after_commit, insert_into
from lms_box.errors import Conflict, NotFound
from lms_box.jobs.messages import NO_REASON, UNFINISHED, ClaimedJob, IsAlive, JobFacts, State, Told, Why
from lms_box.jobs.queue import Queue
from lms_box.jobs.tables import Job
from lms_box.jobs.turns import in_turn, next_in_turn

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
RETRY_AFTER = timedelta(seconds=5)
CRASHES = 2  # a crash may have been chance: once more, then it is for the admin
ATTEMPTS = 10  # a job that was running each time the box died may be what kills it
KEPT = timedelta(days=30)

_WAKE = "jobs.wake"
_TOLD = "jobs.told"


def connect(db: Database, queue: Queue) -> None:
    """From now on, a commit that added a job wakes the queue."""
    db.info[_WAKE] = queue.wake_soon


def tell(db: Database, told: Mapping[str, Told]) -> None:
    """For each kind, who hears in the same transaction that such a job failed, was cancelled or waits once more."""
    db.info[_TOLD] = told


async def add_job(
    session: AsyncSession,
    *,
    kind: str,
    subject: UUID,
    title: str,
    priority: int = 100,
    line: UUID | None = None,
    place: int = 0,
) -> JobFacts:
    """Queued once per kind and subject: asked again while unfinished, it is the same job, at the better priority.

    Among jobs of one priority the lines have their turns one after the other, each line by its places.
    """
    values = {"id": new_id(), "kind": kind, "subject": subject, "title": title[:500], "priority": priority}
    values |= {"line": line, "place": place}
    while (job := await _find_unfinished(session, kind, subject)) is None:
        await session.execute(insert_into(session, Job).values(**values).on_conflict_do_nothing())
    if job.state == "queued" and priority < job.priority:
        job.priority = priority
        await session.flush()
    _wake(session)
    return _facts(job)


async def claim_job(
    session: AsyncSession, *, owner: str, kinds: Collection[str], subjects: Collection[UUID] | None = None
) -> ClaimedJob | None:
    """The best job that is due, of these subjects if any are given; it is running now, and the owner's for 30 s."""
    job = await session.scalar(next_in_turn(*_due(kinds, subjects)))
    if job is None:
        return None
    job.state, job.owner, job.lease_expires_at = "running", owner, now() + LEASE
    job.attempts, job.progress, job.stage = job.attempts + 1, 0.0, ""
    job.error, job.error_code = NO_REASON
    job.started_at, job.run_after = now(), None
    await session.flush()
    return ClaimedJob(job.id, job.kind, job.subject, job.title, job.attempts, job.line, job.place)


async def has_due_job(session: AsyncSession, *, kinds: Collection[str], subjects: Collection[UUID] | None = None) -> bool:
    return await session.scalar(select(Job.id).where(*_due(kinds, subjects)).limit(1)) is not None


def _due(kinds: Collection[str], subjects: Collection[UUID] | None) -> list[ColumnElement[bool]]:
    due = [Job.state == "queued", Job.kind.in_(kinds), or_(Job.run_after.is_(None), Job.run_after <= now())]
    return due if subjects is None else [*due, Job.subject.in_(subjects)]


async def report_progress(session: AsyncSession, *, owner: str, job_id: UUID, progress: float, stage: str) -> None:
    if job := await _find_running(session, owner, job_id):
        job.progress, job.stage = min(max(progress, 0.0), 1.0), stage[:80]
        await session.flush()


async def has_leases(session: AsyncSession, *, owner: str) -> bool:
    return await session.scalar(select(Job.id).where(*_held_by(owner)).limit(1)) is not None


async def keep_leases(session: AsyncSession, *, owner: str, job_ids: Collection[UUID]) -> None:
    """The heartbeat. What is the owner's but not among `job_ids` has ended without a record: queued again."""
    for job in await session.scalars(select(Job).where(*_held_by(owner)).with_for_update()):
        if job.id in job_ids:
            job.lease_expires_at = now() + LEASE
        else:
            await _put_back_or_give_up(session, job)
    await session.flush()


async def find_interrupted(session: AsyncSession, *, owner: str, job_ids: Collection[UUID]) -> dict[UUID, State | None]:
    """Of the running jobs, those that must stop: "cancelled" by somebody's wish, or None: no longer the owner's."""
    rows = await session.execute(select(Job.id, Job.cancel_requested).where(*_held_by(owner), Job.id.in_(job_ids)))
    held = dict(rows.all())
    return {job_id: "cancelled" if job_id in held else None for job_id in job_ids if held.get(job_id, True)}


async def finish_job(session: AsyncSession, *, owner: str, job_id: UUID) -> None:
    if job := await _find_running(session, owner, job_id):
        job.progress = 1.0
        await _end(session, job, "done")


async def fail_job(session: AsyncSession, *, owner: str, job_id: UUID, why: Why, retry: bool) -> None:
    """With `retry` it is tried once more, a little later; then, or without, it has failed for the admin to see."""
    job = await _find_running(session, owner, job_id)
    if job is None:
        return
    if retry and job.attempts < CRASHES and not job.cancel_requested:
        job.run_after = now() + RETRY_AFTER
        await _queue_again(session, job, why=why)
    else:
        await _end(session, job, "failed", why)


async def stop_job(session: AsyncSession, *, owner: str, job_id: UUID) -> None:
    """End it as cancelled, because somebody asked for it."""
    if job := await _find_running(session, owner, job_id):
        await _end(session, job, "cancelled")


async def release_job(session: AsyncSession, *, owner: str, job_id: UUID) -> None:
    """Put it back because its process stops in good order: that is no attempt."""
    if job := await _find_running(session, owner, job_id):
        job.attempts -= 1
        await (_end(session, job, "cancelled") if job.cancel_requested else _queue_again(session, job))


async def postpone_job(session: AsyncSession, *, owner: str, job_id: UUID, why: Why, seconds: float) -> None:
    """Put it back until then, because it has to wait for something: that is no attempt."""
    if job := await _find_running(session, owner, job_id):
        job.attempts, job.run_after = job.attempts - 1, now() + timedelta(seconds=seconds)
        await (_end(session, job, "cancelled") if job.cancel_requested else _queue_again(session, job, why=why))


async def has_jobs_of_the_dead(session: AsyncSession, *, is_alive: IsAlive) -> bool:
    leases = select(Job.owner, func.min(Job.lease_expires_at)).where(Job.state == "running").group_by(Job.owner)
    return any(_is_dead(owner, lease, is_alive) for owner, lease in await session.execute(leases))


async def release_jobs_of_the_dead(session: AsyncSession, *, is_alive: IsAlive) -> int:
    """Queue again what dead owners held; only jobs whose owner is known dead, or far away with its lease over."""
    running = await session.scalars(select(Job).where(Job.state == "running").with_for_update(skip_locked=True))
    dead = [job for job in running if _is_dead(job.owner, job.lease_expires_at, is_alive)]
    for job in dead:
        await _put_back_or_give_up(session, job)
    return len(dead)


def _is_dead(owner: str | None, lease: datetime | None, is_alive: IsAlive) -> bool:
    alive = is_alive(owner) if owner else False
    return lease is None or lease <= now() if alive is None else not alive


async def _put_back_or_give_up(session: AsyncSession, job: Job) -> None:
    if job.cancel_requested:
        await _end(session, job, "cancelled")
    elif job.attempts >= ATTEMPTS:
        words = f"lms_box was ended {job.attempts} times while it worked on this. Try again by hand."
        await _end(session, job, "failed", Why(words, code="ended_often"))
    else:
        await _queue_again(session, job)


async def list_jobs(
    session: AsyncSession,
    *,
    states: Collection[State] = (),
    kinds: Collection[str] = (),
    skip: int = 0,
    limit: int | None = None,
    is_alive: IsAlive | None = None,
) -> list[JobFacts]:
    """Running ones first, then the queue in the order of its turns, then what has ended, newest first.

    With `is_alive`, those of dead owners are said to be interrupted; to put them back is for who looks after the queue.
    """
    chosen = in_turn(*_among(states, kinds)).offset(skip).limit(limit)
    return [_facts(job, is_alive) for job in await session.scalars(chosen)]


async def count_jobs(session: AsyncSession, *, states: Collection[State] = (), kinds: Collection[str] = ()) -> int:
    return await session.scalar(select(func.count(Job.id)).where(*_among(states, kinds))) or 0


async def count_jobs_by_state(session: AsyncSession) -> dict[State, int]:
    """Every state, also those that no job is in."""
    counts = dict((await session.execute(select(Job.state, func.count()).group_by(Job.state))).all())
    return {state: counts.get(state, 0) for state in get_args(State)}


def _among(states: Collection[State], kinds: Collection[str]) -> list[ColumnElement[bool]]:
    return [column.in_(wanted) for column, wanted in ((Job.state, states), (Job.kind, kinds)) if wanted]


async def get_job(session: AsyncSession, *, job_id: UUID) -> JobFacts:
    """Locks nothing: a job that is looked at must not be passed over by who takes the next one."""
    return _facts(await _get(session, job_id, to_write=False))


async def find_jobs_of(session: AsyncSession, *, subjects: Collection[UUID], kinds: Collection[str] = ()) -> list[JobFacts]:
    """The jobs on these subjects, oldest first; of all kinds when none is named."""
    chosen = select(Job).where(Job.subject.in_(subjects), *_among((), kinds)).order_by(Job.id)
    return [_facts(job) for job in await session.scalars(chosen)]


async def change_turns(session: AsyncSession, *, kind: str, turns: Mapping[UUID, tuple[int, int]]) -> None:
    """Priority and place, by subject, of waiting jobs of a kind."""
    for job in await session.scalars(select(Job).where(Job.kind == kind, Job.state == "queued").with_for_update()):
        job.priority, job.place = turns.get(job.subject, (job.priority, job.place))
    await session.flush()


async def retry_job(session: AsyncSession, *, job_id: UUID) -> JobFacts:
    """Raises Conflict unless it failed or was cancelled and nothing of its kind waits for its subject already."""
    job = await _get(session, job_id)
    if job.state not in ("failed", "cancelled"):
        raise Conflict(f"This job is {job.state}; try again is for failed and cancelled ones.", code="job_not_ended")
    if await _find_unfinished(session, job.kind, job.subject):
        raise Conflict("The same work is already waiting or running.", code="job_exists")
    job.attempts, job.progress, job.stage, job.finished_at, job.cancel_requested = 0, 0.0, "", None, False
    await _queue_again(session, job, told=True)
    return _facts(job)


async def cancel_job(session: AsyncSession, *, job_id: UUID) -> JobFacts:
    """A queued job is cancelled at once, a running one within about a second; raises Conflict when it has ended."""
    job = await _get(session, job_id)
    if job.state not in UNFINISHED:
        raise Conflict(f"This job is {job.state} already.", code="job_ended")
    await _ask_to_stop(session, job)
    return _facts(job)


async def cancel_jobs_of(session: AsyncSession, *, subjects: Collection[UUID]) -> None:
    """Nobody needs them any more: their subjects are being removed."""
    for job in await session.scalars(select(Job).where(Job.subject.in_(subjects), Job.state.in_(UNFINISHED)).with_for_update()):
        await _ask_to_stop(session, job)


async def remove_old_jobs(session: AsyncSession) -> None:
    """Forget what was done or cancelled more than 30 days ago; failures stay until somebody has seen to them."""
    await session.execute(delete(Job).where(Job.state.in_(("done", "cancelled")), Job.finished_at < now() - KEPT))


async def _ask_to_stop(session: AsyncSession, job: Job) -> None:
    if job.state == "queued":
        await _end(session, job, "cancelled")
    else:
        job.cancel_requested = True
        await session.flush()


async def _queue_again(session: AsyncSession, job: Job, *, why: Why = NO_REASON, told: bool = False) -> None:
    job.state, job.owner, job.lease_expires_at, job.started_at = "queued", None, None, None
    job.error, job.error_code = why
    await session.flush()
    _wake(session)
    if told:
        await _tell(session, job)


async def _end(session: AsyncSession, job: Job, state: State, why: Why = NO_REASON) -> None:
    job.state, job.owner, job.lease_expires_at, job.finished_at = state, None, None, now()
    job.run_after, (job.error, job.error_code) = None, why
    await session.flush()
    if state != "done":
        await _tell(session, job)


async def _tell(session: AsyncSession, job: Job) -> None:
    """What goes wrong there is undone alone: it must not keep a job from ending, nor the heartbeat of all others."""
    told: Mapping[str, Told] = session.info.get(_TOLD, {})
    if job.kind not in told:
        return
    try:
        async with session.begin_nested():
            await told[job.kind](session, _facts(job))
    except Exception:
        log.exception("The end of job %s was not taken note of", job.id)


def _wake(session: AsyncSession) -> None:
    wake = session.info.get(_WAKE)
    if wake is not None and wake not in session.info.get("after_commit", ()):
        after_commit(session, wake)


def _held_by(owner: str) -> tuple[ColumnElement[bool], ...]:
    return Job.state == "running", Job.owner == owner


async def _find_running(session: AsyncSession, owner: str, job_id: UUID) -> Job | None:
    """None when it is no longer the owner's: whoever holds it now decides."""
    return await session.scalar(select(Job).where(Job.id == job_id, *_held_by(owner)).with_for_update())


async def _find_unfinished(session: AsyncSession, kind: str, subject: UUID) -> Job | None:
    unfinished = select(Job).where(Job.kind == kind, Job.subject == subject, Job.state.in_(UNFINISHED))
    return await session.scalar(unfinished.with_for_update())


async def _get(session: AsyncSession, job_id: UUID, *, to_write: bool = True) -> Job:
    job = await session.get(Job, job_id, with_for_update=to_write, populate_existing=True)
    if job is None:
        raise NotFound("There is no such job.", code="job_not_found")
    return job


def _facts(job: Job, is_alive: IsAlive | None = None) -> JobFacts:
    lost = is_alive is not None and job.state == "running" and _is_dead(job.owner, job.lease_expires_at, is_alive)
    stored = {field.name: getattr(job, field.name) for field in fields(JobFacts) if field.name != "is_interrupted"}
    return JobFacts(**stored, is_interrupted=lost)
