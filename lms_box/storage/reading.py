"""Reads a file from beginning to end for its size and SHA-256, and sees when it changes meanwhile."""

import hashlib
import os
import stat
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from lms_box.errors import Invalid
from lms_box.storage.base import Taken
from lms_box.storage.threads import in_thread

CHUNK = 1 << 20
AHEAD = 4
"""Chunks that may wait to be hashed; more would be memory for nothing."""


class Stopped(Exception):
    """Nobody waits for the result any more."""


async def fingerprint(source: Path) -> Taken:
    """Raises Invalid with the file's name when it cannot be read or changes meanwhile."""

    def read(stop: Event) -> Taken:
        with opened(source) as descriptor:
            return read_through(descriptor, source, stop)

    return await in_thread(read)


@contextmanager
def opened(source: Path) -> Iterator[int]:
    """A regular file's descriptor. O_NONBLOCK, because opening a named pipe would wait for a writer."""
    with readable(source):
        descriptor = os.open(source, os.O_RDONLY | os.O_NONBLOCK)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise Invalid(f"“{source.name}” is not a file.", code="not_a_file")
        yield descriptor
    finally:
        os.close(descriptor)


def read_through(descriptor: int, source: Path, stop: Event, write: Callable[[memoryview], None] | None = None) -> Taken:
    """Hashes beside reading and writing: the whole takes as long as the slower of the two."""
    before = os.fstat(descriptor)
    digest, size = hashlib.sha256(), 0
    waiting: deque[tuple[bytearray, Future[None]]] = deque()
    with ThreadPoolExecutor(1) as beside:
        while count := _read_into(descriptor, buffer := _free_buffer(waiting), source):
            if stop.is_set():
                raise Stopped
            chunk = memoryview(buffer)[:count]
            waiting.append((buffer, beside.submit(digest.update, chunk)))
            size += count
            if write is not None:
                write(chunk)
    require_same(before, os.fstat(descriptor), source, size)
    return Taken(size, digest.hexdigest())


def _free_buffer(waiting: deque[tuple[bytearray, "Future[None]"]]) -> bytearray:
    if len(waiting) < AHEAD:
        return bytearray(CHUNK)
    buffer, hashed = waiting.popleft()
    hashed.result()
    return buffer


def _read_into(descriptor: int, buffer: bytearray, source: Path) -> int:
    with readable(source):
        return os.readv(descriptor, [buffer])


def require_same(before: os.stat_result, after: os.stat_result, source: Path, size: int) -> None:
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or size != after.st_size:
        raise file_changed(source)


def file_changed(source: Path) -> Invalid:
    sentence = f"“{source.name}” changed while it was being read. Import it again when it is complete."
    return Invalid(sentence, code="file_changed")


@contextmanager
def readable(source: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise Invalid(f"“{source.name}” is not there any more.", code="file_vanished") from None
    except OSError as error:
        raise Invalid(f"“{source.name}” cannot be read ({error.strerror}).", code="file_unreadable") from None
