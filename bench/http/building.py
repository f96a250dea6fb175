"""Builds the ladder of a film again and again, in the child process that jobs use, until it is interrupted."""

import asyncio
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lms_box.media import process
from lms_box.media.messages import Build, Options, Progress


@contextmanager
def building(film: Path) -> Iterator[None]:
    """From its first frames on."""
    command = [sys.executable, "-m", "bench.http.building", str(film)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as builder:
        assert builder.stdout
        if not builder.stdout.readline():
            raise SystemExit(f"the ladder of {film} cannot be built")
        try:
            yield
        finally:
            builder.send_signal(signal.SIGINT)


async def build(film: Path) -> None:
    has_begun = False

    def tell(_: Progress) -> None:
        nonlocal has_begun
        if not has_begun:
            print("begun", flush=True)
        has_begun = True

    while True:
        with tempfile.TemporaryDirectory(prefix="lms-") as folder:
            options = Options(stage="ladder", preset="veryfast")
            request = Build(source=film, name=film.name, kind="video", into=Path(folder), options=options)
            await process.run(request, on_progress=tell)


if __name__ == "__main__":
    asyncio.run(build(Path(sys.argv[1])))
