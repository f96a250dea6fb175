"""Manifests are exact to the byte and the tick."""

import struct
from xml.etree import ElementTree as ET

from lms_box.media import manifests
from lms_box.media.boxes import MediaIndex, Segment, parse_sidx
from lms_box.media.messages import Rendition

INDEX = MediaIndex(
    timescale=1000,
    start=0,
    header_size=800,
    index_first=800,
    index_last=899,
    segments=(Segment(900, 400_000, 4000), Segment(400_900, 800_000, 4000), Segment(1_200_900, 1000, 500)),
    codecs="avc1.64001f",
)
VIDEO = Rendition(
    name="720p", file="720p.mp4", type="video", codecs="avc1.64001f", bandwidth=1_600_000, average_bandwidth=1_130_000,
    duration=8.5, width=1280, height=720, frame_rate=29.97,
)  # fmt: skip
AUDIO = Rendition(
    name="audio", file="audio.mp4", type="audio", codecs="mp4a.40.2", bandwidth=130_000, average_bandwidth=128_000,
    duration=8.5, sample_rate=48_000, channels=2,
)  # fmt: skip


def test_rates_and_target() -> None:
    assert manifests.target_duration([INDEX]) == 4
    assert manifests.peak_rate(INDEX, target=4) == 1_600_000
    assert manifests.average_rate(INDEX) == 1_130_353


def test_one_target_for_picture_and_sound() -> None:
    """RFC 8216, 6.2.4."""
    sound = MediaIndex(48_000, 0, 1, 1, 2, (Segment(3, 60_000, 196_608),), "mp4a.40.2")
    assert manifests.target_duration([INDEX, sound]) == 5


def test_a_tiny_last_segment_is_no_peak() -> None:
    spiky = MediaIndex(1000, 0, 1, 1, 2, (Segment(3, 500_000, 4000), Segment(500_003, 500_000, 10)), "avc1.42c01e")
    assert manifests.peak_rate(spiky, target=4) == 1_995_013


def test_media_playlist_addresses_every_byte() -> None:
    lines = manifests.hls_media(INDEX, file="720p.mp4", target=5).splitlines()
    assert "#EXT-X-TARGETDURATION:5" in lines
    assert '#EXT-X-MAP:URI="720p.mp4",BYTERANGE="800@0"' in lines
    assert [line for line in lines if line.startswith("#EXT-X-BYTERANGE")] == [
        "#EXT-X-BYTERANGE:400000@900",
        "#EXT-X-BYTERANGE:800000@400900",
        "#EXT-X-BYTERANGE:1000@1200900",
    ]
    assert lines[-1] == "#EXT-X-ENDLIST"
    assert "#EXTINF:0.500000," in lines


def test_master_playlist_adds_the_sound() -> None:
    text = manifests.hls_master([VIDEO, AUDIO], playlists={"720p": "720p.m3u8", "audio": "audio.m3u8"})
    assert "BANDWIDTH=1730000,AVERAGE-BANDWIDTH=1258000" in text
    assert 'CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=29.970,AUDIO="audio",CLOSED-CAPTIONS=NONE\n' in text
    assert 'URI="audio.m3u8"' in text


def test_sound_alone_is_a_variant() -> None:
    text = manifests.hls_master([AUDIO], playlists={"audio": "audio.m3u8"})
    assert "EXT-X-MEDIA" not in text
    assert 'BANDWIDTH=130000,AVERAGE-BANDWIDTH=128000,CODECS="mp4a.40.2"\naudio.m3u8' in text


def test_mpd_points_at_the_index() -> None:
    text = manifests.dash([VIDEO, AUDIO], indexes={"720p": INDEX, "audio": INDEX})
    root = ET.fromstring(text)  # noqa: S314  # our own text
    space = {"d": "urn:mpeg:dash:schema:mpd:2011"}
    bases = root.findall(".//d:SegmentBase", space)
    assert root.attrib["mediaPresentationDuration"] == "PT8.500000S"
    assert [base.attrib["indexRange"] for base in bases] == ["800-899", "800-899"]
    assert [each.attrib["range"] for each in root.findall(".//d:Initialization", space)] == ["0-799", "0-799"]


def test_index_of_either_version() -> None:
    references = struct.pack(">IIIIII", 100, 4000, 0x90000000, 50, 2000, 0x90000000)
    old = struct.pack(">IIIIIHH", 0, 1, 1000, 80, 4, 0, 2) + references
    new = struct.pack(">IIIQQHH", 0x01000000, 1, 1000, 80, 4, 0, 2) + references
    expected = (1000, 80, (Segment(204, 100, 4000), Segment(304, 50, 2000)))
    assert parse_sidx(old, first=200) == parse_sidx(new, first=200) == expected
