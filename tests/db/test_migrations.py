"""What the migrations make is what the models say: compared as the database itself describes it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Inspector, inspect, select
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box import app
from lms_box.accounts.tables import User
from lms_box.courses.tables import Asset, Course
from lms_box.db.base import Base, new_id
from lms_box.db.engine import open_for_migration
from lms_box.db.tables import Revision
from lms_box.db.upgrade import current, head, migrate, upgrade
from lms_box.learning.tables import Progress

assert app.ROUTES  # with it every room's tables are known
assert Revision.metadata is Base.metadata
OF_ALEMBIC = {"alembic_version"}


async def test_the_migrations_make_what_the_models_say(database_url: str) -> None:
    engine = open_for_migration(database_url)
    try:
        async with engine.begin() as connection:
            migrated = await connection.run_sync(schema_of)
            await connection.run_sync(Base.metadata.drop_all)
            assert await connection.run_sync(schema_of) == {}
            await connection.run_sync(Base.metadata.create_all)
            modelled = await connection.run_sync(schema_of)
    finally:
        await engine.dispose()
    assert set(migrated) == set(modelled) == set(Base.metadata.tables)
    for table in modelled:
        for part in modelled[table]:
            assert migrated[table][part] == modelled[table][part], (table, part)
    unfinished = [index for index in modelled["jobs"]["indexes"] if index[0] == "uq_jobs_unfinished"]
    assert [is_unique for _, _, is_unique, _ in unfinished] == [True]
    assert "queued" in unfinished[0][3]


BEFORE = """
INSERT INTO courses
    (id, title, description, instructor, difficulty, category, status, completion_threshold, created_at, updated_at)
    VALUES ('{course}', 'Été', 'au bord', 'Ćirić', 'beginner', '', 'draft', 90, '{at}', '{at}');
INSERT INTO users (id, email, email_key, name, role, is_active, created_at, credentials_epoch)
    VALUES ('{user}', 'Zoë@example.org', 'zoë@example.org', 'ZOË', 'user', true, '{at}', 0);
INSERT INTO assets (id, sha256, key, size, kind, media_type, status, error, created_at)
    VALUES ('{asset}', '', '', 0, 'video', '', 'failed', 'It is broken.', '{at}');
INSERT INTO sections (id, course_id, title, order_index) VALUES ('{section}', '{course}', '', 0);
INSERT INTO contents
    (id, course_id, section_id, asset_id, type, title, description, order_index, is_preview, is_archived, metadata,
     created_at, updated_at)
    VALUES ('{content}', '{course}', '{section}', '{asset}', 'video', '', '', 0, false, false, '{{}}', '{at}', '{at}');
INSERT INTO progress (user_id, content_id, position, watched, percentage, completed, updated_at)
    VALUES ('{user}', '{content}', 0, '[]', 100, true, '{at}')
"""
"""A row of each kind that a later migration fills in, as the first schema had it."""


async def test_rows_from_before_are_found_and_dated_and_keep_their_words(database_url: str) -> None:
    names = {name: new_id().hex for name in ("course", "user", "asset", "section", "content")}
    engine = open_for_migration(database_url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.drop_all)
            await connection.exec_driver_sql("DROP TABLE alembic_version")
            await connection.run_sync(migrate, "0001")
            for statement in BEFORE.format(**names, at="2026-05-01 10:00:00.000000+00:00").split(";"):
                await connection.exec_driver_sql(statement)
            await connection.run_sync(migrate, "head")
        async with AsyncSession(engine) as session:
            folded = [await session.scalar(select(table.folded)) for table in (Course, User)]
            completed_at = await session.scalar(select(Progress.completed_at))
            why = (await session.execute(select(Asset.error, Asset.error_code))).one()
    finally:
        await engine.dispose()
    assert folded == ["été\nćirić\nau bord", "zoë\nzoë@example.org"]
    assert tuple(why) == ("It is broken.", None)
    assert completed_at == datetime(2026, 5, 1, 10, tzinfo=UTC)


async def test_an_upgrade_leaves_a_copy_of_what_was_before(tmp_path: Path) -> None:
    """Of SQLite, where the database is one file. PostgreSQL has backups of its own."""
    path = tmp_path / "lms.db"
    engine = open_for_migration(f"sqlite:///{path}")
    async with engine.begin() as connection:
        await connection.run_sync(migrate, "0001")
    await engine.dispose()
    assert await upgrade(f"sqlite:///{path}") == ("0001", head())
    copy = tmp_path / f"lms.db.before-{head()}"
    assert await current(f"sqlite:///{copy}") == "0001"


def schema_of(connection: Connection) -> dict[str, dict[str, Any]]:
    inspector = inspect(connection)
    return {name: table_of(inspector, name, connection) for name in inspector.get_table_names() if name not in OF_ALEMBIC}


def table_of(inspector: Inspector, name: str, connection: Connection) -> dict[str, Any]:
    """Everything in an order of its own: in which one it was written down does not matter."""
    columns = inspector.get_columns(name)
    return {
        "columns": {
            column["name"]: (column["type"].compile(connection.dialect), column["nullable"], column["default"])
            for column in columns
        },
        "primary key": inspector.get_pk_constraint(name)["constrained_columns"],
        "indexes": sorted(
            (index["name"], index["column_names"], bool(index["unique"]), str(condition_of(index)))
            for index in inspector.get_indexes(name)
        ),
        "uniques": sorted((unique["name"], unique["column_names"]) for unique in inspector.get_unique_constraints(name)),
        "checks": sorted((check["name"], check["sqltext"]) for check in inspector.get_check_constraints(name)),
        "foreign keys": sorted(
            (key["name"], key["constrained_columns"], key["referred_table"], key["referred_columns"], key["options"])
            for key in inspector.get_foreign_keys(name)
        ),
    }


def condition_of(index: Any) -> str:
    """Of an index over some of the rows."""
    options = index.get("dialect_options", {})
    return str(options.get("sqlite_where", options.get("postgresql_where", "")))
