"""The whole way from a folder to a course: scan, plan, take the bytes in, apply."""

import asyncio
import hashlib
import json
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.box import Box
from lms_box.courses.assets import prefix_of, remove_after_commit
from lms_box.courses.folder.apply import Wanted, apply_plan
from lms_box.courses.folder.archives import TAR, ZIP
from lms_box.courses.folder.arranging import find_mistakes
from lms_box.courses.folder.changes import Comparison, compare
from lms_box.courses.folder.course_file import read_course_file
from lms_box.courses.folder.course_files import CourseFiles, CourseState, course_files, course_state
from lms_box.courses.folder.cover import make_thumbnail, thumbnail_key
from lms_box.courses.folder.description import read_description
from lms_box.courses.folder.document import Ignored, Plan
from lms_box.courses.folder.intake import OnStep, Stored, take_files
from lms_box.courses.folder.options import ImportOptions
from lms_box.courses.folder.plan import make_plan
from lms_box.courses.folder.scan import FileFact, Snapshot, take_snapshot
from lms_box.courses.folder.scope import Scope
from lms_box.courses.folder.settling import Settled, settle
from lms_box.courses.folder.wishes import BY_FILE, BY_HAND, CourseFile, Wishes
from lms_box.courses.tables import Course
from lms_box.db.base import new_id, now
from lms_box.errors import Invalid, NotFound
from lms_box.storage import pending


@dataclass(frozen=True)
class Preview:
    """What an import would do: the plan with its changes, and what they were read from."""

    plan: Plan
    snapshot: Snapshot
    said: CourseFile
    course: Course | None
    files: CourseFiles
    comparison: Comparison
    guessed: Plan
    """The plan before it was laid over the course that is there."""
    by_hand: bool
    scope: Scope

    @property
    def print(self) -> str:
        """Tells this plan of these files from any other."""
        stamps = [(path, fact.size, fact.mtime_ns) for path in self.guessed.stored_paths() if (fact := self.facts[path])]
        told = json.dumps([{**self.guessed.document(), "changes": None}, dict(self.guessed.fields), stamps])
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()

    @cached_property
    def facts(self) -> dict[str, FileFact]:
        return {fact.path: fact for fact in self.snapshot.files}


@dataclass(frozen=True, slots=True)
class Imported:
    course_id: UUID
    created: bool
    plan: Plan


@dataclass(frozen=True, slots=True)
class Taken:
    """What an import has at hand before its transaction; `thumbnail` is a key, None where there is no new one."""

    course_id: UUID
    known: dict[str, UUID]
    stored: dict[str, Stored]
    thumbnail: str | None = None

    @property
    def prefixes(self) -> list[str]:
        """Where it has stored something that nothing refers to yet."""
        kept = [prefix_of(one.asset_id) for one in self.stored.values()]
        return [*kept, self.thumbnail] if self.thumbnail else kept


async def preview_folder(box: Box, options: ImportOptions) -> Preview:
    """Changes nothing. Raises NotFound or Invalid when there is no such folder or nothing in it."""
    snapshot, said, plan = await asyncio.to_thread(_understand, options)
    _require_something(plan, str(options.name or options.folder))
    async with box.db.reading() as session:
        course = await _find_course(session, snapshot, said, options)
        files = await course_files(session, course_id=course.id if course else None)
        state = await course_state(session, course_id=course.id if course else None)
    facts = {fact.path: fact for fact in snapshot.files}
    scope = Scope.of(snapshot.files, state.imported, keep=options.keep and course is not None)
    comparison = await asyncio.to_thread(
        compare,
        [facts[content.path] for content in plan.contents()],
        [one for one in files.contents if scope.holds(one.path)],
        lambda fact: _sha256(snapshot, fact),
    )
    comparison = comparison.without_removed() if scope.keep else comparison
    plan = replace(_added(plan, said, course) if scope.keep and course else plan, changes=comparison.changes)
    settled = await asyncio.to_thread(_settle, plan, facts, comparison, state, options, scope)
    return Preview(settled.plan, snapshot, said, course, files, comparison, plan, options.wishes is not None, scope)


def _added(plan: Plan, said: CourseFile, course: Course) -> Plan:
    """What is added to a course does not name it."""
    if said.title:
        return plan
    return replace(plan, title=course.title, fields={name: value for name, value in plan.fields.items() if name != "title"})


