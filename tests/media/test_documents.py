"""Documents, slides, captions and pictures become pages, words and files, or fail with a reason."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from media.material import make_picture, make_slides, make_zip
from PIL import Image
from pypdf import PdfWriter

from lms_box.media import process
from lms_box.media.failures import MediaFailed
from lms_box.media.messages import SOURCE, Build, Built, Kind, Options


async def build(path: Path, kind: Kind, *, language: str | None = None) -> tuple[Built, Path]:
    into = path.parent / "out"
    into.mkdir()
    options = Options(language=language)
    return await process.run(Build(source=path, name=path.name, kind=kind, into=into, options=options)), into


def told(into: Path) -> Any:
    return json.loads((into / "text.json").read_text())


def size_of(path: Path) -> tuple[int, int]:
    with Image.open(path) as picture:
        return picture.size


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


async def test_pdf(tmp_path: Path) -> None:
    writer = PdfWriter()
    for _ in range(3):
        writer.add_blank_page(200, 300)
    writer.add_outline_item(title="Second", page_number=1)
    writer.add_metadata({"/Title": "A small book"})
    writer.write(tmp_path / "book.pdf")
    built, into = await build(tmp_path / "book.pdf", "document")
    assert built.pages
    assert (built.pages.count, built.pages.pdf, built.metadata["title"]) == (3, SOURCE, "A small book")
    assert told(into)["outline"] == [{"title": "Second", "page": 2, "level": 1}]
    assert size_of(into / "poster.webp") == (854, 1280)


async def test_pdf_of_giant_pages_has_a_small_picture(tmp_path: Path) -> None:
    writer = PdfWriter()
    writer.add_blank_page(14_400, 14_400)
    writer.write(tmp_path / "wall.pdf")
    _, into = await build(tmp_path / "wall.pdf", "document")
    assert size_of(into / "poster.webp") == (1280, 1280)


async def test_locked_pdf_says_so(tmp_path: Path) -> None:
    writer = PdfWriter()
    writer.add_blank_page(200, 300)
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(tmp_path / "locked.pdf")
    with pytest.raises(MediaFailed, match="password") as failed:
        await build(tmp_path / "locked.pdf", "document")
    assert failed.value.code == "pdf_locked"


async def test_broken_pdf_says_so(tmp_path: Path) -> None:
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7\n" + bytes(500))
    with pytest.raises(MediaFailed, match="damaged"):
        await build(tmp_path / "broken.pdf", "document")


async def test_slides(tmp_path: Path) -> None:
    deck = make_slides(tmp_path / "deck.pptx", make_picture(tmp_path / "p.png"))
    built, into = await build(deck, "presentation")
    pages = told(into)["pages"]
    assert built.pages
    assert built.pages.count == 2
    assert pages[0]["title"] == "Hello <b>"
    assert pages[0]["notes"] == "Say it slowly."
    assert "<ul><li>One &amp; one → two<ul><li>Two</li></ul></li></ul>" in pages[0]["html"]
    assert "javascript" not in pages[0]["html"]
    assert "<td>corner</td>" in pages[1]["html"]
    assert any(name.startswith("pictures/") and name in pages[1]["html"] for name in built.files)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"http://schemas.openxmlformats.org/presentationml/2006/", b"http://purl.oclc.org/ooxml/presentationml/"),
        (b"presentationml.presentation.main+xml", b"presentationml.slideshow.main+xml"),
    ],
    ids=["strict", "show"],
)
async def test_other_dialects_of_slides(tmp_path: Path, old: bytes, new: bytes) -> None:
    import zipfile

    deck = make_slides(tmp_path / "deck.pptx", make_picture(tmp_path / "p.png"))
    with zipfile.ZipFile(deck) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name in parts:
        if name.endswith(".xml"):
            parts[name] = parts[name].replace(old, new)
    built, _ = await build(make_zip(tmp_path / "other.pptx", parts), "presentation")
    assert built.pages
    assert built.pages.count == 2


HOSTILE = {
    "bomb": ({"ppt/presentation.xml": b"<a>" + b" " * 100_000_000 + b"</a>", "[Content_Types].xml": b"<T/>"}, "unpacks"),
    "entities": (
        {
            "ppt/presentation.xml": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
            "[Content_Types].xml": b"<T/>",
        },
        "damaged",
    ),
    "empty": ({"ppt/presentation.xml": b""}, "damaged"),
}


@pytest.mark.parametrize(("parts", "words"), HOSTILE.values(), ids=HOSTILE)
async def test_hostile_slides(tmp_path: Path, parts: dict[str, bytes], words: str) -> None:
    with pytest.raises(MediaFailed, match=words):
        await build(make_zip(tmp_path / "deck.pptx", parts), "presentation")


async def test_locked_slides_say_so(tmp_path: Path) -> None:
    (tmp_path / "deck.pptx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    with pytest.raises(MediaFailed, match="password"):
        await build(tmp_path / "deck.pptx", "presentation")


MARKDOWN = """---
title: "The shell"
---
# First

