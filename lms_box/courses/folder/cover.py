"""A picture in a course's folder becomes the course's thumbnail."""

from pathlib import Path
from posixpath import basename

from lms_box.box import Box
from lms_box.db.base import new_id
from lms_box.media import process
from lms_box.media.failures import MediaFailed
from lms_box.media.messages import Build


async def make_thumbnail(box: Box, picture: Path, *, name: str) -> tuple[str | None, str]:
    """Returns (key, "") or (None, why not). The key is a public one that nobody can guess."""
    with box.storage.scratch(box.owner.name) as folder:
        try:
            built = await process.run(Build(source=picture, name=basename(name), kind="image", into=folder))
        except MediaFailed as failure:
            return None, failure.reason
        if built.card is None:
            return None, "it is no picture"
        key = f"public/{new_id()}.webp"
        await box.storage.take(key, folder / built.card, how="move")
    return key, ""
