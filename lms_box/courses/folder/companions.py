"""Files that go with a lesson: which of them stand beside a recording, and where everything else is attached."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from lms_box.courses.folder.document import Reason
from lms_box.courses.folder.entries import Entry, Folder, Lesson
from lms_box.courses.folder.neighbours import Neighbours, goes_along
from lms_box.courses.folder.order import natural_key
from lms_box.courses.folder.places import Places


@dataclass
class Attached:
    """By path of the lesson, by folder of the section, of the course, and why a placement is doubtful."""

    to_lessons: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    to_sections: dict[Folder, list[str]] = field(default_factory=lambda: defaultdict(list))
    to_course: list[str] = field(default_factory=list)
    doubts: dict[str, list[Reason]] = field(default_factory=lambda: defaultdict(list))


def recording_of(lesson: Lesson, recordings: Neighbours) -> tuple[Lesson, bool] | None:
    """The recording that a document or a second sound file belongs to, and whether the names leave no doubt.

    The same number and stem; or the same number and the stem with something behind it ("002 Lecture slides.pdf");
    or the same number and nothing but a word such as "slides". The same number alone makes two lessons.
    """
    folder, named = lesson.entry.folder, lesson.named
    if lesson.entry.kind == "video":
        return None
    same = recordings.same_name(folder, lesson.entry.stem)
    if lesson.entry.kind == "audio":
        return (same, True) if same and same.entry.kind == "video" else None
    if same:
        return same, True
    start = recordings.same_start(folder, named)
    if start and start.named.words:
        along = goes_along(named.words[len(start.named.words) :])
        return (start, along) if named.number or along else None
    numbered = recordings.same_number(folder, named.number)
    return (numbered, True) if numbered and (goes_along(named.words) or named.bare) else None


def attach(entries: Iterable[Entry], lessons: Neighbours, places: Places, sections: Sequence[Folder]) -> Attached:
    """`sections` in their order; every entry finds a place."""
    attached = Attached()
    owners = _Owners(sections)
    for entry in sorted(entries, key=lambda entry: (natural_key(entry.path), entry.fact.raw)):
        lesson = _lesson_of(entry, lessons, places)
        if lesson:
            attached.to_lessons[lesson.path].append(entry.path)
            continue
        owner = owners.of(places.owner(entry.folder))
        (attached.to_course if owner is None else attached.to_sections[owner]).append(entry.path)
    return attached


def _lesson_of(entry: Entry, lessons: Neighbours, places: Places) -> Lesson | None:
    """Material folders belong to their section; only a file that is named like a lesson goes to it."""
    if places.owner(entry.folder) != entry.folder:
        same = lessons.same_name(places.owner(entry.folder), entry.stem)
        return same if same and same.named.words else None
    same = lessons.same_name(entry.folder, entry.stem)
    if same:
        return same
    named = lessons.name(entry.folder, entry.stem)
    return lessons.same_start(entry.folder, named) or lessons.same_number(entry.folder, named.number)


class _Owners:
    """The section that a folder's loose files belong to: its own, one above, the first below; None for the course."""

    def __init__(self, sections: Sequence[Folder]) -> None:
        self._sections = set(sections)
        self._first_below: dict[Folder, Folder] = {}
        for section in sections:
            for depth in range(1, len(section)):
                self._first_below.setdefault(section[:depth], section)

    def of(self, folder: Folder) -> Folder | None:
        while folder:
            found = folder if folder in self._sections else self._first_below.get(folder)
            if found:
                return found
            folder = folder[:-1]
        return () if self._sections == {()} else None
