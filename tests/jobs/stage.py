"""What plays a part in the tests of jobs: work that waits to be let go on, and processes that can be killed."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

import lms_box
from lms_box.db.base import new_id
from lms_box.db.engine import Database
from lms_box.jobs import service
from lms_box.jobs.desk import Rhythm
from lms_box.jobs.messages import ClaimedJob, JobFacts, Report
from lms_box.jobs.owner import Owner

QUICK = Rhythm(look=0.05, sweep=0.1, heartbeat=0.2, patience=5.0, soon=0.0)
WORKER = Path(__file__).parent / "worker.py"
ROOT = Path(lms_box.__file__).parent.parent


async def eventually(condition: Callable[[], Awaitable[object]], *, within: float = 30) -> None:
    async with asyncio.timeout(within):
        while not await condition():  # noqa: ASYNC110 -- what it waits for happens in a database or another process
            await asyncio.sleep(0.02)


async def add(db: Database, kind: str = "build", *, title: str = "a film", priority: int = 100) -> JobFacts:
    async with db.writing() as session:
        return await service.add_job(session, kind=kind, subject=new_id(), title=title, priority=priority)


async def facts(db: Database, job_id: UUID) -> JobFacts:
    async with db.reading() as session:
        return await service.get_job(session, job_id=job_id)


async def reaches(db: Database, job_id: UUID, state: str) -> JobFacts:
    async def there() -> bool:
        return (await facts(db, job_id)).state == state

    await eventually(there)
    return await facts(db, job_id)


async def free_dead(db: Database, owner: Owner) -> int:
    async with db.writing() as session:
        return await service.release_jobs_of_the_dead(session, is_alive=owner.is_alive)


class Work:
    """A kind of job that the test lets go on: it notes who ran, and waits until it may end."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.interrupted: list[str] = []
        self.started = asyncio.Event()
        self.may_end = asyncio.Event()
        self.at_once = self.most_at_once = 0

    async def __call__(self, job: ClaimedJob, report: Report) -> None:
        self.begun.append(job.title)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.started.set()
        report(0.5, "halfway")
        try:
            await self.may_end.wait()
        except asyncio.CancelledError:
            self.interrupted.append(job.title)
            raise
        finally:
            self.at_once -= 1


class Worker:
    """Another process with a consumer, whose jobs never end."""

    def __init__(self, *arguments: object) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}
        command = [sys.executable, str(WORKER), *map(str, arguments)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)

    async def line(self) -> str:
        """What it says next; "" when it has ended."""
        assert self.process.stdout
        return (await asyncio.to_thread(self.process.stdout.readline)).strip()

    async def begins(self, title: str) -> None:
        while (line := await self.line()) != title:
            assert line, "it ended without having begun"

    def end(self, number: int = signal.SIGKILL) -> None:
        if self.process.poll() is None:
            self.process.send_signal(number)
        self.process.wait(30)
        assert self.process.stdout
        self.process.stdout.close()
