"""Frames become upright pictures in ordinary colours."""

from array import array

from av.video.frame import VideoFrame

from lms_box.media.pictures import CLOCK, Shaper

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
