"""What crosses the wire of the catalogue."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from lms_box.http.messages import WHOLE, ErrorCode, Line, Message, Moment, OptionalLine, Prose, View

ContentType = Literal["video", "audio", "presentation", "document", "file"]
Difficulty = Literal["beginner", "intermediate", "advanced"]
CourseStatus = Literal["draft", "published", "archived"]
AssetStatus = Literal["pending", "processing", "ready", "failed"]
ThumbnailUrl = Annotated[str, Field(pattern=r"^/media/public/[0-9a-f-]{1,64}\.webp$")]
Percent = Annotated[int, Field(ge=1, le=100), WHOLE]


class AttachmentView(View):
    id: UUID
    title: str
    path: str
    size: int = Field(description="in bytes")
    media_type: str
    url: str


class ContentView(View):
    made: ClassVar[Mapping[str, Any]] = dict.fromkeys(
        ("type", "file_size", "duration", "status", "error", "error_code", "metadata", "updated_at"), True
    )
    id: UUID
    course_id: UUID
    section_id: UUID
    type: ContentType
    title: str
    description: str
    file_url: str
    file_size: int = Field(description="in bytes")
    duration: float | None = Field(description="in seconds; null where there is nothing to play")
    order_index: int
    is_preview: bool
    is_archived: bool
    status: AssetStatus
    error: str | None
    error_code: ErrorCode
    attachments: list[AttachmentView]
    metadata: dict[str, Any]
    created_at: Moment
    updated_at: Moment


class CaptionFile(View):
    """A file of captions or chapters beside a content; `status` is that of making it ready."""

    id: UUID
    name: str
    kind: Literal["captions", "chapters"]
    language: str | None
    size: int = Field(description="in bytes")
    status: AssetStatus
    error: str | None
    error_code: ErrorCode


class SectionView(View):
    id: UUID
    title: str
    attachments: list[AttachmentView]
    contents: list[ContentView]


class CourseView(View):
    id: UUID
    title: str
    description: str
    instructor: str
    thumbnail_url: str | None
    duration: int = Field(description="in whole minutes, rounded up")
    difficulty: Difficulty
    category: str
    status: CourseStatus
    content_count: int
    completion_threshold: int = Field(description="in percent of a content")
    created_by: UUID | None
    created_at: Moment
    updated_at: Moment


class CoursePage(CourseView):
    made: ClassVar[Mapping[str, Any]] = {
        "duration": True,
        "sections": {"__all__": {"contents": {"__all__": ContentView.made}}},
    }
    sections: list[SectionView]
    attachments: list[AttachmentView]


class CourseDraft(Message):
    title: Line
    description: Prose = ""
    instructor: OptionalLine = ""
    difficulty: Difficulty = "beginner"
    category: OptionalLine = ""
    status: CourseStatus = "draft"
    completion_threshold: Percent = 90
    thumbnail_url: ThumbnailUrl | None = Field(None, description="as POST /upload/thumbnail answered; null for none")


class CourseChange(Message):
    title: Line | None = None
    description: Prose | None = None
    instructor: OptionalLine | None = None
    difficulty: Difficulty | None = None
    category: OptionalLine | None = None
    status: CourseStatus | None = None
    completion_threshold: Percent | None = None
    thumbnail_url: ThumbnailUrl | None = Field(None, description="as POST /upload/thumbnail answered; null for none")


class ContentChange(Message):
    title: Line | None = None
    description: Prose | None = None
    is_preview: bool | None = None
    is_archived: bool | None = None


class SectionOrder(Message):
    id: UUID | None = None
    title: OptionalLine
    contents: Annotated[list[UUID], Field(max_length=10_000)]


class CourseOrder(Message):
    sections: Annotated[list[SectionOrder], Field(max_length=2_000)]


class CourseQuery(Message):
    skip: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    difficulty: Difficulty | None = None
    category: OptionalLine | None = None
    status: CourseStatus | None = None
    q: OptionalLine | None = None
    sort: Literal["title", "-title", "created_at", "-created_at", "updated_at", "-updated_at"] = "-created_at"


class Thumbnail(View):
    url: str
