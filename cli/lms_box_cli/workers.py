"""More processes for the web: each accepts on the first one's socket; one that dies is started again."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from lms_box.config import Settings
from lms_box_cli.shell import note

SECONDS_TO_STOP = 15.0
SECONDS_BEFORE_ANOTHER = 1.0


@asynccontextmanager
async def helping(settings: Settings, door: socket.socket, *, config: Path | None, count: int) -> AsyncIterator[None]:
    """Keeps `count` workers running while the block lasts; `config` is the file that was named for this process."""
    keepers = [asyncio.create_task(_keep_one(_words(settings, config, door), door)) for _ in range(count)]
    try:
        yield
    finally:
        for keeper in keepers:
            keeper.cancel()
        await asyncio.gather(*keepers, return_exceptions=True)


async def until_alone() -> None:
    """For a worker: returns when the process that started it is gone, however it went. Its end of the pipe is then closed."""
    pipe = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(pipe), sys.stdin)
    await pipe.read()


def _words(settings: Settings, config: Path | None, door: socket.socket) -> list[str]:
    """The command of a worker: the same settings, and the address that people know."""
    named = ["--config", str(config)] if config else []
    server = ["--host", settings.server.host, "--port", str(settings.server.port)]
    return [*named, "--data-dir", str(settings.data_dir), "serve", *server, "--no-jobs", "--listener", str(door.fileno())]


async def _keep_one(words: list[str], door: socket.socket) -> None:
    while True:
        worker = await _start(words, door)
        try:
            code = await worker.wait()
        except asyncio.CancelledError:
            await _stop(worker)
            raise
        note(f"A worker ended with {code}; another takes its place.")
        await asyncio.sleep(SECONDS_BEFORE_ANOTHER)


async def _start(words: list[str], door: socket.socket) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "lms_box_cli", *words),
        pass_fds=(door.fileno(),),
        stdin=asyncio.subprocess.PIPE,  # see `until_alone`
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        process_group=0,
    )


async def _stop(worker: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        worker.terminate()
        with suppress(TimeoutError):
            async with asyncio.timeout(SECONDS_TO_STOP):
                await worker.wait()
            return
        worker.kill()
