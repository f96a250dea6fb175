"""Who wins where both sides have changed something, as tables; and that nothing is lost on the way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_box.courses.folder.edits import UNSAID, Part, Unsaid, decide, decide_layout, weave

WINNERS = [
    ("nobody changed anything", "a", "a", "a", False, ("a", None)),
    ("the folder did", "a", "a", "b", False, ("b", None)),
    ("the browser did", "a", "b", "a", True, ("b", "browser")),
    ("both, to the same", "a", "b", "b", False, ("b", None)),
    ("both, the folder later", "a", "b", "c", True, ("c", "folder")),
    ("both, the browser later", "a", "b", "c", False, ("b", "browser")),
    ("there was no import before", UNSAID, "b", "c", True, ("b", "browser")),
]


@pytest.mark.parametrize(
    ("before", "ours", "theirs", "newer", "expected"), [row[1:] for row in WINNERS], ids=[row[0] for row in WINNERS]
)
def test_who_wins(before: str | Unsaid, ours: str, theirs: str, newer: bool, expected: tuple[str, str | None]) -> None:
    assert decide(before, ours, theirs, is_newer=newer) == expected


def layout(text: str) -> list[Part[str]]:
    """ "S:abc T:de" are two sections with their contents."""
    return [Part(part[0], tuple(part[2:])) for part in text.split()]


def words(parts: list[Part[str]]) -> str:
    return " ".join(f"{part.section}:{''.join(part.contents)}" for part in parts)


ORDERS = [
    ("nothing changed", "S:abc", "S:abc", "S:abc", "S:abc", None),
    ("moved in the browser, the folder is as it was", "S:abc", "S:cab", "S:abc", "S:cab", "browser"),
    ("renumbered in the folder", "S:abc", "S:abc", "S:bca", "S:bca", None),
    ("moved in the browser, one more in the folder", "S:abc", "S:cab", "S:abcd", "S:cdab", "browser"),
    ("moved in the browser, the first one more", "S:ab", "S:ba", "S:xab", "S:xba", "browser"),
    ("one added by hand stays behind its neighbour", "S:abc", "S:abhc", "S:bca", "S:bhca", None),
    ("a section by hand stays where it was", "S:ab T:c", "S:ab H:h T:c", "S:ab T:c", "S:ab H:h T:c", None),
    ("another section in the browser", "S:ab T:c", "S:a T:bc", "S:ab T:c", "S:a T:bc", "browser"),
    ("a new section in the folder", "S:ab", "S:ba", "S:ab T:c", "S:ba T:c", "browser"),
    ("one has left", "S:abc", "S:cb", "S:bc", "S:cb", "browser"),
    ("an empty section by hand", "S:ab", "E: S:ab", "S:ba", "E: S:ba", None),
]


@pytest.mark.parametrize(
    ("before", "ours", "theirs", "expected", "winner"), [row[1:] for row in ORDERS], ids=[row[0] for row in ORDERS]
)
def test_order(before: str, ours: str, theirs: str, expected: str, winner: str | None) -> None:
    found, by = decide_layout(layout(before), layout(ours), layout(theirs), is_newer=False)
    assert (words(found), by) == (expected, winner)


def test_the_later_order_counts_where_both_changed() -> None:
    both = layout("S:abc"), layout("S:cab"), layout("S:bca")
    assert words(decide_layout(*both, is_newer=True)[0]) == "S:bca"
    assert words(decide_layout(*both, is_newer=False)[0]) == "S:cab"
    assert words(decide_layout(UNSAID, *both[1:], is_newer=False)[0]) == "S:bca"


@st.composite
def layouts(draw: st.DrawFn) -> list[Part[str]]:
    letters = draw(st.lists(st.sampled_from("abcdefghij"), unique=True))
    sections = draw(st.lists(st.sampled_from("STUVW"), unique=True, min_size=1))
    holders = [draw(st.sampled_from(sections)) for _ in letters]
    return [Part(one, tuple(key for key, held in zip(letters, holders, strict=True) if held == one)) for one in sections]


@given(layouts(), layouts())
def test_weaving_keeps_the_one_and_loses_nothing_of_the_other(one: list[Part[str]], other: list[Part[str]]) -> None:
    woven = weave(one, other)
    keys = [key for part in woven for key in part.contents]
    mine = {key for part in one for key in part.contents}
    assert sorted(keys) == sorted(mine | {key for part in other for key in part.contents})
    assert [key for key in keys if key in mine] == [key for part in one for key in part.contents]
    assert len({part.section for part in woven}) == len(woven)


@given(layouts(), layouts(), layouts(), st.booleans())
def test_the_same_again_changes_nothing(
    before: list[Part[str]], ours: list[Part[str]], theirs: list[Part[str]], newer: bool
) -> None:
    first, _ = decide_layout(before, ours, theirs, is_newer=newer)
    again, _ = decide_layout(theirs, first, theirs, is_newer=newer)
    assert [part for part in again if part.contents] == [part for part in first if part.contents]
