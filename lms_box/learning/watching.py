"""What one report adds to what is known of a learner and a content; pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from lms_box.learning.extent import Extent
from lms_box.learning.intervals import unite
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
    seen = _with_position(seen, report, extent, moment_of(report, received))
    seen = _with_watched(seen, report, extent, threshold)
    by_hand = seen.completed if report.completed is None else report.completed
    since = (seen.completed_at or received) if by_hand else None
    return replace(seen, completed=by_hand, completed_at=since, updated_at=received)


def _with_position(seen: Seen, report: ProgressReport, extent: Extent, at: datetime) -> Seen:
    if report.position is None or (seen.position_at is not None and at < seen.position_at):
        return seen
    return replace(seen, position=extent.clamp(report.position), position_at=at)


def _with_watched(seen: Seen, report: ProgressReport, extent: Extent, threshold: int) -> Seen:
    if not report.watched:
        return seen
    united = unite([*extent.to_intervals(seen.watched), *extent.to_intervals(report.watched)])
    percentage = extent.percentage(united)
    # What the learner has marked as open again is not closed by a replay.
    completed = seen.completed or (percentage > seen.percentage and percentage >= threshold)
    return replace(seen, watched=tuple(extent.from_intervals(united)), percentage=percentage, completed=completed)
