"""Who learned something in which week."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

from lms_box.db.base import UtcDateTime

revision = "0004"
down_revision = "0003"

PROGRESS = sa.table(
    "progress",
    sa.column("user_id", sa.Uuid()),
    sa.column("completed", sa.Boolean()),
    sa.column("updated_at", UtcDateTime()),
)


def upgrade() -> None:
    weeks = op.create_table(
        "learning_weeks",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_learning_weeks_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "week", name=op.f("pk_learning_weeks")),
    )
    op.create_index(op.f("ix_learning_weeks_week"), "learning_weeks", ["week"], unique=False)
    if rows := _known_weeks():
        op.bulk_insert(weeks, rows)


def _known_weeks() -> list[dict[str, Any]]:
    """What progress still tells: of each content the last time only."""
    learned: Counter[tuple[Any, date]] = Counter()
    for user_id, completed, updated_at in op.get_bind().execute(sa.select(PROGRESS)):
        monday = updated_at.date() - timedelta(days=updated_at.weekday())
        learned[user_id, monday] += completed
    return [{"user_id": user_id, "week": week, "done": done} for (user_id, week), done in learned.items()]
