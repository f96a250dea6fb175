"""Each kind of recording becomes something that plays, whole and to the end."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av
import pytest
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame
from media.manifest_rules import check_hls, check_mpd
from media.material import make_clip, make_picture
from samples import SAMPLES

from lms_box.media import process
from lms_box.media.boxes import read_index
from lms_box.media.failures import MediaFailed
from lms_box.media.messages import Build, Built, Kind, Options
from lms_box.media.sound import rate_for


@dataclass
class Case:
    name: str
    clip: dict[str, Any] = field(default_factory=dict)
    size: tuple[int, int] | None = (320, 180)
    copied: tuple[bool, ...] = (True, True)
    channels: int | None = 2
    kind: Kind = "video"


CASES = [
    Case("plain.mp4"),
    Case("plain.mkv"),
    Case("mute.mp4", {"sound": None}, copied=(True,), channels=None),
    Case("transport.ts", {"format_": "mpegts"}, copied=(True, False)),
    Case("hevc.mp4", {"picture": "libx265"}, copied=(False, True)),
    Case("vp9-opus.webm", {"picture": "libvpx-vp9", "sound": "libopus"}, copied=(False, False)),
    Case("ten-bit.mp4", {"pixels": "yuv420p10le"}, copied=(False, True)),
    Case("four-four-four.mp4", {"pixels": "yuv444p"}, copied=(False, True)),
    Case("odd.mp4", {"size": (321, 181), "pixels": "yuv444p"}, copied=(False, True)),
    Case("mono.mkv", {"channels": 1, "sound": "pcm_s16le", "sample_rate": 8000}, copied=(True, False), channels=1),
    Case("surround.mkv", {"channels": 6, "sound": "ac3"}, copied=(True, False)),
    Case("old.avi", {"picture": "mpeg4", "sound": "libmp3lame"}, copied=(False, False)),
    Case("sound.m4a", {"picture": None}, size=None, copied=(True,), kind="audio"),
    Case("sound.mp3", {"picture": None, "sound": "libmp3lame"}, size=None, copied=(False,), kind="audio"),
    Case("fast.mp4", {"rate": 120, "seconds": 2.0}, copied=(False, True)),
]


async def build(path: Path, into: Path, *, kind: Kind = "video", options: Options | None = None) -> Built:
    into.mkdir()
    return await process.run(Build(source=path, name=path.name, kind=kind, into=into, options=options or Options()))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_everything_plays(tmp_path: Path, case: Case) -> None:
    path = make_clip(tmp_path / case.name, **case.clip)
    built = await build(path, tmp_path / "out", kind=case.kind)
    seconds = case.clip.get("seconds", 3.0)
    assert built.duration == pytest.approx(seconds, abs=0.1)
    assert [each.copied for each in built.renditions] == list(case.copied)
    assert {each.channels for each in built.renditions if each.type == "audio"} == ({case.channels} - {None})
    for each in built.renditions:
        check_rendition(tmp_path / "out" / each.file, each.type, seconds)
    if case.size:
        video = built.renditions[0]
        assert video.width
        assert video.height
        assert (video.width, video.height) == (case.size[0] // 2 * 2, case.size[1] // 2 * 2)
        assert video.frame_rate == pytest.approx(min(60, case.clip.get("rate", 25)), rel=0.05)
        assert {"poster.webp", "card.webp"} <= set(built.files)
    check_manifests(tmp_path / "out", built)
    assert set(built.files) == {each.name for each in (tmp_path / "out").iterdir()}


def check_rendition(path: Path, kind: str, seconds: float) -> None:
    index = read_index(path)
    assert index.start_seconds == pytest.approx(0, abs=0.05)
    assert index.duration == pytest.approx(seconds, abs=0.1)
    assert index.segments[-1].offset + index.segments[-1].size == path.stat().st_size
    with av.open(str(path)) as container:
        stream = container.streams[0]
        assert stream.type == kind
        times = [frame.time or 0.0 for frame in container.decode(stream) if isinstance(frame, (VideoFrame, AudioFrame))]
    assert times == sorted(times)
    assert times[0] == pytest.approx(0, abs=0.05)
    assert times[-1] == pytest.approx(seconds, abs=0.2)


def check_manifests(folder: Path, built: Built) -> None:
    check_hls(folder, built)
    check_mpd(folder, built)
    for each in built.renditions:
        text = (folder / f"{each.name}.m3u8").read_text()
        lengths = [float(value) for value in re.findall(r"#EXTINF:([\d.]+)", text)]
        assert sum(lengths) == pytest.approx(each.duration, abs=0.001)
        assert each.bandwidth >= each.average_bandwidth > 0


@pytest.mark.parametrize(
    ("clip", "names", "starts"),
    [
        ({"picture": "mpeg4"}, ["180p", "90p"], [0, 4, 8]),
        ({}, ["source", "90p"], [0, 4, 8]),
        ({"every": 70}, ["source", "90p"], [0, 5.6]),
        ({"every": 1000, "seconds": 20.0}, ["180p", "90p"], [0, 4, 8, 12, 16]),
    ],
    ids=["encoded", "source on top", "keyframes of the source", "segments too long for a rung"],
)
async def test_ladder_has_aligned_segments(tmp_path: Path, clip: dict[str, Any], names: list[str], starts: list[float]) -> None:
    path = make_clip(tmp_path / "clip.mp4", sound=None, **{"seconds": 9.0, **clip})
    built = await build(path, tmp_path / "out", options=Options(stage="ladder", rungs=(360, 180, 90)))
    assert [each.name for each in built.renditions] == names
    for each in built.renditions:
        file = tmp_path / "out" / each.file
        assert read_index(file).starts() == pytest.approx(starts, abs=0.02)
        assert keyframe_times(file)[: len(starts)] == pytest.approx(starts, abs=0.02)
        check_rendition(file, "video", clip.get("seconds", 9.0))
    check_manifests(tmp_path / "out", built)
    assert not built.ladder_wanted


def keyframe_times(path: Path) -> list[float]:
    """Of the packets that begin a segment and of those alone, where it was encoded here."""
    with av.open(str(path)) as container:
        packets = [packet for packet in container.demux(video=0) if packet.size and packet.is_keyframe]
        times = [float((packet.pts or 0) * packet.time_base) for packet in packets]
    starts = read_index(path).starts()
    return [time for time in times if any(abs(time - start) < 0.02 for start in starts)]


async def test_a_copied_large_picture_wants_a_ladder(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "large.mp4", size=(1280, 720), seconds=2.0)
    built = await build(path, tmp_path / "out")
    assert built.renditions[0].copied
    assert built.ladder_wanted


@pytest.mark.parametrize(
    ("sampled", "encoded"),
    [
        (8000, 24_000),
        (11_025, 22_050),
        (12_000, 24_000),
        (16_000, 32_000),
        (44_100, 44_100),
        (96_000, 48_000),
        (37_800, 48_000),
    ],
)
def test_frames_of_sound_are_short(sampled: int, encoded: int) -> None:
    """What the last one has too much stays below what anybody notices."""
    assert rate_for(sampled) == encoded
    assert 1024 / encoded < 0.05


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="no folder of samples (LMS_SAMPLES)")
async def test_mpeg_h_is_not_taken_for_mp3(tmp_path: Path) -> None:
    path = SAMPLES / "media" / "sample_mpegh_lcbl_configchange_single.ts"
    with pytest.raises(MediaFailed, match="format that cannot be read"):
        await build(path, tmp_path / "out")


async def test_a_cut_recording_plays_up_to_the_cut(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "whole.mkv", seconds=6.0)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    built = await build(path, tmp_path / "out")
    assert built.duration
    assert 0.5 < built.duration < 5.5


async def test_an_interlaced_picture_keeps_its_last_frame(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "tape.mkv", picture="mpeg2video", interlaced=True, sound=None)
    built = await build(path, tmp_path / "out", options=Options(stage="ladder", rungs=(180, 90)))
    for each in built.renditions:
        with av.open(str(tmp_path / "out" / each.file)) as container:
            times = [frame.time for frame in container.decode(video=0)]
        assert times == pytest.approx([number / 25 for number in range(75)], abs=0.001)


async def test_a_still_picture_moves_the_clock(tmp_path: Path) -> None:
    """One frame in ten seconds would make one endless segment."""
    path = make_clip(tmp_path / "slides.mkv", rate=1, seconds=9.0, picture="mpeg4", sound=None, size=(320, 180))
    built = await build(path, tmp_path / "out")
    index = read_index(tmp_path / "out" / built.renditions[0].file)
    assert max(index.seconds(segment) for segment in index.segments) <= 5.0


async def test_cover_art_is_the_poster_of_a_sound(tmp_path: Path) -> None:
    cover = make_picture(tmp_path / "cover.png")
    plain = make_clip(tmp_path / "plain.mp3", picture=None, sound="libmp3lame")
    path = tmp_path / "covered.mp3"
    frame = b"\0image/png\0\x03\0" + cover.read_bytes()
    tag = b"APIC" + len(frame).to_bytes(4, "big") + b"\0\0" + frame
    size = bytes(len(tag) >> shift & 0x7F for shift in (21, 14, 7, 0))
    path.write_bytes(b"ID3\x03\0\0" + size + tag + plain.read_bytes())
    built = await build(path, tmp_path / "out", kind="audio")
    assert built.poster == "poster.webp"
