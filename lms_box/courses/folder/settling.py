"""Lays a plan over the course that is there: what was changed by hand stays, unless the folder has changed it since. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from lms_box.courses.folder.changes import Comparison, KnownFile
from lms_box.courses.folder.course_files import CONTENT_VALUES, ContentState, CourseState, SectionState
from lms_box.courses.folder.deleted import find_deleted, leave_out, remembered
from lms_box.courses.folder.document import Plan, PlannedContent, PlannedSection, Reason, ReasonCode
from lms_box.courses.folder.edits import UNSAID, Edit, Part, Side, Unsaid, decide, decide_layout
from lms_box.courses.folder.front import SETTINGS
from lms_box.courses.folder.scan import FileFact
from lms_box.courses.folder.scope import Scope

Key = UUID | str
"""Of a section or content: its id, or for a new one its folder or path."""
WORDS: dict[Side, tuple[str, ReasonCode]] = {
    "browser": ("was changed in the browser, which stays", "edit_stays"),
    "folder": ("was changed in the browser, and later by the folder", "edit_overruled"),
}
NAMES = {"title": "title", "description": "description", "is_preview": "preview", "is_archived": "place in the archive"}


@dataclass(frozen=True, slots=True)
class SettledSection:
    key: Key
    title: str
    imported: Mapping[str, Any]
    contents: tuple[Key, ...]
    attachments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """`plan` as it will be shown, with the winners in it; `values` are to be written, by key of a content."""

    plan: Plan
    sections: tuple[SettledSection, ...]
    contents: Mapping[Key, PlannedContent]
    known: Mapping[str, UUID]
    values: Mapping[Key, Mapping[str, Any]]
    course: Mapping[str, Any]
    imported: Mapping[str, Any]
    """For the course: what the next import compares with."""
    order: tuple[Part[Key], ...]
    """As the folder says it, to be remembered too when every section and content has an id."""


@dataclass(frozen=True)
class _Settling:
    facts: Mapping[str, FileFact]
    state: CourseState
    by_hand: bool
    known: Mapping[str, UUID]
    edits: list[Edit]

    @property
    def settings_changed(self) -> int:
        fact = self.facts.get(SETTINGS)
        return fact.changed_ns if fact else 0

    def key(self, path: str) -> Key:
        return self.known.get(path, path)

    def is_newer(self, changed_ns: int, edited_at: float) -> bool:
        return self.by_hand or max(changed_ns, self.settings_changed) / 1e9 > edited_at


def settle(
    plan: Plan,
    facts: Mapping[str, FileFact],
    comparison: Comparison,
    state: CourseState,
    *,
    by_hand: bool,
    scope: Scope,
    forced: Iterable[str] = (),
) -> Settled:
    """`by_hand`: somebody has just looked at this plan and said yes. `forced` are course's fields that were said outright."""
    known = {path: one.id for path, one in comparison.known.items() if one.id in state.contents}
    work = _Settling(facts, state, by_hand, known, [])
    there = {one.path for one in (*comparison.known.values(), *comparison.removed) if one.id in state.contents}
    before = {} if by_hand else state.imported
    deleted = find_deleted(before, facts, plan, known=known, there=there, captions=state.captions)
    plan = leave_out(plan, deleted)
    matched = _match_sections(work, plan)
    theirs = [Part(matched[section.folder], tuple(work.key(one.path) for one in section.contents)) for section in plan.sections]
    layout, winner = decide_layout(
        _before(state), _ours(state, comparison), theirs, is_newer=_order_is_newer(work, plan, comparison)
    )
    if winner:
        work.edits.append(Edit(None, "order", winner))
    contents = {work.key(one.path): one for one in plan.contents()}
    decided = {key: _decide_content(work, one) for key, one in contents.items()}
    sections = _settled_sections(work, plan, matched, layout)
    course = _decide_course(work, plan, set(forced))
    shown = _shown(plan, sections, contents, decided, course, work.edits)
    imported = {"fields": dict(plan.fields), **remembered(plan, facts, deleted, known=known)}
    settled = Settled(shown, sections, contents, known, decided, course, imported | scope.remembered(), tuple(theirs))
    return _added(settled, state, scope) if scope.keep else settled


