"""What a course already has of its folder's files, as the comparison wants it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.courses.folder.changes import KnownFile
from lms_box.courses.tables import Asset, Attachment, Caption, Content

Stamp = tuple[str, int, int]
"""Path, size and modification time in nanoseconds: what tells an unchanged file without reading it."""


@dataclass(frozen=True, slots=True)
class CourseFiles:
    contents: list[KnownFile]
    assets: dict[Stamp, UUID]
    """The asset of every file, content or not, that looks as it did at the last import."""


async def course_files(session: AsyncSession, *, course_id: UUID | None) -> CourseFiles:
    if course_id is None:
        return CourseFiles([], {})
    rows = (
        await session.execute(
            select(Content, Asset.sha256)
            .join(Asset, Asset.id == func.coalesce(Content.next_asset_id, Content.asset_id))
            .where(Content.course_id == course_id, Content.path.is_not(None))
        )
    ).all()
    contents = [
        KnownFile(content.id, content.path or "", content.source_size or 0, content.source_mtime or 0, sha256)
        for content, sha256 in rows
    ]
    stamps = {
        (one.path or "", one.source_size or 0, one.source_mtime or 0): one.next_asset_id or one.asset_id for one, _ in rows
    }
    captions = select(Caption).join(Content, Caption.content_id == Content.id).where(Content.course_id == course_id)
    attachments = select(Attachment).where(Attachment.course_id == course_id)
    for file in [*await session.scalars(captions), *await session.scalars(attachments)]:
        stamps[file.path, file.source_size, file.source_mtime] = file.asset_id
    return CourseFiles(contents, stamps)
