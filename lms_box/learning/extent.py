"""How long a content is, in seconds or in pages, and what part of it a learner has covered; pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from lms_box.learning.intervals import Interval, clamp, covered

TIMED = frozenset({"video", "audio"})
ENDLESS = 1e9


@dataclass(frozen=True, slots=True)
class Extent:
    """`length` is in seconds or pages; None while it is not known yet."""

    in_pages: bool
    length: float | None

    def clamp(self, position: float) -> float:
        low, high = (1.0, self._end - 1) if self.in_pages else (0.0, self._end)
        return min(max(position, low), high)

    def to_intervals(self, spans: Sequence[Sequence[float]]) -> list[Interval]:
        """What was watched as half-open intervals inside the content; pages [1, 3] are inclusive and cover three."""
        if self.in_pages:
            spans = [(int(first), int(last) + 1) for first, last in spans]
        return clamp(spans, 1.0 if self.in_pages else 0.0, self._end)

    def from_intervals(self, intervals: Sequence[Interval]) -> list[tuple[float, float]]:
        return [(start, end - 1 if self.in_pages else end) for start, end in intervals]

    def percentage(self, intervals: Sequence[Interval]) -> float:
        """One decimal; 0 while the length is not known."""
        if not self.length:
            return 0.0
        return min(100.0, round(100 * covered(intervals) / self.length, 1))

    @property
    def _end(self) -> float:
        if self.length is None:
            return ENDLESS
        return self.length + 1 if self.in_pages else self.length


def extent_of(content_type: str, *, duration: float | None, page_count: int | None) -> Extent:
    """A document that is one text, and a file, count as one page."""
    if content_type in TIMED:
        return Extent(in_pages=False, length=duration)
    return Extent(in_pages=True, length=float(page_count or 1))