def _added(settled: Settled, state: CourseState, scope: Scope) -> Settled:
    """The next import of the course's own folder compares with the last one; shown is what comes to the course."""
    before = _before(state)
    own = tuple(section for section in settled.plan.sections if section.contents or section.attachments)
    return replace(
        settled,
        plan=replace(settled.plan, sections=own),
        imported={**state.imported, **scope.remembered()},
        order=() if isinstance(before, Unsaid) else tuple(before),
    )


def _match_sections(work: _Settling, plan: Plan) -> dict[str, Key]:
    """By folder, by title, by what stands in them: a section that was renamed on one side is the same one."""
    free = {one.id: one for one in work.state.sections}
    found: dict[str, Key] = {}
    for same in (_same_folder, _same_title, _same_contents):
        for section in plan.sections:
            if section.folder not in found and (one := same(work, section, free)):
                found[section.folder] = one
                del free[one]
    return {section.folder: found.get(section.folder, f"section {section.folder}") for section in plan.sections}


def _same_folder(_: _Settling, section: PlannedSection, free: Mapping[UUID, SectionState]) -> UUID | None:
    return next((one.id for one in free.values() if one.imported.get("folder") == section.folder), None)


def _same_title(_: _Settling, section: PlannedSection, free: Mapping[UUID, SectionState]) -> UUID | None:
    titles = ((one.id, (one.title, one.imported.get("title"))) for one in free.values())
    return next((key for key, said in titles if section.title in said), None)


def _same_contents(work: _Settling, section: PlannedSection, free: Mapping[UUID, SectionState]) -> UUID | None:
    ids = (work.known.get(one.path) for one in section.contents)
    holders = Counter(work.state.contents[one].section_id for one in ids if one)
    return next(
        (holder for holder, count in holders.most_common() if holder in free and 2 * count > len(section.contents)), None
    )


def _before(state: CourseState) -> list[Part[Key]] | Unsaid:
    if "order" not in state.imported:
        return UNSAID
    return [Part(_key(section), tuple(map(_key, contents))) for section, contents in state.imported["order"]]


def _key(text: str) -> Key:
    """A section that somebody has dissolved has no id."""
    with suppress(ValueError):
        return UUID(text)
    return text


def _ours(state: CourseState, comparison: Comparison) -> list[Part[Key]]:
    """What is shown, but for what is leaving with its file now."""
    leaving = {
        one.id for one in comparison.removed if one.id in state.contents and not state.contents[one.id].imported.get("left")
    }
    shown = [one for one in state.contents.values() if not one.values["is_archived"] and one.id not in leaving]
    return [
        Part(section.id, tuple(one.id for one in shown if one.section_id == section.id))
        for section in state.sections
        if not section.imported or any(one.section_id == section.id for one in shown)
    ]


def _order_is_newer(work: _Settling, plan: Plan, comparison: Comparison) -> bool:
    """Files that stand elsewhere than at the last import."""
    moved = (one.path for one in plan.contents() if _moved(comparison.known.get(one.path), one.path))
    changed = max((work.facts[path].changed_ns for path in moved), default=0)
    return work.is_newer(changed, work.state.updated_at.timestamp())


def _moved(known: KnownFile | None, path: str) -> bool:
    return known is not None and known.path != path


def _settled_sections(
    work: _Settling, plan: Plan, matched: Mapping[str, Key], layout: Sequence[Part[Key]]
) -> tuple[SettledSection, ...]:
    planned = {matched[section.folder]: section for section in plan.sections}
    planned = _with_the_homeless(work, planned, layout)
    there: dict[Key, SectionState] = {one.id: one for one in work.state.sections}
    kept = [part for part in layout if part.contents or part.section in planned or not there[part.section].imported]
    return tuple(_settled_section(work, part, planned.get(part.section), there.get(part.section)) for part in kept)


def _with_the_homeless(
    work: _Settling, planned: Mapping[Key, PlannedSection], layout: Sequence[Part[Key]]
) -> dict[Key, PlannedSection]:
    """What is attached to a section that somebody has dissolved goes where its first lesson went."""
    where = {key: part.section for part in layout for key in part.contents}
    found = {part.section: planned[part.section] for part in layout if part.section in planned}
    for key, section in planned.items():
        heir = where.get(work.key(section.contents[0].path)) if section.contents and key not in found else None
        if heir is not None and section.attachments:
            given = found.get(heir) or replace(section, contents=(), attachments=())
            found[heir] = replace(given, attachments=(*given.attachments, *section.attachments))
    return found


