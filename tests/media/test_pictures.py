"""Frames become upright pictures in ordinary colours."""

from array import array

import pytest
from av.video.frame import VideoFrame

from lms_box.media.pictures import CLOCK, FULL_RANGE, Shaper

PQ, BT2020 = 16, 9
PAPER, CLOUD, LAMP = 573, 657, 723
"""10-bit codes of 203, 500 and 1000 cd/m² (SMPTE ST 2084, narrow range)."""


def hdr_stripes(*codes: int) -> VideoFrame:
    """Grey stripes of the given brightness, 16 pixels wide."""
    frame = VideoFrame(16 * len(codes), 16, "yuv420p10le")
    for number, plane in enumerate(frame.planes):
        row = [code for code in codes for _ in range(8 if number else 16)]
        line = array("H", [512] * len(row) if number else row).tobytes().ljust(plane.line_size, b"\0")
        plane.update(line * plane.height)
    frame.color_trc, frame.color_primaries, frame.colorspace, frame.color_range = PQ, BT2020, BT2020, 1
    frame.pts, frame.time_base = 0, CLOCK
    return frame


def test_hdr_keeps_what_is_brighter_than_paper() -> None:
    (shaped,) = Shaper(64, 16).shape(hdr_stripes(64, PAPER, CLOUD, LAMP))
    light, *colours = (bytes(plane) for plane in shaped.planes)
    black, paper, cloud, lamp = (light[8 + 16 * stripe] for stripe in range(4))
    assert black <= 20
    assert 120 < paper < cloud - 10 < lamp - 10
    assert lamp <= 235
    assert all(abs(colour[4 + 8 * stripe] - 128) <= 2 for colour in colours for stripe in range(4)), "grey stays grey"


def black_and_white(format_: str, colour_range: int) -> VideoFrame:
    frame = VideoFrame(32, 16, format_)
    for number, plane in enumerate(frame.planes):
        row = bytes([128] * 16) if number else bytes([0] * 16 + [255] * 16)
        plane.update(row.ljust(plane.line_size, b"\0") * plane.height)
    frame.color_range = colour_range
    frame.pts, frame.time_base = 0, CLOCK
    return frame


@pytest.mark.parametrize(
    ("format_", "colour_range", "ends"),
    [("yuv420p", FULL_RANGE, (16, 235)), ("yuvj420p", 0, (16, 235)), ("yuv420p", 1, (0, 255)), ("yuv420p", 0, (0, 255))],
)
def test_only_full_range_is_brought_to_that_of_video(format_: str, colour_range: int, ends: tuple[int, int]) -> None:
    """What has the range and the size already is not touched, not even copied."""
    given = black_and_white(format_, colour_range)
    shaper = Shaper(32, 16)
    (shaped,) = shaper.shape(given)
    light = bytes(shaped.planes[0])
    assert (light[8], light[24]) == ends
    assert (shaped.planes[0].buffer_ptr == given.planes[0].buffer_ptr) == (ends == (0, 255))


def test_a_film_may_change_its_range_half_way() -> None:
    shaper = Shaper(32, 16)
    ends = [bytes(shaper.shape(black_and_white("yuv420p", one))[0].planes[0])[24] for one in (1, FULL_RANGE, 1)]
    assert ends == [255, 235, 255]
