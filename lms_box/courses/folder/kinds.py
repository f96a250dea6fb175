"""What a file is by its name, and by its first bytes where the name leaves it open."""

from typing import Literal

from lms_box.courses.folder.document import ContentType
from lms_box.media.text_kinds import CAPTION_TYPES, HTML_NAMES, MARKDOWN_NAMES

Kind = Literal["video", "audio", "presentation", "document", "file", "caption", "image", "other"]

VIDEO = """
mp4 m4v mkv webm mov qt avi wmv asf flv f4v mpg mpeg mpe m2v vob m2ts 3gp 3g2 ogv ogm rm rmvb divx mxf dv ivf
"""
AUDIO = "mp3 m4a m4b aac flac ogg oga opus wav w64 wma aif aiff aifc amr ac3 eac3 dts mka weba ape au caf wv tta mp2"
TO_DOWNLOAD = "doc docx odt rtf ppt pps ppsx pot odp key pages epub mobi azw3 djvu xps"
IMAGES = "jpg jpeg png gif webp avif bmp tif tiff svg heic"

_KINDS: dict[str, Kind] = {f".{name}": "video" for name in VIDEO.split()}
_KINDS |= {f".{name}": "audio" for name in AUDIO.split()}
_KINDS |= {f".{name}": "file" for name in TO_DOWNLOAD.split()}
_KINDS |= {f".{name}": "image" for name in IMAGES.split()}
_KINDS |= dict.fromkeys(CAPTION_TYPES, "caption")
_KINDS |= dict.fromkeys([".pdf", ".ipynb", *MARKDOWN_NAMES, *HTML_NAMES], "document")
_KINDS |= dict.fromkeys([".pptx", ".pptm"], "presentation")

LESSONS: dict[Kind, ContentType] = {
    "video": "video", "audio": "audio", "presentation": "presentation", "document": "document", "file": "file",
}  # fmt: skip


def kind_of(extension: str, head: bytes) -> Kind:
    if extension in (".ts", ".mts"):
        return "video" if is_transport_stream(head) else "other"
    return _KINDS.get(extension, "other")


def is_transport_stream(head: bytes) -> bool:
    """Packets of 188, 192 or 204 bytes that all begin with 0x47; TypeScript may begin with a G, but not again there."""
    return any(
        len(head) > first + packet and all(head[at] == 0x47 for at in range(first, len(head), packet))
        for first, packet in ((0, 188), (4, 192), (0, 204))
    )
