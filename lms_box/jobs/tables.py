"""The table of jobs: the truth about what is to be done, being done and done."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Connection, Index, String, event
from sqlalchemy.orm import Mapped, mapped_column

from lms_box.db.base import Base, new_id, now
from lms_box.jobs.messages import State


class Job(Base):
    """`subject` is what it is done to; `run_after` keeps a retry waiting; owner and lease are of running ones.

    Jobs of one `line` (a course) have their turns by `place`; lines take turns with each other.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="state"),
        Index("ix_jobs_next", "state", "priority", "queued_at", "id"),
        Index("ix_jobs_subject", "subject"),
        Index("ix_jobs_line_started_at", "line", "started_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[UUID]
    title: Mapped[str] = mapped_column(String(500))
    state: Mapped[State] = mapped_column(String(10), default="queued")
    priority: Mapped[int] = mapped_column(default=100)
    line: Mapped[UUID | None]
    place: Mapped[int] = mapped_column(default=0, server_default="0")
    attempts: Mapped[int] = mapped_column(default=0)
    progress: Mapped[float] = mapped_column(default=0.0)
    stage: Mapped[str] = mapped_column(String(80), default="")
    error: Mapped[str | None]
    error_code: Mapped[str | None] = mapped_column(String(40))
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    owner: Mapped[str | None] = mapped_column(String(100))
    lease_expires_at: Mapped[datetime | None]
    queued_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    run_after: Mapped[datetime | None]


# In words that both databases read alike: an Index with their options would import both dialects in every process.
ONE_UNFINISHED = "CREATE UNIQUE INDEX uq_jobs_unfinished ON jobs (kind, subject) WHERE state IN ('queued', 'running')"


@event.listens_for(Job.__table__, "after_create")
def _keep_one_unfinished(_table: object, connection: Connection, **_: object) -> None:
    connection.exec_driver_sql(ONE_UNFINISHED)
