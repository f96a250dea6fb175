"""From rows to what people see of a course; pure, so that a list and a page never disagree."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil
from posixpath import basename
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Row

from lms_box.courses.messages import AttachmentView, ContentView, CoursePage, CourseView, SectionView
from lms_box.courses.tables import Asset, Attachment, Content, Course, Section
from lms_box.jobs.messages import Why

Columns = Row[*tuple[Any, ...]]
COURSE_COLUMNS = (
    *(Course.id, Course.title, Course.description, Course.instructor, Course.thumbnail_key, Course.difficulty),
    *(Course.category, Course.status, Course.completion_threshold, Course.created_by, Course.created_at, Course.updated_at),
)
"""What `view_course` reads, for those who have no use for the whole row."""
CONTENT_COLUMNS = (
    *(Content.id, Content.course_id, Content.section_id, Content.type, Content.title, Content.description),
    *(Content.order_index, Content.is_preview, Content.is_archived, Content.path, Content.details.label("details")),
    *(Content.next_error, Content.next_error_code, Content.created_at, Content.updated_at),
    *(Asset.size, Asset.duration, Asset.status, Asset.error, Asset.error_code, Asset.page_count, Asset.media_type),
)
"""What `view_content` reads of a content and of its asset; no name stands in both."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What a course's shown contents add up to; seconds of play."""

    contents: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class CourseRows:
    """Everything that a course's page is made of, each list in its order."""

    course: Course
    sections: Sequence[Section]
    contents: Sequence[tuple[Content, Asset]]
    attachments: Sequence[tuple[Attachment, Asset]] = field(default=())


def view_course(course: Course | Columns, totals: Totals) -> CourseView:
    return CourseView(**_course_fields(course, totals))


def view_course_page(rows: CourseRows) -> CoursePage:
    attached = _by_holder(rows.attachments)
    contents: defaultdict[UUID, list[ContentView]] = defaultdict(list)
    for content, asset in rows.contents:
        contents[content.section_id].append(view_content(content, asset, attached[content.id]))
    seconds = sum(asset.duration or 0.0 for _, asset in rows.contents)
    return CoursePage(
        **_course_fields(rows.course, Totals(len(rows.contents), seconds)),
        sections=[
            SectionView(id=section.id, title=section.title, attachments=attached[section.id], contents=contents[section.id])
            for section in rows.sections
        ],
        attachments=attached[rows.course.id],
    )


def view_content(content: Content | Columns, asset: Asset | Columns, attachments: Sequence[AttachmentView]) -> ContentView:
    why = why_not(content, asset)
    return ContentView(
        id=content.id,
        course_id=content.course_id,
        section_id=content.section_id,
        type=cast("Any", content.type),
        title=content.title,
        description=content.description,
        file_url=f"/api/v1/contents/{content.id}/file",
        file_size=asset.size,
        duration=asset.duration,
        order_index=content.order_index,
        is_preview=content.is_preview,
        is_archived=content.is_archived,
        status=cast("Any", status_of(asset)),
        error=why.words,
        error_code=why.code,
        attachments=list(attachments),
        metadata=_metadata(content, asset),
        created_at=content.created_at,
        updated_at=content.updated_at,
    )


def status_of(asset: Asset | Columns) -> str:
    """A file that is only to be kept is ready once it is stored."""
    return "ready" if asset.status == "stored" else asset.status


def why_not(content: Content | Columns, asset: Asset | Columns) -> Why:
    """Of a changed file first: what it would replace is shown meanwhile."""
    if content.next_error:
        return Why(content.next_error, content.next_error_code)
    return Why(asset.error, asset.error_code)


def view_attachment(attachment: Attachment, asset: Asset) -> AttachmentView:
    return AttachmentView(
        id=attachment.id,
        title=basename(attachment.path),
        path=attachment.path,
        size=asset.size,
        media_type=asset.media_type,
        url=f"/api/v1/attachments/{attachment.id}/file",
    )


def _course_fields(course: Course | Columns, totals: Totals) -> dict[str, Any]:
    return {
        "id": course.id,
        "title": course.title,
        "description": course.description,
        "instructor": course.instructor,
        "thumbnail_url": f"/media/{course.thumbnail_key}" if course.thumbnail_key else None,
        "duration": ceil(totals.seconds / 60),
        "difficulty": course.difficulty,
        "category": course.category,
        "status": course.status,
        "content_count": totals.contents,
        "completion_threshold": course.completion_threshold,
        "created_by": course.created_by,
        "created_at": course.created_at,
        "updated_at": course.updated_at,
    }


def _metadata(content: Content | Columns, asset: Asset | Columns) -> dict[str, Any]:
    known = {"path": content.path, "pages": asset.page_count, "media_type": asset.media_type}
    return {**content.details, **{name: value for name, value in known.items() if value is not None}}


def _by_holder(rows: Iterable[tuple[Attachment, Asset]]) -> defaultdict[UUID, list[AttachmentView]]:
    """Attachments by what holds them: a content, else a section, else the course."""
    found: defaultdict[UUID, list[AttachmentView]] = defaultdict(list)
    for attachment, asset in rows:
        holder = attachment.content_id or attachment.section_id or attachment.course_id
        found[holder].append(view_attachment(attachment, asset))
    return found
