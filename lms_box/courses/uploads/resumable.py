"""Uploads in pieces that outlive a lost line and a killed server: what is counted is durable, what is not comes again."""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager, suppress
from datetime import timedelta
from functools import partial
from io import FileIO
from pathlib import Path
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.box import Box
from lms_box.courses.staging.files import forget_staged_folders, keep_staged
from lms_box.courses.staging.service import forget_expired, known_imports
from lms_box.courses.tables import Asset, Content
from lms_box.courses.uploads.checksums import Checksum
from lms_box.courses.uploads.digests import Digest, keep_digest, take_digest
from lms_box.courses.uploads.keeping import Received, keeping
from lms_box.courses.uploads.service import Placing, add_content, title_from
from lms_box.courses.uploads.tables import Upload
from lms_box.db.base import now
from lms_box.db.engine import after_commit
from lms_box.errors import Conflict, Gone, NotFound, TooLarge
from lms_box.jobs.chores import repeating
from lms_box.storage.reading import fingerprint
from lms_box.storage.space import writable

COLLECT_EVERY = 3600.0
LIFETIME = timedelta(hours=24)
"""How long an upload waits for its next piece, or for its use."""
SAVE_EVERY = 16 * 1024 * 1024
"""Bytes: at most so much of a long piece is lost with the server."""


def path_of(box: Box, upload_id: UUID) -> Path:
    return box.settings.data_dir / "uploads" / str(upload_id)


async def allowed_upload(session: AsyncSession, *, user_id: UUID, upload_id: UUID) -> Upload:
    """One's own. Raises Gone when its time has passed."""
    upload = await session.get(Upload, upload_id, populate_existing=True)
    if upload is None or upload.user_id != user_id:
        raise NotFound("There is no such upload.")
    if upload.expires_at <= now():
        raise Gone("This upload was left for too long. Please start it again.", code="upload_expired")
    return upload


async def get_finished(session: AsyncSession, *, user_id: UUID, upload_id: UUID) -> Upload:
    """One that waits to be used."""
    upload = await allowed_upload(session, user_id=user_id, upload_id=upload_id)
    if upload.content_id is not None:
        raise Conflict("This upload has become a content already.", code="upload_used")
    if upload.import_id is not None:
        raise Conflict("This upload is a file of an import.", code="upload_used")
    if upload.received < upload.size:
        raise Conflict("This upload is not complete yet.", code="upload_incomplete")
    return upload


@contextmanager
def alone(path: Path) -> Iterator[FileIO]:
    """The file of an upload, for one request at a time, whichever process answers it."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with open(path, "r+b", buffering=0, opener=_made_if_missing) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict("Another piece of this upload is on its way.", code="upload_busy") from None
        yield file


async def append_piece(
    box: Box, upload: Upload, file: FileIO, pieces: AsyncIterator[bytes], checksum: Checksum | None
) -> tuple[int, Digest | None]:
    """Adds what comes to what there is; returns how much there is then, and its digest as far as it is known.

    When the line breaks, what has come is kept, unless a checksum was to vouch for it. The last byte is counted by
    `finish_upload`, in the transaction that makes use of the file.
    """
    received = saved = upload.received
    digest = take_digest(upload)
    hashing = [one for one in (digest, checksum) if one is not None]
    file.seek(received)
    file.truncate()
    try:
        async for piece in pieces:
            if received + len(piece) > upload.size:
                raise TooLarge(f"This upload was announced with {upload.size} bytes, and more have come.")
            await asyncio.to_thread(_write, file, piece, upload.name, hashing)
            received += len(piece)
            if checksum is None and received - saved >= SAVE_EVERY and received < upload.size:
                saved = await _save(box, upload.id, file, received)
        if checksum is not None:
            checksum.check()
            checksum = None
    finally:
        if checksum is None and saved < received < upload.size:
            await _save(box, upload.id, file, received)
            keep_digest(upload.id, digest, counted=received)
    return received, digest


async def finish_upload(box: Box, upload: Upload, digest: Digest | None) -> UUID | None:
    """Counts the last byte, and makes the content if the upload has said where; returns its id."""
    path = path_of(box, upload.id)
    if upload.import_id is not None:
        await _stage(box, upload, upload.import_id, path)
        return None
    if upload.course_id is None:
        await asyncio.to_thread(_sync, path)
        async with box.db.writing() as session:
            await _count(session, upload.id, upload.size)
        keep_digest(upload.id, digest, counted=upload.size)
        return None
    placing = Placing(upload.course_id, upload.section_id, upload.title or title_from(upload.name))
    content, _ = await use_upload(box, upload, path, placing, digest)
    return content.id


async def _stage(box: Box, upload: Upload, import_id: UUID, path: Path) -> None:
    """The upload as a file of its import's folder; its own goes with the commit."""
    await asyncio.to_thread(_sync, path)
    await asyncio.to_thread(keep_staged, box, import_id, upload.path, path)
    async with box.db.writing() as session:
        await _count(session, upload.id, upload.size)
        after_commit(session, partial(asyncio.to_thread, path.unlink, missing_ok=True))


