"""How much of a course an import speaks of: a folder that was added in the browser stands beside the one of the course."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lms_box.courses.folder.scan import FileFact

ADDED = "added"
"""Where a course remembers the names of the folders that were added to it."""


@dataclass(frozen=True, slots=True)
class Scope:
    """`here` and `added` are names at the top of a folder; with `keep`, what is not here stays in the course."""

    here: frozenset[str]
    added: frozenset[str] = frozenset()
    keep: bool = False

    @classmethod
    def of(cls, facts: Iterable[FileFact], imported: Mapping[str, Any], *, keep: bool) -> "Scope":
        """`imported` is what the course remembers of its last import."""
        return cls(frozenset(_top(fact.path) for fact in facts), frozenset(imported.get(ADDED, ())), keep)

    def holds(self, path: str) -> bool:
        """Whether a file of the course, were it not in the folder, would have left it."""
        return _top(path) in self.here or not (self.keep or _top(path) in self.added)

    def may_remove(self, path: str) -> bool:
        return not self.keep and self.holds(path)

    def remembered(self) -> dict[str, list[str]]:
        """What stands in the course's own folder now is no longer added."""
        added = self.added | self.here if self.keep else self.added - self.here
        return {ADDED: sorted(added)} if added else {}


def _top(path: str) -> str:
    return path.partition("/")[0]
