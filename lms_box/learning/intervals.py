"""The union of watched intervals, on plain pairs of numbers; pure."""

from collections.abc import Iterable, Sequence

Interval = tuple[float, float]
TOUCHING = 0.05
"""Seconds: two reports of one player that miss each other by less than a frame belong together."""


def clamp(intervals: Iterable[Sequence[float]], low: float, high: float) -> list[Interval]:
    """What lies between low and high; what is empty or backwards there is dropped."""
    cut = ((max(low, start), min(high, end)) for start, end in intervals)
    return [(start, end) for start, end in cut if start < end]


def unite(intervals: Iterable[Sequence[float]]) -> list[Interval]:
    """Ascending and apart."""
    united: list[Interval] = []
    for start, end in sorted((float(start), float(end)) for start, end in intervals):
        if united and start <= united[-1][1] + TOUCHING:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return united


def covered(intervals: Iterable[Interval]) -> float:
    return sum(end - start for start, end in intervals)
