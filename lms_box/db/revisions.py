"""What changed since, whoever changed it: the number by which kept answers are known to be still true."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any, Protocol

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.pool import NullPool

from lms_box.db.engine import Database, async_url, before_others
from lms_box.db.triggers import CHANNEL, RAISED_BY

log = logging.getLogger(__name__)
PULSE = 1.0
"""Seconds between two proofs that the listening connection lives; a server that vanished sends no goodbye."""
RAISED = text("SELECT " + ", ".join(f"current_setting('lms_box.{name}', true)" for name in RAISED_BY))


class Revisions(Protocol):
    def of(self, name: str) -> int | None:
        """What was made under the same number is still true. None: nobody knows, so make it anew and keep nothing."""

    def watching(self) -> AbstractAsyncContextManager[None]:
        """Numbers are known while the block lasts."""


def open_revisions(url: str, db: Database) -> Revisions:
    parsed = async_url(url)
    if parsed.get_backend_name() == "sqlite":
        return SqliteRevisions(parsed.database or "")
    return PostgresRevisions(url, db)


class SqliteRevisions:
    """Exact at every request: one pragma tells whether anybody committed, and only then the rows are read."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._version = -1
        self._values: dict[str, int] = {}

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        if self._connection is not None:  # another application on this box watches already
            yield
            return
        self._connection = sqlite3.connect(self._path, isolation_level=None, timeout=0)
        self._connection.execute("PRAGMA query_only = ON")
        try:
            yield
        finally:
            self._connection.close()
            self._connection = None

    def of(self, name: str) -> int | None:
        if self._connection is None:
            return None
        try:
            (version,) = self._connection.execute("PRAGMA data_version").fetchone()
            if version != self._version:
                self._values = dict(self._connection.execute("SELECT name, value FROM revisions").fetchall())
                self._version = version
        except sqlite3.Error:
            log.exception("The revisions cannot be read; answers are made anew")
            return None
        return self._values.get(name)


class PostgresRevisions:
    """Told by the server (LISTEN) of others' commits, and by its own transactions of its own."""

    def __init__(self, url: str, db: Database) -> None:
        self._engine = create_async_engine(async_url(url), poolclass=NullPool)
        self._values = dict.fromkeys(RAISED_BY, 0)
        self._listens = False
        db.before_commit.append(self._note_own)

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        listening = asyncio.create_task(self._listen_on())
        try:
            yield
        finally:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening
            await self._engine.dispose()

    def of(self, name: str) -> int | None:
        return self._values[name] if self._listens else None

    async def _listen_on(self) -> None:
        from asyncpg import InterfaceError, PostgresError  # loaded only where it is configured

        while True:
            try:
                await self._listen()
            except (DBAPIError, InterfaceError, PostgresError, OSError, TimeoutError) as error:
                log.warning("Not listening to the database, so nothing is kept in memory: %s", error)
            await asyncio.sleep(PULSE)

    async def _listen(self) -> None:
        async with self._engine.connect() as connection:
            listener: Any = (await connection.get_raw_connection()).driver_connection
            listener.add_termination_listener(self._lose)
            try:
                await listener.add_listener(CHANNEL, self._hear)
                self._raise(*RAISED_BY)  # what was said while nobody listened
                self._listens = True
                while self._listens:
                    await asyncio.sleep(PULSE)
                    await listener.fetchval("SELECT 1", timeout=PULSE)
            finally:
                self._lose()
                listener.terminate()

    def _hear(self, _connection: object, _process: int, _channel: str, name: str) -> None:
        if name in self._values:
            self._raise(name)

    def _lose(self, *_: object) -> None:
        self._listens = False

    def _raise(self, *names: str) -> None:
        for name in names:
            self._values[name] += 1

    async def _note_own(self, session: AsyncSession) -> None:
        """The server's word on one's own commit may come after the next request: so it is not waited for."""
        await session.flush()
        row = (await session.execute(RAISED)).one()
        names = [name for name, raised in zip(RAISED_BY, row, strict=True) if raised]

        async def raise_own() -> None:
            self._raise(*names)

        if names:
            before_others(session, raise_own)
