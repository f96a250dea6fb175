"""Makes small recordings and documents for the tests of the media room."""

import zipfile
from array import array
from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image
from pptx import Presentation
from pptx.util import Inches

if TYPE_CHECKING:
    from av.container.core import Chapter

LISTENED_EVERY = 24


def make_clip(
    path: Path,
    *,
    seconds: float = 3.0,
    size: tuple[int, int] = (320, 180),
    rate: int = 25,
    picture: str | None = "libx264",
    sound: str | None = "aac",
    pixels: str = "yuv420p",
    channels: int = 2,
    sample_rate: int = 48_000,
    every: int = 50,
    interlaced: bool = False,
    reordered: bool = False,
    format_: str | None = None,
    chapters: Mapping[float, str] | None = None,
) -> Path:
    """A moving gradient and a hum; chapters by the second at which they begin."""
    options = {"g": str(every), "preset": "ultrafast"} | ({"flags": "+ildct+ilme"} if interlaced else {})
    options |= {"bf": "2"} if reordered else {}
    with av.open(str(path), "w", format=format_) as container:
        video = container.add_stream(picture, rate=rate, options=options) if picture else None
        audio = container.add_stream(sound, rate=sample_rate) if sound else None
        container.set_chapters(chapters_of(chapters or {}, seconds))
        if isinstance(video, VideoStream):
            video.codec_context.width, video.codec_context.height = size
            video.codec_context.pix_fmt = pixels
        if isinstance(audio, AudioStream):
            audio.codec_context.layout = {1: "mono", 2: "stereo", 6: "5.1"}[channels]
        if isinstance(video, VideoStream):
            for number in range(round(seconds * rate)):
                for packet in video.encode(frame_of(number, size, rate)):
                    container.mux(packet)
            container.mux(video.encode(None))
        if isinstance(audio, AudioStream):
            for block in range(round(seconds * sample_rate) // 1024):
                container.mux(audio.encode(hum(block, channels, sample_rate)))
            container.mux(audio.encode(None))
    return path


def chapters_of(titles: Mapping[float, str], length: float) -> "list[Chapter]":
    return [
        {"id": number, "start": round(start), "end": round(end), "time_base": Fraction(1), "metadata": {"title": title}}
        for number, ((start, title), end) in enumerate(zip(titles.items(), [*titles, length][1:], strict=True))
    ]


def make_flashes(
    path: Path,
    *,
    picture: str = "libx264",
    sound: str = "aac",
    flashes: tuple[float, ...] = (1.0, 5.0),
    seconds: float = 6.5,
    begins: float = 0.0,
    steps: tuple[float, ...] = (0.04,),
    gap: tuple[float, float] | None = None,
    channels: int = 2,
    format_: str | None = None,
) -> Path:
    """Black and silent but for a white picture and a tone, both 0.2 s long, at each of `flashes`.

    `begins` is where the clock starts, `steps` are the lengths of frames in turn, and in `gap` there are no pictures.
    """
    with av.open(str(path), "w", format=format_) as container:
        video = container.add_stream(picture, rate=25, options={"g": "25", "preset": "ultrafast"})
        audio = container.add_stream(sound, rate=48_000)
        assert isinstance(video, VideoStream)
        assert isinstance(audio, AudioStream)
        video.codec_context.width, video.codec_context.height, video.codec_context.pix_fmt = 160, 90, "yuv420p"
        video.codec_context.time_base = Fraction(1, 1000)
        audio.codec_context.layout, audio.codec_context.bit_rate = {2: "stereo", 6: "5.1"}[channels], 192_000
        for number in range(int(seconds * 48_000) // 1024):
            container.mux(audio.encode(_burst(number, flashes, channels, begins)))
        container.mux(audio.encode(None))
        time, number = 0.0, 0
        while time < seconds:
            if gap is None or not gap[0] <= time < gap[1]:
                container.mux(video.encode(_lit(time, flashes, begins)))
            time, number = time + steps[number % len(steps)], number + 1
        container.mux(video.encode(None))
    return path


def _lit(time: float, flashes: tuple[float, ...], begins: float) -> VideoFrame:
    bright = any(flash - 1e-6 <= time < flash + 0.2 for flash in flashes)
    frame = VideoFrame(160, 90, "yuv420p")
    for number, plane in enumerate(frame.planes):
        plane.update(bytes([128 if number else 235 if bright else 16]) * plane.buffer_size)
    frame.pts, frame.time_base = round((time + begins) * 1000), Fraction(1, 1000)
    return frame


def _burst(block: int, flashes: tuple[float, ...], channels: int, begins: float) -> AudioFrame:
    frame = AudioFrame("fltp", {2: "stereo", 6: "5.1"}[channels], 1024)
    first = block * 1024
    samples = array("f", bytes(4096))
    for flash in flashes:
        for at in range(max(0, round(flash * 48_000) - first), min(1024, round((flash + 0.2) * 48_000) - first)):
            samples[at] = 0.5 if at % 48 < 24 else -0.5
    data = samples.tobytes()
    for plane in frame.planes:
        plane.update(data.ljust(plane.buffer_size, b"\0"))
    frame.sample_rate, frame.time_base = 48_000, Fraction(1, 48_000)
    frame.pts = block * 1024 + round(begins * 48_000)
    return frame


def flashes_seen(path: Path) -> list[float]:
    """When pictures turn white, in seconds."""
    with av.open(str(path)) as container:
        lights = [(frame.time or 0.0, bytes(frame.planes[0])[80] > 128) for frame in container.decode(video=0)]
    return [time for (_, before), (time, now) in pairwise([(0.0, False), *lights]) if now and not before]


def bursts_heard(path: Path) -> list[float]:
    """When tones begin, in seconds."""
    found: list[float] = []
    quiet_since = 1.0
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            samples = array("f", bytes(frame.planes[0])[: 4 * frame.samples])
            for number in range(0, len(samples), LISTENED_EVERY):
                loud = abs(samples[number]) > 0.1
                if loud and quiet_since > 0.05:
                    found.append((frame.time or 0.0) + number / frame.sample_rate)
                quiet_since = 0.0 if loud else quiet_since + LISTENED_EVERY / frame.sample_rate
    return found


def frame_of(number: int, size: tuple[int, int], rate: int) -> VideoFrame:
    picture = Image.linear_gradient("L").resize((64, 36)).rotate(number * 7)
    small = Image.merge("RGB", (picture, picture.transpose(Image.Transpose.ROTATE_180), picture))
    frame: VideoFrame = VideoFrame.from_image(small).reformat(width=size[0], height=size[1], format="yuv420p")
    frame.pts, frame.time_base = number, Fraction(1, rate)
    return frame


def hum(block: int, channels: int, rate: int) -> AudioFrame:
    frame = AudioFrame("s16", {1: "mono", 2: "stereo", 6: "5.1"}[channels], 1024)
    wave = b"".join(int((at % 100 - 50) * 200).to_bytes(2, "little", signed=True) * channels for at in range(1024))
    frame.planes[0].update(wave.ljust(frame.planes[0].buffer_size, b"\0"))
    frame.sample_rate, frame.pts, frame.time_base = rate, block * 1024, Fraction(1, rate)
    return frame


def make_picture(path: Path, *, size: tuple[int, int] = (64, 48)) -> Path:
    Image.linear_gradient("L").resize(size).convert("RGB").save(path)
    return path


def make_zip(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def make_slides(path: Path, picture: Path) -> Path:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Hello <b>"
    frame = slide.placeholders[1].text_frame
    frame.text = "One & one \uf0e0 two"
    deeper = frame.add_paragraph()
    deeper.text, deeper.level = "Two", 1
    run = slide.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.paragraphs[0].add_run()
    run.text, run.hyperlink.address = "click", "javascript:alert(1)"
    slide.notes_slide.notes_text_frame.text = "Say it slowly."
    second = deck.slides.add_slide(deck.slide_layouts[6])
    second.shapes.add_picture(str(picture), 0, 0)
    table = second.shapes.add_table(2, 2, 0, 0, Inches(2), Inches(1)).table
    table.cell(1, 1).text = "corner"
    deck.save(str(path))
    return path