async def use_upload(box: Box, upload: Upload, path: Path, placing: Placing, digest: Digest | None) -> tuple[Content, Asset]:
    """The upload as a content; its own file goes with the commit."""
    taken = digest.taken() if digest else await fingerprint(path)
    async with keeping(box, Received(path, upload.name, taken.size, taken.sha256)) as kept, box.db.writing() as session:
        content, asset = await add_content(session, placing=placing, kept=kept)
        await _count(session, upload.id, upload.size)
        await session.execute(update(Upload).where(Upload.id == upload.id).values(content_id=content.id))
        after_commit(session, partial(asyncio.to_thread, path.unlink, missing_ok=True))
    return content, asset


async def remove_upload(box: Box, upload_id: UUID) -> None:
    async with box.db.writing() as session:
        await session.execute(delete(Upload).where(Upload.id == upload_id))
        after_commit(session, partial(asyncio.to_thread, path_of(box, upload_id).unlink, missing_ok=True))


async def collect_abandoned(box: Box) -> None:
    """Forgets uploads whose time has passed, and removes files that no upload needs: it is unknown, or has become a content."""
    folder = box.settings.data_dir / "uploads"
    async with box.db.writing() as session:
        await session.execute(delete(Upload).where(Upload.expires_at <= now()))
        await forget_expired(session)
    # The files first: each was known to an upload before it was made.
    there = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    async with box.db.reading() as session:
        waiting = select(Upload.id).where(Upload.content_id.is_(None))
        known = {str(upload_id) for upload_id in await session.scalars(waiting)} if there else set()
        imports = await known_imports(session)
    for name in set(there) - known:
        with suppress(OSError):
            (folder / name).unlink()
    await asyncio.to_thread(forget_staged_folders, box, known=imports)


def collecting(box: Box) -> AbstractAsyncContextManager[None]:
    """While the block lasts, abandoned uploads are collected every hour."""
    return repeating(partial(collect_abandoned, box), every=COLLECT_EVERY, otherwise="Abandoned uploads were not collected")


def _made_if_missing(path: str, flags: int) -> int:
    """Without a new time on what is there: whoever is taking it would find that it has changed."""
    return os.open(path, flags | os.O_CREAT, 0o600)


def _write(file: FileIO, piece: bytes, name: str, hashing: Iterable[Checksum | Digest]) -> None:
    for each in hashing:
        each.update(piece)
    left = memoryview(piece)
    with writable(Path(str(file.name)).parent, len(piece), name):
        while left:
            left = left[file.write(left) :]


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


async def _save(box: Box, upload_id: UUID, file: FileIO, received: int) -> int:
    await asyncio.to_thread(os.fsync, file.fileno())
    async with box.db.writing() as session:
        await _count(session, upload_id, received)
    return received


async def _count(session: AsyncSession, upload_id: UUID, received: int) -> None:
    values = {"received": received, "expires_at": now() + LIFETIME}
    await session.execute(update(Upload).where(Upload.id == upload_id).values(**values))
