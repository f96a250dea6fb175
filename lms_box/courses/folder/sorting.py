"""Sorts the files of a folder by what can become of them, before names are compared."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from lms_box.courses.folder.document import Because, Ignored
from lms_box.courses.folder.entries import Entry, entry_of
from lms_box.courses.folder.front import SETTINGS, find_cover, find_description, is_housekeeping
from lms_box.courses.folder.junk import junk_reason, sample_reason
from lms_box.courses.folder.numbers import read_number
from lms_box.courses.folder.places import Places, find_places
from lms_box.courses.folder.scan import FileFact


@dataclass
class Sorted:
    ignored: list[Ignored] = field(default_factory=list)
    lessons: list[Entry] = field(default_factory=list)
    captions: list[Entry] = field(default_factory=list)
    loose: list[Entry] = field(default_factory=list)
    cover: Entry | None = None
    description: Entry | None = None
    places: Places = field(default_factory=Places)


def sort_files(facts: Iterable[FileFact]) -> Sorted:
    found = Sorted()
    entries = []
    for fact in sorted(facts, key=lambda fact: fact.raw):
        entry = entry_of(fact)
        because = _ignored_because(entry)
        if because:
            found.ignored.append(Ignored(fact.path, *because))
        else:
            entries.append(entry)
    found.places = find_places([entry for entry in entries if not is_housekeeping(entry)])
    _take_front(found, entries)
    for entry in entries:
        if entry not in (found.cover, found.description):
            _place(found, entry).append(entry)
    return found


def _ignored_because(entry: Entry) -> Because | None:
    fact = entry.fact
    because = Because(fact.trouble, "unreadable") if fact.trouble else junk_reason(fact.path)
    if because:
        return because
    if fact.size == 0 and not entry.is_lesson:
        return Because("the file is empty", "empty")
    if fact.path == SETTINGS:
        return Because("read as the settings of the course", "settings")
    sample = sample_reason(entry.folder, entry.stem) if entry.kind == "video" else None
    return None if sample and read_number(entry.stem).number else sample


def _take_front(found: Sorted, entries: list[Entry]) -> None:
    """A README that is all there is to read is the lesson."""
    found.cover = find_cover(entries)
    found.description = find_description(entries)
    others = (entry for entry in entries if entry is not found.description)
    if not any(_place(found, entry) is found.lessons for entry in others):
        found.description = None if found.description and found.description.is_lesson else found.description


def _place(found: Sorted, entry: Entry) -> list[Entry]:
    if entry.kind == "caption":
        return found.captions
    if entry.is_lesson and not found.places.is_material(entry.folder) and not is_housekeeping(entry):
        return found.lessons
    return found.loose
