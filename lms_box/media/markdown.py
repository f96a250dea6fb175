"""Renders Markdown, HTML, notebooks and plain text as one page of clean HTML."""

import html
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

from markdown_it import MarkdownIt
from mdit_py_plugins.anchors import anchors_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from lms_box.media.building import Say
from lms_box.media.charset import decode_text
from lms_box.media.cleaning import clean_html
from lms_box.media.failures import MediaFailed
from lms_box.media.messages import Build, Built, Pages
from lms_box.media.reading import Heading, Page, one_line, tidy, write_text
from lms_box.media.sniff import look

LARGEST_TEXT = 10_000_000


def build_text(request: Build, say: Say) -> Built:
    if request.source.stat().st_size > LARGEST_TEXT:
        raise MediaFailed(
            f"This text is larger than {LARGEST_TEXT // 1_000_000} MB and is better offered as a file.", "too_large"
        )
    say(0.1, "reading")
    text = decode_text(request.source.read_bytes())
    extension = look(request.source, request.name).extension
    title, rendered = RENDERERS.get(extension, render_plain)(text)
    page = clean_html(rendered)
    seen = Reader()
    seen.feed(page)
    seen.close()
    title = title or next((heading.title for heading in seen.headings if heading.level == 1), None)
    words = tidy(re.sub(r"\n{3,}", "\n\n", "".join(seen.words)))
    name = write_text(request.into, base="course", outline=seen.headings, pages=[Page(1, words, title, page)])
    return Built(pages=Pages(count=1, pdf=None, text=name), metadata={"title": title} if title else {})


def render_markdown(text: str) -> tuple[str | None, str]:
    renderer = MarkdownIt("commonmark", {"html": True, "linkify": False, "typographer": False})
    renderer.enable(["table", "strikethrough"])
    renderer.use(front_matter_plugin).use(footnote_plugin).use(tasklists_plugin).use(anchors_plugin, max_level=6)
    renderer.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
    tokens = renderer.parse(text)
    front = next((token.content for token in tokens if token.type == "front_matter"), "")
    return title_in_front_matter(front), renderer.renderer.render(tokens, renderer.options, {})


def title_in_front_matter(front: str) -> str | None:
    found = re.search(r"^title\s*:\s*(.+?)\s*$", front, re.MULTILINE)
    return one_line(found[1].strip("\"'")) or None if found else None


def render_html(text: str) -> tuple[str | None, str]:
    found = re.search(r"<title[^>]*>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
    return (one_line(html.unescape(found[1])) or None if found else None), text


def render_plain(text: str) -> tuple[str | None, str]:
    return None, f"<pre>{html.escape(tidy(text))}</pre>"


def render_notebook(text: str) -> tuple[str | None, str]:
    """Cells as they stand, with the text of their results; pictures in results are left out."""
    try:
        cells = json.loads(text)["cells"]
        return None, "\n".join(render_cell(cell) for cell in cells)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise MediaFailed("This notebook is damaged. Please save it again and try once more.", "broken") from error


def render_cell(cell: dict[str, Any]) -> str:
    source = joined(cell.get("source", ""))
    if cell.get("cell_type") == "markdown":
        return render_markdown(source)[1]
    outputs = [output_text(each) for each in cell.get("outputs", [])]
    shown = [f'<pre><code class="language-python">{html.escape(source)}</code></pre>'] if source.strip() else []
    return "\n".join(shown + [f"<pre><samp>{html.escape(each)}</samp></pre>" for each in outputs if each.strip()])


def output_text(output: dict[str, Any]) -> str:
    return joined(output.get("text") or output.get("data", {}).get("text/plain", ""))


def joined(lines: str | list[str]) -> str:
    return lines if isinstance(lines, str) else "".join(lines)


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
