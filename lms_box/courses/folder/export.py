"""The way back: a course as a folder with its files and a `course.toml`, that imports as the same course."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import splitext
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.box import Box
from lms_box.courses.folder.course_files import COURSE_VALUES
from lms_box.courses.folder.front import SETTINGS
from lms_box.courses.folder.scan import raw_of
from lms_box.courses.folder.toml_writing import course_file_text
from lms_box.courses.service import get_course
from lms_box.courses.tables import Asset, Attachment, Caption, Content, Course, Section
from lms_box.errors import Invalid
from lms_box.storage.space import require_space, writable

LONGEST_NAME = 200
OnFile = Callable[[str, int, int], None]
"""Its path, and bytes written so far, of all."""


@dataclass
class Outgoing:
    """What is to be written: storage keys by path, each path once, and what `course.toml` says."""

    files: dict[str, tuple[str, int]] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)
    _folders: set[str] = field(default_factory=set)

    def add(self, path: str, key: str, size: int) -> str:
        """The path that it gets: another one where this is taken."""
        wanted, count = path, 1
        while not self._is_free(path):
            count += 1
            path = self._other(wanted, count)
        self.files[path] = key, size
        self._folders.update(_above(path))
        return path

    def _other(self, path: str, count: int) -> str:
        if _above(path) & self.files.keys():  # a file stands where it wants a folder
            return f"({count})/{path}"
        stem, extension = splitext(path)
        return f"{stem} ({count}){extension}"

    def _is_free(self, path: str) -> bool:
        return (
            path not in (SETTINGS, "")
            and path not in self.files
            and path not in self._folders
            and not (_above(path) & self.files.keys())
        )


async def export_course(box: Box, *, course_id: UUID, into: Path, on_file: OnFile) -> Outgoing:
    """Writes a folder that was not there, or was empty; it appears whole or not at all."""
    into = into.absolute()
    if (into.is_dir() and any(into.iterdir())) or into.is_file():
        raise Invalid(f"{into} is not empty. Name a folder that is, or that is not there yet.", code="folder_not_empty")
    async with box.db.reading() as session:
        outgoing = await _gather(session, box, course_id)
    with writable(into.parent, 0, into.name):
        into.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{into.name[:100]}-", dir=into.parent))
    try:
        require_space(draft, sum(size for _, size in outgoing.files.values()), into.name)
        await _write(box, outgoing, draft, on_file)
        with writable(into.parent, 0, into.name):
            draft.chmod(0o755)
            draft.replace(into)
    finally:
        await asyncio.to_thread(shutil.rmtree, draft, ignore_errors=True)
    return outgoing


async def _write(box: Box, outgoing: Outgoing, draft: Path, on_file: OnFile) -> None:
    total, done = sum(size for _, size in outgoing.files.values()), 0
    for path, (key, size) in outgoing.files.items():
        on_file(path, done, total)
        target = draft / os.fsdecode(raw_of(path))
        async with box.storage.fetched(key) as source:
            await asyncio.to_thread(_copy, source, target, size)
        done += size
    with writable(draft, 0, SETTINGS):
        (draft / SETTINGS).write_text(course_file_text(outgoing.said), "utf-8", newline="\n")


def _copy(source: Path, target: Path, size: int) -> None:
    with writable(target.parent, size, target.name):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


async def _gather(session: AsyncSession, box: Box, course_id: UUID) -> Outgoing:
    course = await get_course(session, course_id=course_id)
    outgoing = Outgoing()
    rows = _Rows(session, course_id)
    sections = [await _section(outgoing, rows, section) for section in await rows.sections()]
    outgoing.said = {
        "id": str(course.id),
        **{name: getattr(course, name) for name in COURSE_VALUES},
        "cover": await _cover(outgoing, box, course),
        "attachments": await rows.attachments(outgoing),
        "sections": sections,
    }
    return outgoing


@dataclass(frozen=True)
class _Rows:
    session: AsyncSession
    course_id: UUID

    async def sections(self) -> list[Section]:
        chosen = select(Section).where(Section.course_id == self.course_id)
        return list(await self.session.scalars(chosen.order_by(Section.order_index, Section.id)))

    async def contents(self, section_id: UUID) -> list[tuple[Content, Asset]]:
        chosen = select(Content, Asset).join(Asset, Asset.id == func.coalesce(Content.next_asset_id, Content.asset_id))
        chosen = chosen.where(Content.section_id == section_id)
        ordered = chosen.order_by(Content.is_archived, Content.order_index, Content.id)
        return [(content, asset) for content, asset in await self.session.execute(ordered)]

    async def captions(self, outgoing: Outgoing, content_id: UUID) -> list[dict[str, Any]]:
        chosen = select(Caption, Asset).join(Asset, Caption.asset_id == Asset.id).where(Caption.content_id == content_id)
        return [
            {"path": outgoing.add(caption.path, asset.key, asset.size), "language": caption.language}
            for caption, asset in await self.session.execute(chosen.order_by(Caption.path))
        ]

    async def attachments(
        self, outgoing: Outgoing, *, section_id: UUID | None = None, content_id: UUID | None = None
    ) -> list[str]:
        """Of a content, of a section, or of the whole course."""
        chosen = select(Attachment, Asset).join(Asset, Attachment.asset_id == Asset.id)
        chosen = chosen.where(Attachment.course_id == self.course_id, Attachment.content_id == content_id)
        if content_id is None:
            chosen = chosen.where(Attachment.section_id == section_id)
        rows = await self.session.execute(chosen.order_by(Attachment.order_index, Attachment.id))
        return [outgoing.add(attachment.path, asset.key, asset.size) for attachment, asset in rows]


async def _section(outgoing: Outgoing, rows: _Rows, section: Section) -> dict[str, Any]:
    contents = [await _content(outgoing, rows, section, *row) for row in await rows.contents(section.id)]
    folder = section.imported.get("folder")
    return {
        "title": section.title or "Untitled",
        "folder": folder if folder is not None and not folder.startswith("=") else None,
        "attachments": await rows.attachments(outgoing, section_id=section.id),
        "contents": contents,
    }


async def _content(outgoing: Outgoing, rows: _Rows, section: Section, content: Content, asset: Asset) -> dict[str, Any]:
    wanted = content.path or f"{_as_name(section.title)}/{_as_name(content.title)}{splitext(asset.key)[1]}"
    return {
        "path": outgoing.add(wanted, asset.key, asset.size),
        "title": content.title,
        "description": content.description,
        "type": content.type,
        "is_preview": content.is_preview or None,
        "is_archived": content.is_archived or None,
        "captions": await rows.captions(outgoing, content.id),
        "attachments": await rows.attachments(outgoing, content_id=content.id),
    }


async def _cover(outgoing: Outgoing, box: Box, course: Course) -> str | None:
    if course.thumbnail_key is None:
        return None
    return outgoing.add("cover.webp", course.thumbnail_key, await box.storage.size(course.thumbnail_key))


def _as_name(title: str) -> str:
    """A title as the name of a file or folder."""
    name = "".join("-" if sign in '/\\:*?"<>|' or sign < " " else sign for sign in title).strip(" .")
    with suppress(UnicodeEncodeError):
        name = name.encode()[:LONGEST_NAME].decode("utf-8", "ignore")
    return name or "untitled"


def _above(path: str) -> set[str]:
    parts: Iterable[str] = path.split("/")[:-1]
    found: set[str] = set()
    whole = ""
    for part in parts:
        whole = f"{whole}/{part}" if whole else part
        found.add(whole)
    return found
