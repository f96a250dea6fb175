"""A picture in a course's folder becomes the course's thumbnail."""

import hashlib
import hmac
from pathlib import Path
from posixpath import basename
from uuid import UUID

from lms_box.box import Box
from lms_box.media import process
from lms_box.media.failures import MediaFailed
from lms_box.media.messages import Build
from lms_box.storage import pending


def thumbnail_key(box: Box, picture: Path, *, course_id: UUID) -> str:
    """A public key that nobody can guess: the same for the same picture, so that it is made once."""
    with picture.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
    name = hmac.digest(box.secret.encode(), course_id.bytes + digest, "sha256").hex()[:32]
    return f"public/{name}.webp"


async def make_thumbnail(box: Box, picture: Path, *, name: str, key: str) -> str | None:
    """Returns why it cannot be made, if so. What it stores is announced, for the transaction that refers to it."""
    with box.storage.scratch(box.owner.name) as folder:
        try:
            built = await process.run(Build(source=picture, name=basename(name), kind="image", into=folder))
        except MediaFailed as failure:
            return failure.reason
        if built.card is None:
            return "it is no picture"
        await pending.announce(box.db, owner=box.owner.name, prefixes=[key])
        await box.storage.take(key, folder / built.card, how="move")
    return None
