"""What the migrations make is what the models say: compared as the database itself describes it."""

from typing import Any

from sqlalchemy import Connection, Inspector, inspect

from lms_box import app
from lms_box.db.base import Base
from lms_box.db.engine import open_for_migration
from lms_box.db.tables import Revision

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
