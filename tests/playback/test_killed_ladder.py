"""`kill -9` at any moment of a ladder: what plays plays on, no process and no file stays behind, and it is made in the end."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from academy import stored_keys
from courses.importing.folders import bring_in, check_no_orphans, count
from media.material import make_clip
from sqlalchemy import delete, select

from lms_box.box import Box
from lms_box.courses.assets import remove_after_commit
from lms_box.courses.tables import Asset
from lms_box.jobs import service
from lms_box.jobs.messages import JobFacts
from lms_box.playback.jobs import collect
from lms_box.playback.service import build_prefix, newest_build
from lms_box.playback.tables import Build

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")


@pytest.fixture(scope="session")
def course(session_folder: Path) -> Path:
    """One film, whose ladder has one rung."""
    folder = session_folder / "Ladder"
    folder.mkdir()
    make_clip(folder / "film.mp4", seconds=3.0, size=(860, 484), rate=10, every=10, sound=None)
    return folder


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[str]

    def children(self) -> list[int]:
        return [int(pid) for pid in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()]


@asynccontextmanager
async def serving(box: Box, database_url: str) -> AsyncIterator[Server]:
    """Killed after the block, if it was not stopped in it."""
    environ = {**os.environ, "LMS_DATABASE__URL": database_url, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(  # noqa: ASYNC220 -- to be killed, it needs nobody who waits for it
        [sys.executable, str(HERE / "server.py"), str(box.settings.data_dir)], stdout=subprocess.PIPE, text=True, env=environ
    )
    assert process.stdout
    try:
        assert await asyncio.to_thread(process.stdout.readline) == "working\n"
        yield Server(process)
    finally:
        process.kill()
        process.wait(60)
        process.stdout.close()


async def gone(pids: list[int]) -> None:
    """A child may need a moment to notice."""
    async with asyncio.timeout(30):
        while any(_is_alive(pid) for pid in pids):  # noqa: ASYNC110 -- processes tell nobody when they end
            await asyncio.sleep(0.02)


def _is_alive(pid: int) -> bool:
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


async def ladder(box: Box, until: Callable[[JobFacts], bool]) -> JobFacts:
    async with asyncio.timeout(120):
        while True:
            async with box.db.reading() as session:
                job = (await service.list_jobs(session, kinds=["ladder"]))[0]
            if until(job):
                return job
            await asyncio.sleep(0.02)


def reaches(progress: float) -> Callable[[JobFacts], bool]:
    return lambda job: job.finished_at is not None or job.progress >= progress


async def begin_again(box: Box, asset_id: UUID) -> None:
    """As if the ladder had not been made."""
    async with box.db.writing() as session:
        newest = await newest_build(session, asset_id=asset_id)
        assert newest
        await session.execute(delete(Build).where(Build.id == newest[0]))
        remove_after_commit(session, box, [build_prefix(asset_id, newest[0])])
        await service.add_job(session, kind="ladder", subject=asset_id, title="film")


async def plays(box: Box, asset_id: UUID) -> UUID:
    """The build that plays, of which every file is there."""
    async with box.db.reading() as session:
        newest = await newest_build(session, asset_id=asset_id)
    assert newest
    prefix = build_prefix(asset_id, newest[0])
    assert {f"{prefix}/{name}" for name in newest[1].files} == {
        key for key in await stored_keys(box) if key.startswith(f"{prefix}/")
    }
    return newest[0]


async def test_whenever_it_is_killed(box: Box, database_url: str, course: Path, deep: bool) -> None:
    chance = random.Random(4)  # noqa: S311 -- the same moments each time
    await bring_in(box, course, wait=True)
    async with box.db.reading() as session:
        (asset_id,) = await session.scalars(select(Asset.id))
    first = await plays(box, asset_id)
    for number in range(20 if deep else 1):
        if number:
            await begin_again(box, asset_id)
        for _ in range(chance.randint(1, 4) if deep else 1):
            async with serving(box, database_url) as server:
                moment = chance.random()
                job = await ladder(box, reaches(moment))
                await asyncio.sleep(chance.random() * 0.2)
                children = server.children()
                server.process.send_signal(signal.SIGKILL)
            await gone(children)
            assert await plays(box, asset_id) == first or job.finished_at or job.progress > 0.9
        async with serving(box, database_url) as server:
            job = await ladder(box, lambda job: job.finished_at is not None)
            children = server.children()
            server.process.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(server.process.wait, 60) == 0
        await gone(children)
        assert (job.state, job.error) == ("done", None)
        assert await plays(box, asset_id) != first
        await collect(box)
        assert await count(box, Build) == 2
        assert len({key.split("/")[2] for key in await stored_keys(box)}) == 3, "the source and two builds"
        await check_no_orphans(box)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_who_cancels_it_ends_its_process(box: Box, database_url: str, course: Path) -> None:
    await bring_in(box, course, wait=True)
    async with serving(box, database_url) as server:
        job = await ladder(box, lambda _: bool(server.children()))
        children = server.children()
        os.kill(children[0], signal.SIGSTOP)  # it would be done before anybody could cancel it
        async with box.db.writing() as session:
            await service.cancel_job(session, job_id=job.id)
        cancelled = await ladder(box, lambda job: job.finished_at is not None)
        await gone(children)
    assert (len(children), cancelled.state) == (1, "cancelled")
    await check_no_orphans(box)
