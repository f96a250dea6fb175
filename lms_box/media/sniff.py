"""What a file is by its first bytes, in plain Python: it decides which demuxer may open it, if any."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from lms_box.media.messages import Kind
from lms_box.media.text_kinds import look_at_text

HEAD = 4096
GARBAGE_SEARCHED = 512 * 1024


@dataclass(frozen=True)
class Look:
    """`container` is the one demuxer that may open the file; `note` says why a file is not what its name claims."""

    kind: Kind
    media_type: str
    extension: str
    container: str | None = None
    note: str | None = None


VIDEO_NAMES = {
    ".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".wmv", ".flv", ".mpg", ".mpeg", ".m2ts", ".mts", ".3gp",
    ".ogv", ".vob", ".f4v",
}  # fmt: skip
AUDIO_NAMES = {".mp3", ".m4a", ".m4b", ".aac", ".wav", ".flac", ".ogg", ".oga", ".opus", ".wma", ".aif", ".aiff"}

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
QUICKTIME_BOXES = {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"moof", b"styp", b"sidx", b"uuid"}
IMAGE_BRANDS = {
    b"avif": ("image/avif", ".avif"),
    b"avis": ("image/avif", ".avif"),
    b"heic": ("image/heic", ".heic"),
    b"heix": ("image/heic", ".heic"),
    b"mif1": ("image/heic", ".heic"),
    b"msf1": ("image/heic", ".heic"),
}

# (bytes, position) -> what they say
SIGNATURES: tuple[tuple[bytes, int, Look], ...] = (
    (b"\x1aE\xdf\xa3", 0, Look("video", "video/x-matroska", ".mkv", "matroska")),
    (b"AVI ", 8, Look("video", "video/x-msvideo", ".avi", "avi")),
    (b"WAVE", 8, Look("audio", "audio/wav", ".wav", "wav")),
    (b"OggS", 0, Look("audio", "audio/ogg", ".ogg", "ogg")),
    (b"fLaC", 0, Look("audio", "audio/flac", ".flac", "flac")),
    (b"FLV\x01", 0, Look("video", "video/x-flv", ".flv", "flv")),
    (b"0&\xb2u\x8ef\xcf\x11", 0, Look("video", "video/x-ms-wmv", ".wmv", "asf")),
    (b"\x00\x00\x01\xba", 0, Look("video", "video/mpeg", ".mpg", "mpeg")),
    (b"\x00\x00\x01\xb3", 0, Look("video", "video/mpeg", ".mpg", "mpegvideo")),
    (b"#!AMR", 0, Look("audio", "audio/amr", ".amr", "amr")),
    (b"AIFF", 8, Look("audio", "audio/aiff", ".aiff", "aiff")),
    (b"AIFC", 8, Look("audio", "audio/aiff", ".aiff", "aiff")),
    (b"caff", 0, Look("audio", "audio/x-caf", ".caf", "caf")),
    (b".snd", 0, Look("audio", "audio/basic", ".au", "au")),
    (b"wvpk", 0, Look("audio", "audio/x-wavpack", ".wv", "wv")),
    (b"MAC ", 0, Look("audio", "audio/x-ape", ".ape", "ape")),
    (b"TTA1", 0, Look("audio", "audio/x-tta", ".tta", "tta")),
    (b"riff\x2e\x91\xcf\x11", 0, Look("audio", "audio/wav", ".w64", "w64")),
    (b"\x0bw", 0, Look("audio", "audio/ac3", ".ac3", "ac3")),
    (b"\x06\x0e+4\x02\x05\x01\x01", 0, Look("video", "application/mxf", ".mxf", "mxf")),
    (b".RMF", 0, Look("video", "application/vnd.rn-realmedia", ".rm", "rm")),
    (b"DKIF", 0, Look("video", "video/x-ivf", ".ivf", "ivf")),
    (b"\x89PNG\r\n\x1a\n", 0, Look("image", "image/png", ".png")),
    (b"\xff\xd8\xff", 0, Look("image", "image/jpeg", ".jpg")),
    (b"GIF8", 0, Look("image", "image/gif", ".gif")),
    (b"WEBP", 8, Look("image", "image/webp", ".webp")),
    (b"II*\x00", 0, Look("image", "image/tiff", ".tif")),
    (b"MM\x00*", 0, Look("image", "image/tiff", ".tif")),
    (OLE_MAGIC, 0, Look("file", "application/x-ole-storage", "")),
    (b"\x1f\x8b", 0, Look("file", "application/gzip", ".gz")),
    (b"7z\xbc\xaf\x27\x1c", 0, Look("file", "application/x-7z-compressed", ".7z")),
    (b"Rar!\x1a\x07", 0, Look("file", "application/vnd.rar", ".rar")),
)
RIFF_KINDS = {b"AVI ": b"RIFF", b"WAVE": b"RIFF", b"WEBP": b"RIFF", b"AIFF": b"FORM", b"AIFC": b"FORM"}
PPTX_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
OFFICE_PARTS = {
    "word/document.xml": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
    "xl/workbook.xml": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    "META-INF/container.xml": ("application/epub+zip", ".epub"),
}


def look(path: Path, name: str) -> Look:
    """`name` is what people call the file; it decides only where the bytes leave it open."""
    extension = Path(name).suffix.lower()
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        return _claimed(extension, "The file is empty.") or _stored(Look("file", "application/octet-stream", ""), extension)
    found = _webm(head) or _locked_deck(head, extension) or _by_signature(head) or _by_structure(path, head, extension)
    return _stored(found or _text_or_bytes(path, extension), extension)


def _text_or_bytes(path: Path, extension: str) -> Look:
    text = look_at_text(path, extension)
    if text is None:
        return _claimed(extension, "The file holds no recording that we know.") or Look("file", "application/octet-stream", "")
    return _claimed(extension, "The file is a text, not a recording.") or Look(*text)


def _claimed(extension: str, note: str) -> Look | None:
    """A name that promises a recording is answered as one, so that its maker hears why it does not play."""
    if extension in VIDEO_NAMES:
        return Look("video", "application/octet-stream", extension, note=note)
    if extension in AUDIO_NAMES:
        return Look("audio", "application/octet-stream", extension, note=note)
    return None


def _stored(found: Look, extension: str) -> Look:
    if found.extension or not re.fullmatch(r"\.[a-z0-9]{1,10}", extension):
        return found
    return replace(found, extension=extension)


def _by_signature(head: bytes) -> Look | None:
    for signature, position, found in SIGNATURES:
        if head[position : position + len(signature)] != signature:
            continue
        outer = RIFF_KINDS.get(signature)
        if outer is None or head.startswith(outer) or (signature == b"WAVE" and head[:4] in (b"RF64", b"BW64")):
            return found
    return None


def _webm(head: bytes) -> Look | None:
    if head.startswith(b"\x1aE\xdf\xa3") and b"webm" in head[:64]:
        return Look("video", "video/webm", ".webm", "matroska")
    return None


def _locked_deck(head: bytes, extension: str) -> Look | None:
    """Office puts a password around a file by wrapping it into the container of its old formats."""
    if head.startswith(OLE_MAGIC) and extension in (".pptx", ".pptm", ".ppsx"):
        return Look("presentation", PPTX_TYPE, ".pptx")
    return None


def _by_structure(path: Path, head: bytes, extension: str) -> Look | None:
    if head[4:8] in QUICKTIME_BOXES:
        return _quicktime(head, extension)
    if b"%PDF-" in head[:1024]:
        return Look("document", "application/pdf", ".pdf")
    if head.startswith(b"PK\x03\x04"):
        return _zip(path)
    return _transport_stream(head) or _mpeg_sound(path, head, extension)


def _quicktime(head: bytes, extension: str) -> Look:
    brand = head[8:12] if head[4:8] == b"ftyp" else b""
    if brand in IMAGE_BRANDS and extension not in VIDEO_NAMES:
        return Look("image", *IMAGE_BRANDS[brand])
    if brand in (b"M4A ", b"M4B "):
        return Look("audio", "audio/mp4", ".m4a", "mov")
    if brand == b"qt  " or not brand:
        return Look("video", "video/quicktime", ".mov", "mov")
    return Look("video", "video/mp4", ".mp4", "mov")


def _zip(path: Path) -> Look:
    import zipfile

    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return Look("file", "application/zip", ".zip")
    if any(name.startswith("ppt/") and name.endswith("presentation.xml") for name in names):
        return Look("presentation", PPTX_TYPE, ".pptx")
    for part, (media_type, extension) in OFFICE_PARTS.items():
        if part in names:
            return Look("file", media_type, extension)
    return Look("file", "application/zip", "")


def _transport_stream(head: bytes) -> Look | None:
    for first, packet in ((0, 188), (4, 192), (0, 204)):
        if len(head) > first + packet and all(head[at] == 0x47 for at in range(first, len(head), packet)):
            return Look("video", "video/mp2t", ".ts", "mpegts")
    return None


def _mpeg_sound(path: Path, head: bytes, extension: str) -> Look | None:
    mp3 = Look("audio", "audio/mpeg", ".mp3", "mp3")
    aac = Look("audio", "audio/aac", ".aac", "aac")
    if head.startswith(b"ID3"):
        size = sum((octet & 0x7F) << shift for octet, shift in zip(head[6:10], (21, 14, 7, 0), strict=False))
        with path.open("rb") as file:
            file.seek(10 + size)
            after = file.read(16)
        return aac if _is_adts(after) else Look("audio", "audio/flac", ".flac", "flac") if after[:4] == b"fLaC" else mp3
    if _is_adts(head):
        return aac
    if _frames_at(head, 0):
        return mp3
    if extension == ".mp3":
        return mp3 if _frames_somewhere(path) else None
    return None


def _is_adts(data: bytes) -> bool:
    return len(data) > 7 and data[0] == 0xFF and data[1] & 0xF6 == 0xF0 and (data[2] >> 2 & 0xF) < 13


def _frames_somewhere(path: Path) -> bool:
    with path.open("rb") as file:
        data = file.read(GARBAGE_SEARCHED)
    return any(_frames_at(data, match.start()) for match in re.finditer(rb"\xff[\xe2-\xff]", data))


def _frames_at(data: bytes, position: int) -> bool:
    """Three frames of MPEG audio, one behind the other: chance does not make them."""
    for _ in range(3):
        length = _frame_length(data[position : position + 4])
        if length is None:
            return False
        position += length
    return True


BIT_RATES = {
    (1, 3): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (1, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 1): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 3): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 1): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}


def _frame_length(header: bytes) -> int | None:
    """Bytes of one MPEG audio frame (ISO/IEC 11172-3, 2.4.2.3); layer bits 3 mean layer I."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return None
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    rate, frequency, padding = header[2] >> 4, header[2] >> 2 & 3, header[2] >> 1 & 1
    if version == 1 or layer == 0 or rate in (0, 15) or frequency == 3:
        return None
    generation = 1 if version == 3 else 2
    hertz = (44100, 48000, 32000)[frequency] // {3: 1, 2: 2, 0: 4}[version]
    bits = BIT_RATES[generation, layer][rate - 1] * 1000
    if layer == 3:
        return (12 * bits // hertz + padding) * 4
    samples = 72 if generation == 2 and layer == 1 else 144
    return samples * bits // hertz + padding
