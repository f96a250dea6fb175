"""Triggers by which the database itself says what changed, so that no writer can forget to."""

from collections.abc import Iterator

from sqlalchemy import Connection

CATALOGUE = "catalogue"
PEOPLE = "people"
ANYTHING = ("INSERT", "UPDATE", "DELETE")
RAISED_BY: dict[str, dict[str, tuple[str, ...]]] = {
    CATALOGUE: {
        "courses": ANYTHING,
        "sections": ANYTHING,
        "contents": ANYTHING,
        "attachments": ANYTHING,
        "assets": ("UPDATE", "DELETE"),  # a new one is shown by nothing yet
    },
    PEOPLE: {
        "users": ("UPDATE", "DELETE"),
        "browser_sessions": ("UPDATE", "DELETE"),
        "refresh_tokens": ("DELETE",),
    },
}
"""The tables whose rows cached answers are made of, by the revision that these raise."""
CHANNEL = "lms_box_revisions"
SAY = f"""
CREATE OR REPLACE FUNCTION say_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('{CHANNEL}', TG_ARGV[0]);
    PERFORM set_config('lms_box.' || TG_ARGV[0], 'raised', true);
    RETURN NULL;
END $$
"""
"""On PostgreSQL a counter would make all writers wait for one row: there the change is only told, to every
listener at the commit, and to the rest of the transaction by a setting that ends with it."""


def set_triggers(connection: Connection) -> None:
    """Done after every upgrade: rebuilding an SQLite table loses its triggers."""
    create = _on_postgresql if connection.dialect.name == "postgresql" else _on_sqlite
    for statement in create():
        connection.exec_driver_sql(statement)


def _on_sqlite() -> Iterator[str]:
    for name, table, change in _watched():
        yield f"INSERT INTO revisions (name, value) VALUES ('{name}', 0) ON CONFLICT DO NOTHING"  # noqa: S608 -- our own names
        trigger = f"raise_{name}_{table}_{change.lower()}"
        yield f"DROP TRIGGER IF EXISTS {trigger}"
        yield (
            f"CREATE TRIGGER {trigger} AFTER {change} ON {table} BEGIN "  # noqa: S608 -- our own names
            f"UPDATE revisions SET value = value + 1 WHERE name = '{name}'; END"
        )


def _on_postgresql() -> Iterator[str]:
    yield SAY
    for name, table, change in _watched():
        trigger = f"say_{name}_{change.lower()}"
        yield f"DROP TRIGGER IF EXISTS {trigger} ON {table}"
        yield (f"CREATE TRIGGER {trigger} AFTER {change} ON {table} FOR EACH ROW EXECUTE FUNCTION say_revision('{name}')")


def _watched() -> Iterator[tuple[str, str, str]]:
    for name, tables in RAISED_BY.items():
        for table, changes in tables.items():
            for change in changes:
                yield name, table, change
