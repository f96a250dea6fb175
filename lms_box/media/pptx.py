"""Turns presentations into readable slides: titles, text, tables, pictures and notes."""

import contextlib
import io
import zipfile
from pathlib import Path
from typing import Any

from lxml import etree
from pptx import Presentation

from lms_box.media.building import Say
from lms_box.media.cleaning import clean_html
from lms_box.media.failures import MediaFailed
from lms_box.media.image import Pictures, from_cover
from lms_box.media.messages import Build, Built, Pages
from lms_box.media.office import write_slides_pdf
from lms_box.media.ooxml import check_archive, transitional
from lms_box.media.pdf import first_page, open_pdfium
from lms_box.media.reading import Heading, Page, one_line, tidy, write_text
from lms_box.media.slides import PARSER_ERRORS, Slide
from lms_box.media.sniff import OLE_MAGIC

MOST_SLIDES = 5_000
BROKEN = "This presentation is damaged and cannot be opened. Please save it again as PPTX and try once more."
LOCKED = "This presentation is protected by a password. Please save it without one and try again."
SLIDES = "slides.pdf"
SMALLEST_POSTER = 8_000
THUMBNAIL = "docProps/thumbnail.jpeg"


def build_presentation(request: Build, say: Say) -> Built:
    deck = open_deck(request.source)
    pictures = Pictures(request.into / "pictures")
    pages, outline = [], []
    found = list(deck.slides)[:MOST_SLIDES]
    for number, slide in enumerate(found, 1):
        page = read_slide(slide, number, pictures)
        pages.append(page)
        if page.title:
            outline.append(Heading(page.title, number, 1))
        say(0.5 * number / len(found), "reading")
    text = write_text(request.into, base="build", outline=outline, pages=pages)
    pdf = slides_pdf(request, len(pages), say)
    shown = from_first_page(request.into / pdf, request.into) if pdf else thumbnail(request.source, request.into)
    if shown[0] is None:
        shown = first_picture(request.into)
    title = title_of(deck)
    return Built(
        poster=shown[0],
        card=shown[1],
        pages=Pages(count=len(pages), pdf=pdf, text=text),
        metadata={"title": title} if title else {},
    )


def slides_pdf(request: Build, slides: int, say: Say) -> str | None:
    """Only a PDF that has a page for each slide goes with the text and notes of the slides."""
    target = request.into / SLIDES
    if not slides or not write_slides_pdf(request.source, target, slides=slides, waited=lambda: say(0.5, "drawing")):
        return None
    try:
        with contextlib.closing(open_pdfium(target)) as document:
            count = len(document)
    except MediaFailed:
        count = 0
    if count != slides:
        target.unlink()
        return None
    return SLIDES


def from_first_page(pdf: Path, into: Path) -> tuple[str | None, str | None]:
    with contextlib.closing(open_pdfium(pdf)) as document:
        return first_page(document, into)


def first_picture(into: Path) -> tuple[str | None, str | None]:
    """Without a drawn page, the largest picture stands for the deck, when it has one of some size."""
    found = sorted((into / "pictures").glob("*.webp"), key=lambda path: path.stat().st_size, reverse=True)
    if not found or found[0].stat().st_size < SMALLEST_POSTER:
        return None, None
    return from_cover(found[0].read_bytes(), into)


def open_deck(source: Path) -> Any:
    """A python-pptx Presentation, which reads neither addresses nor other files."""
    with source.open("rb") as file:
        if file.read(len(OLE_MAGIC)) == OLE_MAGIC:
            raise MediaFailed(LOCKED, "slides_locked")
    try:
        check_archive(source)
        return Presentation(transitional(source))
    except MediaFailed:
        raise
    except (*PARSER_ERRORS, etree.LxmlError, OSError, RuntimeError) as error:
        raise MediaFailed(BROKEN, "slides_damaged") from error


def read_slide(slide: Any, number: int, pictures: Pictures) -> Page:
    """A slide that cannot be read stands empty in its place, so that numbers stay right."""
    try:
        seen = Slide(slide, pictures)
        return Page(
            number=number,
            title=seen.title,
            html=clean_html("\n".join(seen.html)),
            text=tidy("\n".join(seen.words)),
            notes=seen.notes,
        )
    except (*PARSER_ERRORS, etree.LxmlError):
        return Page(number, "", html="")


def title_of(deck: Any) -> str | None:
    try:
        return one_line(deck.core_properties.title or "") or None
    except (*PARSER_ERRORS, etree.LxmlError):
        return None


def thumbnail(source: Path, into: Path) -> tuple[str | None, str | None]:
    """The picture of the first slide that PowerPoint put into the file, if it did."""
    try:
        with zipfile.ZipFile(source) as archive:
            return from_cover(io.BytesIO(archive.read(THUMBNAIL)).getvalue(), into)
    except (*PARSER_ERRORS, OSError, RuntimeError):
        return None, None
