"""Who holds a job or unfinished work: a process, known to live for as long as it holds the lock on its file."""

import fcntl
import os
import re
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from lms_box.errors import Unavailable

OWNER = ".lock"
CONSUMER = ".consumer.lock"


class Owner:
    """This process's identity, HOST-FOLDER-PID-RANDOM, while the block runs; forking inside would share the lock."""

    def __init__(self, run_folder: Path) -> None:
        self.run_folder = run_folder
        self.name = ""
        self._lock = -1

    def __enter__(self) -> Self:
        host = re.sub(r"[^A-Za-z0-9.]", "", socket.gethostname())[:40]
        try:
            self.run_folder.mkdir(parents=True, exist_ok=True)
            self.name = f"{host}-{_mark_of(self.run_folder)}-{os.getpid()}-{secrets.token_hex(4)}"
            self._lock = _hold(self.run_folder / f"{self.name}{OWNER}")
        except OSError as error:
            raise Unavailable(f"Files in {self.run_folder} cannot be locked ({error.strerror}).") from None
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        _let_go(self._lock, self.run_folder / f"{self.name}{OWNER}")

    @contextmanager
    def consuming(self) -> Iterator[None]:
        """Tell every process of this machine that this one works off the whole queue."""
        path = self.run_folder / f"{self.name}{CONSUMER}"
        lock = _hold(path)
        try:
            yield
        finally:
            _let_go(lock, path)

    def is_alive(self, name: str) -> bool | None:
        return is_alive(self.run_folder, name)


def is_alive(run_folder: Path, name: str) -> bool | None:
    """Whether the owner lives; None when it belongs to another machine, so that only its lease can tell."""
    if f"-{_mark_of(run_folder)}-" not in name:
        return None
    return _is_held(run_folder / f"{name}{OWNER}")


def find_consumers(run_folder: Path) -> list[str]:
    """The living processes of this machine that work off the queue."""
    return [path.name.removesuffix(CONSUMER) for path in sorted(run_folder.glob(f"*{CONSUMER}")) if _is_held(path)]


def _mark_of(run_folder: Path) -> str:
    """What tells this run folder from another machine's, whose host may have the same name; made once."""
    path = run_folder / "mark"
    with suppress(FileNotFoundError):
        return path.read_text("ascii")
    draft = run_folder / f"mark.{os.getpid()}.{secrets.token_hex(4)}"
    draft.write_text(secrets.token_hex(4), "ascii")
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
    return path.read_text("ascii")


def _hold(path: Path) -> int:
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except OSError:
            os.close(descriptor)
            raise
        if os.fstat(descriptor).st_nlink:
            return descriptor
        os.close(descriptor)  # somebody looked between open and flock, took it for a dead one's and removed it


def _let_go(descriptor: int, path: Path) -> None:
    path.unlink(missing_ok=True)
    os.close(descriptor)


def _is_held(path: Path) -> bool:
    """Removes the file of a dead one. The lock is shared: two who look must not take each other for the owner."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        with suppress(OSError):
            path.unlink()
        return False
    finally:
        os.close(descriptor)
