"""What is stored of the catalogue."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms_box.accounts.tables import User
from lms_box.db.base import Base, new_id, now
from lms_box.db.search import Searchable


class Asset(Base):
    """A stored file and what is known of it; contents, captions and attachments with the same bytes share one."""

    __tablename__ = "assets"
    __table_args__ = (CheckConstraint("status IN ('stored', 'pending', 'processing', 'ready', 'failed')", name="status"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    key: Mapped[str] = mapped_column(String(255))
    size: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(16))
    media_type: Mapped[str] = mapped_column(String(255))
    status: Mapped[str] = mapped_column(String(16), default="stored")
    """stored: kept as it is, nothing was asked to be made of it; then as the contents that show it."""
    error: Mapped[str | None] = mapped_column(Text)
    error_code: Mapped[str | None] = mapped_column(String(40))
    duration: Mapped[float | None]
    page_count: Mapped[int | None]
    replaced_at: Mapped[datetime | None]
    """When something else was shown in its place: links to it live on for a while."""
    created_at: Mapped[datetime] = mapped_column(default=now)


class Course(Searchable, Base):
    __tablename__ = "courses"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'published', 'archived')", name="status"),
        CheckConstraint("difficulty IN ('beginner', 'intermediate', 'advanced')", name="difficulty"),
        CheckConstraint("completion_threshold BETWEEN 1 AND 100", name="completion_threshold"),
        Index("ix_courses_status_created_at", "status", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, default="")
    instructor: Mapped[str] = mapped_column(Text, default="")
    thumbnail_key: Mapped[str | None] = mapped_column(String(255))
    difficulty: Mapped[str] = mapped_column(String(16), default="beginner")
    category: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(String(16), default="draft")
    completion_threshold: Mapped[int] = mapped_column(default=90)
    folder: Mapped[str | None] = mapped_column(Text, unique=True)
    """The real path that the course was imported from: the same folder again is the same course."""
    imported: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """What the folder said at the last import: fields, order, paths. What differs from it was changed by hand."""
    folded: Mapped[str] = mapped_column(Text, server_default="", deferred=True)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id, ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)

    def words(self) -> tuple[str, ...]:
        return self.title, self.instructor or "", self.description or ""


class Section(Base):
    __tablename__ = "sections"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    course_id: Mapped[UUID] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(Text)
    order_index: Mapped[int]
    imported: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """Its folder and title at the last import; nothing for one that was made by hand."""


class Content(Base):
    __tablename__ = "contents"
    __table_args__ = (
        CheckConstraint("type IN ('video', 'audio', 'presentation', 'document', 'file')", name="type"),
        Index("ix_contents_course_id_order_index", "course_id", "order_index"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    course_id: Mapped[UUID] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"))
    section_id: Mapped[UUID] = mapped_column(ForeignKey("sections.id"), index=True)
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("assets.id"), index=True)
    next_asset_id: Mapped[UUID | None] = mapped_column(ForeignKey("assets.id"), index=True)
    """The changed file, while it is being prepared; the old one is shown until then."""
    next_error: Mapped[str | None] = mapped_column(Text)
    """Why the changed file could not be prepared."""
    next_error_code: Mapped[str | None] = mapped_column(String(40))
    type: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, default="")
    order_index: Mapped[int]
    is_preview: Mapped[bool] = mapped_column(default=False)
    is_archived: Mapped[bool] = mapped_column(default=False)
    path: Mapped[str | None] = mapped_column(Text)
    """Where it lies in the course's folder, as shown to people."""
    source_size: Mapped[int | None] = mapped_column(BigInteger)
    source_mtime: Mapped[int | None] = mapped_column(BigInteger)
    """In nanoseconds. With the size it tells an unchanged file without reading it."""
    imported: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """What the folder said of it at the last import, and `left` when its file had gone."""
    details: Mapped[dict[str, Any]] = mapped_column("metadata", default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)


class Caption(Base):
    """A file of timed text that stands beside a content, its captions or chapters; those inside a video belong to its build."""

    __tablename__ = "captions"
    __table_args__ = (UniqueConstraint("content_id", "path"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    content_id: Mapped[UUID] = mapped_column(ForeignKey("contents.id", ondelete="CASCADE"))
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("assets.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16), default="captions", server_default="captions")
    language: Mapped[str | None] = mapped_column(String(35))
    path: Mapped[str] = mapped_column(Text)
    source_size: Mapped[int] = mapped_column(BigInteger)
    source_mtime: Mapped[int] = mapped_column(BigInteger)


class Attachment(Base):
    """A file to take along: of a content, of a section, or of the whole course."""

    __tablename__ = "attachments"
    __table_args__ = (UniqueConstraint("course_id", "path"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    course_id: Mapped[UUID] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"))
    section_id: Mapped[UUID | None] = mapped_column(ForeignKey("sections.id", ondelete="SET NULL"), index=True)
    content_id: Mapped[UUID | None] = mapped_column(ForeignKey("contents.id", ondelete="CASCADE"), index=True)
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("assets.id"), index=True)
    path: Mapped[str] = mapped_column(Text)
    order_index: Mapped[int]
    source_size: Mapped[int] = mapped_column(BigInteger)
    source_mtime: Mapped[int] = mapped_column(BigInteger)
