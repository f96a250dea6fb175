"""Texts (Markdown, HTML, notebooks, plain) become one page of clean HTML."""

import binascii
import html
import re
from collections.abc import Callable
from html.parser import HTMLParser

from lms_box.media.building import Say
from lms_box.media.charset import decode_text
from lms_box.media.cleaning import BUILD, clean_html
from lms_box.media.failures import MediaFailed
from lms_box.media.image import Pictures
from lms_box.media.markdown import render_markdown
from lms_box.media.messages import Build, Built, Pages
from lms_box.media.notebook import render_notebook
from lms_box.media.reading import Heading, Page, one_line, tidy, write_text
from lms_box.media.sniff import look

LARGEST_TEXT = 10_000_000
LARGEST_NOTEBOOK = 50_000_000
"""Most of it is pictures, which become files of their own."""
PICTURE_INSIDE = re.compile(r'(?<= src=")data:image/(?!svg)[^"]*;base64,([^"]*)(?=")')


def build_text(request: Build, say: Say) -> Built:
    extension = look(request.source, request.name).extension
    largest = LARGEST_NOTEBOOK if extension == ".ipynb" else LARGEST_TEXT
    if request.source.stat().st_size > largest:
        words = f"This text is larger than {largest // 1_000_000} MB and is better offered as a file."
        raise MediaFailed(words, "text_too_large")
    say(0.1, "reading")
    title, rendered = RENDERERS.get(extension, render_plain)(decode_text(request.source.read_bytes()))
    page = with_pictures_apart(clean_html(rendered), Pictures(request.into / "pictures"))
    seen = Reader()
    seen.feed(page)
    seen.close()
    title = title or next((heading.title for heading in seen.headings if heading.level == 1), None)
    words = tidy(re.sub(r"\n{3,}", "\n\n", "".join(seen.words)))
    name = write_text(request.into, base="course", outline=seen.headings, pages=[Page(1, words, title, page)])
    return Built(pages=Pages(count=1, pdf=None, text=name), metadata={"title": title} if title else {})


def with_pictures_apart(page: str, pictures: Pictures) -> str:
    """Pictures written into the text become files of the build, fetched when they are looked at."""

    def apart(found: re.Match[str]) -> str:
        try:
            name = pictures.add(binascii.a2b_base64(found[1]))
        except binascii.Error:
            name = None
        return f"{BUILD}{name}" if name else ""

    return PICTURE_INSIDE.sub(apart, page)


def render_html(text: str) -> tuple[str | None, str]:
    found = re.search(r"<title[^>]*>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
    return (one_line(html.unescape(found[1])) or None if found else None), text


def render_plain(text: str) -> tuple[str | None, str]:
    return None, f"<pre>{html.escape(tidy(text))}</pre>"


RENDERERS: dict[str, Callable[[str], tuple[str | None, str]]] = {
    ".md": render_markdown,
    ".html": render_html,
    ".ipynb": render_notebook,
}


class Reader(HTMLParser):
    """Collects the words and the headings of a clean page."""

    BLOCKS = frozenset({"p", "div", "li", "tr", "pre", "blockquote", "section", "br", "table", "dt", "dd", "figure"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.headings: list[Heading] = []
        self._heading: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  # HTMLParser's own name
        if re.fullmatch(r"h[1-6]", tag):
            self._heading = []
        if tag in self.BLOCKS or self._heading == []:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if re.fullmatch(r"h[1-6]", tag) and self._heading is not None:
            if title := one_line("".join(self._heading)):
                self.headings.append(Heading(title, 1, int(tag[1])))
            self._heading = None
            self.words.append("\n")
        elif tag in ("td", "th"):
            self.words.append(" ")

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self._heading is not None:
            self._heading.append(data)
