"""SQLite on the loop's own thread: for a few rows found by an index, handing them over takes longer than the work."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import URL, Connection, Engine, StaticPool, create_engine

from lms_box.db.pragmas import prepare_sqlite

P = ParamSpec("P")
Found = TypeVar("Found")
PATIENCE = 1.0
"""Seconds that a reader may hold up everybody else: with a write-ahead log it waits for nobody, but in a recovery."""


class Brief:
    """One connection that reads and one that writes, each in the hands of one piece of work at a time."""

    def __init__(self, url: URL) -> None:
        self._reader = _engine(url, begin="BEGIN", patience=PATIENCE, read_only=True)
        self._writer = _engine(url, begin="BEGIN IMMEDIATE")
        self._waiting = ThreadPoolExecutor(1, "sqlite-brief")

    def read(self, work: Callable[Concatenate[Connection, P], Found], *args: P.args, **named: P.kwargs) -> Found:
        with self._reader.begin() as connection:
            return work(connection, *args, **named)

    async def write(self, work: Callable[Concatenate[Connection, P], Found], *args: P.args, **named: P.kwargs) -> Found:
        """A thread waits for other processes to let it begin, and for the disk to have it; the loop goes on meanwhile."""
        loop = asyncio.get_running_loop()
        with self._writer.connect() as connection:  # what is not committed at its end is rolled back
            transaction = await loop.run_in_executor(self._waiting, connection.begin)
            found = work(connection, *args, **named)
            await loop.run_in_executor(self._waiting, transaction.commit)
        return found

    def close(self) -> None:
        self._waiting.shutdown()
        self._reader.dispose()
        self._writer.dispose()


def _engine(url: URL, *, begin: str, patience: float = 30.0, read_only: bool = False) -> Engine:
    arguments = {"check_same_thread": False, "timeout": patience}
    engine = create_engine(url.set(drivername="sqlite"), poolclass=StaticPool, connect_args=arguments)
    prepare_sqlite(engine, begin=begin, patience=patience, read_only=read_only)
    return engine
