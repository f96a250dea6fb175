"""Folders to import, with real small films, and what an import of them answers."""

from functools import cache
from pathlib import Path
from typing import Any

from academy import stored_keys, write_tree
from sqlalchemy import func, select

from lms_box.box import Box
from lms_box.courses.folder.importing import import_folder
from lms_box.courses.folder.options import ImportOptions
from lms_box.courses.folder.outcome import outcome_of, unfinished_assets
from lms_box.courses.tables import Asset, Course
from lms_box.storage.tables import PendingWrite
from lms_box.work import connect_jobs, work_off


@cache
def clip(folder: Path, seconds: float = 1.0) -> bytes:
    """A film of so many seconds; the same each time in one run."""
    from media.material import make_clip

    path = folder / f"clip-{seconds}.mp4"
    if not path.exists():
        make_clip(path, seconds=seconds, size=(160, 90), rate=10, every=10)
    return path.read_bytes()


@cache
def cover(folder: Path, colour: str = "teal") -> bytes:
    from PIL import Image

    path = folder / f"{colour}.png"
    Image.new("RGB", (64, 48), colour).save(path)
    return path.read_bytes()


def write_course(root: Path, media: Path) -> Path:
    """Two sections, a film and its twin, a sheet, captions, an attachment, a cover and what is said of it."""
    return write_tree(
        root,
        {
            "README.md": "[![Knots](knots.svg)](https://knots.example) [![News][1]][2]\n# Sailing\n\nFor beginners.",
            "cover.png": cover(media),
            "01 Start/01 Welcome.mp4": clip(media),
            "01 Start/01 Welcome.en.srt": "1\n00:00:00,000 --> 00:00:01,000\nHello\n",
            "01 Start/02 Words.md": "# Words\n\nBow and stern.",
            "02 Knots/01 Bowline.mp4": clip(media, 1.5),
            "02 Knots/02 Welcome again.mp4": clip(media),
            "02 Knots/resources/rope.zip": b"PK\x05\x06" + bytes(18),
        },
    )


async def bring_in(box: Box, folder: Path, *, wait: bool = False, **options: Any) -> dict[str, Any]:
    """What `lms course import` answers, with ids as text."""
    connect_jobs(box)
    imported = await import_folder(box, ImportOptions(folder=folder, **options), on_step=lambda _: None)
    async with box.db.reading() as session:
        assets = await unfinished_assets(session, course_id=imported.course_id)
    if wait:
        await work_off(box, assets, lambda _: None)
    async with box.db.reading() as session:
        return await outcome_of(session, imported=imported)


def by_path(outcome: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {content["path"]: content for content in outcome["contents"]}


async def count(box: Box, table: type[Any]) -> int:
    async with box.db.reading() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def check_no_orphans(box: Box) -> None:
    """Every stored file is an asset's or a course's picture, every asset's file is there, and nothing is unfinished."""
    async with box.db.reading() as session:
        assets = {str(asset.id): asset.key for asset in await session.scalars(select(Asset))}
        pictures = {key for key in await session.scalars(select(Course.thumbnail_key)) if key}
    keys = await stored_keys(box)
    assert {key.split("/")[1] for key in keys if key.startswith("assets/")} == set(assets)
    assert set(assets.values()) <= set(keys)
    assert {key for key in keys if key.startswith("public/")} == pictures
    assert await count(box, PendingWrite) == 0
    assert not (box.settings.data_dir / "media" / "incoming").exists() or not list(
        (box.settings.data_dir / "media" / "incoming").rglob("*.mp4")
    )