def _require_something(plan: Plan, name: str) -> None:
    if not any(plan.stored_paths()):
        raise Invalid(f"There is nothing to import in {name}: no video, sound, document or other file.")
    archive = next((path for path in plan.stored_paths() if path.lower().endswith(ZIP + TAR)), None)
    if archive and not any(plan.contents()):
        raise Invalid(f"There is no lesson in {name}, but {archive}: import that file by itself, and it is unpacked.")


def _settle(
    plan: Plan, facts: dict[str, FileFact], comparison: Comparison, state: CourseState, options: ImportOptions, scope: Scope
) -> Settled:
    forced = [name for name, is_said in (("title", options.title), ("status", options.publish)) if is_said]
    if options.publish:
        plan = replace(plan, fields={**plan.fields, "status": "published"})
    return settle(plan, facts, comparison, state, by_hand=options.wishes is not None, forced=forced, scope=scope)


def _understand(options: ImportOptions) -> tuple[Snapshot, CourseFile, Plan]:
    snapshot = take_snapshot(options.folder)
    said, by = read_course_file(snapshot), BY_FILE
    snapshot = snapshot.with_coming(options.coming)
    if options.wishes is not None:
        said, by = _combined(said, options.wishes, snapshot), BY_HAND
    name = options.name or snapshot.root.name
    plan = make_plan(snapshot.files, name=name, title=options.title, wishes=said, by=by)
    if plan.description:
        plan = replace(plan, fields={**plan.fields, "description": read_description(snapshot, plan.description)})
    return snapshot, said, plan


def _combined(said: CourseFile, wishes: Wishes, snapshot: Snapshot) -> CourseFile:
    given = {name: getattr(wishes, name) for name in wishes.model_fields_set}
    said = said.model_copy(update=given)
    mistakes = [(".".join(map(str, where)), "unknown_file", words) for where, words in find_mistakes(said, snapshot.files)]
    if mistakes:
        raise Invalid(f"The plan cannot be followed: {mistakes[0][2]}.", code="bad_plan", fields=tuple(mistakes))
    return said


async def import_folder(box: Box, options: ImportOptions, *, on_step: OnStep) -> Imported:
    """Makes or brings up to date the folder's course; whatever stops it, the course is as before or as planned."""
    preview = await preview_folder(box, options)
    if preview.course is not None and _is_as_before(preview, preview.course, options):
        return Imported(preview.course.id, created=False, plan=preview.plan)
    known, to_take = _already_stored(preview)
    stored = await take_files(box, preview.snapshot, to_take, how=options.how, on_step=on_step)
    course_id = preview.course.id if preview.course else preview.said.id or new_id()
    taken = Taken(course_id, known, stored, _thumbnail_key(box, preview, course_id))
    try:
        return await _apply(box, options, *await _with_cover(box, preview, taken))
    except BaseException:
        await pending.discard(box.db, box.storage, prefixes=taken.prefixes)
        raise


async def _apply(box: Box, options: ImportOptions, preview: Preview, taken: Taken) -> Imported:
    facts = preview.facts
    wanted = Wanted(facts, preview.comparison, taken.known, taken.stored, preview.scope)
    async with box.db.writing() as session:
        course, created = await _course_for(session, taken.course_id, preview, options)
        state = CourseState() if created else await course_state(session, course_id=course.id)
        settled = _settle(preview.guessed, facts, preview.comparison, state, options, preview.scope)
        unneeded = await apply_plan(session, course=course, settled=settled, wanted=wanted, prune=options.prune)
        unneeded += _show_thumbnail(course, preview, taken)
        await pending.settle(session, prefixes=taken.prefixes)
        if options.in_transaction is not None:
            await options.in_transaction(session, course.id, settled.plan)
        remove_after_commit(session, box, unneeded)
    return Imported(course.id, created, settled.plan)


def _is_as_before(preview: Preview, course: Course, options: ImportOptions) -> bool:
    """The same files and the same plan as at the last import: what was changed since then was changed by hand, and stays."""
    if options.prune or options.wishes is not None or options.in_transaction is not None:
        return False
    if options.keep_path and course.folder != _folder_key(options.known_by or preview.snapshot.root):
        return False
    if (options.title or course.title) != course.title or (options.publish and course.status != "published"):
        return False
    left_out_by_hand = len(preview.plan.ignored) > len(preview.guessed.ignored)
    return not left_out_by_hand and course.imported.get("print") == preview.print


