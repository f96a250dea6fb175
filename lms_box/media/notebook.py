"""Renders a Jupyter notebook as HTML, which is still to be cleaned: cells and results as they were saved; nothing is run."""

import base64
import html
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from lms_box.media.cleaning import clean_html
from lms_box.media.failures import MediaFailed
from lms_box.media.markdown import render_markdown
from lms_box.media.reading import one_line

PICTURES = ("image/png", "image/jpeg", "image/webp", "image/gif")
LARGEST_DRAWING = 1_000_000
ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07")
ATTACHED = re.compile(r'src="attachment:([^"]+)"')


def render_notebook(text: str) -> tuple[str | None, str]:
    try:
        notebook = json.loads(text)
        language = language_of(notebook.get("metadata", {}))
        return None, "\n".join(render_cell(cell, language) for cell in notebook["cells"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise MediaFailed("This notebook is damaged. Please save it again and try once more.", "notebook_damaged") from error


def language_of(metadata: dict[str, Any]) -> str:
    said = metadata.get("language_info", {}).get("name") or metadata.get("kernelspec", {}).get("language") or "python"
    return re.sub(r"[^\w+#.-]", "", said)


def render_cell(cell: dict[str, Any], language: str) -> str:
    source = joined(cell.get("source", ""))
    if cell.get("cell_type") == "markdown":
        return render_text(source, cell.get("attachments", {}))
    if cell.get("cell_type") == "raw":
        return as_text(source)
    code = f'<pre><code class="language-{language}">{html.escape(source)}</code></pre>' if source.strip() else ""
    return "\n".join([code, *map(render_output, cell.get("outputs", []))])


def render_text(source: str, attachments: dict[str, dict[str, str]] | None = None) -> str:
    """Cleaned cell by cell, so that what one leaves open ends with it."""

    def attached(found: re.Match[str]) -> str:
        data = (attachments or {}).get(unquote(html.unescape(found[1])), {})
        kind = next((kind for kind in PICTURES if kind in data), None)
        return f'src="{data_address(kind, joined(data[kind]))}"' if kind else ""

    return clean_html(ATTACHED.sub(attached, render_markdown(source)[1]), prefix="")


def render_output(output: dict[str, Any]) -> str:
    """What Jupyter itself would show: the richest that says something without being run."""
    if "traceback" in output:
        return as_text("\n".join(output["traceback"]))
    if "text" in output:
        return as_text(joined(output["text"]))
    data = output.get("data", {})
    ways = (rich_text, drawing, picture, formula)
    shown = next((shown for way in ways if (shown := way(data))), "")
    return shown or as_text(joined(data.get("text/plain", "")))


def rich_text(data: Mapping[str, Any]) -> str:
    """A page that draws itself by a script has nothing left to show, so that the next best stands for it."""
    if "text/html" in data:
        page = clean_html(joined(data["text/html"]), prefix="")
        return page if re.search(r"<img[^>]+src=|>[^<]*[^<\s]", f">{page}") else ""
    return render_text(joined(data["text/markdown"])) if "text/markdown" in data else ""


def drawing(data: Mapping[str, Any]) -> str:
    drawn = joined(data.get("image/svg+xml", ""))
    if not 0 < len(drawn) <= LARGEST_DRAWING:
        return ""
    return as_picture("image/svg+xml", base64.b64encode(drawn.encode()).decode(), data)


def picture(data: Mapping[str, Any]) -> str:
    kind = next((kind for kind in PICTURES if kind in data), None)
    return as_picture(kind, joined(data[kind]), data) if kind else ""


def formula(data: Mapping[str, Any]) -> str:
    written = joined(data.get("text/latex", "")).strip().strip("$").strip()
    return f'<div class="math">{html.escape(written)}</div>' if written else ""


def as_picture(kind: str, encoded: str, data: Mapping[str, Any]) -> str:
    words = html.escape(one_line(joined(data.get("text/plain", ""))))
    return f'<p><img src="{data_address(kind, encoded)}" alt="{words}"></p>'


def data_address(kind: str, encoded: str) -> str:
    return f"data:{kind};base64,{re.sub(r'[^A-Za-z0-9+/=]', '', encoded)}"


def as_text(text: str) -> str:
    """Without the colours of a terminal."""
    plain = ANSI.sub("", text)
    return f"<pre><samp>{html.escape(plain)}</samp></pre>" if plain.strip() else ""


def joined(lines: str | list[str]) -> str:
    return lines if isinstance(lines, str) else "".join(lines)
