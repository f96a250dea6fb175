"""Wakes whoever works off the jobs, in this process or another; the table is the truth, a lost wake costs seconds."""

import asyncio
import logging
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lms_box.jobs.bell import Bell, Listener

log = logging.getLogger(__name__)


class Queue:
    """Opened at its first use: most commands never wake anybody, and huey takes its time to import."""

    def __init__(self, path: Path, *, is_heard: Callable[[], bool]) -> None:
        self._path = path
        self._is_heard = is_heard
        self._lock = threading.Lock()
        self._bell: Bell | None = None

    def wake(self) -> None:
        """Cheap, from any thread; never fails. Where nobody works off the queue, whoever comes looks into the table."""
        try:
            if self._is_heard():
                self._opened().ring()
        except (sqlite3.Error, OSError) as error:
            log.warning("%s cannot be written (%s); jobs start a little later", self._path, error)

    async def wake_soon(self) -> None:
        await asyncio.to_thread(self.wake)

    def listen(self, answer: Callable[[], None], *, threads: int) -> "Listener | None":
        """Calls `answer` in one of `threads` for each wake; None when queue.db cannot be used."""
        try:
            return self._opened().listen(answer, threads=threads)
        except (sqlite3.Error, OSError) as error:
            log.warning("%s cannot be read (%s); jobs start a little later", self._path, error)
            return None

    def close(self) -> None:
        with self._lock:
            if self._bell is not None:
                self._bell.close()
            self._bell = None

    def _opened(self) -> "Bell":
        with self._lock:
            if self._bell is None:
                self._bell = self._open()
            return self._bell

    def _open(self) -> "Bell":
        from lms_box.jobs.bell import Bell  # huey, only for those who wake or work

        try:
            return Bell(self._path)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            self._forget()
            return Bell(self._path)

    def _forget(self) -> None:
        """A damaged queue.db holds nothing that the table does not know better."""
        log.warning("%s is damaged and is made anew", self._path)
        for ending in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                self._path.with_name(self._path.name + ending).unlink()
