"""Why something could not be done has a code beside its words; what was written down before has words alone."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
COLUMNS = {"assets": "error_code", "contents": "next_error_code", "jobs": "error_code", "staged_imports": "error_code"}


def upgrade() -> None:
    for table, column in COLUMNS.items():
        op.add_column(table, sa.Column(column, sa.String(40), nullable=True))
