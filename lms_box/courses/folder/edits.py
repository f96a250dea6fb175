"""Who wins where both the folder and somebody in the browser have changed something: pure, so that a table can show it."""

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar, final

Side = Literal["browser", "folder"]
Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing that was changed by hand, and whether it stays so. `path` is a content's; None for the course itself."""

    path: str | None
    field: str
    winner: Side


@final
class Unsaid:
    """There was no import before that could have said anything."""


UNSAID = Unsaid()


def decide(before: Value | Unsaid, ours: Value, theirs: Value, *, is_newer: bool) -> tuple[Value, Side | None]:
    """`before` is what the folder said at the last import, `ours` what the course has, `theirs` what the folder says now.

    An edit stays until the folder says something else; where both have changed since, the later one counts.
    """
    if ours == theirs:
        return ours, None
    if isinstance(before, Unsaid):
        return ours, "browser"
    if ours == before:
        return theirs, None
    if theirs == before or not is_newer:
        return ours, "browser"
    return theirs, "folder"


@dataclass(frozen=True)
class Part(Generic[Key]):
    """A section, and what stands in it, in order."""

    section: Key
    contents: tuple[Key, ...] = ()


def decide_layout(
    before: Sequence[Part[Key]] | Unsaid, ours: Sequence[Part[Key]], theirs: Sequence[Part[Key]], *, is_newer: bool
) -> tuple[list[Part[Key]], Side | None]:
    """The same for sections and order: what both know is compared; what one side alone has finds its place in the other."""
    if isinstance(before, Unsaid):
        return weave(theirs, ours), None
    shared: set[Key] = set.intersection(*(_contents(layout) for layout in (before, ours, theirs)))
    known = [_only(layout, shared) for layout in (before, ours, theirs)]
    _, winner = decide(known[0], known[1], known[2], is_newer=is_newer)
    if winner == "browser":
        return weave(ours, theirs), winner
    return weave(theirs, ours), winner


def weave(layout: Sequence[Part[Key]], other: Sequence[Part[Key]]) -> list[Part[Key]]:
    """`layout`, and what only `other` has, behind what stands before it there."""
    sections = [part.section for part in layout]
    contents = {part.section: list(part.contents) for part in layout}
    where = {key: part.section for part in layout for key in part.contents}
    for at, part in enumerate(other):
        for index, key in enumerate(part.contents):
            if key in where:
                continue
            section = _section_for(part, index, where)
            if section not in contents:
                _add_section(sections, section, other[:at])
                contents[section] = []
            before = (one for one in reversed(part.contents[:index]) if where.get(one) == section)
            _put(contents[section], key, next(before, None))
            where[key] = section
        if part.section not in contents and not part.contents:
            _add_section(sections, part.section, other[:at])
            contents[part.section] = []
    return [Part(section, tuple(contents[section])) for section in sections]


def _contents(layout: Sequence[Part[Key]]) -> set[Key]:
    found: set[Key] = set()
    for part in layout:
        found.update(part.contents)
    return found


def _only(layout: Sequence[Part[Key]], keys: Collection[Key]) -> list[Part[Key]]:
    kept = (Part(part.section, tuple(key for key in part.contents if key in keys)) for part in layout)
    return [part for part in kept if part.contents]


def _section_for(part: Part[Key], index: int, where: dict[Key, Key]) -> Key:
    """With its nearest neighbour, else in its own."""
    neighbours = (*reversed(part.contents[:index]), *part.contents[index + 1 :])
    return next((where[key] for key in neighbours if key in where), part.section)


def _add_section(sections: list[Key], section: Key, above: Iterable[Part[Key]]) -> None:
    """Behind the nearest one above it that is there."""
    found = [part.section for part in above if part.section in sections]
    sections.insert(sections.index(found[-1]) + 1 if found else 0, section)


def _put(contents: list[Key], key: Key, behind: Key | None) -> None:
    contents.insert(0 if behind is None else contents.index(behind) + 1, key)
