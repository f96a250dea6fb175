"""What can go wrong on a disk, and what is left then: nothing half-made, and a sentence that helps."""

import asyncio
import errno
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from lms_box.errors import Invalid, Unavailable
from lms_box.storage import local, reading, space, writing
from lms_box.storage.base import How
from lms_box.storage.local import LocalStorage
from lms_box.storage.reading import fingerprint
from lms_box.storage.space import in_words

ME = "here-1-2-3"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "media"


@pytest.fixture
def storage(root: Path) -> LocalStorage:
    return LocalStorage(root, owner=ME)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    path.write_bytes(os.urandom(3 * reading.CHUNK))
    return path


def files_in(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("only root may make a small disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


async def test_says_with_numbers_that_a_disk_is_full(small_disk: Path, source: Path) -> None:
    storage = LocalStorage(small_disk, owner=ME)
    for how in ("reflink", "copy", "move"):
        with pytest.raises(Unavailable, match=r"“film.mp4” needs 3\.1 MB, 2\.1 MB are free") as refused:
            await storage.take("kept", source, how=how)
        assert refused.value.code == "disk_full"
    assert source.exists()
    assert files_in(small_disk) == []


async def test_leaves_nothing_when_the_disk_fills_meanwhile(
    storage: LocalStorage, root: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []

    def fill(_descriptor: int, chunk: memoryview) -> int:
        written.append(len(chunk))
        if len(written) > 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        return len(chunk)

    monkeypatch.setattr(os, "write", fill)
    with pytest.raises(Unavailable, match="There is not enough space"):
        await storage.take("kept", source, how="copy")
    assert files_in(root) == []


async def test_publishes_nothing_when_the_disk_is_full(
    storage: LocalStorage, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with storage.scratch(ME) as folder:
        (folder / "a").write_bytes(b"x" * 1500)
        with monkeypatch.context() as patched:
            patched.setattr(local, "_sync", full)
            with pytest.raises(Unavailable, match=r"needs 1\.5 kB"):
                await storage.publish(folder, "build")
        assert await storage.keys("") == []
    assert files_in(root) == []


async def test_says_what_else_the_disk_answers(storage: LocalStorage, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_descriptor: int, _chunk: memoryview) -> int:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "write", broken)
    with pytest.raises(Unavailable, match=r"“film.mp4” cannot be stored \(Input/output error\)"):
        await storage.take("kept", source, how="copy")


async def test_hears_of_what_the_disk_could_not_keep_meanwhile(
    storage: LocalStorage, root: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync, asked = os.fsync, []

    def refuse_once(descriptor: int) -> None:
        asked.append(descriptor)
        if len(asked) == 1:
            raise OSError(errno.EIO, "Input/output error")
        sync(descriptor)

    monkeypatch.setattr(writing, "TOGETHER", reading.CHUNK)
    monkeypatch.setattr(os, "fsync", refuse_once)
    with pytest.raises(Unavailable, match=r"“film.mp4” cannot be stored \(Input/output error\)"):
        await storage.take("kept", source, how="copy")
    assert files_in(root) == []


@pytest.mark.parametrize("how", get_args(How))
@pytest.mark.parametrize("change", ["grows", "shrinks", "is written to"])
async def test_notices_that_a_source_changes_while_it_is_read(
    storage: LocalStorage, root: Path, source: Path, how: How, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, reads = reading._read_into, []

    def read_and_change(descriptor: int, buffer: bytearray, path: Path) -> int:
        count = read(descriptor, buffer, path)
        reads.append(count)
        if len(reads) == 2:
            size = {"grows": source.stat().st_size + 1, "shrinks": 10}.get(change)
            if size is None:
                os.utime(source, ns=(1, 1))
            else:
                os.truncate(source, size)
        return count

    monkeypatch.setattr(reading, "_read_into", read_and_change)
    with pytest.raises(Invalid, match=r"“film\.mp4” changed") as refused:
        await storage.take("kept", source, how=how)
    assert refused.value.code == "file_changed"
    assert source.exists()
    assert files_in(root) == []


async def test_says_that_a_link_is_not_possible(storage: LocalStorage, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def other_disk(*_: object) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", other_disk)
    with pytest.raises(Invalid, match=r"cannot be linked.*--copy"):
        await storage.take("kept", source, how="link")
    await storage.take("kept", source, how="move")
    assert not source.exists()


async def test_a_link_is_the_very_same_file(storage: LocalStorage, source: Path) -> None:
    await storage.take("kept", source, how="link")
    kept = storage.local_path("kept")
    assert kept
    assert kept.samefile(source)


async def test_a_cancelled_take_leaves_nothing_and_ends_first(
    storage: LocalStorage, root: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, loop = reading._read_into, asyncio.get_running_loop()
    begun = asyncio.Event()

    def read_and_tell(descriptor: int, buffer: bytearray, path: Path) -> int:
        loop.call_soon_threadsafe(begun.set)
        return read(descriptor, buffer, path) and 1  # endless

    os.truncate(source, 1 << 34)
    monkeypatch.setattr(reading, "_read_into", read_and_tell)
    monkeypatch.setattr(space, "free_bytes", lambda _: 1 << 40)
    monkeypatch.setattr(os, "write", lambda _descriptor, chunk: len(chunk))
    taking = asyncio.create_task(storage.take("kept", source, how="copy"))
    await begun.wait()
    taking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await taking
    assert files_in(root) == []


async def test_what_was_being_removed_when_the_box_died_goes_with_the_next_sweep(
    storage: LocalStorage, root: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await storage.take("a/b", source, how="copy")
    with monkeypatch.context() as patched:
        patched.setattr(local, "delete", lambda _path: None)
        await storage.remove("a")
    assert len(files_in(root)) == 1
    assert await storage.keys("") == []
    await storage.sweep(lambda _: None)
    assert files_in(root) == []


async def test_tells_a_file_by_its_bytes(source: Path) -> None:
    first = await fingerprint(source)
    assert first.size == 3 * reading.CHUNK
    assert await fingerprint(source) == first
    with pytest.raises(Invalid, match="gone"):
        await fingerprint(source.with_name("gone"))


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (300_000_000, "300 MB"),
        (1_234_567_890, "1.2 GB"),
        (5_000_000_000_000, "5000 GB"),
    ],
)
def test_says_sizes_as_people_do(size: int, words: str) -> None:
    assert in_words(size) == words
