"""How long folders take: to be understood, to be imported once more unchanged, and to be copied in beside `cp`."""

import argparse
import asyncio
import os
import resource
import struct
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from lms_box.box import Box, open_box
from lms_box.config import load_settings
from lms_box.courses.folder.importing import import_folder
from lms_box.courses.folder.options import ImportOptions
from lms_box.courses.folder.plan import make_plan
from lms_box.courses.folder.scan import take_snapshot


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--megabytes", type=int, default=512, help="of the file beside cp")
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--clip", type=Path, help="an MP4 with H.264, made as large as --megabytes; without it no cp")
    options.add_argument("--folder", type=Path, help="where to work; the system's temporary folder if left out")
    said = options.parse_args()
    with tempfile.TemporaryDirectory(dir=said.folder) as folder:
        root = Path(folder)
        understood(root / "many", said.runs)
        asyncio.run(again(root, said.runs))
        if said.clip:
            asyncio.run(beside_cp(root, said.clip, said.megabytes, said.runs))
    print(f"memory at most       {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:8.0f} MiB")


def understood(root: Path, runs: int) -> None:
    for section in range(50):
        folder = root / f"{section + 1:02} Part of the whole"
        folder.mkdir(parents=True)
        for lesson in range(25):
            stem = f"{lesson + 1:02} - Lesson about something {lesson}"
            for ending in (".mp4", ".en.srt", ".pdf", ".md"):
                (folder / f"{stem}{ending}").write_text(f"# {stem}\n")

    def once() -> None:
        snapshot = take_snapshot(root)
        assert len(make_plan(snapshot.files, name="Course").sections) == 50

    tell("scan and plan of 5,000 files", *best(once, runs), target=1.0)


async def again(root: Path, runs: int) -> None:
    """A course of 1,000 contents, imported once more without a change."""
    folder = root / "thousand"
    for lesson in range(1000):
        path = folder / f"{lesson // 50 + 1:02} Part" / f"{lesson % 50 + 1:02} Sheet {lesson}.pdf"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"%PDF-1.4\n{lesson}\n")
    async with opened(root / "data") as box:
        await bring_in(box, folder)
        times = []
        for _ in range(runs):
            wall, cpu = time.perf_counter(), time.process_time()
            imported = await bring_in(box, folder)
            times.append((time.perf_counter() - wall, time.process_time() - cpu))
        assert imported == 1000
    tell("1,000 contents again", *min(times), target=1.0)


async def beside_cp(root: Path, clip: Path, megabytes: int, runs: int) -> None:
    """Each time a new file, so that nothing is known; both are made durable."""
    copy = root / "copy.mp4"
    ratios = []
    async with opened(root / "data") as box:
        for run in range(runs):
            folder = root / f"film {run}"
            folder.mkdir()
            film = folder / "01 Film.mp4"
            grow(clip, film, megabytes, run)
            started = time.perf_counter()
            copy_durably(film, copy)
            copied = time.perf_counter() - started
            started = time.perf_counter()
            await bring_in(box, folder)
            imported = time.perf_counter() - started
            ratios.append((copied / imported, copied, imported))
            copy.unlink()
    ratio, copied, imported = sorted(ratios)[len(ratios) // 2]
    print(f"import beside cp     {ratio:8.2f} (cp {copied:.2f} s, import {imported:.2f} s of {megabytes} MB; at least 0.80)")


def copy_durably(film: Path, copy: Path) -> None:
    subprocess.run(["cp", "--reflink=never", film, copy], check=True)
    descriptor = os.open(copy, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def grow(clip: Path, film: Path, megabytes: int, run: int) -> None:
    """The clip with a long box behind it that players skip."""
    size = megabytes * 1_000_000
    block = os.urandom(1 << 20)
    with film.open("wb") as file:
        file.write(clip.read_bytes())
        file.write(struct.pack(">I4sQ", 1, b"free", size + 16) + struct.pack(">Q", run))
        for _ in range(size // len(block)):
            file.write(block)
        file.write(bytes(size - 8 - size // len(block) * len(block)))
        file.flush()
        os.fsync(file.fileno())  # else the disk would still be at it while the others are measured


def opened(data: Path) -> AbstractAsyncContextManager[Box]:
    data.mkdir(exist_ok=True)
    return open_box(load_settings(data_dir=data, environ={}))


async def bring_in(box: Box, folder: Path) -> int:
    """How many contents were unchanged."""
    imported = await import_folder(box, ImportOptions(folder=folder, how="copy"), on_step=lambda _: None)
    return len(imported.plan.changes.unchanged)


def best(work: Callable[[], None], runs: int) -> tuple[float, float]:
    times = []
    for _ in range(runs):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        times.append((time.perf_counter() - wall, time.process_time() - cpu))
    return min(times)


def tell(what: str, wall: float, cpu: float, *, target: float) -> None:
    print(f"{what:<30} {wall:6.2f} s ({cpu:.2f} s of a processor; at most {target:.1f} s)")


if __name__ == "__main__":
    main()
