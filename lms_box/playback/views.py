"""From builds to signed addresses; pure but for the clock that is passed in."""

from dataclasses import dataclass
from datetime import UTC, datetime
from posixpath import splitext
from typing import Any, cast
from urllib.parse import quote
from uuid import UUID

from lms_box.courses.tables import Asset, Caption, Content
from lms_box.http.signed import Links
from lms_box.http.windows import window_end
from lms_box.media.languages import language_label
from lms_box.media.messages import SOURCE, Built
from lms_box.playback.messages import CaptionView, PagesView, PlaybackView
from lms_box.playback.service import build_prefix
from lms_box.playback.serving import MOST_CAPTIONS, TEXTS, window_until
from lms_box.storage.base import Storage


@dataclass(frozen=True, slots=True)
class Signing:
    """For whom addresses are made, and when (seconds since 1970)."""

    links: Links
    storage: Storage
    learner: UUID
    at: float

    def build_file(self, asset: UUID, build: UUID, name: str) -> str:
        """At the store, where it hands out bytes itself; but texts come from the box."""
        elsewhere = None
        if splitext(name)[1] not in TEXTS:
            key = f"{build_prefix(asset, build)}/{name}"
            elsewhere = self.storage.address(key, window=window_until(window_end(self.at)))
        return elsewhere or f"/media/{self.token(asset, build)}/{quote(name)}"

    def source(self, asset: Asset, *, title: str) -> str:
        """The original file; `title` is the name it is kept under when downloaded."""
        elsewhere = self.storage.address(asset.key, window=window_until(window_end(self.at)), title=title)
        name = f"source{splitext(asset.key)[1]}?name={quote(title, safe='')}"
        return elsewhere or f"/media/{self.token(asset.id, asset.id)}/{name}"

    def token(self, asset: UUID, build: UUID) -> str:
        return self.links.token(learner=self.learner, asset=asset, build=build, at=self.at)

    @property
    def expires(self) -> datetime:
        return datetime.fromtimestamp(window_end(self.at), UTC)


@dataclass(frozen=True, slots=True)
class Playable:
    """A content with what was made of it and of the captions and chapters beside it."""

    content: Content
    asset: Asset
    build: tuple[UUID, Built] | None
    captions: list[tuple[Caption, UUID, Built]]


def view_playback(playable: Playable, signing: Signing, *, file_name: str) -> PlaybackView:
    content, asset = playable.content, playable.asset
    build_id, built = playable.build or (asset.id, Built())

    def address(name: str | None) -> str | None:
        return signing.build_file(asset.id, build_id, name) if name else None

    captions = _captions(playable, signing, build_id, built)
    return PlaybackView(
        content_id=content.id,
        type=cast("Any", content.type),
        duration=asset.duration,
        hls_url=_hls(address(built.hls), captions, asset.duration),
        dash_url=address(built.dash),
        source_url=signing.source(asset, title=file_name),
        poster_url=address(built.poster),
        storyboard_url=address(built.storyboard),
        chapters_url=_chapters(playable, signing) or address(built.chapters),
        captions=captions,
        pages=_pages(asset, signing, build_id, built, file_name),
        expires_at=signing.expires,
    )


def _hls(address: str | None, captions: list[CaptionView], seconds: float | None) -> str | None:
    """Names the captions to the box, which puts them into the playlist: a native player knows no others."""
    if address is None or not captions or seconds is None:
        return address
    named = ",".join(f"{caption.language}:{caption.url.removeprefix('/media/')}" for caption in captions[:MOST_CAPTIONS])
    # A colon is allowed here, but Shaka would take what stands before it for the scheme of the address.
    return f"{address}?captions={quote(named, safe='/,')}&seconds={seconds:.3f}"


def _captions(playable: Playable, signing: Signing, build_id: UUID, built: Built) -> list[CaptionView]:
    """Those beside the file first, then those inside it."""
    beside = [
        CaptionView(
            language=caption.language or made.language,
            label=language_label(caption.language or made.language),
            url=signing.build_file(caption.asset_id, caption_build, made.file),
        )
        for caption, caption_build, caption_built in playable.captions
        if caption.kind == "captions"
        for made in caption_built.captions
    ]
    inside = [
        CaptionView(language=made.language, label=made.label, url=signing.build_file(playable.asset.id, build_id, made.file))
        for made in built.captions
    ]
    return beside + inside


def _chapters(playable: Playable, signing: Signing) -> str | None:
    """Those beside the file: somebody has put them there."""
    beside = (one for one in playable.captions if one[0].kind == "chapters")
    files = (
        signing.build_file(chapters.asset_id, build, made.file) for chapters, build, built in beside for made in built.captions
    )
    return next(files, None)


def _pages(asset: Asset, signing: Signing, build_id: UUID, built: Built, file_name: str) -> PagesView | None:
    if built.pages is None:
        return None
    pdf, text = built.pages.pdf, built.pages.text
    if pdf == SOURCE:
        pdf_url: str | None = signing.source(asset, title=file_name)
    else:
        pdf_url = signing.build_file(asset.id, build_id, pdf) if pdf else None
    return PagesView(
        count=built.pages.count,
        pdf_url=pdf_url,
        text_url=signing.build_file(asset.id, build_id, text) if text else None,
    )
