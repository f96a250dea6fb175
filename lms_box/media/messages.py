"""What crosses between the server and the child process that opens strangers' files; plain, so that the child starts soon."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from lms_box.media.failures import FailureCode

Kind = Literal["video", "audio", "presentation", "document", "caption", "image", "file"]
Stage = Literal["playable", "ladder"]
SOURCE = "source"
READY = "--ready"
"""Asks a child process to load what recordings need before the first request."""


@dataclass(frozen=True, kw_only=True)
class Inspect:
    """Ask what a file is; `name` is what people call it and decides only where the bytes leave it open."""

    source: Path
    name: str


@dataclass(frozen=True, kw_only=True)
class VideoStream:
    """`width` and `height` before `rotation`, which is in degrees counter-clockwise."""

    index: int
    codec: str
    profile: str | None = None
    width: int
    height: int
    rotation: int = 0
    frame_rate: float | None = None
    variable_rate: bool = False
    pixel_format: str | None = None
    bit_depth: int = 8
    hdr: bool = False
    interlaced: bool = False


@dataclass(frozen=True, kw_only=True)
class AudioStream:
    index: int
    codec: str
    profile: str | None = None
    sample_rate: int
    channels: int
    language: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class TextStream:
    index: int
    codec: str
    language: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class Inspection:
    kind: Kind
    media_type: str
    extension: str
    duration: float | None = None
    video: VideoStream | None = None
    audio: tuple[AudioStream, ...] = ()
    texts: tuple[TextStream, ...] = ()
    chapters: int = 0
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class Options:
    """`stage="playable"` makes the least that plays well; `"ladder"` makes every rung from one decode.

    `threads` encode each rung, 0 chooses by the machine; `language` is that of a caption file, when its name told it.
    """

    stage: Stage = "playable"
    rungs: tuple[int, ...] = (1080, 720, 480)
    encoder: str = "libx264"
    preset: str = "veryfast"
    threads: int = 0
    language: str | None = None


@dataclass(frozen=True, kw_only=True)
class Build:
    """Ask for all that can be played or shown of a file, written into the empty folder `into`."""

    source: Path
    name: str
    kind: Kind
    into: Path
    options: Options = Options()


@dataclass(frozen=True, kw_only=True)
class Rendition:
    name: str
    file: str
    type: Literal["video", "audio"]
    codecs: str
    bandwidth: int
    average_bandwidth: int
    duration: float
    width: int | None = None
    height: int | None = None
    frame_rate: float | None = None
    sample_rate: int | None = None
    channels: int | None = None
    copied: bool = False
    language: str | None = None
    label: str | None = None


@dataclass(frozen=True, kw_only=True)
class Caption:
    language: str
    label: str
    file: str


@dataclass(frozen=True, kw_only=True)
class Pages:
    """`pdf` is a file of the build, `SOURCE` when the original is the PDF itself, None when there is none."""

    count: int
    pdf: str | None
    text: str | None


@dataclass(frozen=True, kw_only=True)
class Built:
    """`ladder` are the sides that were wished for a picture, and `short_side` is its own, upright."""

    duration: float | None = None
    renditions: tuple[Rendition, ...] = ()
    hls: str | None = None
    dash: str | None = None
    poster: str | None = None
    card: str | None = None
    storyboard: str | None = None
    chapters: str | None = None
    captions: tuple[Caption, ...] = ()
    pages: Pages | None = None
    files: tuple[str, ...] = ()
    metadata: dict[str, Any] = field(default_factory=dict)
    ladder: tuple[int, ...] = ()
    short_side: int | None = None
    ladder_wanted: bool = False


@dataclass(frozen=True, kw_only=True)
class Progress:
    """`done` runs from 0 to 1; `step` is a short word for what is being made."""

    done: float
    step: str
    duration: float | None = None
    short_side: int | None = None


@dataclass(frozen=True, kw_only=True)
class Failure:
    code: FailureCode
    reason: str


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One line from the child: exactly one of the fields is set."""

    progress: Progress | None = None
    inspection: Inspection | None = None
    built: Built | None = None
    failure: Failure | None = None
