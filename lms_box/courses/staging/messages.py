"""What crosses the wire when a folder comes through the browser."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from lms_box.courses.folder.document import Confidence, LeftOutCode, ReasonCode, TrackKind
from lms_box.courses.folder.wishes import Path, Wishes
from lms_box.courses.messages import ContentType
from lms_box.http.messages import BASE64, WHOLE, ErrorCode, Line, Message, Moment, View

StagedStatus = Literal["open", "applying", "applied", "failed"]


class ImportDraft(Message):
    name: Line = Field(description="what the folder is called; the course's title, unless the plan says another")
    course_id: UUID | None = Field(None, description="the course to bring up to date; without it a new one is made")


class StagedUpload(Message):
    """What stands beside the file."""

    path: Path = Field(description="relative to the folder, with `/`, without the folder's own name")


class StagedFile(View):
    path: str
    size: int = Field(description="in bytes")


class ImportResult(View):
    created: bool
    added: int
    changed: int
    moved: int
    removed: int
    unchanged: int
    ignored: int


class ImportView(View):
    id: UUID
    name: str
    course_id: UUID | None = Field(description="the course that it is to be, or has become")
    status: StagedStatus
    error: str | None
    error_code: ErrorCode
    progress: float = Field(description="0 to 1, while it is applied")
    stage: str
    result: ImportResult | None = Field(description="once it is applied")
    created_at: Moment
    expires_at: Moment = Field(description="nobody having come back to it by then, it is forgotten")


class ImportPage(ImportView):
    files: list[StagedFile] = Field(description="what is here whole, in the order of paths")
    bytes: int


class CaptionPlan(View):
    path: str
    language: str | None
    kind: TrackKind = "captions"


class ReasonPlan(View):
    code: ReasonCode
    about: str = Field(description="the file, number, ending or field that the reason names, else empty")


class ContentPlan(View):
    path: str
    title: str
    type: ContentType
    confidence: Confidence
    reasons: list[str]
    captions: list[CaptionPlan]
    attachments: list[str]
    reason_codes: list[ReasonPlan] = Field(description="the reasons in their order, for who has words of their own for them")


class SectionPlan(View):
    title: str
    attachments: list[str]
    contents: list[ContentPlan]


class IgnoredPlan(View):
    path: str
    reason: str
    code: LeftOutCode = Field(description="the reason, for who has words of their own for it")


class ChangesPlan(View):
    added: list[str]
    changed: list[str]
    moved: list[str]
    removed: list[str]
    unchanged: list[str]


class PlanView(View):
    """The document of `lms course import --dry-run --json`."""

    title: str
    cover: str | None
    description: str | None
    sections: list[SectionPlan]
    attachments: list[str]
    ignored: list[IgnoredPlan]
    changes: ChangesPlan


class ComingFile(Message):
    """A file that is announced before it is sent."""

    path: Path = Field(description="as it will be sent")
    size: Annotated[int, Field(ge=0), WHOLE] = Field(description="in bytes")
    head: Annotated[str, StringConstraints(pattern=rf"^({BASE64})?$", max_length=2732)] = Field(
        "",
        description="its first bytes in base64, 2 kB at most: of Markdown and of `.ts`, of which a name does not tell enough",
    )


class Application(Message):
    """How the folder is to become a course."""

    plan: Wishes = Field(Wishes(), description="what is to be otherwise; files that it does not name stay as planned")
    publish: bool = False
    prune: bool = Field(False, description="delete what left the folder, with everybody's progress in it")
    keep: bool = Field(False, description="the folder adds to the course: what it does not have stays there as it is")


class PlanDraft(Application):
    coming: Annotated[tuple[ComingFile, ...], Field(max_length=20_000)] = Field(
        (), description="files that are not here yet: the plan is made as if they were"
    )
