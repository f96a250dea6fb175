"""One file as the plan sees it: where it lies, what it is, and what its name says."""

from dataclasses import dataclass

from lms_box.courses.folder.kinds import LESSONS, Kind, kind_of
from lms_box.courses.folder.numbering import Named
from lms_box.courses.folder.scan import FileFact
from lms_box.courses.folder.titles import readable, split_extension

Folder = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """`folder` is as shown on disk, `stem` in NFC."""

    fact: FileFact
    folder: Folder
    stem: str
    extension: str
    kind: Kind

    @property
    def path(self) -> str:
        return self.fact.path

    @property
    def folded(self) -> str:
        """The stem for comparing, blind to case."""
        return self.stem.casefold()

    @property
    def is_lesson(self) -> bool:
        return self.kind in LESSONS

    @property
    def is_recording(self) -> bool:
        return self.kind in ("video", "audio")


@dataclass(frozen=True, slots=True)
class Lesson:
    """An entry that becomes a content, with what its name says among its neighbours."""

    entry: Entry
    named: Named

    @property
    def path(self) -> str:
        return self.entry.path


def entry_of(fact: FileFact) -> Entry:
    *folder, name = fact.path.split("/")
    stem, extension = split_extension(readable(name).strip())
    return Entry(fact, tuple(folder), stem, extension, kind_of(extension, fact.head))
