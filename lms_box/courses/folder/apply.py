"""Makes a course what its plan says, in one transaction: the same again changes nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import delete, select
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
from lms_box.courses.folder.document import Plan, PlannedContent
from lms_box.courses.folder.intake import Stored
from lms_box.courses.folder.scan import FileFact
from lms_box.courses.messages import CoursePage
from lms_box.courses.service import course_rows
from lms_box.courses.tables import Asset, Attachment, Caption, Content, Course, Section
from lms_box.courses.views import view_course_page
from lms_box.db.base import new_id, now


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was gathered before the transaction."""

    facts: Mapping[str, FileFact]
    comparison: Comparison
    known_assets: Mapping[str, UUID]
    """By path, for the files that need no taking."""
    stored: Mapping[str, Stored]


@dataclass(slots=True)
class Applying:
    """The transaction under way."""

    session: AsyncSession
    course: Course
    plan: Plan
    wanted: Wanted
    assets: dict[str, UUID] = field(default_factory=dict)
    captions: dict[tuple[UUID, str], Caption] = field(default_factory=dict)
    """By content and path; like attachments, those that were there before and have not been placed yet."""
    attachments: dict[str, Attachment] = field(default_factory=dict)
    unneeded: list[str] = field(default_factory=list)
    """Prefixes of files that were taken in vain: an asset with the same bytes was there."""


async def apply_plan(session: AsyncSession, *, course: Course, plan: Plan, wanted: Wanted, prune: bool) -> list[str]:
    """Returns the storage prefixes that nothing refers to any more once this is committed."""
    applying = Applying(session, course, plan, wanted)
    before = await _shown(applying)
    await _keep_assets(applying)
    sections = await _match_sections(applying)
    await _find_files_beside(applying)
    order = 0
    for planned, section in zip(plan.sections, sections, strict=True):
        await _attach(applying, planned.attachments, section_id=section.id)
        for content_plan in planned.contents:
            await _place_content(applying, content_plan, section, order)
            order += 1
    await _attach(applying, plan.attachments)
    for left in (*applying.captions.values(), *applying.attachments.values()):
        await session.delete(left)
    await _let_go_of_removed(applying, prune=prune)
    await _drop_empty_sections(applying, sections)
    await session.flush()
    if await _shown(applying) != before:
        course.updated_at = now()
        await session.flush()
    return applying.unneeded + await remove_unused_assets(session)


async def _shown(applying: Applying) -> CoursePage:
    """What people see of the course, to tell whether anything has changed."""
    return view_course_page(await course_rows(applying.session, course=applying.course))


async def _keep_assets(applying: Applying) -> None:
    applying.assets.update(applying.wanted.known_assets)
    for path, stored in applying.wanted.stored.items():
        asset = await find_asset(applying.session, sha256=stored.sha256)
        if asset is None:
            asset = _new_asset(stored)
            applying.session.add(asset)
            await applying.session.flush()
        else:
            applying.unneeded.append(prefix_of(stored.asset_id))
        applying.assets[path] = asset.id


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


async def _match_sections(applying: Applying) -> list[Section]:
    """A section of the same title is the same section, so that what an admin wrote to it stays."""
    course_id = applying.course.id
    there = list(
        await applying.session.scalars(select(Section).where(Section.course_id == course_id).order_by(Section.order_index))
    )
    found = []
    for index, planned in enumerate(applying.plan.sections):
        section = next((one for one in there if one.title == planned.title), None)
        if section is None:
            section = Section(id=new_id(), course_id=course_id, title=planned.title, order_index=index)
            applying.session.add(section)
        else:
            there.remove(section)
        section.order_index = index
        found.append(section)
    await applying.session.flush()
    return found


async def _find_files_beside(applying: Applying) -> None:
    """A caption or attachment at the same path is the same one: addresses that people have kept stay good."""
    course_id = applying.course.id
    captions = (
        select(Caption)
        .join(Content, Caption.content_id == Content.id)
        .where(Content.course_id == course_id, Caption.source_mtime != BY_HAND)
    )
    attachments = select(Attachment).where(Attachment.course_id == course_id)
    applying.captions = {(one.content_id, one.path): one for one in await applying.session.scalars(captions)}
    applying.attachments = {one.path: one for one in await applying.session.scalars(attachments)}


