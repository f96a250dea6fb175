"""More processes for the web: each accepts on the first one's socket; one that dies is started again."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from lms_box.config import Settings
from lms_box_cli.shell import note

SECONDS_TO_STOP = 15.0
SECONDS_BEFORE_ANOTHER = 1.0


@asynccontextmanager
async def helping(settings: Settings, door: socket.socket, *, count: int) -> AsyncIterator[None]:
    """Keeps `count` workers running while the block lasts."""
    keepers = [asyncio.create_task(_keep_one(settings, door)) for _ in range(count)]
    try:
        yield
    finally:
        for keeper in keepers:
            keeper.cancel()
        await asyncio.gather(*keepers, return_exceptions=True)


async def _keep_one(settings: Settings, door: socket.socket) -> None:
    while True:
        worker = await _start(settings, door)
        try:
            code = await worker.wait()
        except asyncio.CancelledError:
            await _stop(worker)
            raise
        note(f"A worker ended with {code}; another takes its place.")
        await asyncio.sleep(SECONDS_BEFORE_ANOTHER)


async def _start(settings: Settings, door: socket.socket) -> asyncio.subprocess.Process:
    command = [sys.executable, "-m", "lms_box_cli", "--data-dir", str(settings.data_dir), "serve"]
    return await asyncio.create_subprocess_exec(
        *command,
        *("--no-jobs", "--listener", str(door.fileno())),
        pass_fds=(door.fileno(),),
        stdin=asyncio.subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        start_new_session=True,
    )


async def _stop(worker: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        worker.terminate()
        with suppress(TimeoutError):
            async with asyncio.timeout(SECONDS_TO_STOP):
                await worker.wait()
            return
        worker.kill()
