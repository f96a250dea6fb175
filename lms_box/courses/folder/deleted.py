"""What somebody has deleted in the browser does not come back by itself, not even under another name; a changed file does."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from lms_box.courses.folder.document import Because, Ignored, Plan, PlannedContent, PlannedSection
from lms_box.courses.folder.order import natural_key
from lms_box.courses.folder.scan import FileFact

DELETED = Because("it was deleted in the browser, and has not changed since", "deleted")
BESIDE_DELETED = Because("it goes with a lesson that was deleted", "beside_deleted")
Stamp = list[Any]
"""Size and time of a file at the last import, and for a content its id, as far as it had one: as JSON keeps them."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """By path as it is now, with the stamps to be remembered on."""

    contents: Mapping[str, Stamp] = field(default_factory=dict)
    captions: Mapping[str, Stamp] = field(default_factory=dict)


def find_deleted(
    imported: Mapping[str, Any],
    facts: Mapping[str, FileFact],
    plan: Plan,
    *,
    known: Mapping[str, UUID],
    there: Collection[str],
    captions: Collection[str],
) -> Deleted:
    """`imported` is what the last import remembered; `there` and `captions` are the paths of what the course still has."""
    lessons = _Memory(imported.get("paths", {}), facts, there)
    spoken = _Memory(imported.get("captions", {}), facts, captions)
    return Deleted(
        dict(lessons.found(one.path for one in plan.contents() if one.path not in known)),
        dict(spoken.found(path for path in _captions_of(plan) if path not in captions)),
    )


class _Memory:
    def __init__(self, before: Mapping[str, Stamp], facts: Mapping[str, FileFact], there: Collection[str]) -> None:
        self._before = before
        self._facts = facts
        left = (stamp for path, stamp in before.items() if path not in facts and path not in there)
        self._left = {(stamp[0], stamp[1]): stamp for stamp in left}

    def found(self, paths: Iterator[str]) -> Iterator[tuple[str, Stamp]]:
        """Of these, the files that were there at the last import: in this place, or in one where nothing is now."""
        for path in paths:
            stamp = (self._facts[path].size, self._facts[path].mtime_ns)
            if path in self._before and tuple(self._before[path][:2]) == stamp:
                yield path, self._before[path]
            elif path not in self._before and stamp in self._left and stamp[0]:
                yield path, self._left[stamp]


def leave_out(plan: Plan, deleted: Deleted) -> Plan:
    if not deleted.contents and not deleted.captions:
        return plan
    gone = [one for one in plan.contents() if one.path in deleted.contents]
    sections = tuple(_without(section, deleted) for section in plan.sections)
    homeless = [path for section in sections if not section.contents for path in section.attachments]
    kept = {caption.path for section in sections for one in section.contents for caption in one.captions}
    ignored = [Ignored(one.path, *DELETED) for one in gone]
    ignored += [Ignored(path, *BESIDE_DELETED) for one in gone for path in one.beside()]
    told = {one.path for one in ignored}
    ignored += [Ignored(path, *DELETED) for path in _captions_of(plan) if path not in kept and path not in told]
    return replace(
        plan,
        sections=tuple(section for section in sections if section.contents),
        attachments=(*plan.attachments, *homeless),
        ignored=tuple(sorted((*plan.ignored, *ignored), key=lambda one: natural_key(one.path))),
        changes=replace(plan.changes, added=tuple(path for path in plan.changes.added if path not in deleted.contents)),
    )


def _without(section: PlannedSection, deleted: Deleted) -> PlannedSection:
    left = (one for one in section.contents if one.path not in deleted.contents)
    return replace(section, contents=tuple(_without_captions(one, deleted) for one in left))


def _without_captions(content: PlannedContent, deleted: Deleted) -> PlannedContent:
    return replace(content, captions=tuple(one for one in content.captions if one.path not in deleted.captions))


def remembered(plan: Plan, facts: Mapping[str, FileFact], deleted: Deleted, *, known: Mapping[str, UUID]) -> dict[str, Any]:
    """For the next import."""

    def stamp(path: str) -> Stamp:
        return [facts[path].size, facts[path].mtime_ns]

    contents = {one.path: [*stamp(one.path), _id(known.get(one.path))] for one in plan.contents()}
    captions = {path: stamp(path) for path in _captions_of(plan)}
    return {"paths": contents | dict(deleted.contents), "captions": captions | dict(deleted.captions)}


def _id(known: UUID | None) -> str | None:
    return str(known) if known else None


def _captions_of(plan: Plan) -> Iterator[str]:
    for content in plan.contents():
        yield from (caption.path for caption in content.captions)
