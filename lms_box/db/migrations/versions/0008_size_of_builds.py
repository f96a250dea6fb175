"""What was made of a file knows how large it is, so that nobody has to look through the storage."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("builds", sa.Column("size", sa.BigInteger(), nullable=False, server_default="0"))
