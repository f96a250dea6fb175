"""What is stored of a folder that comes through the browser."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms_box.db.base import Base, new_id, now


class StagedImport(Base):
    """Its files lie in the data directory until they are a course, or until nobody has come back to it for a day."""

    __tablename__ = "staged_imports"
    __table_args__ = (CheckConstraint("status IN ('open', 'applying', 'applied', 'failed')", name="status"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(Text)
    """What the person calls the folder."""
    course_id: Mapped[UUID | None] = mapped_column(ForeignKey("courses.id", ondelete="SET NULL"), index=True)
    """The course that it is to be, then the one that it has become."""
    status: Mapped[str] = mapped_column(String(16), default="open")
    error: Mapped[str | None] = mapped_column(Text)
    error_code: Mapped[str | None] = mapped_column(String(40))
    wanted: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What was asked for with `apply`: staging.messages.Application."""
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """staging.messages.ImportResult, once it is applied."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime] = mapped_column(index=True)
