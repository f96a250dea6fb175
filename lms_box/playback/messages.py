"""What crosses the wire of playback."""

from uuid import UUID

from pydantic import Field

from lms_box.courses.messages import ContentType
from lms_box.http.messages import Moment, View


class CaptionView(View):
    language: str
    label: str
    url: str


class PagesView(View):
    count: int
    pdf_url: str | None
    text_url: str | None = Field(description="pages as JSON: {base, outline, pages: [{number, title, html, text, notes}]}")


class PlaybackView(View):
    content_id: UUID
    type: ContentType
    duration: float | None
    hls_url: str | None
    dash_url: str | None
    source_url: str | None
    poster_url: str | None
    storyboard_url: str | None
    chapters_url: str | None
    captions: list[CaptionView]
    pages: PagesView | None
    expires_at: Moment
