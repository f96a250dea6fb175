"""How every SQLite connection of the box is set up, and how its transactions begin."""

from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection


def prepare_sqlite(
    engine: Engine, *, begin: str, patience: float = 30.0, foreign_keys: bool = True, read_only: bool = False
) -> None:
    """`patience` is in seconds: how long a statement waits for another process's writing to end."""
    pragmas = [
        f"busy_timeout = {patience * 1000:.0f}",
        f"foreign_keys = {'ON' if foreign_keys else 'OFF'}",
        *(["query_only = ON"] if read_only else ["journal_mode = WAL", "synchronous = FULL"]),
    ]

    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin by itself: BEGIN is emitted below
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)
