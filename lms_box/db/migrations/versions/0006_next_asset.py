"""A content goes on showing its old file until the changed one is prepared."""

import sqlalchemy as sa
from alembic import op

from lms_box.db.base import UtcDateTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("assets", sa.Column("replaced_at", UtcDateTime(), nullable=True))
    with op.batch_alter_table("contents") as contents:
        contents.add_column(sa.Column("next_asset_id", sa.Uuid(), nullable=True))
        contents.add_column(sa.Column("next_error", sa.Text(), nullable=True))
        contents.create_foreign_key(op.f("fk_contents_next_asset_id_assets"), "assets", ["next_asset_id"], ["id"])
        contents.create_index(op.f("ix_contents_next_asset_id"), ["next_asset_id"])
