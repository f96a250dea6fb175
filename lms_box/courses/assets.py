"""Stored files, shared by their bytes: kept while something refers to them, removed after the commit when nothing does."""

import logging
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.box import Box
from lms_box.courses.tables import Asset, Attachment, Caption, Content
from lms_box.db.base import now
from lms_box.db.engine import after_commit
from lms_box.errors import LmsError
from lms_box.http.windows import links_ended
from lms_box.jobs.messages import NO_REASON, Why
from lms_box.jobs.service import add_job, cancel_jobs_of
from lms_box.storage import pending
from lms_box.storage.tables import PendingWrite

log = logging.getLogger(__name__)

TIMED = frozenset({"video", "audio"})
SOON, LATER = 50, 100
"""Priorities: a text takes a moment and need not wait behind a film."""


async def find_asset(session: AsyncSession, *, sha256: str) -> Asset | None:
    return await session.scalar(select(Asset).where(Asset.sha256 == sha256))


async def remove_unused_assets(session: AsyncSession, *, at: datetime | None = None) -> list[str]:
    """Removes the rows and stops the work on them; returns the prefixes whose files may go once this is committed.

    What was replaced stays until no link to it is left; what another transaction has its hand on, until the next time.
    """
    linked = Asset.replaced_at >= links_ended(at or now())
    found = select(Asset).where(*_unused(), linked.is_not(True)).with_for_update(skip_locked=True)
    unused = (await session.scalars(found)).all()
    await cancel_jobs_of(session, subjects=[asset.id for asset in unused])
    for asset in unused:
        await session.delete(asset)
    await session.flush()
    return [prefix_of(asset.id) for asset in unused]


def remove_after_commit(session: AsyncSession, box: Box, prefixes: Collection[str]) -> None:
    """Noted in the transaction, so that neither a killed process nor a disk that refuses leaves an orphan for long."""
    session.add_all([PendingWrite(prefix=prefix, owner=box.owner.name) for prefix in prefixes])

    async def remove() -> None:
        try:
            await pending.discard(box.db, box.storage, prefixes=prefixes)
        except LmsError as error:
            log.warning("Files that nobody needs stay until the next start: %s", error)

    after_commit(session, remove)


async def want_build(session: AsyncSession, *, asset: Asset, kind: str, title: str, content: Content) -> None:
    """A file that was only stored so far is built now that somebody is to play or read it, in the order of the course."""
    if asset.status == "stored" and kind != "file":
        asset.kind, asset.status = kind, "pending"
        priority = LATER if kind in TIMED else SOON
        line, place = content.course_id, content.order_index
        await add_job(session, kind="build", subject=asset.id, title=title, priority=priority, line=line, place=place)


async def show_asset(session: AsyncSession, *, content: Content, asset: Asset, kind: str) -> None:
    """The content shows this file: from now on, or while the old one plays, from when this one is prepared."""
    old = await session.get(Asset, content.asset_id) if content.asset_id else None
    _wait_for(content, None)
    plays, is_prepared = old is not None and old.status == "ready", asset.status == "ready" or kind == "file"
    if old is not asset and plays and not is_prepared:
        _wait_for(content, asset)
        return
    if old and old is not asset:
        await replace_asset(session, asset_id=old.id)
    content.asset_id, content.type = asset.id, kind


async def put_in_place(session: AsyncSession, *, asset_id: UUID) -> None:
    """This file is prepared: the contents that waited for it show it."""
    asset = await session.get_one(Asset, asset_id)
    for content in await session.scalars(select(Content).where(Content.next_asset_id == asset_id).with_for_update()):
        old, content.asset_id = content.asset_id, asset_id
        _wait_for(content, None)
        content.type = asset.kind if asset.kind in TIMED else content.type
        content.updated_at = now()
        await session.flush()
        await replace_asset(session, asset_id=old)


async def replace_asset(session: AsyncSession, *, asset_id: UUID) -> None:
    """Something else is shown in its place; where nothing shows it any more, nobody needs what would be made of it."""
    await session.flush()
    had_links = Asset.status.in_(("ready", "stored"))
    await session.execute(update(Asset).where(Asset.id == asset_id, had_links).values(replaced_at=now()))
    if await session.scalar(select(Asset.id).where(Asset.id == asset_id, *_unused())):
        await cancel_jobs_of(session, subjects=[asset_id])


def _wait_for(content: Content, asset: Asset | None) -> None:
    """The content shows its old file until this one is prepared, and says why it is not, if so."""
    content.next_asset_id = asset.id if asset else None
    content.next_error, content.next_error_code = (asset.error, asset.error_code) if asset else NO_REASON


async def say_why_not(session: AsyncSession, *, asset_id: UUID, why: Why) -> None:
    """At the contents that wait for this file and show their old one meanwhile."""
    values = {"next_error": why.words, "next_error_code": why.code}
    await session.execute(update(Content).where(Content.next_asset_id == asset_id).values(**values))


def _unused() -> list[ColumnElement[bool]]:
    columns = (Content.asset_id, Content.next_asset_id, Caption.asset_id, Attachment.asset_id)
    return [~exists().where(column == Asset.id) for column in columns]


async def set_asset_state(session: AsyncSession, *, asset_id: UUID, status: str, why: Why = NO_REASON) -> None:
    values = {"status": status, "error": why.words, "error_code": why.code}
    await session.execute(update(Asset).where(Asset.id == asset_id).values(**values))


async def set_asset_facts(session: AsyncSession, *, asset_id: UUID, duration: float | None, page_count: int | None) -> None:
    await session.execute(update(Asset).where(Asset.id == asset_id).values(duration=duration, page_count=page_count))


def prefix_of(asset_id: UUID) -> str:
    return f"assets/{asset_id}"
