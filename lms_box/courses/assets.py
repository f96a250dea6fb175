"""Stored files, shared by their bytes: kept while something refers to them, removed after the commit when nothing does."""

import logging
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.box import Box
from lms_box.courses.tables import Asset, Attachment, Caption, Content
from lms_box.db.engine import after_commit
from lms_box.errors import LmsError
from lms_box.jobs.service import add_job, cancel_jobs_of
from lms_box.storage import pending
from lms_box.storage.tables import PendingWrite

log = logging.getLogger(__name__)

TIMED = frozenset({"video", "audio"})
SOON, LATER = 50, 100
"""Priorities: a text takes a moment and need not wait behind a film."""


async def find_asset(session: AsyncSession, *, sha256: str) -> Asset | None:
    return await session.scalar(select(Asset).where(Asset.sha256 == sha256))


async def remove_unused_assets(session: AsyncSession) -> list[str]:
    """Removes the rows and stops the work on them; returns the prefixes whose files may go once this is committed.

    An asset that another transaction has its hand on is left for the next time.
    """
    used = (exists().where(table.asset_id == Asset.id) for table in (Content, Caption, Attachment))
    found = select(Asset).where(*(~one for one in used)).with_for_update(skip_locked=True)
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


async def set_asset_state(session: AsyncSession, *, asset_id: UUID, status: str, error: str | None = None) -> None:
    await session.execute(update(Asset).where(Asset.id == asset_id).values(status=status, error=error))


async def set_asset_facts(session: AsyncSession, *, asset_id: UUID, duration: float | None, page_count: int | None) -> None:
    await session.execute(update(Asset).where(Asset.id == asset_id).values(duration=duration, page_count=page_count))


def prefix_of(asset_id: UUID) -> str:
    return f"assets/{asset_id}"
