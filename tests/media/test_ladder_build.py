"""What else belongs to a good build: languages, storyboards, other encoders, what is said of a file before it is built."""

import re
from pathlib import Path

import av
import pytest
from av.audio.stream import AudioStream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from media.material import frame_of, hum, make_clip
from PIL import Image

from lms_box.media import process
from lms_box.media.boxes import read_index
from lms_box.media.decoding import keyframe_at
from lms_box.media.encoders import options_for
from lms_box.media.failures import MediaFailed
from lms_box.media.messages import Build, Built, Inspect, Inspection, Options


async def build(path: Path, into: Path, options: Options | None = None) -> Built:
    into.mkdir()
    return await process.run(Build(source=path, name=path.name, kind="video", into=into, options=options or Options()))


async def inspect(path: Path) -> Inspection:
    return await process.run(Inspect(source=path, name=path.name))


def make_languages(path: Path, sounds: list[tuple[str, str]]) -> Path:
    """A clip with one sound for each (language, title)."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=25, options={"g": "25", "preset": "ultrafast"})
        assert isinstance(video, VideoStream)
        video.codec_context.width, video.codec_context.height, video.codec_context.pix_fmt = 320, 180, "yuv420p"
        audios: list[AudioStream] = [container.add_stream("aac", rate=48_000) for _ in sounds]
        for audio, (language, title) in zip(audios, sounds, strict=True):
            assert isinstance(audio, AudioStream)
            audio.codec_context.layout = "stereo"
            audio.metadata.update({"language": language, "title": title})
        for number in range(50):
            container.mux(video.encode(frame_of(number, (320, 180), 25)))
            for audio in audios:
                container.mux(audio.encode(hum(number, 2, 48_000)))
        container.mux(video.encode(None))
        for audio in audios:
            container.mux(audio.encode(None))
    return path


async def test_each_language_is_a_choice(tmp_path: Path) -> None:
    path = make_languages(tmp_path / "film.mkv", [("eng", ""), ("deu", ""), ("eng", "Stereo again")])
    built = await build(path, tmp_path / "out")
    sounds = [each for each in built.renditions if each.type == "audio"]
    assert [(each.language, each.label) for each in sounds] == [("en", "English"), ("de", "Deutsch")]
    master = (tmp_path / "out" / "master.m3u8").read_text()
    assert re.findall(r'NAME="(\w+)",LANGUAGE="(\w+)",DEFAULT=(YES|NO)', master) == [
        ("English", "en", "YES"),
        ("Deutsch", "de", "NO"),
    ]
    assert re.findall(r'contentType="audio" lang="(\w+)"', (tmp_path / "out" / "manifest.mpd").read_text()) == ["en", "de"]


async def test_a_segment_is_pictured_by_its_own_keyframe(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.mp4", seconds=9.0, every=25, sound=None, reordered=True)
    await build(path, tmp_path / "out")
    copied = tmp_path / "out" / "source.mp4"
    starts = read_index(copied).starts()
    with av.open(str(copied)) as container:
        frames = [keyframe_at(container, start + 0.001) for start in starts]
        tick = container.streams.video[0].time_base
    assert tick
    assert [float((frame.pts or 0) * tick) for frame in frames if frame] == pytest.approx(starts)
    assert len(starts) == 3


async def test_a_ladder_has_a_storyboard(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "film.mp4", seconds=26.0, rate=5, sound=None, every=10, size=(320, 240))
    quick = await build(path, tmp_path / "quick")
    assert quick.storyboard is None
    assert quick.ladder_wanted
    built = await build(path, tmp_path / "out", Options(stage="ladder", rungs=(120,)))
    assert built.storyboard == "storyboard.vtt"
    text = (tmp_path / "out" / built.storyboard).read_text()
    tiles = [tuple(map(int, found)) for found in re.findall(r"storyboard-1\.webp#xywh=(\d+),(\d+),(\d+),(\d+)", text)]
    assert text.count("-->") == len(tiles) == 7
    with Image.open(tmp_path / "out" / "storyboard-1.webp") as sheet:
        assert sheet.size == (7 * 160, 120)
        assert all(x + width <= sheet.width and y + height <= sheet.height for x, y, width, height in tiles)
        grey = sheet.convert("L")
        brightest = [grey.crop((x, y, x + width, y + height)).getextrema()[1] for x, y, width, height in tiles]
        assert all(isinstance(light, int) and light > 100 for light in brightest)


@pytest.mark.parametrize("encoder", ["h264_nvenc", "h264_qsv", "h264_videotoolbox", "mpeg2video"])
async def test_an_encoder_that_fails_is_replaced(tmp_path: Path, encoder: str) -> None:
    """The last one is there everywhere, but takes no such options or makes no such stream."""
    path = make_clip(tmp_path / "film.mkv", picture="mpeg4", seconds=2.0)
    options = Options(stage="ladder", rungs=(180, 90), encoder=encoder)
    built = await build(path, tmp_path / "out", options)
    videos = [each for each in built.renditions if each.type == "video"]
    assert [each.name for each in videos] == ["180p", "90p"]
    assert all(each.codecs.startswith("avc1.") for each in videos)
    if encoder == "h264_videotoolbox":
        assert encoder in built.metadata["notes"][0]


def test_quick_sync_is_told_what_it_can_count() -> None:
    """Its numbers of frames are of 16 bits; its bounded quality needs a rate below the bound."""
    told = options_for("h264_qsv", preset="ultrafast", peak_rate=5_000_000)
    assert int(told["g"]) < 2**16
    assert 0 < int(told["b"]) < int(told["maxrate"]) == 5_000_000
    assert told["preset"] == "veryfast"


async def test_rotation_is_told_and_applied(tmp_path: Path) -> None:
    path = make_turned(tmp_path / "phone.mp4")
    seen = await inspect(path)
    assert seen.video
    assert (seen.video.width, seen.video.height, seen.video.rotation) == (320, 180, 90)
    built = await build(path, tmp_path / "out", Options(stage="ladder", rungs=(180, 90)))
    assert [(each.width, each.height) for each in built.renditions] == [(180, 320), (90, 160)]
    with av.open(str(tmp_path / "out" / built.renditions[1].file)) as container:
        frame = next(container.decode(video=0))
        assert isinstance(frame, VideoFrame)
        assert (frame.width, frame.height, frame.rotation) == (90, 160, 0)


def make_turned(path: Path) -> Path:
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=25, options={"preset": "ultrafast"})
        assert isinstance(video, VideoStream)
        video.codec_context.width, video.codec_context.height, video.codec_context.pix_fmt = 320, 180, "yuv420p"
        video.set_display_rotation(90)
        for number in range(50):
            container.mux(video.encode(frame_of(number, (320, 180), 25)))
        container.mux(video.encode(None))
    return path


async def test_a_varying_rate_is_told(tmp_path: Path) -> None:
    steady = await inspect(make_clip(tmp_path / "steady.mkv", seconds=2.0))
    assert steady.video
    assert not steady.video.variable_rate
    assert steady.video.frame_rate == pytest.approx(25, abs=0.1)
    path = tmp_path / "varying.mkv"
    with av.open(str(path), "w") as container:
        video = container.add_stream("mpeg4", rate=25)
        assert isinstance(video, VideoStream)
        video.codec_context.width, video.codec_context.height = 96, 64
        for number in range(40):
            frame = frame_of(number if number < 20 else 20 + (number - 20) * 5, (96, 64), 25)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
    seen = await inspect(path)
    assert seen.video
    assert seen.video.variable_rate


@pytest.mark.parametrize(("old", "new"), [(b"avc1", b"encv"), (b"mp4a", b"enca"), (b"avc1", b"drmi")])
async def test_encrypted_recordings_are_called_so(tmp_path: Path, old: bytes, new: bytes) -> None:
    path = make_clip(tmp_path / "film.mp4", seconds=1.0)
    data = path.read_bytes()
    at = data.index(old, data.index(b"stsd"))
    path.write_bytes(data[:at] + new + data[at + 4 :])
    assert "encrypted" in ((await inspect(path)).note or "")
    with pytest.raises(MediaFailed, match="encrypted") as failed:
        await build(path, tmp_path / "out")
    assert failed.value.code == "recording_encrypted"


async def test_a_scrambled_broadcast_is_called_so(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "film.ts", seconds=1.0, format_="mpegts")
    data = bytearray(path.read_bytes())
    for at in range(0, len(data), 188):
        data[at + 3] |= 0x80
    path.write_bytes(data)
    assert "encrypted" in ((await inspect(path)).note or "")