Let $a_i < b_i$ be, for $5 and $10.

Text[^1] with <script>alert(1)</script> and <a href="javascript:x" onclick="y">a link</a>.

| a | b |
|---|---|
| 1 | 2 |

- [x] done

```python
print("<hi>")
```

![fig](../fig/a.png) ![far](https://example.org/a.png) [next](02.md#part)

## Second

[^1]: A note.
"""


async def test_markdown(tmp_path: Path) -> None:
    built, into = await build(write(tmp_path / "a.md", MARKDOWN), "document")
    text = told(into)
    (page,) = text["pages"]
    assert built.metadata["title"] == page["title"] == "The shell"
    assert [each["title"] for each in text["outline"]] == ["First", "Second"]
    assert text["base"] == "course"
    for kept in ("<table>", 'src="../fig/a.png"', 'href="02.md#part"', 'class="language-python"', 'type="checkbox"', "A note."):
        assert kept in page["html"]
    for dropped in ("<script", "alert(1)", "javascript:", "onclick", "https://example.org/a.png", "---\ntitle"):
        assert dropped not in page["html"]
    assert '<span class="math">a_i &lt; b_i</span> be, for $5 and $10' in page["html"]
    assert "print(" in page["text"]


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        (
            "a.html",
            "<title>T</title><body onload=x()><form><p>Hi <b>you</b></p><iframe src=//x></iframe>",
            "<p>Hi <b>you</b></p>",
        ),
        ("a.txt", "1 < 2", "<pre>1 &lt; 2</pre>"),
        (
            "a.ipynb",
            json.dumps({"cells": [{"cell_type": "code", "source": ["1+1"], "outputs": [{"text": ["2"]}]}]}),
            "<samp>2</samp>",
        ),
    ],
)
async def test_other_texts(tmp_path: Path, name: str, text: str, shown: str) -> None:
    _, into = await build(write(tmp_path / name, text), "document")
    page = told(into)["pages"][0]["html"]
    assert shown in page
    assert "onload" not in page
    assert "iframe" not in page


async def test_captions(tmp_path: Path) -> None:
    path = tmp_path / "01 Intro.de.srt"
    path.write_bytes("1\n00:00:01,000 --> 00:00:02,000\nGröße & mehr\n".encode("cp1252"))
    built, into = await build(path, "caption")
    (caption,) = built.captions
    assert (caption.language, caption.label, caption.file) == ("de", "Deutsch", "captions/de.vtt")
    assert "Größe &amp; mehr" in (into / caption.file).read_text()


async def test_captions_without_a_time_say_so(tmp_path: Path) -> None:
    with pytest.raises(MediaFailed, match="no caption"):
        await build(write(tmp_path / "a.srt", "hello"), "caption", language="en")


async def test_pictures_are_turned_and_made_small(tmp_path: Path) -> None:
    picture = Image.linear_gradient("L").resize((1200, 300)).convert("RGB")
    exif = picture.getexif()
    exif[0x0112] = 6
    picture.save(tmp_path / "cover.jpg", exif=exif)
    built, into = await build(tmp_path / "cover.jpg", "image")
    assert built.card == "card.webp"
    with Image.open(into / "card.webp") as small:
        assert small.size == (150, 600)
        assert not small.getexif()


async def test_pixel_bombs_are_refused(tmp_path: Path) -> None:
    bomb = io.BytesIO()
    Image.new("1", (14_000, 14_000)).save(bomb, "PNG")
    (tmp_path / "bomb.png").write_bytes(bomb.getvalue())
    with pytest.raises(MediaFailed, match="too large"):
        await build(tmp_path / "bomb.png", "image")
