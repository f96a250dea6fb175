"""Reads PDFs: pages, outline and text, and a picture of the first page."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from lms_box.media.building import Say
from lms_box.media.failures import MediaFailed
from lms_box.media.image import write_poster
from lms_box.media.messages import SOURCE, Build, Built, Pages
from lms_box.media.reading import MOST_TEXT, Heading, Page, one_line, tidy, write_text

MOST_PAGES = 20_000
MOST_HEADINGS = 5_000
DEEPEST_HEADING = 8
PICTURE_SIDE = 1280
BROKEN = "This PDF is damaged and cannot be opened. Please save it again and try once more."
LOCKED = "This PDF asks for a password. Please save it without one and try again."


def build_pdf(request: Build, say: Say) -> Built:
    reader = open_reader(request.source)
    title, outline = title_of(reader), read_outline(reader)
    with contextlib.closing(open_pdfium(request.source)) as document:
        count = len(document)
        if not 0 < count <= MOST_PAGES:
            raise _not_to_be_shown(count)
        pages = list(read_pages(document, say))
        pictures = first_page(document, request.into)
    text = write_text(request.into, base="build", outline=[each for each in outline if each.page <= count], pages=pages)
    return Built(
        poster=pictures[0],
        card=pictures[1],
        pages=Pages(count=count, pdf=SOURCE, text=text),
        metadata={"title": title} if title else {},
    )


def _not_to_be_shown(count: int) -> MediaFailed:
    if count == 0:
        return MediaFailed(BROKEN, "pdf_damaged")
    return MediaFailed(f"This PDF has {count} pages; {MOST_PAGES} are the limit.", "pdf_too_long")


def open_reader(source: Path) -> PdfReader | None:
    """pypdf tells a locked file from a broken one; what only it cannot read is still shown."""
    try:
        reader = PdfReader(source, strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise MediaFailed(LOCKED, "pdf_locked")
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError, AttributeError, OSError, ArithmeticError):
        return None
    except ImportError:  # An encryption for which pypdf wants another package: pdfium knows it.
        return None
    return reader


def open_pdfium(source: Path) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise MediaFailed(LOCKED, "pdf_locked") from error
        raise MediaFailed(BROKEN, "pdf_damaged") from error


def read_pages(document: pypdfium2.PdfDocument, say: Say) -> Iterator[Page]:
    total = 0
    for number in range(1, len(document) + 1):
        text = page_text(document, number - 1) if total < MOST_TEXT else ""
        total += len(text)
        yield Page(number, text)
        say(0.9 * number / len(document), "reading")


def page_text(document: pypdfium2.PdfDocument, index: int) -> str:
    """A page that cannot be read has no text; the others still do."""
    try:
        with contextlib.closing(document[index]) as page, contextlib.closing(page.get_textpage()) as text:
            return tidy(text.get_text_range())
    except (pypdfium2.PdfiumError, ValueError):
        return ""


def first_page(document: pypdfium2.PdfDocument, into: Path) -> tuple[str | None, str | None]:
    """Scaled so that even a page of 200 inches becomes a small picture."""
    try:
        with contextlib.closing(document[0]) as page:
            width, height = page.get_size()
            if not (width > 0 and height > 0):
                return None, None
            scale = PICTURE_SIDE / max(width, height)
            picture = page.render(scale=scale, draw_annots=False).to_pil().convert("RGB")
        return write_poster(picture, into)
    except (pypdfium2.PdfiumError, ValueError, MemoryError):
        return None, None


def title_of(reader: PdfReader | None) -> str | None:
    try:
        title = reader.metadata.title if reader and reader.metadata else None
        return one_line(str(title)) or None if title else None
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError, AttributeError):
        return None


def read_outline(reader: PdfReader | None) -> list[Heading]:
    """An outline that goes in circles or points nowhere is cut there."""
    headings: list[Heading] = []
    try:
        if reader:
            _walk(reader, reader.outline, 1, headings)
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError, AttributeError, IndexError):
        return headings
    return headings


def _walk(reader: PdfReader, items: list[Any], level: int, headings: list[Heading]) -> None:
    for item in items:
        if len(headings) >= MOST_HEADINGS or level > DEEPEST_HEADING:
            return
        if isinstance(item, list):
            _walk(reader, item, level + 1, headings)
            continue
        page = reader.get_destination_page_number(item)
        title = one_line(str(item.title or ""))
        if page is not None and page >= 0 and title:
            headings.append(Heading(title, page + 1, level))
