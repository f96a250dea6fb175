"""Files of captions and chapters that an admin puts beside a content, and takes away again."""

from posixpath import splitext
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.courses.assets import remove_unused_assets, want_build
from lms_box.courses.messages import CaptionFile
from lms_box.courses.service import get_content
from lms_box.courses.tables import Asset, Caption
from lms_box.courses.uploads.keeping import Kept, asset_of
from lms_box.courses.views import status_of
from lms_box.errors import Conflict, Invalid, NotFound

KINDS = (".vtt", ".srt", ".sbv", ".ass", ".ssa", ".sub")
BY_HAND = 0
"""As `source_mtime`: of no folder, so that bringing the folder up to date leaves it alone."""


def check_caption(name: str) -> None:
    if splitext(name)[1].lower() not in KINDS:
        words = f"Captions come as {', '.join(KINDS)}; this is “{name}”."
        raise Invalid(words, code="not_captions", fields=(("file", "not_captions", words),))


async def list_captions(session: AsyncSession, *, content_id: UUID) -> list[CaptionFile]:
    await get_content(session, content_id=content_id)
    beside = select(Caption, Asset).join(Asset).where(Caption.content_id == content_id).order_by(Caption.path)
    return [view_caption(caption, asset) for caption, asset in await session.execute(beside)]


async def add_caption(session: AsyncSession, *, content_id: UUID, name: str, language: str, kept: Kept) -> CaptionFile:
    """A file of the same name is replaced."""
    from lms_box.courses.folder.captions import track_of  # slow to import, and no start of a server should wait for it

    content = await get_content(session, content_id=content_id, to_write=True)
    if content.type not in ("video", "audio"):
        raise Invalid("Captions go with videos and recordings.", code="no_captions_here")
    asset = await asset_of(session, kept)
    if asset is None:
        raise Conflict("The same file was removed from the box at this moment. Please send it again.", code="try_again")
    same = select(Caption).where(Caption.content_id == content_id, Caption.path == name)
    caption = await session.scalar(same) or Caption(content_id=content_id, path=name)
    caption.asset_id, caption.kind, caption.language = asset.id, track_of(name), language or None
    caption.source_size, caption.source_mtime = asset.size, BY_HAND
    session.add(caption)
    await want_build(session, asset=asset, kind="caption", title=name, content=content)
    await session.flush()
    return view_caption(caption, asset)


async def remove_caption(session: AsyncSession, *, content_id: UUID, caption_id: UUID) -> list[str]:
    """Returns the storage prefixes that nothing refers to any more."""
    caption = await session.get(Caption, caption_id)
    if caption is None or caption.content_id != content_id:
        raise NotFound("There are no such captions.")
    await session.delete(caption)
    await session.flush()
    return await remove_unused_assets(session)


def view_caption(caption: Caption, asset: Asset) -> CaptionFile:
    return CaptionFile(
        id=caption.id,
        name=caption.path.rpartition("/")[2],
        kind=cast("Any", caption.kind),
        language=caption.language,
        size=asset.size,
        status=status_of(asset),
        error=asset.error,
        error_code=asset.error_code,
    )
