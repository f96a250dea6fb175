"""A course that is there, a folder that has changed, and what is what."""

from uuid import UUID

import pytest

from lms_box.courses.folder.changes import Comparison, KnownFile, compare
from lms_box.courses.folder.scan import FileFact

OLD, NEW = 1, 2


def run(stored: dict[str, str], folder: dict[str, str], *, touched: tuple[str, ...] = ()) -> tuple[Comparison, list[str]]:
    """The text of a file stands for its bytes; a file is read when its size and time do not tell."""
    known = [KnownFile(UUID(int=at), path, len(text), OLD, text) for at, (path, text) in enumerate(stored.items(), 1)]
    same = {path for path, text in folder.items() if stored.get(path) == text and path not in touched}
    facts = [FileFact(path, path.encode(), len(text), OLD if path in same else NEW) for path, text in folder.items()]
    read: list[str] = []

    def hash_of(fact: FileFact) -> str:
        read.append(fact.path)
        return folder[fact.path]

    return compare(facts, known, hash_of), read


def words(found: Comparison) -> str:
    """ "+ added  ~ changed  > moved  - removed  = unchanged", each with its paths."""
    changes = found.changes
    signs = {"+": changes.added, "~": changes.changed, ">": changes.moved, "-": changes.removed, "=": changes.unchanged}
    return " ".join(f"{sign}{','.join(paths)}" for sign, paths in signs.items() if paths)


CASES: list[tuple[str, dict[str, str], dict[str, str], str]] = [
    ("new", {}, {"a": "A", "b": "B"}, "+a,b"),
    ("unchanged", {"a": "A"}, {"a": "A"}, "=a"),
    ("changed", {"a": "A"}, {"a": "AA"}, "~a"),
    ("changed, of the same size", {"a": "A"}, {"a": "X"}, "~a"),
    ("removed", {"a": "A", "b": "B"}, {"a": "A"}, "-b =a"),
    ("renamed", {"a": "A"}, {"b": "A"}, ">b"),
    ("moved to another folder", {"s/a": "A"}, {"t/a": "A"}, ">t/a"),
    ("copied", {"a": "A"}, {"a": "A", "b": "A"}, "+b =a"),
    ("renamed and changed", {"a": "A"}, {"b": "B"}, "+b -a"),
    ("replaced, the old one kept elsewhere", {"a": "A"}, {"a": "N", "old/a": "A"}, "+old/a ~a"),
    ("exchanged", {"1": "A", "2": "B"}, {"1": "B", "2": "A"}, ">1,2"),
    (
        "one put in front, the rest renumbered",
        {"1": "A", "2": "B", "3": "C"},
        {"1": "N", "2": "A", "3": "B", "4": "C"},
        "+1 >2,3,4",
    ),
    ("the first taken away, the rest renumbered", {"1": "A", "2": "B", "3": "C"}, {"1": "B", "2": "C"}, ">1,2 -1"),
    ("empty files", {"a": "", "b": ""}, {"a": "", "c": ""}, ">c =a"),
]


@pytest.mark.parametrize(("stored", "folder", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_changes(stored: dict[str, str], folder: dict[str, str], expected: str) -> None:
    found, _ = run(stored, folder)
    assert words(found) == expected
    assert len({one.id for one in found.known.values()}) == len(found.known)


def test_an_unchanged_folder_is_not_read() -> None:
    stored = {f"{number}.mp4": str(number) for number in range(100)}
    assert run(stored, stored)[1] == []


def test_new_files_of_other_sizes_are_not_read() -> None:
    assert run({"a": "A"}, {"b": "BBBB"})[1] == []
    assert run({"a": "A"}, {"a": "A", "b": "B"})[1] == []


def test_a_touched_file_is_read_once_and_unchanged() -> None:
    found, read = run({"a": "A"}, {"a": "A"}, touched=("a",))
    assert (words(found), read) == ("=a", ["a"])


def test_twins_stay_in_their_folder_then_with_the_nearest_name() -> None:
    stored = {"s/intro.mp4": "T", "t/intro.mp4": "T", "t/outro.mp4": "T"}
    found, _ = run(stored, {"t/01 outro.mp4": "T", "t/01 intro.mp4": "T", "s/01 intro.mp4": "T"})
    assert {path: one.path for path, one in found.known.items()} == {
        "s/01 intro.mp4": "s/intro.mp4",
        "t/01 intro.mp4": "t/intro.mp4",
        "t/01 outro.mp4": "t/outro.mp4",
    }


def test_hundreds_of_twins_still_pair() -> None:
    found, _ = run({f"a/{number}": "T" for number in range(200)}, {f"b/{number}": "T" for number in range(200)})
    assert len(found.changes.moved) == 200
    assert not found.removed
