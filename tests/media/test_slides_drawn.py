"""Decks are drawn by LibreOffice where there is one, from a copy that neither runs nor fetches anything; else they are read."""

import json
import sys
import zipfile
from pathlib import Path

import pytest
from media.material import make_picture, make_slides
from pypdf import PdfWriter

from lms_box.media import process
from lms_box.media.messages import Build, Built
from lms_box.media.office import find_office

# A stand-in for the program: keeps what it was given, then does what its test wants of it.
OFFICE = """#!{python}
import json, os, pathlib, shutil, sys, time
folder = pathlib.Path(sys.argv[sys.argv.index("--outdir") + 1])
kept = pathlib.Path({kept!r})
shutil.copy(sys.argv[-1], kept / "given.pptx")
profile = next(each for each in sys.argv if each.startswith("-env:UserInstallation=file://")).partition("file://")[2]
shutil.copy(pathlib.Path(profile, "user", "registrymodifications.xcu"), kept / "profile.xml")
(kept / "environment.json").write_text(json.dumps(dict(os.environ)))
{does}
"""
DRAWS = 'shutil.copy({pdf!r}, folder / "deck.pdf")'
ACTIVE = {
    "ppt/vbaProject.bin": b"macros",
    "ppt/embeddings/sheet.xlsx": b"a sheet",
    "ppt/activeX/activeX1.xml": b"<a/>",
}
OUTSIDE = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Type="http://x/image" Target="http://tracker.example/a.png" TargetMode="External"/>
<Relationship Id="r2" Type="http://x/oleObject" Target="file:///etc/passwd" TargetMode="External"/>
<Relationship Id="r3" Type="http://x/hyperlink" Target="https://example.org/" TargetMode="External"/>
<Relationship Id="r4" Type="http://x/vbaProject" Target="vbaProject.bin"/>
<Relationship Id="r5" Type="http://x/slide" Target="slides/slide1.xml"/></Relationships>"""


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, does: str) -> None:
    programs = folder / "bin"
    programs.mkdir()
    program = programs / "soffice"
    program.write_text(OFFICE.format(python=sys.executable, kept=str(folder), does=does))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))


def make_pdf(path: Path, pages: int) -> Path:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(960, 540)
    writer.write(path)
    return path


async def build(folder: Path) -> Built:
    deck = make_slides(folder / "deck.pptx", make_picture(folder / "p.png"))
    with zipfile.ZipFile(deck, "a") as archive:
        for name, data in ACTIVE.items():
            archive.writestr(name, data)
        archive.writestr("ppt/slides/_rels/outside.xml.rels", OUTSIDE)
    into = folder / "out"
    into.mkdir()
    return await process.run(Build(source=deck, name=deck.name, kind="presentation", into=into))


async def test_slides_are_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, DRAWS.format(pdf=str(make_pdf(tmp_path / "two.pdf", 2))))
    built = await build(tmp_path)
    assert built.pages
    assert (built.pages.count, built.pages.pdf, built.pages.text) == (2, "slides.pdf", "text.json")
    assert {"slides.pdf", "poster.webp", "card.webp"} <= set(built.files)


async def test_the_drawn_copy_is_harmless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, DRAWS.format(pdf=str(make_pdf(tmp_path / "two.pdf", 2))))
    await build(tmp_path)
    with zipfile.ZipFile(tmp_path / "given.pptx") as given:
        assert not set(given.namelist()) & set(ACTIVE)
        relations = given.read("ppt/slides/_rels/outside.xml.rels").decode()
        assert "ppt/slides/slide1.xml" in given.namelist()
    assert [name for name in ("r1", "r2", "r3", "r4", "r5") if f'"{name}"' in relations] == ["r3", "r5"]
    assert "DisableMacrosExecution" in (tmp_path / "profile.xml").read_text()
    environment = json.loads((tmp_path / "environment.json").read_text())
    assert environment["http_proxy"] == environment["https_proxy"] == "http://127.0.0.1:9"


@pytest.mark.parametrize(
    "does",
    ["sys.exit(1)", "sys.exit(0)", '(folder / "deck.pdf").write_bytes(b"no pdf")', "shutil.copy({pdf!r}, folder / 'deck.pdf')"],
    ids=["fails", "makes nothing", "makes nonsense", "makes another number of pages"],
)
async def test_what_is_not_drawn_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str) -> None:
    install(tmp_path, monkeypatch, does.format(pdf=str(make_pdf(tmp_path / "five.pdf", 5))))
    built = await build(tmp_path)
    assert built.pages
    assert (built.pages.count, built.pages.pdf) == (2, None)
    assert "slides.pdf" not in built.files


async def test_an_office_that_hangs_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its time is up after seconds in this test; the child's end is its end."""
    from lms_box.media import office, pptx

    monkeypatch.setattr(office, "PATIENCE", 0.5)
    monkeypatch.setattr(office, "PATIENCE_PER_SLIDE", 0.0)
    install(tmp_path, monkeypatch, "time.sleep(600)")
    deck = make_slides(tmp_path / "deck.pptx", make_picture(tmp_path / "p.png"))
    (tmp_path / "out").mkdir()
    request = Build(source=deck, name=deck.name, kind="presentation", into=tmp_path / "out")
    built = pptx.build_presentation(request, lambda *_, **__: None)
    assert built.pages
    assert built.pages.pdf is None


@pytest.mark.deep
@pytest.mark.skipif(find_office() is None, reason="LibreOffice is not installed")
async def test_libreoffice_draws_slides(tmp_path: Path) -> None:
    built = await build(tmp_path)
    assert built.pages
    assert built.pages.pdf == "slides.pdf"
