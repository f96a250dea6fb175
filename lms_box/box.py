"""The box: what is opened once per process and passed to every room."""

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from lms_box.config import Settings
from lms_box.db.engine import Database, open_database
from lms_box.db.revisions import Revisions, open_revisions
from lms_box.db.upgrade import upgrade
from lms_box.errors import Unavailable
from lms_box.jobs.owner import Owner, find_consumers
from lms_box.jobs.queue import Queue
from lms_box.jobs.service import connect
from lms_box.storage.base import Storage
from lms_box.storage.opening import open_storage
from lms_box.storage.space import writable


@dataclass(frozen=True, slots=True)
class Box:
    settings: Settings
    secret: str
    owner: Owner
    db: Database
    storage: Storage
    queue: Queue
    revisions: Revisions


@asynccontextmanager
async def open_box(settings: Settings) -> AsyncIterator[Box]:
    """Opens what is there, creating or upgrading the database; closes in reverse.

    Raises Unavailable or Conflict with what to do when the data directory or the database cannot be used.
    """
    prepare_data_dir(settings.data_dir)
    secret = _secret_of(settings)
    await upgrade(settings.database_url)
    with Owner(settings.data_dir / "run") as owner:
        db = open_database(settings.database_url)
        queue = Queue(settings.data_dir / "queue.db", is_heard=lambda: bool(find_consumers(owner.run_folder)))
        connect(db, queue)
        try:
            async with open_storage(settings, owner=owner.name) as storage:
                yield Box(settings, secret, owner, db, storage, queue, open_revisions(settings.database_url, db))
        finally:
            queue.close()
            await db.close()


def prepare_data_dir(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in ("run", "media"):
            (folder / name).mkdir(exist_ok=True)
        probe = folder / "run" / f".writable-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise Unavailable(
            f"The data directory {folder} cannot be written ({error.strerror}). Choose another with --data-dir."
        ) from None


def _secret_of(settings: Settings) -> str:
    if settings.auth.secret_key is not None:
        return settings.auth.secret_key.get_secret_value()
    path = settings.data_dir / "secret_key"
    with suppress(FileNotFoundError):
        return path.read_text("ascii")
    return _keep_secret(path)


def _keep_secret(path: Path) -> str:
    """Written whole and linked into place: of two first starts at once, both use the same key."""
    draft = path.with_suffix(f".{os.getpid()}")
    secret = secrets.token_urlsafe(48)
    try:
        with writable(path.parent, len(secret), path.name), suppress(FileExistsError):
            _write_durably(draft, secret)
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return path.read_text("ascii")


def _write_durably(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
