"""Sections from folders: which there are, in which order, and what they are called."""

from collections.abc import Iterable, Mapping, Sequence

from lms_box.courses.folder.entries import Folder
from lms_box.courses.folder.numbering import Named, numbering_of
from lms_box.courses.folder.order import NaturalKey, natural_key
from lms_box.courses.folder.titles import readable

INTRODUCTION = "Introduction"
OrderKey = tuple[int, tuple[int, ...], NaturalKey, NaturalKey]


def number_text(number: Sequence[int]) -> str:
    return ".".join(map(str, number))


def order_key(named: Named, name: str) -> OrderKey:
    """Numbered before the rest; the name itself last, so that no two are equal."""
    return (0 if named.number else 1, named.number, natural_key(named.title), natural_key(name))


class Outline:
    """The folders that hold lessons, named among their neighbours."""

    def __init__(self, folders: Iterable[Folder], title: str) -> None:
        self._title = title
        self._folders = set(folders)
        self._named: dict[Folder, Named] = {}
        for above, names in _names_by_folder(self._folders).items():
            numbering = numbering_of(map(readable, names))
            self._named |= {(*above, name): numbering.read(readable(name)) for name in names}

    def ordered(self) -> list[Folder]:
        return sorted(self._folders, key=self._key)

    def _key(self, folder: Folder) -> tuple[OrderKey, ...]:
        return tuple(order_key(self._named[folder[: at + 1]], name) for at, name in enumerate(folder))

    def number(self, folder: Folder) -> str:
        return number_text(self._named[folder].number) if folder else ""

    def title(self, folder: Folder) -> str:
        """ "Basics"; one level deeper, with the numbers that tell the levels apart, "2 Basics - 2.1 Setup"."""
        if not folder:
            return INTRODUCTION if len(self._folders) > 1 else self._title
        if len(folder) == 1:
            return self._named[folder].title
        return " - ".join(self._level(folder[: at + 1]) for at in range(len(folder)))

    def own_title(self, folder: Folder) -> str:
        return self._named[folder].title if folder else self.title(folder)

    def _level(self, folder: Folder) -> str:
        named = self._named[folder]
        return named.title if named.bare or not named.number else f"{number_text(named.number)} {named.title}"


def _names_by_folder(folders: Iterable[Folder]) -> Mapping[Folder, list[str]]:
    found: dict[Folder, set[str]] = {}
    for folder in folders:
        for at, name in enumerate(folder):
            found.setdefault(folder[:at], set()).add(name)
    return {above: sorted(names) for above, names in found.items()}
