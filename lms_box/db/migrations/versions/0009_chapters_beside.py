"""A file of timed text beside a film is its captions or its chapters."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("captions", sa.Column("kind", sa.String(16), nullable=False, server_default="captions"))
