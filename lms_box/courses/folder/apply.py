"""Makes a course what its plan says, in one transaction: the same again changes nothing."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import delete, inspect, select
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.courses.assets import (
    TIMED,
    find_asset,
    prefix_of,
    remove_unused_assets,
    replace_asset,
    show_asset,
    want_build,
)
from lms_box.courses.captions import BY_HAND
from lms_box.courses.folder.changes import Comparison
from lms_box.courses.folder.document import PlannedCaption, PlannedContent
from lms_box.courses.folder.intake import Stored
from lms_box.courses.folder.scan import FileFact
from lms_box.courses.folder.scope import Scope
from lms_box.courses.folder.settling import Key, Settled, SettledSection
from lms_box.courses.messages import CoursePage
from lms_box.courses.service import course_rows
from lms_box.courses.tables import Asset, Attachment, Caption, Content, Course, Section
from lms_box.courses.views import view_course_page
from lms_box.db.base import new_id, now
from lms_box.errors import Conflict

BATCH = 5000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was gathered before the transaction."""

    facts: Mapping[str, FileFact]
    comparison: Comparison
    known_assets: Mapping[str, UUID]
    """By path, for the files that need no taking."""
    stored: Mapping[str, Stored]
    scope: Scope


@dataclass(slots=True)
class Applying:
    """The transaction under way."""

    session: AsyncSession
    course: Course
    settled: Settled
    wanted: Wanted
    assets: dict[str, Asset] = field(default_factory=dict)
    contents: dict[UUID, Content] = field(default_factory=dict)
    sections: dict[UUID, Section] = field(default_factory=dict)
    """Those that were there before."""
    captions: dict[tuple[UUID, str], Caption] = field(default_factory=dict)
    """By content and path; like attachments, those that were there before and have not been placed yet."""
    attachments: dict[str, Attachment] = field(default_factory=dict)
    unneeded: list[str] = field(default_factory=list)
    """Prefixes of files that were taken in vain: an asset with the same bytes was there."""


async def apply_plan(session: AsyncSession, *, course: Course, settled: Settled, wanted: Wanted, prune: bool) -> list[str]:
    """Returns the storage prefixes that nothing refers to any more once this is committed."""
    applying = Applying(session, course, settled, wanted)
    before = await _shown(applying)
    await _keep_assets(applying)
    await _find_what_is_there(applying)
    kept, ids = await _place_sections(applying)
    await _attach(applying, settled.plan.attachments)
    left: list[Caption | Attachment] = [*applying.captions.values(), *applying.attachments.values()]
    for one in left:
        if wanted.scope.may_remove(one.path):
            await session.delete(one)
    await _let_go_of_removed(applying, prune=prune)
    await _drop_empty_sections(applying, kept)
    for name, value in settled.course.items():
        setattr(course, name, value)
    _remember(course, settled, ids)
    await session.flush()
    if await _shown(applying) != before:
        course.updated_at = now()
        await session.flush()
    return applying.unneeded + await remove_unused_assets(session)


Ids = dict[Key, UUID]


async def _place_sections(applying: Applying) -> tuple[list[UUID], Ids]:
    """The sections in order, and what has become of every key."""
    kept: list[UUID] = []
    ids: Ids = {}
    count = 0
    for index, settled in enumerate(applying.settled.sections):
        section = _section_of(applying, settled)
        section.title, section.order_index, section.imported = settled.title, index, dict(settled.imported)
        await applying.session.flush()
        await _attach(applying, settled.attachments, section_id=section.id)
        for key in settled.contents:
            content = await _place(applying, key, section, count)
            ids[key] = content.id
            count += not content.is_archived
        ids[settled.key] = section.id
        kept.append(section.id)
    return kept, ids


def _section_of(applying: Applying, settled: SettledSection) -> Section:
    if isinstance(settled.key, UUID):
        return applying.sections[settled.key]
    section = Section(id=new_id(), course_id=applying.course.id)
    applying.session.add(section)
    return section


async def _place(applying: Applying, key: Key, section: Section, order: int) -> Content:
    """One that the folder knows nothing of was added by hand: it only takes its place."""
    planned = applying.settled.contents.get(key)
    if planned is not None:
        return await _place_content(applying, planned, key, section, order)
    assert isinstance(key, UUID), "what is new is planned"
    content = applying.contents[key]
    content.section_id, content.order_index = section.id, order
    return content


def _remember(course: Course, settled: Settled, ids: Ids) -> None:
    """What the next import compares with."""

    def name(key: Key) -> str:
        return str(ids.get(key, key))

    order = [[name(part.section), [name(key) for key in part.contents]] for part in settled.order]
    imported = {**settled.imported, "order": order}
    if course.imported != imported:
        course.imported = imported


async def _shown(applying: Applying) -> CoursePage:
    """What people see of the course, to tell whether anything has changed."""
    return view_course_page(await course_rows(applying.session, course=applying.course))


async def _keep_assets(applying: Applying) -> None:
    session = applying.session
    known = applying.wanted.known_assets
    there = await _assets_by_id(session, set(known.values()))
    if len(there) < len(set(known.values())):
        raise Conflict("The course was changed while this was prepared. Import it again.", code="try_again")
    applying.assets = {path: there[asset_id] for path, asset_id in known.items()}
    for path, stored in applying.wanted.stored.items():
        asset = await find_asset(session, sha256=stored.sha256)
        if asset is None:
            asset = _new_asset(stored)
            session.add(asset)
            await session.flush()
        else:
            applying.unneeded.append(prefix_of(stored.asset_id))
        applying.assets[path] = asset


