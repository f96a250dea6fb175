"""Engines and transactions: SQLite with one writer, or PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, event
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from lms_box.db.base import Base
from lms_box.db.brief import Brief
from lms_box.db.pragmas import prepare_sqlite
from lms_box.db.refusals import refuse_when_full
from lms_box.errors import Misconfigured

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

event.listen(Engine, "handle_error", refuse_when_full)

P = ParamSpec("P")
Found = TypeVar("Found")
AfterCommit = Callable[[], Awaitable[None]]
BeforeCommit = Callable[[AsyncSession], Awaitable[None]]


class Database:
    """Sessions for reading and for writing. SQLite has one writer at a time, waiting in turn instead of colliding."""

    def __init__(self, readers: AsyncEngine, writer: AsyncEngine, brief: Brief | None = None) -> None:
        self.info: dict[str, Any] = {}  # what each session carries as session.info, for rooms that act on commits
        self.before_commit: list[BeforeCommit] = []
        self._readers = readers
        self._writer = writer
        self._brief = brief

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        async with AsyncSession(self._readers, expire_on_commit=False, info=self.info) as session:
            yield session

    async def glance(self, work: Callable[Concatenate[Connection, P], Found], *args: P.args, **named: P.kwargs) -> Found:
        """What `work` reads. For a few rows found by an index: nothing else goes on while SQLite looks for them."""
        if self._brief:
            return self._brief.read(work, *args, **named)
        async with self._readers.connect() as connection:
            return await connection.run_sync(work, *args, **named)

    async def jot(self, work: Callable[Concatenate[Connection, P], Found], *args: P.args, **named: P.kwargs) -> Found:
        """As `glance`, for a transaction that writes: durable when this returns, and done to its end once it has begun."""
        return await asyncio.shield(asyncio.ensure_future(self._jot(work, *args, **named)))

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """One transaction: committed when the block ends, rolled back when it raises; then what waited for the commit."""
        async with AsyncSession(self._writer, expire_on_commit=False, info=self.info) as session:
            async with session.begin():
                yield session
                for prepare in self.before_commit:
                    await prepare(session)
            for action in session.info.pop("after_commit", ()):
                await action()

    async def close(self) -> None:
        if self._brief:
            self._brief.close()
        await self._readers.dispose()
        await self._writer.dispose()

    async def _jot(self, work: Callable[Concatenate[Connection, P], Found], *args: P.args, **named: P.kwargs) -> Found:
        if self._brief:
            async with self._writer.connect():  # nothing is asked of it: who holds it is the one writer
                return await self._brief.write(work, *args, **named)
        async with self.writing() as session:
            return await (await session.connection()).run_sync(work, *args, **named)


def after_commit(session: AsyncSession, action: AfterCommit) -> None:
    """Do `action` once the session's transaction is durable, and never when it is not."""
    session.info.setdefault("after_commit", []).append(action)


def before_others(session: AsyncSession, action: AfterCommit) -> None:
    """As `after_commit`, but ahead of what waits already."""
    session.info.setdefault("after_commit", []).insert(0, action)


def open_database(url: str) -> Database:
    """Raises Misconfigured for a URL that is neither SQLite nor PostgreSQL."""
    parsed = async_url(url)
    if parsed.get_backend_name() == "sqlite":
        readers = _sqlite_engine(parsed, begin="BEGIN", pool_size=4)
        return Database(readers, _sqlite_engine(parsed, begin="BEGIN IMMEDIATE"), Brief(parsed))
    engine = create_async_engine(parsed, pool_size=10, pool_pre_ping=True)
    return Database(engine, engine)


def open_for_migration(url: str) -> AsyncEngine:
    """An engine whose SQLite connections leave foreign keys alone: rebuilding a parent table must not cascade."""
    parsed = async_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite_engine(parsed, begin="BEGIN IMMEDIATE", foreign_keys=False)
    return create_async_engine(parsed, pool_size=1)


def async_url(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise Misconfigured("[database] url is not an address; write sqlite:///PATH or postgresql://…") from None
    match parsed.get_backend_name():
        case "sqlite" if parsed.database:
            return parsed.set(drivername="sqlite+aiosqlite")
        case "postgresql":
            return parsed.set(drivername="postgresql+asyncpg")
        case other:
            raise Misconfigured(f"[database] url: {other} is not supported; write sqlite:///PATH or postgresql://…")


def _sqlite_engine(url: URL, *, begin: str, pool_size: int = 1, foreign_keys: bool = True) -> AsyncEngine:
    # Whoever begins also ends: a rollback at each return to the pool would be a walk to the thread for nothing.
    engine = create_async_engine(url, pool_size=pool_size, max_overflow=0, pool_timeout=60, pool_reset_on_return=None)
    prepare_sqlite(engine.sync_engine, begin=begin, foreign_keys=foreign_keys)
    return engine


def insert_into(asked: AsyncSession | Connection, table: type[Base]) -> "sqlite.Insert | postgresql.Insert":
    """An INSERT that can say what to do ON CONFLICT, in the words of the database that is asked."""
    dialect = asked.dialect if isinstance(asked, Connection) else asked.get_bind().dialect
    if dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)
