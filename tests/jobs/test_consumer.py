"""Jobs are run: once, in their order, on to the end, whoever stops, dies or cannot be woken."""

import asyncio
import signal
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from jobs.stage import QUICK, Work, Worker, add, eventually, facts, free_dead, reaches
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.db.engine import Database
from lms_box.errors import Invalid, LmsError, Unavailable
from lms_box.jobs import service
from lms_box.jobs.consumer import Consumer
from lms_box.jobs.desk import Rhythm
from lms_box.jobs.messages import ClaimedJob, JobFailed, JobWaits, Kinds, Report
from lms_box.jobs.owner import Owner, find_consumers
from lms_box.jobs.queue import Queue
from lms_box.jobs.tables import Job

Start = Callable[..., Awaitable[Consumer]]
ASLEEP = Rhythm(look=0.05, sweep=3600, heartbeat=3600)  # only the queue can wake it


@pytest.fixture
async def start(db: Database, queue: Queue, new_owner: Callable[[], Owner]) -> AsyncIterator[Start]:
    async with AsyncExitStack() as running:

        async def start(kinds: Kinds, concurrency: int = 1, rhythm: Rhythm = QUICK, patient: Collection[str] = ()) -> Consumer:
            return await running.enter_async_context(Consumer(db, queue, new_owner(), kinds, concurrency, rhythm, patient))

        yield start


@pytest.fixture
def work() -> Work:
    return Work()


async def all_done(db: Database) -> bool:
    async with db.reading() as session:
        return await service.count_jobs(session, states=("queued", "running")) == 0


async def test_runs_what_is_there_and_what_comes(db: Database, start: Start, work: Work) -> None:
    work.may_end.set()
    before = await add(db, title="before")
    await start({"build": work})
    await reaches(db, before.id, "done")
    after = await add(db, title="after")
    await reaches(db, after.id, "done")
    assert work.begun == ["before", "after"]


async def test_is_woken_by_the_commit(db: Database, start: Start, work: Work) -> None:
    await start({"build": work}, rhythm=ASLEEP)
    await add(db)
    async with asyncio.timeout(30):
        await work.started.wait()


async def test_is_woken_by_another_process(db: Database, start: Start, work: Work, new_worker: Callable[[str], Worker]) -> None:
    await start({"build": work}, rhythm=ASLEEP)
    db.info.clear()
    await add(db)
    assert await new_worker("wake").line() == "woken"
    async with asyncio.timeout(30):
        await work.started.wait()


async def test_finds_what_nobody_was_woken_for(db: Database, start: Start, work: Work) -> None:
    await start({"build": work})
    db.info.clear()
    job = await add(db)
    work.may_end.set()
    await reaches(db, job.id, "done")


def test_a_wake_that_nobody_hears_writes_nothing(tmp_path: Path) -> None:
    queue = Queue(tmp_path / "queue.db", is_heard=lambda: False)
    queue.wake()
    queue.close()
    assert not (tmp_path / "queue.db").exists()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("trouble", ["a folder", "damaged", "locked"])
async def test_works_without_queue_db(db: Database, start: Start, work: Work, tmp_path: Path, trouble: str) -> None:
    path = tmp_path / "queue.db"
    if trouble == "a folder":
        path.mkdir()
    elif trouble == "damaged":
        path.write_bytes(b"no database at all" * 100)
    else:
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
    await start({"build": work})
    job = await add(db)
    work.may_end.set()
    await reaches(db, job.id, "done")
    if trouble == "locked":
        holder.close()


async def test_keeps_to_its_places(db: Database, start: Start, work: Work) -> None:
    jobs = [await add(db, title=str(number)) for number in range(6)]
    await start({"build": work}, 3)

    async def three_run() -> bool:
        return work.at_once == 3

    await eventually(three_run)
    work.may_end.set()
    for job in jobs:
        await reaches(db, job.id, "done")
    assert work.most_at_once == 3
    assert sorted(work.begun) == sorted(job.title for job in jobs)


async def test_a_free_place_takes_a_new_job_at_once(db: Database, start: Start) -> None:
    long, short = Work(), Work()
    await start({"build": long, "caption": short}, 2, ASLEEP)
    await add(db)
    async with asyncio.timeout(30):
        await long.started.wait()
        await add(db, "caption")
        await short.started.wait()


