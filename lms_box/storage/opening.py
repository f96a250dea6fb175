"""Opens the storage that the settings name; what S3 needs is imported only for S3."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from lms_box.config import Settings
from lms_box.storage.base import Storage
from lms_box.storage.local import LocalStorage


@asynccontextmanager
async def open_storage(settings: Settings, *, owner: str) -> AsyncIterator[Storage]:
    root = settings.data_dir / "media"
    if settings.storage.backend == "local":
        yield LocalStorage(root, owner=owner)
        return
    from lms_box.storage.s3 import S3Storage

    async with S3Storage(settings.storage, root, owner=owner) as storage:
        yield storage
