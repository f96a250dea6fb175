"""Brings a database to this version's schema, once, with a copy kept of what it was."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from lms_box.db.engine import async_url, open_for_migration
from lms_box.db.triggers import set_triggers
from lms_box.errors import Conflict, Unavailable

VERSIONS = Path(__file__).parent / "migrations" / "versions"
UPGRADE_LOCK = 7_020_114_091  # any number that no other program on the PostgreSQL server uses


def head() -> str:
    """The newest revision that this program knows; migrations are named NNNN_what.py."""
    return max(path.name[:4] for path in VERSIONS.glob("[0-9]*.py"))


async def upgrade(url: str) -> tuple[str | None, str]:
    """Returns (revision before, revision now); raises Conflict when the database is from a newer version."""
    engine = open_for_migration(url)
    try:
        before = await _revision_of(engine)
        if before == head():
            return before, before
        if before is not None and before > head():
            raise Conflict(
                f"The database is from a newer lms_box (revision {before}, this one knows {head()}). Install the newer version."
            )
        await _keep_copy(engine, url, before)
        async with engine.begin() as connection:
            await connection.run_sync(migrate, "head")
            return before, head()
    except (OperationalError, OSError) as error:
        raise Unavailable(f"The database cannot be opened: {_reason(error)}.") from None
    except DBAPIError as error:
        raise Unavailable(f"The database cannot be used: {_reason(error)}.") from None
    finally:
        await engine.dispose()


async def current(url: str) -> str | None:
    """The database's revision, None when it is empty."""
    if async_url(url).get_backend_name() == "sqlite" and not Path(make_url(url).database or "").exists():
        return None
    engine = open_for_migration(url)
    try:
        return await _revision_of(engine)
    except (DBAPIError, OSError) as error:
        raise Unavailable(f"The database cannot be opened: {_reason(error)}.") from None
    finally:
        await engine.dispose()


async def _revision_of(engine: AsyncEngine) -> str | None:
    async with engine.connect() as connection:
        return await connection.run_sync(_read_revision)


def _read_revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def migrate(connection: Connection, revision: str) -> None:
    """Runs the revisions up to this one in the connection's transaction."""
    from alembic import command  # large, and needed only when there is something to upgrade
    from alembic.config import Config

    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
    config = Config()
    config.set_main_option("script_location", str(VERSIONS.parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
    set_triggers(connection)
    if connection.dialect.name == "sqlite" and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
        raise Conflict(f"The upgrade would leave {len(broken)} rows without what they refer to; nothing was changed.")


async def _keep_copy(engine: AsyncEngine, url: str, revision: str | None) -> None:
    """Before an upgrade of an SQLite database, a copy beside it: lms.db.before-NNNN, replaced when made again."""
    database = make_url(url).database
    if revision is None or engine.dialect.name != "sqlite" or not database:
        return
    copy = Path(f"{database}.before-{head()}")
    copy.unlink(missing_ok=True)
    async with engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        await driver.execute("VACUUM INTO ?", (str(copy),))  # by SQLAlchemy it would run in a transaction, which it refuses


def _reason(error: Exception) -> str:
    return str(error.orig if isinstance(error, DBAPIError) else error).strip().rstrip(".")
