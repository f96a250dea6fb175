"""Folders that come through the browser."""

import sqlalchemy as sa
from alembic import op

from lms_box.db.base import JsonDocument, UtcDateTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "staged_imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("wanted", JsonDocument(), nullable=False),
        sa.Column("result", JsonDocument(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("status IN ('open', 'applying', 'applied', 'failed')", name=op.f("ck_staged_imports_status")),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_staged_imports_course_id_courses"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_staged_imports_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staged_imports")),
    )
    for column in ("user_id", "course_id", "expires_at"):
        op.create_index(op.f(f"ix_staged_imports_{column}"), "staged_imports", [column], unique=False)
    with op.batch_alter_table("uploads") as uploads:
        uploads.add_column(sa.Column("import_id", sa.Uuid(), nullable=True))
        uploads.add_column(sa.Column("path", sa.Text(), nullable=False, server_default=""))
        uploads.alter_column("path", server_default=None)
        uploads.create_foreign_key(
            op.f("fk_uploads_import_id_staged_imports"), "staged_imports", ["import_id"], ["id"], ondelete="CASCADE"
        )
        uploads.create_index(op.f("ix_uploads_import_id"), ["import_id"], unique=False)
