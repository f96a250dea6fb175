"""What a folder said at the last import."""

import sqlalchemy as sa
from alembic import op

from lms_box.db.base import JsonDocument

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    for table in ("courses", "sections", "contents"):
        op.add_column(table, sa.Column("imported", JsonDocument(), nullable=False, server_default="{}"))