async def _assets_by_id(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, Asset]:
    found: dict[UUID, Asset] = {}
    listed = list(ids)
    for start in range(0, len(listed), BATCH):
        rows = await session.scalars(select(Asset).where(Asset.id.in_(listed[start : start + BATCH])))
        found |= {asset.id: asset for asset in rows}
    return found


def _new_asset(stored: Stored) -> Asset:
    return Asset(
        id=stored.asset_id,
        sha256=stored.sha256,
        key=stored.key,
        size=stored.size,
        kind=stored.kind,
        media_type=stored.media_type,
        status="stored",
        duration=stored.duration,
    )


async def _find_what_is_there(applying: Applying) -> None:
    """A caption or attachment at the same path is the same one: addresses that people have kept stay good."""
    session, course_id = applying.session, applying.course.id
    captions = (
        select(Caption)
        .join(Content, Caption.content_id == Content.id)
        .where(Content.course_id == course_id, Caption.source_mtime != BY_HAND)
    )
    attachments = select(Attachment).where(Attachment.course_id == course_id)
    applying.captions = {(one.content_id, one.path): one for one in await session.scalars(captions)}
    applying.attachments = {one.path: one for one in await session.scalars(attachments)}
    contents = await session.scalars(select(Content).where(Content.course_id == course_id))
    applying.contents = {one.id: one for one in contents}
    applying.sections = {one.id: one for one in await session.scalars(select(Section).where(Section.course_id == course_id))}


async def _place_content(applying: Applying, planned: PlannedContent, key: Key, section: Section, order: int) -> Content:
    fact, asset = applying.wanted.facts[planned.path], applying.assets[planned.path]
    content = (
        applying.contents[key] if isinstance(key, UUID) else Content(id=new_id(), course_id=applying.course.id, details={})
    )
    for name, value in applying.settled.values[key].items():
        setattr(content, name, value)
    content.section_id, content.order_index = section.id, order
    content.path, kind = planned.path, type_of(planned, asset)
    content.source_size, content.source_mtime = fact.size, fact.mtime_ns
    await show_asset(applying.session, content=content, asset=asset, kind=kind)
    if not isinstance(key, UUID) or _is_changed(content):
        content.updated_at = now()
        applying.session.add(content)
        await applying.session.flush()
    await want_build(applying.session, asset=asset, kind=kind, title=content.title, content=content)
    await _attach(applying, planned.attachments, section_id=section.id, content_id=content.id)
    for caption in planned.captions:
        await _add_caption(applying, content, caption)
    return content


def _is_changed(content: Content) -> bool:
    """In what people see: that it was imported once more is no change."""
    changed = {one.key for one in inspect(content).attrs if one.history.has_changes()}
    return bool(changed - {"imported", "source_mtime", "order_index"})


def type_of(planned: PlannedContent, asset: Asset) -> str:
    """A recording is what its streams are: sound filed as .mp4 is audio."""
    return asset.kind if planned.type in TIMED and asset.kind in TIMED else planned.type


async def _add_caption(applying: Applying, content: Content, planned: PlannedCaption) -> None:
    path = planned.path
    fact, asset = applying.wanted.facts[path], applying.assets[path]
    caption = applying.captions.pop((content.id, path), None) or Caption(content_id=content.id, path=path)
    if caption.asset_id not in (None, asset.id):
        await replace_asset(applying.session, asset_id=caption.asset_id)
    caption.asset_id, caption.kind, caption.language = asset.id, planned.kind, planned.language
    caption.source_size, caption.source_mtime = fact.size, fact.mtime_ns
    applying.session.add(caption)
    await want_build(applying.session, asset=asset, kind="caption", title=path, content=content)


async def _attach(
    applying: Applying, paths: Iterable[str], *, section_id: UUID | None = None, content_id: UUID | None = None
) -> None:
    for index, path in enumerate(paths):
        fact = applying.wanted.facts[path]
        attachment = applying.attachments.pop(path, None) or Attachment(course_id=applying.course.id, path=path)
        attachment.section_id, attachment.content_id = section_id, content_id
        attachment.asset_id, attachment.order_index = applying.assets[path].id, index
        attachment.source_size, attachment.source_mtime = fact.size, fact.mtime_ns
        applying.session.add(attachment)


async def _let_go_of_removed(applying: Applying, *, prune: bool) -> None:
    """What left the folder is archived and keeps its learners' progress and notes; pruned, it goes with them."""
    for removed in applying.wanted.comparison.removed:
        content = applying.contents.get(removed.id)
        if content is not None and prune:
            await applying.session.delete(content)
        elif content is not None and not content.imported.get("left"):
            content.imported = {**content.imported, "left": not content.is_archived}
            content.is_archived = True
    await applying.session.flush()


async def _drop_empty_sections(applying: Applying, kept: list[UUID]) -> None:
    """A section that holds only archived contents would be an empty heading: they wait in the first of those that stay."""
    course_id = applying.course.id
    of_course, gone = Content.course_id == course_id, Section.id.not_in(kept)
    shown = select(Content.section_id).where(of_course, Content.is_archived.is_(False))
    if kept:
        left = select(Content).join(Section).where(of_course, gone, Section.id.not_in(shown))
        for archived in await applying.session.scalars(left):
            archived.section_id = kept[0]
        await applying.session.flush()
    used = select(Content.section_id).where(of_course)
    await applying.session.execute(delete(Section).where(Section.course_id == course_id, gone, Section.id.not_in(used)))
