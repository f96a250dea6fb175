"""Looks at an Office archive before any parser does: its size, and which dialect it speaks."""

import io
import zipfile
from pathlib import Path
from typing import BinaryIO

from lms_box.media.failures import MediaFailed

MOST_PARTS = 50_000
LARGEST_PART = 200_000_000
LARGEST_XML = 60_000_000
LARGEST_ARCHIVE = 1_000_000_000
PIECE = 64 * 1024
LARGEST_REWRITTEN = 200_000_000
UNPACKS = "This presentation unpacks to far more than a presentation should, so it is not opened."
REWRITES = "This presentation is too large for its format. Please save it as an ordinary PPTX."

STRICT = b"http://purl.oclc.org/ooxml/"
DIALECTS = (
    (b"http://purl.oclc.org/ooxml/officeDocument/", b"http://schemas.openxmlformats.org/officeDocument/2006/"),
    (b"http://purl.oclc.org/ooxml/presentationml/", b"http://schemas.openxmlformats.org/presentationml/2006/"),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
    (b"http://purl.oclc.org/ooxml/spreadsheetml/", b"http://schemas.openxmlformats.org/spreadsheetml/2006/"),
)
MAIN_TYPES = (b"presentationml.slideshow.main+xml", b"presentationml.template.main+xml")
MAIN_TYPE = b"presentationml.presentation.main+xml"
CONTENT_TYPES = "[Content_Types].xml"


def check_archive(source: Path) -> None:
    """Refuses what would fill memory or disk when unpacked."""
    with zipfile.ZipFile(source) as archive:
        parts = archive.infolist()
        _check_sizes(parts)
        for part in parts:
            _unpack_as_declared(archive, part)


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    xml = sum(part.file_size for part in parts if part.filename.endswith((".xml", ".rels")))
    largest = max((part.file_size for part in parts), default=0)
    whole = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or largest > LARGEST_PART or xml > LARGEST_XML or whole > LARGEST_ARCHIVE:
        raise MediaFailed(UNPACKS, "slides_too_large")


def _unpack_as_declared(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Whoever reads a part whole unpacks all that is in it, whatever its size is said to be."""
    declared = part.file_size
    part.file_size = declared + 1  # so that a byte too many is seen
    with archive.open(part) as file:
        unpacked = sum(len(piece) for piece in iter(lambda: file.read(PIECE), b""))
    if unpacked > declared:
        raise zipfile.BadZipFile(f"{part.filename} is larger than it says.")


def transitional(source: Path) -> BinaryIO | str:
    """The archive in the dialect that python-pptx reads: strict files, shows and templates are rewritten in memory."""
    with zipfile.ZipFile(source) as archive:
        types = archive.read(CONTENT_TYPES)
        strict = STRICT in archive.read("ppt/presentation.xml") if "ppt/presentation.xml" in archive.namelist() else False
        if not strict and not any(name in types for name in MAIN_TYPES):
            return str(source)
        if sum(part.file_size for part in archive.infolist()) > LARGEST_REWRITTEN:
            raise MediaFailed(REWRITES, "slides_format")
        return _rewritten(archive)


def _rewritten(archive: zipfile.ZipFile) -> BinaryIO:
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as written:
        for part in archive.infolist():
            data = archive.read(part)
            if part.filename.endswith((".xml", ".rels")):
                for strict, ordinary in DIALECTS:
                    data = data.replace(strict, ordinary)
            if part.filename == CONTENT_TYPES:
                for name in MAIN_TYPES:
                    data = data.replace(name, MAIN_TYPE)
            written.writestr(part.filename, data)
    result.seek(0)
    return result
