"""Documents made to harm are shown or refused with a reason; nothing outside of them is read, fetched or run."""

import http.server
import struct
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from media.material import make_picture, make_slides, make_zip
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    PdfObject,
    TextStringObject,
)

from lms_box.media import process
from lms_box.media.failures import MediaFailed
from lms_box.media.messages import Build, Built, Kind

SECRET = "the owner's secret"  # a bait, not a password


async def build(path: Path, kind: Kind) -> Built | MediaFailed:
    into = path.parent / "out"
    into.mkdir()
    try:
        return await process.run(Build(source=path, name=path.name, kind=kind, into=into))
    except MediaFailed as failed:
        return failed


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """An address, and all that anybody asked of it."""
    heard: list[str] = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", heard
    server.shutdown()
    thread.join()
    server.server_close()


async def test_five_thousand_pages(tmp_path: Path) -> None:
    writer = PdfWriter()
    for _ in range(5000):
        writer.add_blank_page(14_400, 14_400)
    writer.write(tmp_path / "wall.pdf")
    built = await build(tmp_path / "wall.pdf", "document")
    assert isinstance(built, Built)
    assert built.pages
    assert built.pages.count == 5000


def bomb(writer: PdfWriter) -> None:
    """A hundred megabytes of blanks in a few hundred bytes."""
    content = DecodedStreamObject()
    content.set_data(b" " * 100_000_000)
    writer.pages[0][NameObject("/Contents")] = writer._add_object(content.flate_encode(9).flate_encode(9))  # no public way


def pixels(writer: PdfWriter) -> None:
    image = DecodedStreamObject()
    image.set_data(bytes(1000))
    names = {"/Type": "/XObject", "/Subtype": "/Image", "/ColorSpace": "/DeviceGray"}
    image.update({NameObject(key): NameObject(value) for key, value in names.items()})
    image.update({NameObject(f"/{side}"): NumberObject(60_000) for side in ("Width", "Height")})
    image[NameObject("/BitsPerComponent")] = NumberObject(8)
    held = DictionaryObject({NameObject("/I"): writer._add_object(image.flate_encode())})  # no public way
    writer.pages[0][NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): held})
    content = DecodedStreamObject()
    content.set_data(b"q 200 0 0 300 0 0 cm /I Do Q")
    writer.pages[0][NameObject("/Contents")] = writer._add_object(content)  # no public way


def circle(writer: PdfWriter) -> None:
    """Pages that are their own children."""
    pages = writer._root_object["/Pages"].get_object()  # no public way
    assert isinstance(pages, DictionaryObject)
    kids = pages["/Kids"]
    assert isinstance(kids, ArrayObject)
    kids.append(writer._root_object.raw_get("/Pages"))  # no public way


@pytest.mark.parametrize("harm", [bomb, pixels, circle], ids=lambda harm: harm.__name__)
async def test_a_pdf_made_to_harm(tmp_path: Path, harm: Callable[[PdfWriter], None]) -> None:
    writer = PdfWriter()
    writer.add_blank_page(200, 300)
    harm(writer)
    writer.write(tmp_path / "bad.pdf")
    outcome = await build(tmp_path / "bad.pdf", "document")
    if isinstance(outcome, MediaFailed):
        assert outcome.code not in ("not_processed", "stuck", "took_too_long")
    else:
        assert outcome.pages


async def test_a_pdf_opens_no_address(tmp_path: Path, asked: tuple[str, list[str]]) -> None:
    address, heard = asked
    writer = PdfWriter()
    writer.add_blank_page(200, 300)
    action: dict[str, PdfObject] = {"/S": NameObject("/URI"), "/URI": TextStringObject(f"{address}/action")}
    script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject(f"app.launchURL('{address}/script')")}
    action["/Next"] = DictionaryObject({NameObject(key): value for key, value in script.items()})
    whole = DictionaryObject({NameObject(key): value for key, value in action.items()})
    writer._root_object[NameObject("/OpenAction")] = whole  # no public way
    writer.write(tmp_path / "calls.pdf")
    assert isinstance(await build(tmp_path / "calls.pdf", "document"), Built)
    assert heard == []


async def test_a_deck_reads_and_opens_nothing(tmp_path: Path, asked: tuple[str, list[str]]) -> None:
    """An entity names a file, a picture and a template lie at an address, a part would climb out of its archive."""
    address, heard = asked
    (tmp_path / "secret.txt").write_text(SECRET)
    deck = make_slides(tmp_path / "plain.pptx", make_picture(tmp_path / "p.png"))
    with zipfile.ZipFile(deck) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    slide = "ppt/slides/slide1.xml"
    entity = f'<!DOCTYPE p [<!ENTITY x SYSTEM "file://{tmp_path}/secret.txt"><!ENTITY y SYSTEM "{address}/entity">]>'
    head, _, rest = parts[slide].partition(b"?>")
    parts[slide] = head + b"?>" + entity.encode() + rest.replace(b"One &amp; one", b"One &x; &y; one")
    relations = "ppt/slides/_rels/slide2.xml.rels"
    parts[relations] = parts[relations].replace(
        b"</Relationships>",
        f'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"'
        f' Target="{address}/picture.png" TargetMode="External"/></Relationships>'.encode(),
    )
    second = "ppt/slides/slide2.xml"
    parts[second] = parts[second].replace(b'r:embed="', b'r:link="rId99" r:embed="')
    parts["../../escaped.txt"] = b"out"
    outcome = await build(make_zip(tmp_path / "deck.pptx", parts), "presentation")
    told = (tmp_path / "out" / "text.json").read_text() if isinstance(outcome, Built) else outcome.reason
    assert SECRET not in told
    assert heard == []
    assert not list(tmp_path.parent.glob("escaped.txt"))


async def test_a_deck_leaves_out_a_picture_of_too_many_pixels(tmp_path: Path) -> None:
    wall = tmp_path / "wall.png"
    Image.new("1", (9100, 9100)).save(wall)
    outcome = await build(make_slides(tmp_path / "deck.pptx", wall), "presentation")
    assert isinstance(outcome, Built)
    assert outcome.pages
    assert outcome.pages.count == 2
    assert not [name for name in outcome.files if name.startswith("pictures/")]


async def test_a_deck_that_lies_about_a_size_is_no_way_round_the_limit(tmp_path: Path) -> None:
    """The archive's list says 100 bytes of what unpacks to a gigabyte."""
    deck = make_zip(tmp_path / "deck.pptx", {"[Content_Types].xml": b" " * 1_000_000_000})
    data = bytearray(deck.read_bytes())
    listed = data.rindex(b"PK\x01\x02")
    data[listed + 24 : listed + 28] = struct.pack("<I", 100)
    deck.write_bytes(bytes(data))
    outcome = await build(deck, "presentation")
    assert isinstance(outcome, MediaFailed)
    assert outcome.code == "slides_damaged"
