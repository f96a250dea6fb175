"""Makes small recordings and documents for the tests of the media room."""

import zipfile
from fractions import Fraction
from pathlib import Path

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image


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
    format_: str | None = None,
) -> Path:
    """A moving gradient and a hum."""
    with av.open(str(path), "w", format=format_) as container:
        video = container.add_stream(picture, rate=rate, options={"g": str(every), "preset": "ultrafast"}) if picture else None
        audio = container.add_stream(sound, rate=sample_rate) if sound else None
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
