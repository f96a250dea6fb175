"""The plan of a course, as a pure function of the facts of a folder: every file stands in exactly one place."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from lms_box.courses.folder.arranging import arrange, part_unwanted
from lms_box.courses.folder.captions import MISSING, Match, match_captions
from lms_box.courses.folder.companions import Attached, attach, recording_of
from lms_box.courses.folder.document import (
    Changes,
    ContentType,
    Ignored,
    Plan,
    PlannedCaption,
    PlannedContent,
    PlannedSection,
    Reason,
)
from lms_box.courses.folder.entries import Entry, Folder, Lesson
from lms_box.courses.folder.front import is_readme, own_title
from lms_box.courses.folder.kinds import LESSONS
from lms_box.courses.folder.lessons import Company, Doubts, weigh
from lms_box.courses.folder.neighbours import Neighbours
from lms_box.courses.folder.numbering import Numbering, numbering_of
from lms_box.courses.folder.order import natural_key
from lms_box.courses.folder.scan import FileFact
from lms_box.courses.folder.sections import Outline, number_text, order_key
from lms_box.courses.folder.sorting import Sorted, sort_files
from lms_box.courses.folder.titles import readable, spaced
from lms_box.courses.folder.wishes import By, Wishes


@dataclass
class Understood:
    """What the steps have found out so far."""

    files: Sorted
    outline: Outline
    lessons: Mapping[Folder, Sequence[Lesson]]
    captions: Mapping[str, Sequence[tuple[Entry, Match]]]
    attached: Attached


NO_WISHES = Wishes()


def make_plan(
    facts: Iterable[FileFact], *, name: str, title: str | None = None, wishes: Wishes = NO_WISHES, by: By = "course.toml"
) -> Plan:
    """`name` is the folder's. Wishes without mistakes win over the rules; a title that is given wins over both.

    Until it is compared with a course, every content counts as added.
    """
    listed = list(facts)
    taken, unwanted = part_unwanted(listed, wishes, by)
    course_title = title or wishes.title or spaced(readable(name)) or name
    guessed = _guess(taken, course_title)
    guessed = replace(guessed, ignored=(*guessed.ignored, *unwanted))
    plan = arrange(guessed, taken, wishes, by)
    return replace(plan, changes=Changes(added=tuple(content.path for content in plan.contents())))


def _guess(facts: Iterable[FileFact], course_title: str) -> Plan:
    files = sort_files(facts)
    numberings = _numberings(files.lessons)
    lessons, companions = _part_companions(files.lessons, numberings)
    matched = match_captions(files.captions, Neighbours(filter(_is_recording, lessons), numberings))
    files.ignored += [Ignored(entry.path, *MISSING) for entry in matched.lonely]
    outline = Outline({lesson.entry.folder for lesson in lessons}, course_title)
    attached = attach(files.loose, Neighbours(lessons, numberings), files.places, outline.ordered())
    _attach_companions(attached, companions)
    known = Understood(files, outline, _by_folder(lessons), matched.found, attached)
    sections = tuple(_section(known, folder) for folder in outline.ordered())
    return Plan(
        title=course_title,
        cover=files.cover.path if files.cover else None,
        description=files.description.path if files.description else None,
        sections=sections,
        attachments=_in_order(attached.to_course),
        ignored=tuple(files.ignored),
    )


def _is_recording(lesson: Lesson) -> bool:
    return lesson.entry.is_recording


def _numberings(entries: Iterable[Entry]) -> dict[Folder, Numbering]:
    stems: dict[Folder, list[str]] = defaultdict(list)
    for entry in entries:
        if not is_readme(entry):
            stems[entry.folder].append(entry.stem)
    return {folder: numbering_of(names) for folder, names in stems.items()}


def _by_folder(lessons: Iterable[Lesson]) -> dict[Folder, list[Lesson]]:
    """The page that opens a folder comes first."""
    found: dict[Folder, list[Lesson]] = defaultdict(list)
    for lesson in sorted(lessons, key=lambda one: (not is_readme(one.entry), order_key(one.named, one.path))):
        found[lesson.entry.folder].append(lesson)
    return found


Companion = tuple[Lesson, Lesson, bool]


def _part_companions(entries: Iterable[Entry], numberings: Mapping[Folder, Numbering]) -> tuple[list[Lesson], list[Companion]]:
    """Lessons in their own right, and (companion, its recording, no doubt)."""
    candidates = [Lesson(entry, numberings.get(entry.folder, Numbering()).read(entry.stem)) for entry in entries]
    recordings = Neighbours(filter(_is_recording, candidates), numberings)
    lessons, companions = [], []
    for lesson in candidates:
        found = None if is_readme(lesson.entry) else recording_of(lesson, recordings)
        if found:
            companions.append((lesson, *found))
        else:
            lessons.append(lesson)
    return lessons, companions


def _attach_companions(attached: Attached, companions: Iterable[Companion]) -> None:
    for companion, recording, sure in companions:
        attached.to_lessons[recording.path].append(companion.path)
        if not sure:
            name = companion.path.rpartition("/")[2]
            attached.doubts[recording.path].append(Reason(f"{name} may be a lesson of its own", "companion", name))


def _section(known: Understood, folder: Folder) -> PlannedSection:
    lessons = known.lessons[folder]
    company = Company(lessons)
    return PlannedSection(
        title=known.outline.title(folder),
        attachments=_in_order(known.attached.to_sections[folder]),
        contents=tuple(_content(known, lesson, company) for lesson in lessons),
        folder="/".join(folder),
        number=known.outline.number(folder),
    )


def _content(known: Understood, lesson: Lesson, company: Company) -> PlannedContent:
    doubts = weigh(lesson, company)
    for reason in known.attached.doubts[lesson.path]:
        doubts.doubt(reason)
    title = _title(known, lesson, doubts)
    captions, tracks = _captions(known.captions.get(lesson.path, ()), doubts)
    return PlannedContent(
        path=lesson.path,
        title=title,
        type=_content_type(lesson),
        confidence=doubts.confidence,
        reasons=tuple(doubts.reasons),
        captions=captions,
        attachments=_in_order([*known.attached.to_lessons[lesson.path], *tracks]),
        number=number_text(lesson.named.number),
        doubts=tuple(doubts.doubts),
    )


def _content_type(lesson: Lesson) -> ContentType:
    return LESSONS[lesson.entry.kind]


def _title(known: Understood, lesson: Lesson, doubts: Doubts) -> str:
    said = own_title(lesson.entry)
    if said:
        doubts.note(said[1])
        return said[0]
    return known.outline.own_title(lesson.entry.folder) if is_readme(lesson.entry) else lesson.named.title


def _captions(matches: Sequence[tuple[Entry, Match]], doubts: Doubts) -> tuple[tuple[PlannedCaption, ...], list[str]]:
    """Captions by language, then chapters; descriptions and their like go along as attachments."""
    for reason, guessed in dict.fromkeys((match.how, match.guessed) for _, match in matches if match.how):
        doubts.doubt(reason, guessed=guessed)
    shown = [PlannedCaption(entry.path, match.language, match.track) for entry, match in matches if match.track != "other"]
    shown.sort(key=lambda caption: (caption.kind, caption.language or "", natural_key(caption.path)))
    return tuple(shown), [entry.path for entry, match in matches if match.track == "other"]


def _in_order(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(paths, key=natural_key))
