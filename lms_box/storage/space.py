"""Says what is missing when a disk is full or refuses to be written."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lms_box.errors import Unavailable

FULL = (errno.ENOSPC, errno.EDQUOT)


def free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def require_space(folder: Path, needed: int, what: str) -> None:
    require_room(free_bytes(folder), needed, what)


def require_room(free: int, needed: int, what: str) -> None:
    """Raises Unavailable, in words with numbers, before anything is written."""
    if free < needed:
        raise _full(what, needed, free)


@contextmanager
def writable(folder: Path, needed: int, what: str) -> Iterator[None]:
    """Turns a failed write into Unavailable, in words with numbers."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise _full(what, needed, free_bytes(folder)) from None
        raise Unavailable(f"“{what}” cannot be stored ({error.strerror}).", code="storage_failed") from None


def _full(what: str, needed: int, free: int) -> Unavailable:
    numbers = f"“{what}” needs {in_words(needed)}, {in_words(free)} are free"
    return Unavailable(f"There is not enough space: {numbers}. Make room on the disk and try again.", code="disk_full")


def in_words(size: int) -> str:
    """Bytes as people say them: 1.2 GB."""
    units = (("GB", 1e9), ("MB", 1e6), ("kB", 1e3))
    unit, bytes_each = next(((unit, each) for unit, each in units if size >= each), ("bytes", 1))
    amount = size / bytes_each
    return f"{amount:.1f} {unit}" if bytes_each > 1 and amount < 10 else f"{amount:.0f} {unit}"
