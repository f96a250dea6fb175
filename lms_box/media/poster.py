"""Chooses and writes the picture that stands for a recording."""

from pathlib import Path

import av
from av.container import InputContainer
from PIL import Image, ImageStat

from lms_box.media.failures import MediaFailed
from lms_box.media.image import open_picture, save_webp
from lms_box.media.probe import cover_stream

POSTER_BOX = (1280, 1280)
CARD_BOX = (480, 480)
PLACES = (0.1, 0.3, 0.5, 0.0)
ENOUGH_CONTRAST = 20.0


def from_video(video: Path, into: Path, *, duration: float) -> tuple[str | None, str | None]:
    """Looks at a few keyframes and takes the first that is no blank, else the liveliest."""
    best: tuple[float, Image.Image] | None = None
    with av.open(str(video), "r", format="mov") as container:
        for place in PLACES:
            picture = _keyframe(container, place * duration)
            if picture is None:
                continue
            contrast = ImageStat.Stat(picture.resize((64, 64), Image.Resampling.BOX).convert("L")).stddev[0]
            if best is None or contrast > best[0]:
                best = (contrast, picture)
            if contrast >= ENOUGH_CONTRAST:
                break
    return write(best[1], into) if best else (None, None)


def _keyframe(container: InputContainer, second: float) -> Image.Image | None:
    stream = container.streams.video[0]
    stream.codec_context.skip_frame = "NONKEY"
    try:
        container.seek(int(second * 1_000_000), backward=True)
        for frame in container.decode(stream):
            picture = frame.to_image()
            assert isinstance(picture, Image.Image)
            return picture
    except av.error.FFmpegError:
        return None
    return None


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


def from_cover(cover: bytes, into: Path) -> tuple[str | None, str | None]:
    """A cover that cannot be opened is no reason to refuse the sound."""
    try:
        return write(open_picture(cover), into)
    except MediaFailed:
        return None, None


def write(picture: Image.Image, into: Path) -> tuple[str, str]:
    poster = save_webp(picture, into / "poster.webp", box=POSTER_BOX)
    save_webp(poster, into / "card.webp", box=CARD_BOX)
    return "poster.webp", "card.webp"
