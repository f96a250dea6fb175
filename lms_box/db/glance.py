"""SQLite read without a thread: for small reads by an index, handing them over takes longer than doing them."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, Self

PATIENCE = 1.0
"""Seconds that a reader may hold up everybody else: with a write-ahead log it waits for nobody, but in a recovery."""


class _Cursor:
    """As aiosqlite's, as far as SQLAlchemy asks for it."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor
        self.arraysize = cursor.arraysize

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, values: Sequence[Any] = ()) -> Self:
        self._cursor.execute(statement, values)
        return self

    async def executemany(self, statement: str, values: Iterable[Sequence[Any]]) -> Self:
        self._cursor.executemany(statement, values)
        return self

    async def fetchall(self) -> list[Any]:
        return self._cursor.fetchall()

    async def close(self) -> None:
        self._cursor.close()

    @property
    def description(self) -> Any:
        return self._cursor.description

    @property
    def rowcount(self) -> int:
        return self._cursor.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._cursor.lastrowid


class _Connection:
    """As aiosqlite's, as far as SQLAlchemy asks for it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = self._conn = connection

    @property
    def isolation_level(self) -> str | None:
        return self._connection.isolation_level

    def cursor(self) -> _Cursor:
        return _Cursor(self._connection.cursor())

    async def create_function(self, *given: Any, **named: Any) -> None:
        self._connection.create_function(*given, **named)

    async def commit(self) -> None:
        self._connection.commit()

    async def rollback(self) -> None:
        self._connection.rollback()

    async def close(self) -> None:
        self._connection.close()

    def stop(self) -> None:
        self._connection.close()


async def connect(path: str) -> _Connection:
    """Read only; transactions begin when BEGIN is said."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=PATIENCE)
    connection.execute("PRAGMA query_only = ON")
    return _Connection(connection)
