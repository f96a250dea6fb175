"""Chooses and writes the picture that stands for a recording."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
from av.video.codeccontext import VideoCodecContext
from av.video.reformatter import ColorRange, Colorspace, Interpolation

from lms_box.media.decoding import keyframe_at
from lms_box.media.fragments import open_written
from lms_box.media.probe import cover_stream

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame

POSTER_SIDE = 1280
CARD_SIDE = 480
PLACES = (0.1, 0.3, 0.5, 0.0)
ENOUGH_CONTRAST = 20.0
LOOK_SIDE = 64
QUALITY = "82"
EFFORT = "1"


def from_video(video: Path, into: Path, *, duration: float) -> tuple[str | None, str | None]:
    """Looks at a few keyframes and takes the first that is no blank, else the liveliest."""
    with open_written(video) as container:
        frame = liveliest(container, duration)
    if frame is None:
        return None, None
    write_webp(frame, into / "poster.webp", side=POSTER_SIDE)
    write_webp(frame, into / "card.webp", side=CARD_SIDE)
    return "poster.webp", "card.webp"


def liveliest(container: InputContainer, duration: float) -> VideoFrame | None:
    best: tuple[float, VideoFrame] | None = None
    for place in PLACES:
        frame = keyframe_at(container, place * duration)
        if frame is None:
            continue
        lively = contrast(frame)
        if best is None or lively > best[0]:
            best = (lively, frame)
        if lively >= ENOUGH_CONTRAST:
            break
    return best[1] if best else None


def contrast(frame: VideoFrame) -> float:
    """Standard deviation of the brightness, 0 to 127."""
    small = frame.reformat(LOOK_SIDE, LOOK_SIDE, "gray", interpolation=Interpolation.AREA)
    lights = bytes(small.planes[0])
    mean = sum(lights) / len(lights)
    return float((sum(light * light for light in lights) / len(lights) - mean * mean) ** 0.5)


def write_webp(frame: VideoFrame, path: Path, *, side: int) -> None:
    """At most `side` wide and high. FFmpeg does it, because Pillow would have to be loaded for this alone."""
    scale = min(1.0, side / max(frame.width, frame.height))
    width, height = max(1, round(frame.width * scale)), max(1, round(frame.height * scale))
    encoder = av.CodecContext.create("libwebp", "w")
    assert isinstance(encoder, VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt, encoder.time_base = width, height, "yuv420p", Fraction(1, 25)
    encoder.options = {"quality": QUALITY, "compression_level": EFFORT}
    ready = frame.reformat(
        width,
        height,
        "yuv420p",
        dst_colorspace=Colorspace.ITU601,
        dst_color_range=ColorRange.MPEG,
        interpolation=Interpolation.AREA,
    )
    ready.pts = 0
    path.write_bytes(b"".join(bytes(packet) for packet in [*encoder.encode(ready), *encoder.encode(None)]))


def cover_art(container: InputContainer) -> bytes | None:
    """The picture that a sound file carries, as it lies in the file."""
    stream = cover_stream(container)
    if stream is None:
        return None
    try:
        container.seek(0)
        return next((bytes(packet) for packet in container.demux(stream) if packet.size), None)
    except av.error.FFmpegError:
        return None
