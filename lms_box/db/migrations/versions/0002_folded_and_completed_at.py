"""Courses and people are found by folded words, and what was completed has its own time."""

import sqlalchemy as sa
from alembic import op

from lms_box.db.base import UtcDateTime
from lms_box.db.search import fold

revision = "0002"
down_revision = "0001"
WORDS = {"courses": ("title", "instructor", "description"), "users": ("name", "email")}


def upgrade() -> None:
    op.add_column("progress", sa.Column("completed_at", UtcDateTime(), nullable=True))
    op.execute("UPDATE progress SET completed_at = updated_at WHERE completed")
    for table, columns in WORDS.items():
        op.add_column(table, sa.Column("folded", sa.Text(), nullable=False, server_default=""))
        _fold_rows(sa.table(table, sa.column("id"), sa.column("folded"), *map(sa.column, columns)), columns)


def _fold_rows(rows: sa.TableClause, columns: tuple[str, ...]) -> None:
    connection = op.get_bind()
    for row in connection.execute(sa.select(rows.c.id, *(rows.c[name] for name in columns))).all():
        folded = fold("\n".join(row[1:]))
        connection.execute(sa.update(rows).where(rows.c.id == row.id).values(folded=folded))
