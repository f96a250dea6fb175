"""Files damaged in many ways are played up to the damage or refused with a reason: no hang, no error of ours."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from media.material import make_clip, make_picture, make_slides
from samples import SAMPLES

from lms_box.media.boxes import read_index
from lms_box.media.failures import MediaFailed
from lms_box.media.limits import Limits
from lms_box.media.messages import Build, Built, Inspection, Kind, Options
from lms_box.media.process import Child

LIMITS = Limits(quiet=30, silent=120, patience=120)
TINY: dict[str, Any] = {"seconds": 1.0, "size": (96, 64), "rate": 10}
CLIPS: dict[str, dict[str, Any]] = {
    "film.mp4": {},
    "film.mkv": {},
    "film.ts": {"format_": "mpegts"},
    "film.avi": {"picture": "mpeg4", "sound": "libmp3lame"},
    "film.webm": {"picture": "libvpx-vp9", "sound": "libopus"},
    "sound.mp3": {"picture": None, "sound": "libmp3lame"},
    "sound.m4a": {"picture": None},
}
DOCUMENTS = ("deck.pptx", "book.pdf")
LARGEST_SAMPLE = 150_000
OURS = ("not_processed", "stuck", "took_too_long", "crashed", "killed", "no_result", "out_of_memory")

Damage = Callable[[bytearray, random.Random], None]


def flip(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 8, 64))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def flip_head(data: bytearray, chance: random.Random) -> None:
    for _ in range(8):
        data[chance.randrange(min(len(data), 1500))] = chance.randrange(256)


def cut_end(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(1, len(data)) :]


def cut_middle(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    del data[at : at + chance.randrange(1, 5000)]


def zero_index(data: bytearray, chance: random.Random) -> None:
    """What tells where everything lies: tables of MP4, cues of Matroska, the index of AVI, the xref of PDF."""
    marks = (b"stsz", b"stco", b"stts", b"ctts", b"stsc", b"\x1c\x53\xbb\x6b", b"idx1", b"xref", b"PK\x01\x02", b"stsd")
    found = [at for mark in marks if (at := data.find(mark)) >= 0] or [len(data) // 2]
    at = chance.choice(found) + 4
    data[at : at + 64] = bytes(len(data[at : at + 64]))


def huge_numbers(data: bytearray, chance: random.Random) -> None:
    for _ in range(4):
        at = chance.randrange(min(len(data), 4000)) & ~3
        data[at : at + 4] = b"\xff\xff\xff\xff"[: len(data[at : at + 4])]


def repeat_part(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    data[at:at] = data[at : at + 3000]


DAMAGES: tuple[Damage, ...] = (flip, flip_head, cut_end, cut_middle, zero_index, huge_numbers, repeat_part)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    for name, clip in CLIPS.items():
        make_clip(folder / name, **{**TINY, **clip})
    make_slides(folder / "deck.pptx", make_picture(folder / "picture.png"))
    make_book(folder / "book.pdf")
    return folder


def make_book(path: Path) -> None:
    from pypdf import PdfWriter

    writer = PdfWriter()
    for _ in range(3):
        writer.add_blank_page(200, 300)
    writer.add_outline_item(title="Second", page_number=1)
    writer.write(path)


@pytest.mark.parametrize("name", [*CLIPS, *DOCUMENTS])
async def test_damage_is_survived(tmp_path: Path, whole: Path, name: str) -> None:
    await survive(tmp_path, whole / name, ways=7)


@pytest.mark.deep
@pytest.mark.parametrize("name", [*CLIPS, *DOCUMENTS])
async def test_much_damage_is_survived(tmp_path: Path, whole: Path, name: str) -> None:
    await survive(tmp_path, whole / name, ways=42, first=7)


def small_samples() -> Iterator[Path]:
    for folder in ("media", "documents"):
        yield from (path for path in sorted((SAMPLES / folder).glob("*.*")) if path.stat().st_size < LARGEST_SAMPLE)


@pytest.mark.deep
@pytest.mark.skipif(not SAMPLES.is_dir(), reason="no folder of samples (LMS_SAMPLES)")
async def test_damaged_samples_are_survived(tmp_path: Path) -> None:
    for path in small_samples():
        await survive(tmp_path, path, ways=7)


async def survive(folder: Path, path: Path, *, ways: int, first: int = 0) -> None:
    """One child reads them all, one after the other: what a file breaks in it shows in the next."""
    child = Child(LIMITS)
    try:
        for way in range(first, first + ways):
            chance = random.Random(f"{path.name} {way}")  # noqa: S311  # damage, not secrets
            data = bytearray(path.read_bytes())
            DAMAGES[way % len(DAMAGES)](data, chance)
            await survive_one(child, folder / f"{path.name}-{way}", path.name, bytes(data))
    finally:
        await child.end()


async def survive_one(child: Child, folder: Path, name: str, data: bytes) -> None:
    into = folder / "out"
    into.mkdir(parents=True)
    source = folder / name
    source.write_bytes(data)
    request = Build(source=source, name=name, kind=kind_of(name), into=into, options=Options(preset="ultrafast"))
    try:
        outcome: Inspection | Built | MediaFailed = await child.ask(request, None)
    except MediaFailed as failed:
        outcome = failed
    if isinstance(outcome, MediaFailed):
        assert outcome.code not in OURS, (folder, outcome)
        assert len(outcome.reason) > 20
        return
    assert isinstance(outcome, Built)
    assert outcome.renditions or outcome.pages or outcome.card
    for each in outcome.renditions:
        index = read_index(into / each.file)
        assert index.segments[-1].offset + index.segments[-1].size <= (into / each.file).stat().st_size


def kind_of(name: str) -> Kind:
    suffix = name.rpartition(".")[2].lower()
    kinds: dict[str, Kind] = {"pptx": "presentation", "pdf": "document", "mp3": "audio", "m4a": "audio"}
    return kinds.get(suffix, "video")
