"""Which kind of text a text file is: captions, Markdown, a page, a notebook, or just text."""

import codecs
import mimetypes
import re
from pathlib import Path
from typing import NamedTuple

from lms_box.media.messages import Kind

READ = 64 * 1024
MARKDOWN_NAMES = {".md", ".markdown", ".mkd", ".mdown", ".rmd", ".qmd"}
HTML_NAMES = {".html", ".htm", ".xhtml"}
CAPTION_TYPES = {
    ".srt": "application/x-subrip",
    ".vtt": "text/vtt",
    ".ass": "text/x-ssa",
    ".ssa": "text/x-ssa",
    ".sbv": "text/x-sbv",
    ".sub": "text/x-microdvd",
}
CAPTION_SIGNS = (
    (".vtt", re.compile(r"\s*WEBVTT\b")),
    (".ass", re.compile(r"\s*\[Script Info\]", re.IGNORECASE)),
    (".srt", re.compile(r"(?:\s*\d+\s*\n)?\s*\d+:\d\d:\d\d[,.]\d+\s*-->")),
    (".sbv", re.compile(r"\s*\d+:\d\d:\d\d\.\d{3},\d+:\d\d:\d\d\.\d{3}\s*\n")),
    (".sub", re.compile(r"\s*\{\d+\}\{\d+\}")),
)
CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class TextLook(NamedTuple):
    kind: Kind
    media_type: str
    extension: str


def look_at_text(path: Path, extension: str) -> TextLook | None:
    """None when the bytes are no text."""
    with path.open("rb") as file:
        text = decode_head(file.read(READ))
    if text is None:
        return None
    captions = _captions(text, extension)
    if captions:
        return captions
    if extension in MARKDOWN_NAMES:
        return TextLook("document", "text/markdown", ".md")
    if extension == ".ipynb" and '"cells"' in text:
        return TextLook("document", "application/x-ipynb+json", ".ipynb")
    if extension in HTML_NAMES or re.match(
        r"\s*(?:<!--.{0,2000}?-->\s*)?<(?:!doctype html|html)\b", text, re.IGNORECASE | re.DOTALL
    ):
        return TextLook("document", "text/html", ".html")
    if re.match(
        r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*|<!DOCTYPE svg[^>]*>\s*)*<svg\b", text, re.IGNORECASE | re.DOTALL
    ):
        return TextLook("file", "image/svg+xml", ".svg")
    return TextLook("file", _text_type(extension), "")


def _captions(text: str, extension: str) -> TextLook | None:
    found = next((format_ for format_, sign in CAPTION_SIGNS if sign.match(text)), None)
    if found is None and extension in CAPTION_TYPES and extension != ".sub":
        found = extension
    if found is None or (extension not in CAPTION_TYPES and found not in (".vtt", ".ass", ".srt")):
        return None
    return TextLook("caption", CAPTION_TYPES[found], found)


def decode_head(data: bytes) -> str | None:
    for mark, charset in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            return data[len(mark) :].decode(charset, "replace")
    if CONTROLS.search(data):
        return None
    return data.decode("utf-8", "replace")


def _text_type(extension: str) -> str:
    guessed = mimetypes.guess_type("x" + extension)[0] if extension else None
    return guessed if guessed and guessed.startswith("text/") and guessed != "text/html" else "text/plain"
