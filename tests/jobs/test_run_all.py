"""A command that waits for jobs: with a server, without one, and when the server dies."""

import asyncio
from collections.abc import Callable, Collection
from uuid import UUID

import pytest
from jobs.stage import QUICK, Work, Worker, add, facts, free_dead, reaches

from lms_box.db.engine import Database
from lms_box.jobs.consumer import Consumer, run_all
from lms_box.jobs.messages import JobFacts
from lms_box.jobs.owner import Owner
from lms_box.jobs.queue import Queue


@pytest.fixture
def work() -> Work:
    ready = Work()
    ready.may_end.set()
    return ready


async def wait_for(
    db: Database, here: Owner, work: Work, subjects: Collection[UUID], **more: Callable[[list[JobFacts]], None]
) -> list[str]:
    async with asyncio.timeout(30):
        ended = await run_all(db, here, {"build": work}, subjects=subjects, rhythm=QUICK, **more)  # type: ignore[arg-type]  # watch
    return [job.state for job in ended]


async def test_runs_them_itself_without_a_server(db: Database, here: Owner, work: Work) -> None:
    jobs = [await add(db, title=str(number)) for number in range(3)]
    assert await wait_for(db, here, work, [job.subject for job in jobs]) == ["done"] * 3
    assert work.begun == ["0", "1", "2"]


async def test_runs_nothing_else(db: Database, here: Owner, work: Work) -> None:
    other = await add(db, title="other", priority=1)
    ladder = await add(db, "ladder")
    job = await add(db, title="mine")
    await wait_for(db, here, work, [job.subject, ladder.subject])
    assert work.begun == ["mine"]
    assert (await facts(db, other.id)).state == "queued"


async def test_has_nothing_to_wait_for(db: Database, here: Owner, work: Work) -> None:
    done = await add(db)
    assert await wait_for(db, here, work, []) == []
    assert await wait_for(db, here, work, [done.subject]) == ["done"]
    assert await wait_for(db, here, work, [done.subject]) == ["done"]


async def test_leaves_it_to_a_living_server(db: Database, queue: Queue, new_owner: Callable[[], Owner], work: Work) -> None:
    job = await add(db)
    mine = Work()
    async with Consumer(db, queue, new_owner(), {"build": work}, rhythm=QUICK):
        assert await wait_for(db, new_owner(), mine, [job.subject]) == ["done"]
    assert mine.begun == []


async def test_takes_over_when_the_server_dies(
    db: Database, here: Owner, work: Work, new_worker: Callable[[str], Worker]
) -> None:
    first, second = await add(db, title="first"), await add(db, title="second")
    server = new_worker("consume")
    await server.begins("first")
    async with asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(wait_for(db, here, work, [first.subject, second.subject]))
        assert await free_dead(db, here) == 0
        assert work.begun == []
        server.end()
    assert waiting.result() == ["done", "done"]
    assert sorted(work.begun) == ["first", "second"]


async def test_tells_how_they_stand_meanwhile(db: Database, here: Owner) -> None:
    work, seen = Work(), set[tuple[str, float]]()
    job = await add(db)

    def watch(jobs: list[JobFacts]) -> None:
        seen.update((job.state, job.progress) for job in jobs)
        if ("running", 0.5) in seen:
            work.may_end.set()

    await wait_for(db, here, work, [job.subject], watch=watch)
    assert {("running", 0.5), ("done", 1.0)} <= seen


async def test_an_interrupted_command_puts_back_what_it_ran(db: Database, here: Owner) -> None:
    job, work = await add(db, title="a film"), Work()
    waiting = asyncio.create_task(wait_for(db, here, work, [job.subject]))
    await reaches(db, job.id, "running")
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert work.interrupted == ["a film"]
    assert (await facts(db, job.id)).state == "queued"


async def test_waits_for_more_than_one_query_holds(
    db: Database, here: Owner, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lms_box.jobs.consumer.BATCH", 2)
    jobs = [await add(db) for _ in range(5)]
    assert await wait_for(db, here, work, [job.subject for job in jobs]) == ["done"] * 5
