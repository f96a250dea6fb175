"""Notebooks are shown as they were saved: code, words, tables, pictures; nothing in them acts."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from media.material import make_picture
from media.test_documents import build, told

from lms_box.media.failures import MediaFailed


def write_notebook(path: Path, cells: list[dict[str, Any]], metadata: dict[str, Any] | None = None) -> Path:
    path.write_text(json.dumps({"cells": cells, "metadata": metadata or {}, "nbformat": 4, "nbformat_minor": 5}))
    return path


def code(*outputs: dict[str, Any], source: str = "1 + 1") -> dict[str, Any]:
    return {"cell_type": "code", "source": [source], "outputs": list(outputs)}


def result(**data: str | list[str]) -> dict[str, Any]:
    return {"output_type": "display_data", "data": {name.replace("__", "/"): value for name, value in data.items()}}


async def page_of(folder: Path, *cells: dict[str, Any], **metadata: Any) -> str:
    _, into = await build(write_notebook(folder / "a.ipynb", list(cells), metadata), "document")
    return str(told(into)["pages"][0]["html"])


async def test_a_picture_becomes_a_file_of_the_build(tmp_path: Path) -> None:
    encoded = base64.encodebytes(make_picture(tmp_path / "p.png").read_bytes()).decode()
    figure = result(image__png=encoded.splitlines(keepends=True), text__plain="<Figure size 640x480>")
    built, into = await build(write_notebook(tmp_path / "a.ipynb", [code(figure), code(figure)]), "document")
    (picture,) = [name for name in built.files if name.startswith("pictures/")]
    page = told(into)["pages"][0]["html"]
    assert page.count(f'<img src="build:{picture}" alt="&lt;Figure size 640x480&gt;">') == 2
    assert (into / picture).read_bytes().startswith(b"RIFF")


async def test_a_picture_attached_to_a_cell(tmp_path: Path) -> None:
    encoded = base64.b64encode(make_picture(tmp_path / "p.png").read_bytes()).decode()
    words = {
        "cell_type": "markdown",
        "source": "![one](attachment:my%20plot.png) ![gone](attachment:other.png)",
        "attachments": {"my plot.png": {"image/png": encoded}},
    }
    page = await page_of(tmp_path, words)
    assert 'alt="one"' in page
    assert page.count("build:pictures/") == 1


async def test_a_drawing_stays_a_drawing(tmp_path: Path) -> None:
    page = await page_of(
        tmp_path, code(result(image__svg_xml="<svg/>", text__plain="x") | {"data": {"image/svg+xml": "<svg/>"}})
    )
    assert f'src="data:image/svg+xml;base64,{base64.b64encode(b"<svg/>").decode()}"' in page


TABLE = """<div><style scoped>.dataframe { color: red }</style><table border="1" class="dataframe"><thead><tr><th>a</th></tr>
</thead>
<tbody><tr><td onclick="x()">1</td></tr></tbody></table><script>alert(1)</script></div>"""


async def test_a_table_is_shown_and_does_nothing(tmp_path: Path) -> None:
    page = await page_of(tmp_path, code(result(text__html=TABLE, text__plain="   a\n0  1")))
    assert "<td>1</td>" in page
    assert "0  1" not in page, "the plainer form of the same is left out"
    for dropped in ("alert", "color: red", "onclick", "style"):
        assert dropped not in page


@pytest.mark.parametrize(
    ("output", "shown"),
    [
        (result(text__html="<div id='plot'></div><script>draw()</script>", text__plain="a plot"), "<samp>a plot</samp>"),
        (result(text__markdown="**bold**", text__plain="bold"), "<strong>bold</strong>"),
        (result(text__latex=r"$\displaystyle x^2$", text__plain="x**2"), r'<div class="math">\displaystyle x^2</div>'),
        ({"output_type": "stream", "text": ["\x1b[31mred\x1b[0m\n"]}, "<samp>red\n</samp>"),
        ({"output_type": "error", "traceback": ["\x1b[0;31mZeroDivisionError\x1b[0m", "line 1"]}, "ZeroDivisionError\nline 1"),
        (result(image__png="no picture", text__plain="x"), '<p><img src="" alt="x"></p>'),
    ],
    ids=["drawn by a script", "markdown", "formula", "stream", "error", "broken picture"],
)
async def test_other_results(tmp_path: Path, output: dict[str, Any], shown: str) -> None:
    assert shown in await page_of(tmp_path, code(output))


async def test_code_is_in_the_language_of_the_notebook(tmp_path: Path) -> None:
    page = await page_of(tmp_path, code(source="x <- 1"), language_info={"name": "R"})
    assert '<pre><code class="language-R">x &lt;- 1</code></pre>' in page


async def test_what_a_cell_leaves_open_ends_with_it(tmp_path: Path) -> None:
    words = {"cell_type": "markdown", "source": "<div><b>open"}
    page = await page_of(tmp_path, words, code(source="next"))
    assert "</b></div>\n<pre>" in page


@pytest.mark.parametrize("cells", ["no list", [1], [{"source": 5, "cell_type": "code"}]])
async def test_a_damaged_notebook_says_so(tmp_path: Path, cells: Any) -> None:
    with pytest.raises(MediaFailed, match="damaged"):
        await build(write_notebook(tmp_path / "a.ipynb", cells), "document")
