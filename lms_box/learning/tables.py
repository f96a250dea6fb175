"""What is stored of learning."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lms_box.db.base import Base, now


class Enrollment(Base):
    __tablename__ = "enrollments"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    course_id: Mapped[UUID] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"), primary_key=True, index=True)
    enrolled_at: Mapped[datetime] = mapped_column(default=now)


class Progress(Base):
    """What one learner has seen of one content. Leaving the course keeps it."""

    __tablename__ = "progress"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    content_id: Mapped[UUID] = mapped_column(ForeignKey("contents.id", ondelete="CASCADE"), primary_key=True, index=True)
    position: Mapped[float] = mapped_column(default=0.0)
    position_at: Mapped[datetime | None]
    """When the position was reported by the player: an older report never overwrites it."""
    watched: Mapped[list[Any]] = mapped_column(default=list)
    """The union of watched intervals, ascending and apart: seconds half-open, pages inclusive."""
    percentage: Mapped[float] = mapped_column(default=0.0)
    completed: Mapped[bool] = mapped_column(default=False)
    completed_at: Mapped[datetime | None]
    """When it last became so; a replay does not move it."""
    updated_at: Mapped[datetime] = mapped_column(default=now)


class LearningWeek(Base):
    """That a learner learned something in a week; it begins on Monday, UTC. Progress keeps only the last time."""

    __tablename__ = "learning_weeks"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True, index=True)
    done: Mapped[int] = mapped_column(default=0)
    """Contents that became completed in it."""
