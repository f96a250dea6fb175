"""What is stored of uploads that come in pieces."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms_box.courses.staging.tables import StagedImport
from lms_box.db.base import Base, new_id, now


class Upload(Base):
    """A file under way. Its bytes lie in the data directory; only those that this row counts are known to be durable."""

    __tablename__ = "uploads"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    """Of the whole file, as announced."""
    received: Mapped[int] = mapped_column(BigInteger, default=0)
    name: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text, default="")
    course_id: Mapped[UUID | None] = mapped_column(ForeignKey("courses.id", ondelete="SET NULL"), index=True)
    """Where it becomes a content when it is whole; without one it waits to be used."""
    section_id: Mapped[UUID | None] = mapped_column(ForeignKey("sections.id", ondelete="SET NULL"), index=True)
    import_id: Mapped[UUID | None] = mapped_column(ForeignKey(StagedImport.id, ondelete="CASCADE"), index=True)
    """The folder that it is a file of, at `path`."""
    path: Mapped[str] = mapped_column(Text, default="")
    said: Mapped[str] = mapped_column(Text, default="")
    """Upload-Metadata as it came, to be said again."""
    content_id: Mapped[UUID | None] = mapped_column(ForeignKey("contents.id", ondelete="SET NULL"), index=True)
    """What it has become."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime] = mapped_column(index=True)
