"""What became of every file: the document that an import answers with."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.courses.folder.importing import Imported
from lms_box.courses.service import course_rows, get_course
from lms_box.courses.tables import Asset, Caption, Content
from lms_box.courses.views import status_of, why_not


async def outcome_of(session: AsyncSession, *, imported: Imported) -> dict[str, Any]:
    """Every file under the folder stands in exactly one place of it."""
    plan = imported.plan
    rows = await course_rows(session, course=await get_course(session, course_id=imported.course_id))
    in_folder = select(Content, Asset).join(Asset, Content.asset_id == Asset.id).where(Content.course_id == imported.course_id)
    in_folder = in_folder.order_by(Content.is_archived.desc())
    stored = {content.path: (content, asset) for content, asset in await session.execute(in_folder)}
    return {
        "course_id": imported.course_id,
        "title": rows.course.title,
        "created": imported.created,
        "cover": plan.cover,
        "description": plan.description,
        "contents": [
            {
                **_content(*stored[planned.path], section=section.title),
                "captions": [caption.document() for caption in planned.captions],
                "attachments": planned.attachments,
            }
            for section in plan.sections
            for planned in section.contents
        ],
        "sections": [{"title": section.title, "attachments": section.attachments} for section in plan.sections],
        "attachments": plan.attachments,
        "ignored": [asdict(ignored) for ignored in plan.ignored],
        "changes": asdict(plan.changes),
    }


async def unfinished_assets(session: AsyncSession, *, course_id: UUID) -> list[UUID]:
    """The assets of a course's contents and captions that are still to be made playable."""
    contents: Select[UUID] = select(Content.asset_id).where(Content.course_id == course_id)
    changed = select(Content.next_asset_id).where(Content.course_id == course_id, Content.next_asset_id.is_not(None))
    captions = select(Caption.asset_id).join(Content, Caption.content_id == Content.id).where(Content.course_id == course_id)
    waiting = Asset.status.in_(("pending", "processing"))
    return list(await session.scalars(select(Asset.id).where(Asset.id.in_(union(contents, changed, captions)), waiting)))


def _content(content: Content, asset: Asset, *, section: str) -> dict[str, Any]:
    why = why_not(content, asset)
    return {
        "id": content.id,
        "path": content.path,
        "title": content.title,
        "type": content.type,
        "section": section,
        "order_index": content.order_index,
        "status": status_of(asset),
        "error": why.words,
        "error_code": why.code,
    }
