"""From a received file to an asset: what it is by its bytes, stored once, announced until a transaction refers to it."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from posixpath import splitext
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.box import Box
from lms_box.courses.assets import TIMED, find_asset, prefix_of
from lms_box.courses.tables import Asset
from lms_box.db.base import new_id
from lms_box.media import process, sniff
from lms_box.media.failures import MediaFailed
from lms_box.media.messages import Inspect
from lms_box.storage import pending
from lms_box.storage.space import writable

LARGE = 8 * 1024 * 1024
"""Bytes of a file that is long enough on its way for a process to get ready."""
LINGER = 20.0
"""Seconds until the job that prepares a file has surely found the process that looked into it, if it is to begin at once."""


@dataclass(frozen=True, slots=True)
class Received:
    """A whole file of a sender; `name` is what they call it."""

    path: Path
    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that lies in storage, announced, under the id that its asset will have."""

    asset_id: UUID
    key: str
    sha256: str
    size: int
    kind: str
    media_type: str
    duration: float | None
    is_new: bool = True

    @property
    def prefix(self) -> str:
        return prefix_of(self.asset_id)


def coming(size: int) -> AbstractAsyncContextManager[None]:
    """While a file of so many bytes comes, a process gets ready to look into it and to prepare it."""
    return process.reserve.expecting(ahead=size >= LARGE, linger=LINGER)


@asynccontextmanager
async def keeping(box: Box, received: Received) -> AsyncIterator[Kept]:
    """The file in storage for the block, that settles it in its transaction; what was not settled is gone after it.

    A file that is stored already is not stored again; should that one go meanwhile, `asset_of` says so.
    """
    async with box.db.reading() as session:
        there = await find_asset(session, sha256=received.sha256)
    if there is not None:
        facts = {name: getattr(there, name) for name in ("key", "sha256", "size", "media_type", "duration")}
        yield Kept(there.id, kind=there.kind, is_new=False, **facts)
        return
    kept = await _describe(received)
    await pending.announce(box.db, owner=box.owner.name, prefixes=[kept.prefix])
    try:
        await _store(box, received, kept)
        yield kept
    finally:
        await pending.discard(box.db, box.storage, prefixes=[kept.prefix])


async def asset_of(session: AsyncSession, kept: Kept) -> Asset | None:
    """The asset with these bytes, locked; None when it was removed since `keeping` saw it: then keep them anew."""
    asset = await _find_locked(session, kept.sha256)
    if asset is not None:
        return asset
    if not kept.is_new:
        return None
    try:
        async with session.begin_nested():
            asset = Asset(
                id=kept.asset_id,
                sha256=kept.sha256,
                key=kept.key,
                size=kept.size,
                kind=kept.kind,
                media_type=kept.media_type,
                duration=kept.duration,
                status="stored",
            )
            session.add(asset)
    except IntegrityError:  # somebody sent the same bytes at the same time, and was first
        return await _find_locked(session, kept.sha256)
    await pending.settle(session, prefixes=[kept.prefix])
    return asset


async def _find_locked(session: AsyncSession, sha256: str) -> Asset | None:
    return await session.scalar(select(Asset).where(Asset.sha256 == sha256).with_for_update())


async def _describe(received: Received) -> Kept:
    """A recording that cannot be read is kept too: its build says why."""
    look = await asyncio.to_thread(sniff.look, received.path, received.name)
    inspection = None
    if look.kind in TIMED:
        with suppress(MediaFailed):
            async with process.reserve.expecting(ahead=False, linger=LINGER):
                inspection = await process.run(Inspect(source=received.path, name=received.name))
    asset_id = new_id()
    extension = inspection.extension if inspection else look.extension or splitext(received.name)[1].lower()
    return Kept(
        asset_id,
        f"{prefix_of(asset_id)}/source{_safe(extension)}",
        received.sha256,
        received.size,
        inspection.kind if inspection else look.kind,
        inspection.media_type if inspection else look.media_type,
        inspection.duration if inspection else None,
    )


def _safe(extension: str) -> str:
    return extension if extension[1:].isalnum() and extension.isascii() and len(extension) <= 12 else ""


async def _store(box: Box, received: Received, kept: Kept) -> None:
    with box.storage.scratch(box.owner.name) as folder:
        made = folder / "made"
        await asyncio.to_thread(_link_or_copy, received, made, kept.key.rpartition("/")[2])
        await box.storage.publish(made, kept.prefix)


def _link_or_copy(received: Received, folder: Path, name: str) -> None:
    """The sender's file stays where it is, for another try."""
    with writable(folder.parent, received.size, received.name):
        folder.mkdir()
        try:
            os.link(received.path, folder / name)
        except OSError:  # another file system, or one without hard links
            shutil.copyfile(received.path, folder / name)
