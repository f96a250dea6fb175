"""What is stored of notes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms_box.db.base import Base, new_id, now
from lms_box.db.search import Searchable


class Note(Searchable, Base):
    """A learner's own words. They outlive the content that they were written at, though not its course."""

    __tablename__ = "notes"
    __table_args__ = (Index("ix_notes_user_id_updated_at", "user_id", "updated_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    course_id: Mapped[UUID] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"), index=True)
    content_id: Mapped[UUID | None] = mapped_column(ForeignKey("contents.id", ondelete="SET NULL"), index=True)
    title: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(Text)
    """Markdown, as it was typed."""
    at: Mapped[float | None]
    """The second or page of the content that it was written at."""
    folded: Mapped[str] = mapped_column(Text, deferred=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)

    def words(self) -> tuple[str, ...]:
        return self.title, self.content
