"""What an import may take for a film without asking a child process; hostile boxes cost nothing."""

from pathlib import Path

import pytest
from media.material import make_clip

from lms_box.media.boxes import holds_h264, read_duration

FTYP = b"\0\0\0\x18ftypisom\0\0\0\0isommp42"


def nested(depth: int) -> bytes:
    """A moov in a moov in a moov."""
    return b"".join(((depth - level) * 8).to_bytes(4, "big") + b"moov" for level in range(depth))


def test_a_film_is_known_by_its_boxes(tmp_path: Path) -> None:
    film = make_clip(tmp_path / "film.mp4", seconds=0.4)
    assert holds_h264(film)
    assert read_duration(film) == pytest.approx(0.4, abs=0.1)


def test_sound_in_an_mp4_is_no_film(tmp_path: Path) -> None:
    assert not holds_h264(make_clip(tmp_path / "sound.mp4", seconds=0.4, picture=None))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0\0\0",
        FTYP,
        FTYP + b"\0\0\0\x08moov",
        FTYP + b"\x7f\xff\xff\xffmoov",
        FTYP + b"\0\0\0\x01moov" + b"\xff" * 8,
        FTYP + b"\0\0\0\0moov" + b"\0" * 64,
        FTYP + nested(200_000),
        FTYP + b"\0\0\0\x10moov\0\0\0\x08mvhd",
        FTYP + b"\0\0\0\x24moov\0\0\0\x1cmvhd" + bytes(20),
    ],
)
def test_broken_and_hostile_boxes_are_no_film(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(data)
    assert not holds_h264(path)
    assert read_duration(path) is None
