"""Makes the film of the guide: drawn pages, a soft tone, and captions for both."""

from array import array
from collections.abc import Iterator
from fractions import Fraction
from itertools import accumulate
from math import pi, sin
from pathlib import Path

import av
from drawing import HEIGHT, PAPER, WIDTH
from PIL import Image
from scenes import Scene, scenes

RATE = 25
KEYFRAMES = 4 * RATE
BT709 = 1  # FFmpeg's number for it, as matrix, primaries and transfer
FADE, LEAVE = 0.7, 0.4  # seconds a part takes to arrive, and a page to go
LOUDNESS = 0.09
SAMPLES = 48_000
CHORDS = ((131, 196, 262, 330), (110, 165, 262, 330), (87, 175, 220, 262), (98, 147, 247, 294))  # whole hertz: a second repeats
SOFTER = (1.0, 0.7, 0.45, 0.25)
SWELL = 1.4  # seconds
STEP = 60  # samples of one strength: too few to be heard


def make_film(target: Path) -> None:
    """Writes the film and, beside it, its captions in English and German."""
    film = scenes()
    with av.open(str(target), "w", options={"movflags": "+faststart"}) as container:
        picture = container.add_stream("libx264", rate=RATE, options={"preset": "superfast", "crf": "19", "profile": "high"})
        picture.width, picture.height, picture.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        picture.codec_context.gop_size = KEYFRAMES
        picture.codec_context.color_range, picture.codec_context.colorspace = 1, BT709
        picture.codec_context.color_primaries, picture.codec_context.color_trc = BT709, BT709
        picture.codec_context.options |= {"x264-params": "scenecut=0:open-gop=0"}
        sound = container.add_stream("aac", rate=SAMPLES, layout="mono")
        for number, frame in enumerate(_frames(film)):
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            container.mux(picture.encode(frame))
        container.mux(picture.encode(None))
        for block in _sound(film):
            container.mux(sound.encode(block))
        container.mux(sound.encode(None))
    for language in film[0].said:
        target.with_suffix(f".{language}.vtt").write_text(_captions(film, language), "utf-8")


def _frames(film: list[Scene]) -> Iterator[av.VideoFrame]:
    """Equal pictures are drawn once."""
    blank = Image.new("RGBA", (WIDTH, HEIGHT), PAPER)
    for scene in film:
        drawn: tuple[tuple[float, ...], av.VideoFrame] | None = None
        for number in range(round(scene.seconds * RATE)):
            second = number / RATE
            strengths = _strengths(scene, second)
            if drawn is None or scene.moving or drawn[0] != strengths:
                drawn = strengths, _frame(blank, scene, second, strengths)
            yield drawn[1]


def _strengths(scene: Scene, second: float) -> tuple[float, ...]:
    leaving = min(1.0, (scene.seconds - second) / LEAVE)
    return tuple(leaving * min(1.0, max(0.0, (second - start) / FADE)) for start, _ in scene.layers)


def _frame(blank: Image.Image, scene: Scene, second: float, strengths: tuple[float, ...]) -> av.VideoFrame:
    image = blank.copy()
    for strength, (_, layer) in zip(strengths, scene.layers, strict=True):
        shown = layer if strength == 1.0 else _fainter(layer, strength)
        image.alpha_composite(shown)
    if scene.moving:
        moved = image.copy()
        scene.moving(moved, second)
        image = Image.blend(image, moved, strengths[0])
    drawn: av.VideoFrame = av.VideoFrame.from_image(image.convert("RGB"))
    return drawn.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")


def _fainter(layer: Image.Image, strength: float) -> Image.Image:
    found = layer.copy()
    found.putalpha(layer.getchannel("A").point(lambda alpha: alpha * strength))
    return found


def _sound(film: list[Scene]) -> Iterator[av.AudioFrame]:
    """A chord for each page, swelling and going, in blocks as the encoder takes them."""
    wave = [sin(2 * pi * place / SAMPLES) for place in range(SAMPLES)]
    heard = array("h")
    for number, scene in enumerate(film):
        chord = _chord(wave, CHORDS[number % len(CHORDS)])
        length = round(scene.seconds * SAMPLES)
        for start in range(0, length, STEP):
            strength = min(1.0, start / SAMPLES / SWELL, (length - start) / SAMPLES / SWELL)
            at = start % SAMPLES
            heard.extend([int(height * strength) for height in chord[at : at + STEP]])
    for start in range(0, len(heard) - 1023, 1024):
        frame = av.AudioFrame(format="s16", layout="mono", samples=1024)
        frame.planes[0].update(heard[start : start + 1024].tobytes())
        frame.sample_rate, frame.pts, frame.time_base = SAMPLES, start, Fraction(1, SAMPLES)
        yield frame


def _chord(wave: list[float], tones: tuple[int, ...]) -> list[float]:
    parts = list(zip(tones, SOFTER, strict=True))
    return [32767 * LOUDNESS * sum(much * wave[tone * place % SAMPLES] for tone, much in parts) for place in range(SAMPLES)]


def _captions(film: list[Scene], language: str) -> str:
    ends = list(accumulate(scene.seconds for scene in film))
    cues = [
        f"{_time(end - scene.seconds + 0.2)} --> {_time(end - 0.1)}\n{scene.said[language]}"
        for scene, end in zip(film, ends, strict=True)
    ]
    return "\n\n".join(["WEBVTT", *cues]) + "\n"


def _time(seconds: float) -> str:
    return f"00:{int(seconds // 60):02d}:{seconds % 60:06.3f}"
