"""What a person said of a course, laid over what the rules made of it: named files stand where they are named."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from unicodedata import normalize

from lms_box.courses.folder.captions import track_of
from lms_box.courses.folder.document import Because, Ignored, Plan, PlannedCaption, PlannedContent, PlannedSection, Reason
from lms_box.courses.folder.entries import entry_of
from lms_box.courses.folder.kinds import LESSONS
from lms_box.courses.folder.order import natural_key
from lms_box.courses.folder.scan import FileFact
from lms_box.courses.folder.titles import spaced, without_tags
from lms_box.courses.folder.wishes import By, SaidCaption, SaidContent, SaidSection, Wishes

Where = tuple[str | int, ...]
SAYS: dict[By, Because] = {
    "course.toml": Because("course.toml says so", "course_file_says_so"),
    "you": Because("you said so", "you_said_so"),
}
SAID: dict[By, Reason] = {
    "course.toml": Reason("course.toml says so", "course_file_says_so"),
    "you": Reason("you said so", "you_said_so"),
}
FIELDS = ("title", "description", "instructor", "difficulty", "category", "completion_threshold", "status")


def find_mistakes(wishes: Wishes, facts: Iterable[FileFact]) -> Iterator[tuple[Where, str]]:
    """Named files that are not there, cannot be taken, or are named twice."""
    names = Names(facts)
    seen: set[str] = set()
    for path, where in wishes.paths():
        found = names.find(path)
        if found is None:
            yield where, f"there is no file “{path}” in the folder"
        elif found.trouble:
            yield where, f"“{path}” cannot be taken: {found.trouble}"
        elif found.path in seen:
            yield where, f"“{path}” has a place already; each file can stand in one only"
        else:
            seen.add(found.path)


class Names:
    """Finds files by path, also where it is written with other bytes for the same letters (NFC, NFD)."""

    def __init__(self, facts: Iterable[FileFact]) -> None:
        self._facts = {fact.path: fact for fact in facts}
        self._normal = {normalize("NFC", path): fact for path, fact in self._facts.items()}

    def find(self, path: str) -> FileFact | None:
        return self._facts.get(path) or self._normal.get(normalize("NFC", path))

    def exact(self, path: str) -> str:
        found = self.find(path)
        return found.path if found else path


def is_unwanted(path: str, ignore: Iterable[str]) -> bool:
    """By its path, by a folder above it, or by a pattern."""
    return any(
        path == one or path.startswith(f"{one.rstrip('/')}/") or fnmatchcase(normalize("NFC", path), normalize("NFC", one))
        for one in ignore
    )


def part_unwanted(facts: Sequence[FileFact], wishes: Wishes, by: By) -> tuple[list[FileFact], list[Ignored]]:
    """What is named has a place, whatever pattern it fits."""
    if not wishes.ignore:
        return list(facts), []
    names = Names(facts)
    named = {names.exact(path) for path, _ in wishes.paths()}
    unwanted = {fact.path for fact in facts if fact.path not in named and is_unwanted(fact.path, wishes.ignore)}
    return [fact for fact in facts if fact.path not in unwanted], [Ignored(path, *SAYS[by]) for path in unwanted]


@dataclass
class _Arranging:
    wishes: Wishes
    by: By
    names: Names
    guessed: Mapping[str, PlannedContent]
    named: set[str]
    spare: list[str] = field(default_factory=list)
    """What has lost its place to what was said: it goes with the whole course."""


def arrange(plan: Plan, facts: Sequence[FileFact], wishes: Wishes, by: By) -> Plan:
    """`plan` is what the rules say of `facts`; the wishes have no mistakes. Every file keeps or gets one place."""
    names = Names(facts)
    named = {names.exact(path) for path, _ in wishes.paths()}
    work = _Arranging(wishes, by, names, {one.path: one for one in plan.contents()}, named)
    sections = _sections(work, plan)
    cover = _cover(work, plan)
    description = plan.description if plan.description not in named else None
    ignored = [one for one in plan.ignored if one.path not in named]
    if description and wishes.description is not None:
        ignored.append(Ignored(description, f"the description is another: {SAYS[by].reason}", "another_description"))
        description = None
    attachments = [path for path in plan.attachments if path not in named] + sorted(work.spare, key=natural_key)
    if wishes.attachments is not None:
        ignored += [Ignored(path, f"it has no place: {SAYS[by].reason}", "no_place") for path in attachments]
        attachments = [names.exact(path) for path in wishes.attachments]
    fields = {name: value for name in FIELDS if (value := getattr(wishes, name, None)) is not None}
    return replace(
        plan,
        cover=cover,
        description=description,
        sections=sections,
        attachments=tuple(attachments),
        ignored=tuple(sorted(ignored, key=lambda one: natural_key(one.path))),
        fields=fields | {"title": plan.title},
    )


def _cover(work: _Arranging, plan: Plan) -> str | None:
    guessed = plan.cover if plan.cover not in work.named else None
    if work.wishes.cover is None:
        return guessed
    work.spare += [guessed] if guessed else []
    return work.names.exact(work.wishes.cover)


def _sections(work: _Arranging, plan: Plan) -> tuple[PlannedSection, ...]:
    left = list(plan.sections)
    for path in work.guessed.keys() & (work.named - {work.names.exact(one.path) for one in _said_contents(work.wishes)}):
        _lose(work, work.guessed[path])
    said = [_said_section(work, one, _take_guess(left, one)) for one in work.wishes.sections]
    return (*said, *filter(None, (_rest_of(work, one) for one in left)))


def _said_contents(wishes: Wishes) -> Iterator[SaidContent]:
    for section in wishes.sections:
        yield from section.contents


def _take_guess(left: list[PlannedSection], said: SaidSection) -> PlannedSection | None:
    """The section by the rules that this one stands for: by its folder, else by its title."""
    if said.folder is not None:
        wanted = normalize("NFC", said.folder.rstrip("/"))
        found = next((one for one in left if normalize("NFC", one.folder) == wanted), None)
    else:
        found = next((one for one in left if one.title == said.title), None)
    if found:
        left.remove(found)
    return found


def _said_section(work: _Arranging, said: SaidSection, guess: PlannedSection | None) -> PlannedSection:
    contents = [_said_content(work, one) for one in said.contents]
    folder = said.folder.rstrip("/") if said.folder is not None else guess.folder if guess else f"= {said.title}"
    if guess:
        contents += _unnamed(work, guess)
    guessed = guess.attachments if guess else ()
    attachments = _said_or_guessed(work, said.attachments, guessed)
    return PlannedSection(said.title, attachments, tuple(contents), folder=folder, number=guess.number if guess else "")


def _unnamed(work: _Arranging, guess: PlannedSection) -> list[PlannedContent]:
    return [_without_named(work, one) for one in guess.contents if one.path not in work.named]


def _rest_of(work: _Arranging, guess: PlannedSection) -> PlannedSection | None:
    """A section that nothing is left of is none."""
    contents = _unnamed(work, guess)
    attachments = tuple(path for path in guess.attachments if path not in work.named)
    if not contents:
        work.spare += attachments
        return None
    return replace(guess, contents=tuple(contents), attachments=attachments)


def _said_or_guessed(work: _Arranging, said: Sequence[str] | None, guessed: Iterable[str]) -> tuple[str, ...]:
    free = [path for path in guessed if path not in work.named]
    if said is None:
        return tuple(free)
    work.spare += free
    return tuple(work.names.exact(path) for path in said)


def _said_content(work: _Arranging, said: SaidContent) -> PlannedContent:
    path = work.names.exact(said.path)
    guess = work.guessed.get(path) or _content_of(work, path)
    captions = tuple(one for one in guess.captions if one.path not in work.named)
    if said.captions is not None:
        work.spare += [one.path for one in captions]
        captions = tuple(_said_caption(work, guess, one) for one in said.captions)
    return replace(
        guess,
        title=said.title or guess.title,
        type=said.type or guess.type,
        confidence="high",
        reasons=(SAID[work.by],),
        doubts=(),
        captions=captions,
        attachments=_said_or_guessed(work, said.attachments, guess.attachments),
        description=said.description,
        is_preview=said.is_preview,
        is_archived=said.is_archived,
    )


def _said_caption(work: _Arranging, guess: PlannedContent, said: SaidCaption) -> PlannedCaption:
    """Whether it is chapters, its name says."""
    path = work.names.exact(said.path)
    guessed = next((one for one in guess.captions if one.path == path), PlannedCaption(path, None, track_of(path)))
    return replace(guessed, language=said.language)


def _content_of(work: _Arranging, path: str) -> PlannedContent:
    """Of a file that the rules see no lesson in."""
    fact = work.names.find(path)
    assert fact, "mistakes are found before"
    entry = entry_of(fact)
    return PlannedContent(path, spaced(without_tags(entry.stem)) or entry.stem, LESSONS.get(entry.kind, "file"), "high")


def _without_named(work: _Arranging, content: PlannedContent) -> PlannedContent:
    captions = tuple(one for one in content.captions if one.path not in work.named)
    attachments = tuple(path for path in content.attachments if path not in work.named)
    return replace(content, captions=captions, attachments=attachments)


def _lose(work: _Arranging, content: PlannedContent) -> None:
    """A lesson by the rules that is said to be something else: what went with it looks for another place."""
    beside = [*(one.path for one in content.captions), *content.attachments]
    work.spare += [path for path in beside if path not in work.named]
