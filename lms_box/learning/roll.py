"""A course's learners as a table for spreadsheets; pure."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime

from lms_box.learning.messages import LearnerView

COLUMNS = ("name", "email", "enrolled", "last seen", "progress %", "lessons done", "lessons", "finished")
# A spreadsheet runs what begins so as a formula, and a name is whatever somebody typed into it.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def write_roll(learners: Iterable[LearnerView]) -> str:
    """With a byte order mark, without which spreadsheets take UTF-8 for something older."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(_row(learner) for learner in learners)
    return f"\ufeff{text.getvalue()}"


def _row(learner: LearnerView) -> tuple[object, ...]:
    return (
        _plain(learner.name),
        _plain(learner.email),
        _day(learner.enrolled_at),
        _day(learner.last_seen_at),
        learner.progress_percentage,
        learner.done,
        learner.total,
        "yes" if learner.completed else "no",
    )


def _plain(text: str) -> str:
    return f"'{text}" if text.lstrip().startswith(DANGEROUS) or text.startswith(DANGEROUS) else text


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""