def _show_thumbnail(course: Course, preview: Preview, taken: Taken) -> list[str]:
    """Remembers which cover it was. Returns the prefix of the picture before."""
    fact = preview.facts.get(preview.guessed.cover or "")
    if fact is not None:
        course.imported = {**course.imported, "cover": [fact.path, fact.size, fact.mtime_ns]}
    course.imported = {**course.imported, "print": preview.print}
    if taken.thumbnail is None:
        return []
    before = [course.thumbnail_key] if course.thumbnail_key else []
    course.thumbnail_key, course.updated_at = taken.thumbnail, now()
    return before


def _already_stored(preview: Preview) -> tuple[dict[str, UUID], list[FileFact]]:
    """The assets of files that look as at the last import, and the files that have to be read."""
    plan = preview.plan
    facts = preview.facts
    known: dict[str, UUID] = {}
    to_take: list[FileFact] = []
    for path in plan.stored_paths():
        fact = facts[path]
        if path in (plan.cover, plan.description):
            continue
        if asset_id := preview.files.assets.get((path, fact.size, fact.mtime_ns)):
            known[path] = asset_id
        else:
            to_take.append(fact)
    return known, to_take


def _thumbnail_key(box: Box, preview: Preview, course_id: UUID) -> str | None:
    """None where the folder has no cover, or the course shows this very one already."""
    cover = preview.plan.cover
    if cover is None:
        return None
    fact, course = preview.facts[cover], preview.course
    if course is not None and not _may_show(course, fact, by_hand=preview.by_hand):
        return None
    key = thumbnail_key(box, preview.snapshot.absolute(preview.facts[cover]), course_id=course_id)
    return None if preview.course and preview.course.thumbnail_key == key else key


def _may_show(course: Course, fact: FileFact, *, by_hand: bool) -> bool:
    """Not the same cover again, and not an older one than somebody has chosen in the browser."""
    if course.imported.get("cover") == [fact.path, fact.size, fact.mtime_ns]:
        return False
    return by_hand or course.thumbnail_key is None or fact.changed_ns / 1e9 > course.updated_at.timestamp()


async def _with_cover(box: Box, preview: Preview, taken: Taken) -> tuple[Preview, Taken]:
    """Makes the thumbnail; a cover that is no picture is left out and said so."""
    plan, key = preview.plan, taken.thumbnail
    if plan.cover is None or key is None:
        return preview, taken
    picture = preview.snapshot.absolute(preview.facts[plan.cover])
    reason = await make_thumbnail(box, picture, name=plan.cover, key=key)
    if reason is None:
        return preview, taken
    left_out = Ignored(plan.cover, reason, "no_picture")
    guessed = replace(preview.guessed, cover=None, ignored=(*preview.guessed.ignored, left_out))
    return replace(preview, guessed=guessed), replace(taken, thumbnail=None)


async def _course_for(session: AsyncSession, course_id: UUID, preview: Preview, options: ImportOptions) -> tuple[Course, bool]:
    course = await session.get(Course, course_id, with_for_update=True)
    created = course is None
    if course is None:
        course = Course(id=course_id, title=preview.plan.title)
        session.add(course)
    if options.keep_path:
        await _keep_path(session, course, _folder_key(options.known_by or preview.snapshot.root))
    await session.flush()
    return course, created


async def _keep_path(session: AsyncSession, course: Course, folder: str) -> None:
    """A folder is one course: what it was before is known by its id alone."""
    other = await session.scalar(select(Course).where(Course.folder == folder, Course.id != course.id))
    if other is not None:
        other.folder = None
        await session.flush()
    course.folder = folder


async def _find_course(session: AsyncSession, snapshot: Snapshot, said: CourseFile, options: ImportOptions) -> Course | None:
    """`--course` says which course a folder is, else the id in its course.toml, else its real path."""
    if options.course_id is not None:
        course = await session.get(Course, options.course_id)
        if course is None:
            raise NotFound(f"There is no course {options.course_id}. `lms course list` shows what there is.")
        return course
    if said.id is not None:
        return await session.get(Course, said.id)
    if not options.keep_path:
        return None
    return await session.scalar(select(Course).where(Course.folder == _folder_key(options.known_by or snapshot.root)))


def _folder_key(path: Path) -> str:
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _sha256(snapshot: Snapshot, fact: FileFact) -> str:
    if not fact.is_here:
        return ""  # like no other file
    with snapshot.absolute(fact).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
