"""What crosses between the server and the child process that opens strangers' files."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["video", "audio", "presentation", "document", "caption", "image", "file"]
Stage = Literal["playable", "ladder"]
SOURCE = "source"


class Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Inspect(Message):
    """Ask what a file is; `name` is what people call it and decides only where the bytes leave it open."""

    do: Literal["inspect"] = "inspect"
    source: Path
    name: str


class VideoStream(Message):
    index: int
    codec: str
    profile: str | None = None
    width: int
    height: int
    rotation: int = 0
    frame_rate: float | None = None
    pixel_format: str | None = None
    bit_depth: int = 8
    hdr: bool = False
    interlaced: bool = False


class AudioStream(Message):
    index: int
    codec: str
    profile: str | None = None
    sample_rate: int
    channels: int
    language: str | None = None
    title: str | None = None


class TextStream(Message):
    index: int
    codec: str
    language: str | None = None
    title: str | None = None


class Inspection(Message):
    kind: Kind
    media_type: str
    extension: str
    duration: float | None = None
    video: VideoStream | None = None
    audio: tuple[AudioStream, ...] = ()
    texts: tuple[TextStream, ...] = ()
    chapters: int = 0
    note: str | None = None


class Options(Message):
    """`stage="playable"` makes the least that plays well; `"ladder"` makes every rung from one decode."""

    stage: Stage = "playable"
    rungs: tuple[int, ...] = (1080, 720, 480)
    encoder: str = "libx264"
    preset: str = "veryfast"
    threads: int = Field(default=0, description="Encoding threads for each rung; 0 chooses by the machine.")
    language: str | None = Field(default=None, description="Language of a caption file, when its name told it.")


class Build(Message):
    """Ask for all that can be played or shown of a file, written into the empty folder `into`."""

    do: Literal["build"] = "build"
    source: Path
    name: str
    kind: Kind
    into: Path
    options: Options = Options()


class Rendition(Message):
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


class Caption(Message):
    language: str
    label: str
    file: str


class Pages(Message):
    """`pdf` is a file of the build, `SOURCE` when the original is the PDF itself, None when there is none."""

    count: int
    pdf: str | None
    text: str | None


class Built(Message):
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
    metadata: dict[str, Any] = {}
    ladder_wanted: bool = False


class Progress(Message):
    """`done` runs from 0 to 1; `step` is a short word for what is being made."""

    done: float
    step: str
    duration: float | None = None
    short_side: int | None = None


class Failure(Message):
    code: str
    reason: str


class Reply(Message):
    """One line from the child: exactly one of the fields is set."""

    progress: Progress | None = None
    inspection: Inspection | None = None
    built: Built | None = None
    failure: Failure | None = None


Request = Annotated[Inspect | Build, Field(discriminator="do")]
