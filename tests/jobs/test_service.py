"""The rules of jobs, on both databases."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from jobs.stage import add, facts
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.db.base import new_id, now
from lms_box.db.engine import Database
from lms_box.errors import Conflict, NotFound
from lms_box.jobs import service
from lms_box.jobs.messages import NO_REASON, ClaimedJob, JobFacts, Why
from lms_box.jobs.tables import Job

ME = "me"
BROKEN = Why("The file is broken.", "slides_damaged")


async def claim(db: Database, owner: str = ME, kinds: tuple[str, ...] = ("build",), **only: set[UUID]) -> ClaimedJob | None:
    async with db.writing() as session:
        return await service.claim_job(session, owner=owner, kinds=kinds, **only)


async def claimed(db: Database, owner: str = ME) -> ClaimedJob:
    job = await claim(db, owner)
    assert job
    return job


async def fail(db: Database, job_id: UUID, *, retry: bool, owner: str = ME) -> JobFacts:
    async with db.writing() as session:
        await service.fail_job(session, owner=owner, job_id=job_id, why=BROKEN, retry=retry)
    return await facts(db, job_id)


async def make_due(db: Database, job_id: UUID) -> None:
    async with db.writing() as session:
        await session.execute(update(Job).where(Job.id == job_id).values(run_after=now() - timedelta(seconds=1)))


async def titles(db: Database) -> list[str]:
    async with db.reading() as session:
        return [job.title for job in await service.list_jobs(session)]


async def test_is_one_job_while_unfinished(db: Database) -> None:
    subject = new_id()
    async with db.writing() as session:
        first = await service.add_job(session, kind="build", subject=subject, title="a", priority=50)
        again = await service.add_job(session, kind="build", subject=subject, title="b", priority=70)
        other = await service.add_job(session, kind="ladder", subject=subject, title="c")
    assert again == first
    assert other.id != first.id
    async with db.writing() as session:
        sooner = await service.add_job(session, kind="build", subject=subject, title="d", priority=10)
    assert (sooner.id, sooner.priority) == (first.id, 10)


async def test_is_a_new_job_once_the_other_has_ended(db: Database) -> None:
    first = await add(db)
    await claimed(db)
    async with db.writing() as session:
        await service.finish_job(session, owner=ME, job_id=first.id)
        second = await service.add_job(session, kind="build", subject=first.subject, title="again")
    assert second.id != first.id


async def test_is_one_job_when_many_add_it_at_once(db: Database) -> None:
    subject = new_id()

    async def add_it() -> UUID:
        async with db.writing() as session:
            return (await service.add_job(session, kind="build", subject=subject, title="a film")).id

    assert len(set(await asyncio.gather(*(add_it() for _ in range(8))))) == 1


async def test_wakes_after_the_commit_only(db: Database) -> None:
    woken: list[bool] = []

    class Bell:
        async def wake_soon(self) -> None:
            async with db.reading() as session:
                woken.append(bool(await service.list_jobs(session)))

    service.connect(db, Bell())  # type: ignore[arg-type]  # only this is asked of the queue
    with suppress(ZeroDivisionError):
        async with db.writing() as session:
            await service.add_job(session, kind="build", subject=new_id(), title="never")
            raise ZeroDivisionError
    assert woken == []
    async with db.writing() as session:
        for number in range(3):
            await service.add_job(session, kind="build", subject=new_id(), title=str(number))
        assert woken == []
    assert woken == [True]


async def test_takes_the_best_first(db: Database) -> None:
    for title, priority in (("later", 50), ("first", 10), ("last", 90), ("second", 10)):
        await add(db, title=title, priority=priority)
    order = []
    while job := await claim(db):
        order.append(job.title)
    assert order == ["first", "second", "later", "last"]


async def test_takes_only_kinds_and_subjects_asked_for(db: Database) -> None:
    wanted, other = await add(db, title="wanted"), await add(db, title="other")
    assert await claim(db, kinds=("ladder",)) is None
    assert await claim(db, subjects=set()) is None
    job = await claim(db, subjects={wanted.subject})
    assert job == ClaimedJob(wanted.id, "build", wanted.subject, "wanted", 1)
    assert await claim(db, subjects={wanted.subject}) is None
    assert (await facts(db, other.id)).state == "queued"


async def test_no_job_is_claimed_twice(db: Database) -> None:
    for _ in range(12):
        await add(db)
    taken = await asyncio.gather(*(claim(db, f"owner {number}") for number in range(16)))
    assert len({job.id for job in taken if job}) == 12
    assert taken.count(None) == 4


async def test_a_claim_does_not_wait_for_another(db: Database) -> None:
    """SQLite has one writer, so there the second claim comes after the first."""
    await add(db, title="one")
    await add(db, title="two")
    async with db.writing() as first:
        one = await service.claim_job(first, owner=ME, kinds=("build",))
        if first.get_bind().dialect.name == "postgresql":
            two = await claim(db, "another")
            assert two
            assert two.title == "two"
    assert one
    assert one.title == "one"


async def test_finishes(db: Database) -> None:
    job = await add(db)
    await claimed(db)
    running = await facts(db, job.id)
    assert (running.state, running.attempts, running.progress) == ("running", 1, 0.0)
    async with db.writing() as session:
        await service.finish_job(session, owner=ME, job_id=job.id)
    done = await facts(db, job.id)
    assert (done.state, done.progress, done.error) == ("done", 1.0, None)
    assert done.finished_at


async def test_whoever_lost_it_changes_nothing(db: Database) -> None:
    job = await add(db)
    await claimed(db, "another")
    before = await facts(db, job.id)
    async with db.writing() as session:
        await service.report_progress(session, owner=ME, job_id=job.id, progress=0.9, stage="mine")
        await service.finish_job(session, owner=ME, job_id=job.id)
        await service.release_job(session, owner=ME, job_id=job.id)
        await service.stop_job(session, owner=ME, job_id=job.id)
    await fail(db, job.id, retry=False)
    assert await facts(db, job.id) == before


async def test_a_plain_reason_is_final(db: Database) -> None:
    job = await add(db)
    await claimed(db)
    failed = await fail(db, job.id, retry=False)
    assert (failed.state, failed.why) == ("failed", BROKEN)


async def test_a_crash_is_tried_once_more_a_little_later(db: Database) -> None:
    job = await add(db)
    await claimed(db)
    assert (await fail(db, job.id, retry=True)).state == "queued"
    assert await claim(db) is None
    await make_due(db, job.id)
    assert (await claimed(db)).attempt == 2
    assert (await fail(db, job.id, retry=True)).state == "failed"


async def test_stopping_in_good_order_is_no_attempt(db: Database) -> None:
    job = await add(db)
    for _ in range(5):
        await claimed(db)
        async with db.writing() as session:
            await service.release_job(session, owner=ME, job_id=job.id)
    assert (await facts(db, job.id)).attempts == 0


@pytest.mark.parametrize(
    ("alive", "lease_over", "released"),
    [(True, False, 0), (True, True, 0), (False, False, 1), (None, False, 0), (None, True, 1)],
    ids=["alive", "alive after a long sleep", "dead", "far away", "far away and silent"],
)
async def test_frees_what_the_dead_held(db: Database, alive: bool | None, lease_over: bool, released: int) -> None:
    job = await add(db)
    await claimed(db)
    if lease_over:
        async with db.writing() as session:
            await session.execute(update(Job).values(lease_expires_at=now() - timedelta(seconds=1)))
    async with db.reading() as session:
        assert await service.has_jobs_of_the_dead(session, is_alive=lambda _: alive) is bool(released)
    async with db.writing() as session:
        assert await service.release_jobs_of_the_dead(session, is_alive=lambda _: alive) == released
    assert (await facts(db, job.id)).state == ("queued" if released else "running")


async def test_what_kills_the_box_ten_times_is_given_up(db: Database) -> None:
    job = await add(db)
    for _ in range(10):
        assert (await facts(db, job.id)).state == "queued"
        await claimed(db)
        async with db.writing() as session:
            await service.release_jobs_of_the_dead(session, is_alive=lambda _: False)
    given_up = await facts(db, job.id)
    assert given_up.state == "failed"
    assert "10 times" in (given_up.error or "")


async def test_a_heartbeat_keeps_what_runs_and_frees_what_was_lost(db: Database) -> None:
    kept, lost = await add(db, priority=1), await add(db, priority=2)
    await claimed(db)
    await claimed(db)
    async with db.writing() as session:
        await session.execute(update(Job).values(lease_expires_at=now()))
        await service.keep_leases(session, owner=ME, job_ids={kept.id})
    async with db.reading() as session:
        assert not await service.has_jobs_of_the_dead(session, is_alive=lambda _: None)
    assert (await facts(db, kept.id)).state == "running"
    assert (await facts(db, lost.id)).state == "queued"


async def test_cancels_a_waiting_job_at_once(db: Database) -> None:
    job = await add(db)
    async with db.writing() as session:
        assert (await service.cancel_job(session, job_id=job.id)).state == "cancelled"
    assert await claim(db) is None


async def test_asks_a_running_job_to_end(db: Database) -> None:
    job, other = await add(db, priority=1), await add(db, priority=2)
    await claimed(db)
    await claimed(db)
    async with db.writing() as session:
        asked = await service.cancel_job(session, job_id=job.id)
    assert (asked.state, asked.cancel_requested) == ("running", True)
    async with db.reading() as session:
        ids = [job.id, other.id]
        assert await service.find_interrupted(session, owner=ME, job_ids=ids) == {job.id: "cancelled"}
        lost = await service.find_interrupted(session, owner="another", job_ids=ids)
    assert lost == {job.id: None, other.id: None}


@pytest.mark.parametrize("how", ["died", "stopped", "crashed"])
async def test_a_cancelled_job_does_not_come_back(db: Database, how: str) -> None:
    job = await add(db)
    await claimed(db)
    async with db.writing() as session:
        await service.cancel_job(session, job_id=job.id)
    async with db.writing() as session:
        if how == "died":
            await service.release_jobs_of_the_dead(session, is_alive=lambda _: False)
        elif how == "stopped":
            await service.release_job(session, owner=ME, job_id=job.id)
        else:
            await service.fail_job(session, owner=ME, job_id=job.id, why=BROKEN, retry=True)
    assert (await facts(db, job.id)).state == ("failed" if how == "crashed" else "cancelled")


async def test_tries_again_by_hand(db: Database) -> None:
    job = await add(db)
    await claimed(db)
    await fail(db, job.id, retry=False)
    async with db.writing() as session:
        again = await service.retry_job(session, job_id=job.id)
    assert (again.state, again.attempts, again.error) == ("queued", 0, None)
    assert (await claimed(db)).attempt == 1


async def test_refuses_what_makes_no_sense(db: Database) -> None:
    job = await add(db)
    async with db.writing() as session:
        with pytest.raises(Conflict, match="queued"):
            await service.retry_job(session, job_id=job.id)
        await service.cancel_job(session, job_id=job.id)
        with pytest.raises(Conflict, match="cancelled already"):
            await service.cancel_job(session, job_id=job.id)
        await service.add_job(session, kind="build", subject=job.subject, title="once more")
        with pytest.raises(Conflict, match="already waiting"):
            await service.retry_job(session, job_id=job.id)
        with pytest.raises(NotFound):
            await service.get_job(session, job_id=uuid4())


async def test_cancels_what_is_done_to_something_removed(db: Database) -> None:
    waiting, running, other = await add(db, priority=2), await add(db, priority=1), await add(db, priority=3)
    await claimed(db)
    async with db.writing() as session:
        await service.cancel_jobs_of(session, subjects=[waiting.subject, running.subject])
    assert (await facts(db, waiting.id)).state == "cancelled"
    assert (await facts(db, running.id)).cancel_requested
    assert (await facts(db, other.id)).state == "queued"


async def test_tells_those_concerned_in_the_same_transaction(db: Database) -> None:
    heard: list[tuple[str, Why]] = []

    async def told(session: AsyncSession, job: JobFacts) -> None:
        assert (await service.get_job(session, job_id=job.id)).state == job.state
        heard.append((job.state, job.why))

    service.tell(db, {"build": told})
    job, other = await add(db, priority=1), await add(db, "ladder")
    await claimed(db)
    await fail(db, job.id, retry=True)
    await make_due(db, job.id)
    await claimed(db)
    assert heard == []
    await fail(db, job.id, retry=True)
    async with db.writing() as session:
        await service.retry_job(session, job_id=job.id)
        await service.cancel_job(session, job_id=job.id)
        await service.cancel_job(session, job_id=other.id)
    assert heard == [("failed", BROKEN), ("queued", NO_REASON), ("cancelled", NO_REASON)]


async def test_ends_even_if_it_cannot_be_taken_note_of(db: Database, caplog: pytest.LogCaptureFixture) -> None:
    async def told(session: AsyncSession, _job: JobFacts) -> None:
        await service.add_job(session, kind="undone", subject=new_id(), title="undone")
        raise ZeroDivisionError

    service.tell(db, {"build": told})
    job = await add(db)
    await claimed(db)
    assert (await fail(db, job.id, retry=False)).state == "failed"
    assert str(job.id) in caplog.text
    assert await titles(db) == [job.title]


async def test_lists_what_matters_first(db: Database) -> None:
    ended = [await add(db, title=title, priority=1) for title in ("ended first", "ended last")]
    for job in ended:
        await claimed(db)
        await fail(db, job.id, retry=False)
    await add(db, title="running", priority=1)
    await claimed(db)
    await add(db, title="waits", priority=9)
    await add(db, title="next", priority=5)
    assert await titles(db) == ["running", "next", "waits", "ended last", "ended first"]
    async with db.reading() as session:
        assert [job.title for job in await service.list_jobs(session, skip=1, limit=2)] == ["next", "waits"]
        assert len(await service.list_jobs(session, states=["failed"])) == 2
        assert await service.count_jobs(session, states=["queued"], kinds=["build"]) == 2
        assert await service.count_jobs(session, kinds=["ladder"]) == 0


async def test_forgets_what_was_done_long_ago(db: Database) -> None:
    done, failed = await add(db, priority=1), await add(db, priority=2)
    await claimed(db)
    await claimed(db)
    await fail(db, failed.id, retry=False)
    async with db.writing() as session:
        await service.finish_job(session, owner=ME, job_id=done.id)
        await session.execute(update(Job).values(finished_at=now() - timedelta(days=31)))
        await service.remove_old_jobs(session)
        assert [job.id for job in await service.list_jobs(session)] == [failed.id]


async def test_guesses_how_long_it_takes(db: Database) -> None:
    job = await add(db)
    assert job.seconds_left(now()) is None
    await claimed(db)
    async with db.writing() as session:
        await service.report_progress(session, owner=ME, job_id=job.id, progress=0.25, stage="720p")
    running = await facts(db, job.id)
    assert running.started_at
    assert running.stage == "720p"
    assert running.seconds_left(running.started_at + timedelta(seconds=10)) == pytest.approx(30)
