"""What crosses the wire of uploads."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from lms_box.courses.messages import AssetStatus
from lms_box.courses.staging.files import checked_path
from lms_box.http.messages import BASE64, Line, Message, OptionalLine, Prose, View


class ContentUpload(Message):
    """What stands beside the file."""

    course_id: UUID
    section_id: UUID | None = None
    title: OptionalLine = ""
    content_type: OptionalLine = Field("", description="a hint; the bytes decide")


class CaptionUpload(Message):
    """What stands beside the file."""

    language: Annotated[str, Field(max_length=35, pattern=r"^([A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*)?$")] = Field(
        "", description="such as en or pt-BR; left out: as the file's name says"
    )


class UploadedContent(View):
    id: UUID
    url: str
    status: AssetStatus


class ThumbnailUpload(Message):
    """What stands beside the picture."""

    course_id: UUID | None = None


class ContentDraft(Message):
    """A content is made of an upload that is complete, or of a text written here."""

    title: Line | None = None
    section_id: UUID | None = None
    description: Prose = ""
    is_preview: bool = False
    upload_id: UUID | None = Field(None, description="of a finished upload at /upload/tus")
    text: Annotated[Prose, Field(min_length=1)] | None = Field(None, description="Markdown")

    @model_validator(mode="after")
    def _is_made_of_one_thing(self) -> Self:
        if (self.upload_id is None) == (self.text is None):
            raise PydanticCustomError("one_of", "say upload_id or text")
        return self


class TusHeaders(BaseModel):
    resumable: Literal["1.0.0"] = Field(alias="Tus-Resumable", description="the version of the protocol")


class AnnouncingHeaders(TusHeaders):
    length: int = Field(alias="Upload-Length", ge=1, description="bytes of the whole file")
    metadata: str | None = Field(
        None,
        alias="Upload-Metadata",
        description="names with values in base64: filename, title, course_id, section_id",
        pattern=rf"^([!-+\-.-~]+( {BASE64})?(,|$))*$",
    )


class PieceHeaders(TusHeaders):
    offset: int = Field(alias="Upload-Offset", ge=0, description="bytes that are here already")
    checksum: str | None = Field(
        None,
        alias="Upload-Checksum",
        description="sha1, sha256 or md5, and its value in base64",
        pattern=rf"^(sha1|sha256|md5) {BASE64}$",
    )


class TusMetadata(Message):
    """What is understood of a tus client's Upload-Metadata; the rest is left."""

    filename: Annotated[str, AfterValidator(lambda name: name.replace("\x00", "")[:255])] = ""
    title: OptionalLine = ""
    course_id: UUID | None = None
    section_id: UUID | None = None
    import_id: UUID | None = None
    path: Annotated[str, AfterValidator(checked_path)] | None = None

    @model_validator(mode="after")
    def _has_one_place(self) -> Self:
        if (self.import_id is None) != (self.path is None):
            raise ValueError("a file of an import needs import_id and path")
        if self.import_id is not None and self.course_id is not None:
            raise ValueError("say course_id or import_id")
        return self
