"""Reads one slide into HTML and words, shape by shape."""

import html
import struct
import zlib
from typing import Any
from zipfile import BadZipFile

from lxml import etree
from pptx.exc import PythonPptxError

from lms_box.media.image import Pictures
from lms_box.media.reading import SYMBOLS, one_line, tidy

# What python-pptx raises when a file breaks its assumptions.
PARSER_ERRORS = (
    AttributeError,
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    NotImplementedError,
    RecursionError,
    AssertionError,
    PythonPptxError,
    BadZipFile,
    zlib.error,
    EOFError,
    struct.error,
)
DEEPEST_GROUP = 8
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
LINKS = ("http://", "https://", "mailto:")


class Slide:
    """`html` and `words` grow shape by shape; the title is not repeated in `html`."""

    def __init__(self, slide: Any, pictures: Pictures) -> None:
        self._pictures = pictures
        self.html: list[str] = []
        self.words: list[str] = []
        title = slide.shapes.title
        self.title = one_line(title.text_frame.text) or None if title is not None and title.has_text_frame else None
        if self.title:
            self.words.append(self.title)
        for shape in slide.shapes:
            if title is None or shape.shape_id != title.shape_id:
                self._read(shape, 0)
        self.notes = notes_of(slide)

    def _read(self, shape: Any, depth: int) -> None:
        """One odd shape does not take the others with it."""
        try:
            self._read_kind(shape, depth)
        except (*PARSER_ERRORS, etree.LxmlError):
            return

    def _read_kind(self, shape: Any, depth: int) -> None:
        if hasattr(shape, "shapes"):
            if depth < DEEPEST_GROUP:
                for inner in shape.shapes:
                    self._read(inner, depth + 1)
        elif getattr(shape, "has_table", False):
            self._table([[cell.text_frame.text for cell in row.cells] for row in shape.table.rows])
        elif getattr(shape, "has_chart", False):
            self._chart(shape.chart)
        elif hasattr(shape, "image"):
            self._picture(shape)
        elif shape.has_text_frame:
            self._text(shape)
        elif shape.element.find(f".//{DIAGRAM}relIds") is not None:
            self._diagram(shape)

    def _text(self, shape: Any) -> None:
        paragraphs = [each for each in shape.text_frame.paragraphs if each.text.strip()]
        if not paragraphs or _is_furniture(shape):
            return
        self.words += [tidy(each.text) for each in paragraphs]
        if shape.is_placeholder and len(paragraphs) > 1:
            self.html.append(nested_list([(each.level or 0, runs(each)) for each in paragraphs]))
        else:
            self.html += [f"<p>{runs(each)}</p>" for each in paragraphs]

    def _table(self, rows: list[list[str]]) -> None:
        shown = []
        for number, row in enumerate(rows):
            tag = "th" if number == 0 else "td"
            cells = "".join(f"<{tag}>{escaped(cell)}</{tag}>" for cell in row)
            shown.append(f"<tr>{cells}</tr>")
            self.words.append(" ".join(one_line(cell) for cell in row))
        self.html.append(f"<table>{''.join(shown)}</table>")

    def _chart(self, chart: Any) -> None:
        if chart.has_title and chart.chart_title.has_text_frame and chart.chart_title.text_frame.text.strip():
            title = chart.chart_title.text_frame.text
            self.words.append(one_line(title))
            self.html.append(f"<p><strong>{escaped(title)}</strong></p>")
        for plot in chart.plots:
            series = list(plot.series)
            rows = [["", *(str(each.name) for each in series)]]
            for number, category in enumerate(plot.categories):
                values = [each.values[number] if number < len(each.values) else None for each in series]
                rows.append([str(category), *("" if value is None else f"{value:g}" for value in values)])
            self._table(rows)

    def _picture(self, shape: Any) -> None:
        described = one_line(shape.element.nvPicPr.cNvPr.get("descr") or "")
        address = self._pictures.add(shape.image.blob)
        if address:
            self.html.append(f'<p><img src="{address}" alt="{html.escape(described)}"></p>')
        elif described:
            self.html.append(f"<p><em>{html.escape(described)}</em></p>")

    def _diagram(self, shape: Any) -> None:
        related = shape.element.find(f".//{DIAGRAM}relIds").get(f"{RELATION}dm")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        tree = etree.fromstring(shape.part.related_part(related).blob, parser)
        lines = ["".join(node.text or "" for node in paragraph.iter(f"{DRAWING}t")) for paragraph in tree.iter(f"{DRAWING}p")]
        spoken = [line for line in lines if line.strip()]
        self.words += spoken
        self.html.append(nested_list([(0, escaped(line)) for line in spoken]))


def _is_furniture(shape: Any) -> bool:
    """Date, footer and slide number repeat on every slide and say nothing of this one."""
    return bool(shape.is_placeholder and shape.placeholder_format.type in (13, 15, 16))


def notes_of(slide: Any) -> str | None:
    try:
        frame = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
        return tidy(frame.text.replace("\x0b", "\n")) or None if frame is not None else None
    except (*PARSER_ERRORS, etree.LxmlError):
        return None


def escaped(text: str) -> str:
    return "<br>".join(html.escape(line) for line in tidy(text.replace("\x0b", "\n")).split("\n"))


def runs(paragraph: Any) -> str:
    """The paragraph's text with its bold, italics, links and line breaks, in the order of the file."""
    marked = {id(run._r): _run(run) for run in paragraph.runs}  # noqa: SLF001  # no public order of runs and breaks
    parts = []
    for node in paragraph._p:  # noqa: SLF001  # see above
        if node.tag == f"{DRAWING}br":
            parts.append("<br>")
        elif id(node) in marked:
            parts.append(marked[id(node)])
        elif node.tag == f"{DRAWING}fld":
            parts.append(html.escape("".join(text.text or "" for text in node.iter(f"{DRAWING}t"))))
    return "".join(parts)


def _run(run: Any) -> str:
    text = html.escape(run.text.translate(SYMBOLS))
    for wanted, tag in ((run.font.bold, "strong"), (run.font.italic, "em")):
        if wanted and text.strip():
            text = f"<{tag}>{text}</{tag}>"
    address = run.hyperlink.address
    if address and address.lower().startswith(LINKS):
        text = f'<a href="{html.escape(address)}">{text}</a>'
    return text


def nested_list(items: list[tuple[int, str]]) -> str:
    """Bullets by their level; a level that is skipped is not invented."""
    parts: list[str] = []
    open_levels: list[int] = []
    for level, text in items:
        while open_levels and open_levels[-1] > level:
            parts.append("</li></ul>")
            open_levels.pop()
        if not open_levels or open_levels[-1] < level:
            parts.append("<ul>")
            open_levels.append(level)
        else:
            parts.append("</li>")
        parts.append(f"<li>{text}")
    return "".join(parts) + "</li></ul>" * len(open_levels)
