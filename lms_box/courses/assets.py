"""Stored files, shared by their bytes: kept while something refers to them, removed after the commit when nothing does."""

from uuid import UUID

from sqlalchemy import exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.courses.tables import Asset, Attachment, Caption, Content


async def find_asset(session: AsyncSession, *, sha256: str) -> Asset | None:
    return await session.scalar(select(Asset).where(Asset.sha256 == sha256))


async def remove_unused_assets(session: AsyncSession) -> list[str]:
    """Removes the rows; returns the prefixes whose files may go once this is committed."""
    used = (exists().where(table.asset_id == Asset.id) for table in (Content, Caption, Attachment))
    unused = (await session.scalars(select(Asset).where(*(~one for one in used)))).all()
    for asset in unused:
        await session.delete(asset)
    await session.flush()
    return [prefix_of(asset.id) for asset in unused]


async def set_asset_state(session: AsyncSession, *, asset_id: UUID, status: str, error: str | None = None) -> None:
    await session.execute(update(Asset).where(Asset.id == asset_id).values(status=status, error=error))


async def set_asset_facts(session: AsyncSession, *, asset_id: UUID, duration: float | None, page_count: int | None) -> None:
    await session.execute(update(Asset).where(Asset.id == asset_id).values(duration=duration, page_count=page_count))


def prefix_of(asset_id: UUID) -> str:
    return f"assets/{asset_id}"
