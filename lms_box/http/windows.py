"""How long links live: until the end of the window after the one in which they were made."""

from datetime import datetime, timedelta

WINDOW_SECONDS = 6 * 3600
SLACK = timedelta(minutes=10)
"""For transactions that take their time, and clocks that go apart."""


def window_end(at: float) -> int:
    """The end of the next whole window after the one that `at` lies in: a link lives 6 to 12 hours."""
    return (int(at) // WINDOW_SECONDS + 2) * WINDOW_SECONDS


def links_ended(at: datetime) -> datetime:
    """What was replaced before then has no link any more."""
    return at - timedelta(seconds=2 * WINDOW_SECONDS) - SLACK
