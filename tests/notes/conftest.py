"""A published course with two lessons, and a draft, for notes to stand at."""

from dataclasses import dataclass
from uuid import UUID

import pytest

from lms_box.box import Box
from lms_box.courses.tables import Asset, Content, Course, Section


@dataclass(frozen=True)
class Shelf:
    course: UUID
    video: UUID
    text: UUID
    draft: UUID
    draft_text: UUID


@pytest.fixture
async def shelf(box: Box) -> Shelf:
    async with box.db.writing() as session:
        video, text = (
            Asset(sha256=kind * 8, key="k", size=1, kind=kind, media_type="x/y", status="ready", duration=9.0)
            for kind in ("video", "document")
        )
        open_course, draft = Course(title="Shell *tools*", status="published"), Course(title="Secret plans")
        session.add_all([video, text, open_course, draft])
        await session.flush()
        sections = [Section(course_id=course.id, title="All", order_index=0) for course in (open_course, draft)]
        session.add_all(sections)
        await session.flush()
        contents = [
            Content(
                course_id=course.id,
                section_id=section.id,
                asset_id=asset.id,
                type=asset.kind,
                title=title,
                order_index=index,
                details={},
            )
            for index, (course, section, asset, title) in enumerate(
                [
                    (open_course, sections[0], video, "Find"),
                    (open_course, sections[0], text, "Grep"),
                    (draft, sections[1], text, "Hush"),
                ]
            )
        ]
        session.add_all(contents)
        await session.flush()
    return Shelf(open_course.id, contents[0].id, contents[1].id, draft.id, contents[2].id)