async def _place_content(applying: Applying, planned: PlannedContent, section: Section, order: int) -> None:
    fact = applying.wanted.facts[planned.path]
    asset = await applying.session.get_one(Asset, applying.assets[planned.path])
    content = await _content_of(applying, planned)
    content.section_id, content.order_index, content.is_archived = section.id, order, False
    content.path = planned.path
    content.source_size, content.source_mtime = fact.size, fact.mtime_ns
    for name in ("description", "is_preview", "is_archived"):
        if (said := getattr(planned, name)) is not None:
            setattr(content, name, said)
    kind = type_of(planned, asset)
    await show_asset(applying.session, content=content, asset=asset, kind=kind)
    if applying.session.is_modified(content):
        content.updated_at = now()
    applying.session.add(content)
    await applying.session.flush()
    await want_build(applying.session, asset=asset, kind=kind, title=planned.title, content=content)
    await _attach(applying, planned.attachments, section_id=section.id, content_id=content.id)
    for caption in planned.captions:
        await _add_caption(applying, content, caption.path, caption.language)


async def _content_of(applying: Applying, planned: PlannedContent) -> Content:
    """The content that the file was before, wherever it lay, else a new one; its title follows a changed path."""
    known = applying.wanted.comparison.known.get(planned.path)
    if known is None:
        return Content(id=new_id(), course_id=applying.course.id, title=planned.title, details={})
    content = await applying.session.get_one(Content, known.id)
    if content.path != planned.path:
        content.title = planned.title
    return content


def type_of(planned: PlannedContent, asset: Asset) -> str:
    """A recording is what its streams are: sound filed as .mp4 is audio."""
    return asset.kind if planned.type in TIMED and asset.kind in TIMED else planned.type


async def _add_caption(applying: Applying, content: Content, path: str, language: str | None) -> None:
    fact, asset_id = applying.wanted.facts[path], applying.assets[path]
    caption = applying.captions.pop((content.id, path), None) or Caption(content_id=content.id, path=path)
    if caption.asset_id not in (None, asset_id):
        await replace_asset(applying.session, asset_id=caption.asset_id)
    caption.asset_id, caption.language = asset_id, language
    caption.source_size, caption.source_mtime = fact.size, fact.mtime_ns
    applying.session.add(caption)
    asset = await applying.session.get_one(Asset, asset_id)
    await want_build(applying.session, asset=asset, kind="caption", title=path, content=content)


async def _attach(
    applying: Applying, paths: Iterable[str], *, section_id: UUID | None = None, content_id: UUID | None = None
) -> None:
    for index, path in enumerate(paths):
        fact = applying.wanted.facts[path]
        attachment = applying.attachments.pop(path, None) or Attachment(course_id=applying.course.id, path=path)
        attachment.section_id, attachment.content_id = section_id, content_id
        attachment.asset_id, attachment.order_index = applying.assets[path], index
        attachment.source_size, attachment.source_mtime = fact.size, fact.mtime_ns
        applying.session.add(attachment)


async def _let_go_of_removed(applying: Applying, *, prune: bool) -> None:
    """What left the folder is archived and keeps its learners' progress and notes; pruned, it goes with them."""
    for removed in applying.wanted.comparison.removed:
        content = await applying.session.get_one(Content, removed.id)
        content.is_archived = True
        if prune:
            await applying.session.delete(content)
    await applying.session.flush()


async def _drop_empty_sections(applying: Applying, kept: list[Section]) -> None:
    """A section that holds only archived contents would be an empty heading: they wait in the first of those that stay."""
    course_id = applying.course.id
    of_course, gone = Content.course_id == course_id, Section.id.not_in([section.id for section in kept])
    shown = select(Content.section_id).where(of_course, Content.is_archived.is_(False))
    if kept:
        left = select(Content).join(Section).where(of_course, gone, Section.id.not_in(shown))
        for archived in await applying.session.scalars(left):
            archived.section_id = kept[0].id
        await applying.session.flush()
    used = select(Content.section_id).where(of_course)
    await applying.session.execute(delete(Section).where(Section.course_id == course_id, gone, Section.id.not_in(used)))
