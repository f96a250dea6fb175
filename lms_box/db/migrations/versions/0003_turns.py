"""Jobs stand in lines, which take turns."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("jobs", sa.Column("line", sa.Uuid(), nullable=True))
    op.add_column("jobs", sa.Column("place", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_jobs_line_started_at", "jobs", ["line", "started_at"], unique=False)
