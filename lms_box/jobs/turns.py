"""In which order jobs have their turn: by priority, and among equals each line once before any has its second."""

from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, Select, case, func, select
from sqlalchemy.orm import aliased

from lms_box.jobs.messages import UNFINISHED
from lms_box.jobs.tables import Job


def next_in_turn(*due: ColumnElement[bool]) -> Select[Job]:
    """The best of the queued jobs that are due, locked; one that another process is claiming is passed over."""
    queue = select(Job.id, _rounds().label("round"), _last_turn().label("last_turn")).where(*due).subquery()
    order = (Job.priority, queue.c.round, queue.c.last_turn.nulls_first(), Job.queued_at, Job.id)
    # What is due is asked again of the locked row: another process may have claimed it since the queue was looked at.
    first = select(Job).join(queue, queue.c.id == Job.id).where(*due).order_by(*order).limit(1)
    return first.with_for_update(of=Job, skip_locked=True)


def in_turn(*among: ColumnElement[bool]) -> Select[Job]:
    """Running ones, then the queue as it will be worked off, then what has ended, newest first."""
    waits = Job.state == "queued"
    order = (
        case({"running": 0, "queued": 1}, value=Job.state, else_=2),
        case((Job.state.in_(UNFINISHED), Job.priority), else_=0),
        case((waits, _rounds())),
        case((waits, _last_turn())).nulls_first(),
        Job.finished_at.desc(),
        Job.queued_at,
        Job.id,
    )
    return select(Job).where(*among).order_by(*order)


def _rounds() -> ColumnElement[int]:
    """1 for the first of each line, 2 for the second; a job without a line has one of its own."""
    line = func.coalesce(Job.line, Job.subject)
    places = (Job.place, Job.queued_at, Job.id)
    return func.row_number().over(partition_by=(Job.state, Job.priority, line), order_by=places)


def _last_turn() -> ScalarSelect[datetime | None]:
    """When its line was last served; the one that has waited longest goes first."""
    other = aliased(Job)
    return select(func.max(other.started_at)).where(other.line == Job.line).scalar_subquery()
