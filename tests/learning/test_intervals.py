"""Unions of what was watched, and how much of a content they cover: whatever is reported in whatever order."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms_box.learning.extent import Extent
from lms_box.learning.intervals import TOUCHING, clamp, covered, unite

SPANS = st.lists(st.tuples(st.integers(-20, 220), st.integers(-20, 220)), max_size=12)
VIDEO, UNKNOWN, PAGES = (
    Extent(in_pages=False, length=100.0),
    Extent(in_pages=False, length=None),
    Extent(in_pages=True, length=10),
)


@given(SPANS)
@settings(max_examples=100)
def test_a_union_knows_no_order_and_nothing_twice(spans: list[tuple[int, int]]) -> None:
    whole = [(start, end) for start, end in spans if start < end]
    united = unite(whole)
    assert unite(reversed(whole)) == united
    assert unite([*united, *whole]) == united
    assert all(end < start for (_, end), (start, _) in pairwise(united))
    seconds = {second for start, end in whole for second in range(start, end)}
    assert covered(united) == len(seconds)


@given(SPANS)
@settings(max_examples=100)
def test_what_lies_outside_is_cut_off(spans: list[tuple[int, int]]) -> None:
    inside = clamp(spans, 0, 100)
    assert all(0 <= start < end <= 100 for start, end in inside)
    assert VIDEO.percentage(unite(inside)) <= 100


@given(SPANS)
@settings(max_examples=100)
def test_pages_come_back_as_they_went_in(spans: list[tuple[int, int]]) -> None:
    united = unite(PAGES.to_intervals(spans))
    shown = PAGES.from_intervals(united)
    assert unite(PAGES.to_intervals(shown)) == united
    pages = {page for first, last in spans for page in range(max(first, 1), min(last, 10) + 1)}
    assert {page for first, last in shown for page in range(int(first), int(last) + 1)} == pages
    assert PAGES.percentage(united) == pytest.approx(10 * len(pages))


@pytest.mark.parametrize(
    ("extent", "spans", "shown", "percentage"),
    [
        (VIDEO, [(0, 50), (25, 75)], [(0, 75)], 75.0),
        (VIDEO, [(0, 50), (50 + TOUCHING / 2, 60)], [(0, 60)], 60.0),
        (VIDEO, [(90, 1e9)], [(90, 100)], 10.0),
        (VIDEO, [(150, 200)], [], 0.0),
        (VIDEO, [(50, 50)], [], 0.0),
        (VIDEO, [(60, 40)], [], 0.0),
        (UNKNOWN, [(0, 500)], [(0, 500)], 0.0),
        (PAGES, [(1, 3)], [(1, 3)], 30.0),
        (PAGES, [(1, 1), (2, 2), (4, 4)], [(1, 2), (4, 4)], 30.0),
        (PAGES, [(0, 99)], [(1, 10)], 100.0),
        (PAGES, [(11, 12)], [], 0.0),
    ],
)
def test_shows_what_was_covered(
    extent: Extent, spans: Sequence[tuple[float, float]], shown: list[tuple[float, float]], percentage: float
) -> None:
    united = unite(extent.to_intervals(spans))
    assert extent.from_intervals(united) == shown
    assert extent.percentage(united) == pytest.approx(percentage, abs=0.1)


def test_a_position_stays_inside() -> None:
    assert [VIDEO.clamp(position) for position in (0, 50.5, 100, 1e9)] == [0, 50.5, 100, 100]
    assert [PAGES.clamp(position) for position in (0, 1, 10, 11)] == [1, 1, 10, 10]
    assert UNKNOWN.clamp(12345.0) == 12345.0
