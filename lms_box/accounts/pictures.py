"""People's pictures: made small by a child process, kept under names that nobody can guess."""

import threading
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.accounts.service import get_user
from lms_box.accounts.tables import User
from lms_box.box import Box
from lms_box.db.engine import after_commit
from lms_box.errors import Invalid, Unavailable
from lms_box.media import process, sniff
from lms_box.media.failures import MediaFailed
from lms_box.media.messages import Build
from lms_box.storage import pending
from lms_box.storage.tables import PendingWrite

MOST_BYTES = 10 * 1024 * 1024
NO_PICTURE = "This is not a picture that can be shown. Please take a JPEG, PNG or WebP."
_places = threading.BoundedSemaphore(4)  # each is a process of its own


async def keep_picture(box: Box, *, source: Path, folder: Path) -> str:
    """The key of the small picture made of `source`; announced, to be settled by the transaction that refers to it."""
    if sniff.look(source, source.name).kind != "image":
        raise Invalid(NO_PICTURE, code="not_a_picture")
    made = await _made(source, folder / "made")
    key = f"public/{uuid4()}.webp"
    await pending.announce(box.db, owner=box.owner.name, prefixes=[key])
    await box.storage.take(key, made, how="move")
    return key


async def _made(source: Path, into: Path) -> Path:
    if not _places.acquire(blocking=False):
        raise Unavailable("Several pictures are being prepared just now. Please try again in a moment.")
    try:
        into.mkdir()
        built = await process.run(Build(source=source, name=source.name, kind="image", into=into))
    except MediaFailed as failure:
        raise Invalid(failure.reason, code="not_a_picture") from None
    finally:
        _places.release()
    if built.card is None:
        raise Invalid(NO_PICTURE, code="not_a_picture")
    return into / built.card


async def change_picture(session: AsyncSession, box: Box, *, user_id: UUID, key: str | None) -> User:
    """Shows the new picture, or none; the old one goes after the commit."""
    user = await get_user(session, user_id=user_id)
    forget_picture(session, box, user=user)
    user.picture_key = key
    if key is not None:
        await pending.settle(session, prefixes=[key])
    return user


def forget_picture(session: AsyncSession, box: Box, *, user: User) -> None:
    """Removed once nothing refers to it; noted in the transaction, so that a killed process leaves no orphan."""
    key = user.picture_key
    if key is None:
        return
    session.add(PendingWrite(prefix=key, owner=box.owner.name))

    async def remove() -> None:
        await pending.discard(box.db, box.storage, prefixes=[key])

    after_commit(session, remove)
