"""Turns strangers' pictures into small WebP files without their metadata."""

import hashlib
import io
import warnings
from pathlib import Path

from PIL import Image, ImageOps, WebPImagePlugin

from lms_box.media.failures import MediaFailed

MOST_PIXELS = 80_000_000
QUALITY = 82
POSTER_BOX = (1280, 1280)
CARD_BOX = (480, 480)
MOST_PICTURES = 3_000
PICTURE_BOX = (1600, 1200)
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "ICO", "MPO", "PPM")


def open_picture(source: Path | bytes) -> Image.Image:
    """Upright and in RGB(A); refuses what would fill the memory before it is decoded."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            upright = _decode(Image.open(io.BytesIO(source) if isinstance(source, bytes) else source, formats=FORMATS))
    except MediaFailed:
        raise
    except Image.DecompressionBombError as error:
        raise MediaFailed("This picture is far too large. Please save it smaller.", "image_too_large") from error
    except Exception as error:  # Pillow's plugins raise whatever their parsers stumble over.
        words = "This picture cannot be opened. Please save it as PNG or JPEG and try again."
        raise MediaFailed(words, "image_damaged") from error
    clear = "transparency" in upright.info or upright.mode in ("RGBA", "LA", "PA")
    return upright.convert("RGBA" if clear else "RGB")


def _decode(picture: Image.Image) -> Image.Image:
    if picture.width * picture.height > MOST_PIXELS:
        size = f"{picture.width} × {picture.height}"
        raise MediaFailed(f"This picture is too large ({size}). Please save it smaller.", "image_too_large")
    if picture.format == "JPEG":
        picture.draft("RGB", (4096, 4096))
    picture.load()
    return ImageOps.exif_transpose(picture)


def save_webp(picture: Image.Image, path: Path, *, box: tuple[int, int]) -> Image.Image:
    """Returns what was saved: a smaller one yet is made from it sooner."""
    small = picture.copy()
    small.thumbnail(box, Image.Resampling.LANCZOS)
    if small.mode not in ("RGB", "RGBA"):
        small = small.convert("RGB")
    small.info.clear()
    small.save(path, WebPImagePlugin.WebPImageFile.format, quality=QUALITY, method=2, exif=b"", icc_profile=b"")
    return small


class Pictures:
    """The pictures inside a document as WebP files, each once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names: dict[str, str | None] = {}

    def add(self, data: bytes) -> str | None:
        """The address relative to the build, None for what browsers cannot show."""
        key = hashlib.sha256(data).hexdigest()[:16]
        if key not in self._names:
            self._names[key] = self._write(key, data) if len(self._names) < MOST_PICTURES else None
        return self._names[key]

    def _write(self, key: str, data: bytes) -> str | None:
        try:
            picture = open_picture(data)
        except MediaFailed:
            return None
        self._folder.mkdir(exist_ok=True)
        save_webp(picture, self._folder / f"{key}.webp", box=PICTURE_BOX)
        return f"{self._folder.name}/{key}.webp"


def from_cover(cover: bytes, into: Path) -> tuple[str | None, str | None]:
    """A cover that cannot be opened is no reason to refuse the sound."""
    try:
        return write_poster(open_picture(cover), into)
    except MediaFailed:
        return None, None


def write_poster(picture: Image.Image, into: Path) -> tuple[str, str]:
    """The names of the poster and of the card that were made."""
    poster = save_webp(picture, into / "poster.webp", box=POSTER_BOX)
    save_webp(poster, into / "card.webp", box=CARD_BOX)
    return "poster.webp", "card.webp"
