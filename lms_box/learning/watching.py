"""What one report adds to what is known of a learner and a content; pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lms_box.learning.extent import Extent
from lms_box.learning.intervals import Interval, unite
from lms_box.learning.messages import ProgressReport, moment_of


@dataclass(frozen=True, slots=True)
class Seen:
    """What a learner has seen of a content, with the names of the stored columns."""

    position: float = 0.0
    position_at: datetime | None = None
    watched: tuple[tuple[float, float], ...] = ()
    percentage: float = 0.0
    completed: bool = False
    completed_at: datetime | None = None
    updated_at: datetime | None = None

    def columns(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def add_report(seen: Seen, report: ProgressReport, *, extent: Extent, threshold: int, received: datetime) -> Seen:
    """Nothing that a learner has seen is ever taken away, and an older report moves no position."""
    position, position_at = _position(seen, report, extent, moment_of(report, received))
    watched, percentage = _watched(seen, report, extent)
    # What the learner has marked as open again is not closed by a replay.
    by_watching = seen.completed or (percentage > seen.percentage and percentage >= threshold)
    completed = by_watching if report.completed is None else report.completed
    since = (seen.completed_at or received) if completed else None
    return Seen(position, position_at, watched, percentage, completed, since, received)


def _position(seen: Seen, report: ProgressReport, extent: Extent, at: datetime) -> tuple[float, datetime | None]:
    if report.position is None or (seen.position_at is not None and at < seen.position_at):
        return seen.position, seen.position_at
    return extent.clamp(report.position), at


def _watched(seen: Seen, report: ProgressReport, extent: Extent) -> tuple[tuple[Interval, ...], float]:
    if not report.watched:
        return seen.watched, seen.percentage
    united = unite([*extent.to_intervals(seen.watched), *extent.to_intervals(report.watched)])
    return tuple(extent.from_intervals(united)), extent.percentage(united)
