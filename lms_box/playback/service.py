"""The rules of playback: who may play, and what there is to play of an asset."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from lms_box.courses.assets import prefix_of
from lms_box.courses.service import allowed_attachment, allowed_content
from lms_box.courses.tables import Asset, Attachment, Caption, Content, Course
from lms_box.errors import Forbidden, NotFound, SignedOut
from lms_box.media.messages import Built
from lms_box.media.wire import read_built, write_built
from lms_box.playback.tables import Build
from lms_box.viewer import Viewer

IsEnrolled = Callable[..., Awaitable[bool]]
"""`(session, *, learner_id, course_id)`: learning stands above playback, so the app hands its answer down."""


async def playable_content(
    session: AsyncSession, *, viewer: Viewer | None, content_id: UUID, is_enrolled: IsEnrolled
) -> tuple[Content, Asset]:
    content, course, asset = await allowed_content(session, viewer=viewer, content_id=content_id)
    if not content.is_preview:
        await _check_enrolled(session, viewer, course, is_enrolled)
    return content, asset


async def playable_attachment(
    session: AsyncSession, *, viewer: Viewer | None, attachment_id: UUID, is_enrolled: IsEnrolled
) -> tuple[Attachment, Asset]:
    attachment, course, asset = await allowed_attachment(session, viewer=viewer, attachment_id=attachment_id)
    held = await session.get(Content, attachment.content_id) if attachment.content_id else None
    if held is not None and held.is_archived and not (viewer and viewer.is_admin):
        raise NotFound("There is no such file.")
    if held is None or not held.is_preview:
        await _check_enrolled(session, viewer, course, is_enrolled)
    return attachment, asset


async def newest_build(session: AsyncSession, *, asset_id: UUID) -> tuple[UUID, Built] | None:
    query = select(Build).where(Build.asset_id == asset_id).order_by(Build.id.desc()).limit(1)
    build = await session.scalar(query)
    return (build.id, read_built(build.built)) if build else None


async def newest_builds(session: AsyncSession, *, after: UUID | None, limit: int) -> list[tuple[UUID, Built]]:
    """What is played of each asset, in the order of their ids, from behind `after`."""
    newer = aliased(Build)
    newest = ~exists().where(newer.asset_id == Build.asset_id, newer.id > Build.id)
    query = select(Build).where(newest).order_by(Build.asset_id).limit(limit)
    found = await session.scalars(query if after is None else query.where(Build.asset_id > after))
    return [(build.asset_id, read_built(build.built)) for build in found]


async def caption_builds(session: AsyncSession, *, content_id: UUID) -> list[tuple[Caption, UUID, Built]]:
    """The files of captions and chapters beside a content that are ready, each with its newest build."""
    query = select(Caption).where(Caption.content_id == content_id).order_by(Caption.path)
    found = []
    for caption in (await session.scalars(query)).all():
        newest = await newest_build(session, asset_id=caption.asset_id)
        if newest is not None:
            found.append((caption, *newest))
    return found


async def add_build(session: AsyncSession, *, build_id: UUID, asset_id: UUID, built: Built, size: int) -> None:
    session.add(Build(id=build_id, asset_id=asset_id, built=write_built(built), size=size))
    await session.flush()


async def remove_replaced_builds(session: AsyncSession, *, replaced_before: datetime) -> list[str]:
    """Removes the rows of builds in whose place another has been played since; returns the prefixes of their files."""
    newer = aliased(Build)
    replaced = exists().where(newer.asset_id == Build.asset_id, newer.id > Build.id, newer.created_at < replaced_before)
    old = (await session.scalars(select(Build).where(replaced).with_for_update(skip_locked=True))).all()
    for build in old:
        await session.delete(build)
    await session.flush()
    return [build_prefix(build.asset_id, build.id) for build in old]


def build_prefix(asset_id: UUID, build_id: UUID) -> str:
    return f"{prefix_of(asset_id)}/{build_id}"


async def _check_enrolled(session: AsyncSession, viewer: Viewer | None, course: Course, is_enrolled: IsEnrolled) -> None:
    if viewer is None:
        raise SignedOut("Please sign in first.")
    if not viewer.is_admin and not await is_enrolled(session, learner_id=viewer.id, course_id=course.id):
        raise Forbidden(f"Enroll in “{course.title}” first.", code="not_enrolled")