async def test_consumers_never_run_the_same_job(db: Database, start: Start, work: Work) -> None:
    work.may_end.set()
    for number in range(20):
        await add(db, title=str(number))
    await asyncio.gather(*(start({"build": work}, 2) for _ in range(3)))
    await eventually(lambda: all_done(db))
    assert sorted(work.begun, key=int) == [str(number) for number in range(20)]


async def test_leaves_kinds_that_it_does_not_know(db: Database, start: Start, work: Work) -> None:
    unknown = await add(db, "of a newer version", priority=1)
    known = await add(db)
    work.may_end.set()
    await start({"build": work})
    await reaches(db, known.id, "done")
    assert (await facts(db, unknown.id)).state == "queued"


async def test_shows_how_far_it_is(db: Database, start: Start, work: Work) -> None:
    job = await add(db)
    await start({"build": work})

    async def halfway() -> bool:
        shown = await facts(db, job.id)
        return (shown.progress, shown.stage) == (0.5, "halfway")

    await eventually(halfway)


async def test_writes_progress_seldom(db: Database, start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[float] = []
    report_progress = service.report_progress

    async def count(session: AsyncSession, *, progress: float, **rest: object) -> None:
        written.append(progress)
        await report_progress(session, progress=progress, **rest)  # type: ignore[arg-type]  # as they came

    async def chatty(_job: ClaimedJob, report: Report) -> None:
        for step in range(10_000):
            report(step / 10_000, "720p")
        await asyncio.Event().wait()

    monkeypatch.setattr(service, "report_progress", count)
    job = await add(db)
    await start({"build": chatty})

    async def told() -> bool:
        return (await facts(db, job.id)).progress > 0.99

    await eventually(told)
    assert len(written) == 1


@pytest.mark.parametrize(
    ("error", "state", "reason", "code"),
    [
        (JobFailed("The file is broken.", code="slides_damaged"), "failed", "The file is broken.", "slides_damaged"),
        (JobFailed("The child crashed.", code="crashed", retry=True), "queued", "The child crashed.", "crashed"),
        (Invalid("“a.mp4” cannot be read.", code="file_unreadable"), "failed", "“a.mp4” cannot be read.", "file_unreadable"),
        (Unavailable("There is not enough space."), "queued", "There is not enough space.", "unavailable"),
        (ZeroDivisionError("a bug"), "queued", "did not expect", "unexpected"),
        (asyncio.CancelledError(), "queued", "did not expect", "unexpected"),
    ],
)
async def test_says_why_it_failed(
    db: Database,
    start: Start,
    error: LmsError | JobFailed,
    state: str,
    reason: str,
    code: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def broken(_job: ClaimedJob, _report: Report) -> None:
        raise error

    job = await add(db)
    await start({"build": broken})

    async def has_ended() -> bool:
        return (await facts(db, job.id)).error is not None

    await eventually(has_ended)
    shown = await facts(db, job.id)
    assert (shown.state, shown.error_code) == (state, code)
    assert reason in (shown.error or "")
    assert "a bug" not in (shown.error or "")
    assert (str(job.id) in caplog.text) is (reason == "did not expect")


async def test_goes_on_with_the_next_after_a_failure(db: Database, start: Start, work: Work) -> None:
    async def broken(_job: ClaimedJob, _report: Report) -> None:
        raise JobFailed("The file is broken.", code="slides_damaged")

    work.may_end.set()
    await add(db, "caption", priority=1)
    job = await add(db)
    await start({"build": work, "caption": broken})
    await reaches(db, job.id, "done")


async def test_cancels_what_runs(db: Database, start: Start, work: Work) -> None:
    job = await add(db, title="a film")
    await start({"build": work})
    await reaches(db, job.id, "running")
    async with db.writing() as session:
        await service.cancel_job(session, job_id=job.id)
    await reaches(db, job.id, "cancelled")
    assert work.interrupted == ["a film"]


async def test_stopping_puts_back_what_runs(db: Database, queue: Queue, here: Owner, work: Work) -> None:
    job = await add(db, title="a film")
    async with Consumer(db, queue, here, {"build": work}, rhythm=QUICK):
        await reaches(db, job.id, "running")
    assert work.interrupted == ["a film"]
    stopped = await facts(db, job.id)
    assert (stopped.state, stopped.attempts) == ("queued", 0)
    assert find_consumers(here.run_folder) == []
    work.may_end.set()
    async with Consumer(db, queue, here, {"build": work}, rhythm=QUICK):
        await reaches(db, job.id, "done")


async def test_stops_although_a_job_does_not(
    db: Database, queue: Queue, here: Owner, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lms_box.jobs.bell.PATIENCE", 0.1)
    let_go = asyncio.Event()

    async def stubborn(_job: ClaimedJob, report: Report) -> None:
        while not let_go.is_set():
            try:
                await let_go.wait()
            except asyncio.CancelledError:
                report(0.9, "not yet")

    job = await add(db)
    impatient = Rhythm(look=0.05, sweep=0.1, heartbeat=0.2, patience=0.1)
    async with asyncio.timeout(30), Consumer(db, queue, here, {"build": stubborn}, rhythm=impatient):
        await reaches(db, job.id, "running")
    assert "did not stop in time" in caplog.text
    let_go.set()
    await reaches(db, job.id, "done")


async def test_takes_over_from_a_killed_process(
    db: Database, here: Owner, start: Start, work: Work, new_worker: Callable[[str], Worker]
) -> None:
    job = await add(db, title="a film")
    worker = new_worker("consume")
    await worker.begins("a film")
    await start({"build": work})
    assert await free_dead(db, here) == 0
    worker.end(signal.SIGKILL)
    async with asyncio.timeout(30):
        await work.started.wait()
    assert (await facts(db, job.id)).attempts == 2
    work.may_end.set()
    await reaches(db, job.id, "done")


async def test_a_terminated_process_puts_back_at_once(db: Database, new_worker: Callable[[str], Worker]) -> None:
    job = await add(db, title="a film")
    worker = new_worker("consume")
    await worker.begins("a film")
    worker.end(signal.SIGTERM)
    assert worker.process.returncode == 0
    stopped = await facts(db, job.id)
    assert (stopped.state, stopped.attempts) == ("queued", 0)


async def test_an_end_that_cannot_be_written_is_no_end(
    db: Database, start: Start, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish_job, failures = service.finish_job, [OSError(28, "No space left on device")]

    async def full_once(session: AsyncSession, **rest: object) -> None:
        if failures:
            raise failures.pop()
        await finish_job(session, **rest)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(service, "finish_job", full_once)
    work.may_end.set()
    job = await add(db, title="a film")
    await start({"build": work})
    await reaches(db, job.id, "done")
    assert work.begun == ["a film", "a film"]


async def test_a_job_that_went_to_another_is_let_go(db: Database, start: Start, work: Work) -> None:
    job = await add(db, title="a film")
    await start({"build": work}, rhythm=ASLEEP)
    await reaches(db, job.id, "running")
    async with db.writing() as session:
        await session.execute(update(Job).values(owner="another"))

    async def was_interrupted() -> bool:
        return work.interrupted == ["a film"]

    await eventually(was_interrupted)
    assert (await facts(db, job.id)).state == "running"


async def test_what_nobody_waits_for_gives_way_but_not_for_ever(db: Database, start: Start) -> None:
    ladder, build = Work(), Work()
    build.may_end.set()
    await start({"ladder": ladder, "build": build}, patient={"ladder"})
    better = await add(db, "ladder", title="better", priority=300)
    for times in range(1, 4):
        await reaches(db, better.id, "running")
        urgent = await add(db, title=f"urgent {times}")
        await reaches(db, urgent.id, "done")
        assert ladder.interrupted == ["better"] * times
    await reaches(db, better.id, "running")
    urgent = await add(db, title="has to wait now")
    ladder.may_end.set()
    await reaches(db, urgent.id, "done")
    assert ladder.interrupted == ["better"] * 3
    assert (await facts(db, better.id)).attempts == 1
    assert ladder.most_at_once + build.most_at_once == 2


async def test_gives_way_only_where_no_place_is_free(db: Database, start: Start) -> None:
    ladder, build = Work(), Work()
    build.may_end.set()
    await start({"ladder": ladder, "build": build}, 2, patient={"ladder"})
    better = await add(db, "ladder", title="better", priority=300)
    await reaches(db, better.id, "running")
    await reaches(db, (await add(db)).id, "done")
    assert ladder.interrupted == []


async def test_waits_for_what_it_has_not_got(db: Database, start: Start) -> None:
    async def no_room(_job: ClaimedJob, _report: Report) -> None:
        raise JobWaits("There is not enough space.", code="disk_full", seconds=3600)

    job = await add(db)
    await start({"build": no_room})

    async def waits() -> bool:
        return (await facts(db, job.id)).run_after is not None

    await eventually(waits)
    shown = await facts(db, job.id)
    assert (shown.state, shown.attempts, shown.why) == ("queued", 0, ("There is not enough space.", "disk_full"))