def _settled_section(
    work: _Settling, part: Part[Key], planned: PlannedSection | None, there: SectionState | None
) -> SettledSection:
    if planned is None:
        assert there, "it is on one side at least"
        return SettledSection(part.section, there.title, there.imported, part.contents, ())
    title, imported = planned.title, {"folder": planned.folder, "title": planned.title}
    if there is not None and not planned.contents and planned.folder != there.imported.get("folder"):
        title, imported = there.title, dict(there.imported)
    elif there is not None:
        newest = max((work.facts[one.path].changed_ns for one in planned.contents), default=0)
        newer = work.is_newer(newest, work.state.updated_at.timestamp())
        title, winner = decide(there.imported.get("title", UNSAID), there.title, planned.title, is_newer=newer)
        if winner:
            work.edits.append(Edit(None, f"title of the section “{there.title}”", winner))
    return SettledSection(part.section, title, imported, part.contents, planned.attachments)


def _decide_content(work: _Settling, planned: PlannedContent) -> Mapping[str, Any]:
    """What is to be written of a content, with `imported` for the next time."""
    said = {name: value for name in CONTENT_VALUES if (value := getattr(planned, name)) is not None}
    known = work.known.get(planned.path)
    if known is None:
        return {**said, "imported": said}
    there = work.state.contents[known]
    newer = work.is_newer(work.facts[planned.path].changed_ns, there.updated_at.timestamp())
    values: dict[str, Any] = {}
    for name, theirs in said.items():
        values[name], winner = decide(there.imported.get(name, UNSAID), there.values[name], theirs, is_newer=newer)
        if winner:
            work.edits.append(Edit(planned.path, name, winner))
    if "is_archived" not in said and there.values["is_archived"]:
        _keep_or_bring_back(work, planned, there, values)
    return {**values, "imported": said}


def _keep_or_bring_back(work: _Settling, planned: PlannedContent, there: ContentState, values: dict[str, Any]) -> None:
    """What had left the folder comes back with its file; what was archived by hand stays so."""
    values["is_archived"] = not there.imported.get("left", False)
    if values["is_archived"]:
        work.edits.append(Edit(planned.path, "is_archived", "browser"))


def _decide_course(work: _Settling, plan: Plan, forced: set[str]) -> Mapping[str, Any]:
    if not work.state.values:
        return dict(plan.fields)
    changed = work.facts[plan.description].changed_ns if plan.description else 0
    newer = work.is_newer(changed, work.state.updated_at.timestamp())
    before = work.state.imported.get("fields", {})
    values: dict[str, Any] = {}
    for name, theirs in plan.fields.items():
        if name in forced:
            values[name] = theirs
            continue
        values[name], winner = decide(before.get(name, UNSAID), work.state.values[name], theirs, is_newer=newer)
        if winner:
            work.edits.append(Edit(None, name, winner))
    return values


def _shown(
    plan: Plan,
    sections: Iterable[SettledSection],
    contents: Mapping[Key, PlannedContent],
    decided: Mapping[Key, Mapping[str, Any]],
    course: Mapping[str, Any],
    edits: Sequence[Edit],
) -> Plan:
    numbers = {section.title: section.number for section in plan.sections}
    by_path: dict[str | None, list[Edit]] = defaultdict(list)
    for edit in edits:
        by_path[edit.path].append(edit)

    def content(key: Key) -> PlannedContent:
        return _shown_content(contents[key], decided[key], by_path[contents[key].path])

    shown = tuple(
        PlannedSection(
            section.title,
            section.attachments,
            tuple(
                _shown_content(contents[key], decided[key], by_path[contents[key].path])
                for key in section.contents
                if key in contents
            ),
            folder=str(section.imported.get("folder", section.key)),
            number=numbers.get(section.title, ""),
        )
        for section in sections
    )
    return replace(plan, title=course.get("title", plan.title), sections=shown, edits=tuple(edits), fields=course)


def _shown_content(planned: PlannedContent, decided: Mapping[str, Any], edits: Iterable[Edit]) -> PlannedContent:
    reasons = (_reason_of(edit) for edit in edits)
    return replace(planned, title=decided["title"], reasons=(*planned.reasons, *reasons))


def _reason_of(edit: Edit) -> Reason:
    words, code = WORDS[edit.winner]
    return Reason(f"its {NAMES[edit.field]} {words}", code, edit.field)
