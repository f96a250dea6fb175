"""The part that knows huey: a bell in queue.db that any process may ring and that wakes a consumer's threads."""

import logging
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from huey import SqliteHuey
from huey.consumer import Consumer, Scheduler

log = logging.getLogger(__name__)
logging.getLogger("huey").setLevel(logging.WARNING)  # it tells of every ring

PATIENCE = 2.0


class Bell:
    """Raises sqlite3.Error when queue.db cannot be used; nothing is lost then: consumers look into the table anyway."""

    def __init__(self, path: Path) -> None:
        with closing(sqlite3.connect(path, timeout=1)) as door:  # where it cannot be read, huey would leave its own open
            door.execute("PRAGMA schema_version")
        self._huey = _QuietHuey("lms_box", filename=str(path), results=False, timeout=1, cache_mb=1)
        self._answer: Callable[[], None] = _nobody
        self._ring = self._huey.task(name="ring")(lambda: self._answer())

    def ring(self) -> None:
        """A ring that nobody has heard yet is enough: who hears it will look after whatever is committed by now."""
        if self._huey.storage.queue_size() == 0:
            self._ring()

    def listen(self, answer: Callable[[], None], *, threads: int) -> "Listener":
        self._answer = answer
        return Listener(self._huey, threads)

    def close(self) -> None:
        self._huey.storage.close()


class Listener:
    """Threads that wait for a ring, answer it, and wait again."""

    def __init__(self, huey: SqliteHuey, threads: int) -> None:
        self._consumer = _ThreadConsumer(huey, workers=threads, periodic=False, initial_delay=0.05, backoff=1, max_delay=0.25)
        self._consumer.start()

    def stop(self) -> None:
        """Blocks until the threads have ended; what they answer must have ended by then."""
        self._consumer.stop()
        for thread in self._threads():
            thread.join(PATIENCE)

    def revive(self) -> None:
        self._consumer.check_worker_health()

    def _threads(self) -> list[threading.Thread]:
        return [self._consumer.scheduler, *(thread for _, thread in self._consumer.worker_threads)]


def _nobody() -> None:
    """A process that only rings is never asked to answer."""


class _QuietHuey(SqliteHuey):  # type: ignore[misc]  # huey ships no types
    """Says once that queue.db cannot be read, instead of twenty times a second with a traceback."""

    broken = False

    def dequeue(self) -> object:
        try:
            task = super().dequeue()
        except sqlite3.Error as error:
            if not self.broken:
                log.warning("queue.db cannot be read (%s); jobs start a little later until it can", error)
            self.broken = True
            return None
        self.broken = False
        return task


class _Asleep(Scheduler):  # type: ignore[misc]  # huey ships no types
    """Nothing is scheduled in huey: its scheduler would only take the write lock of queue.db once a second."""

    def loop(self, now: object = None) -> None:
        del now
        self.stop_flag.wait()


class _ThreadConsumer(Consumer):  # type: ignore[misc]  # huey ships no types
    scheduler_class = _Asleep

    def _set_signal_handlers(self) -> None:
        """SIGTERM and SIGINT belong to the server."""
