"""Draws in the look of the pages: paper and ink, books in cloth, the ribbon."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from math import cos, pi, sin
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

WIDTH, HEIGHT = 1280, 720
FINE = 2  # drawn at twice the size, then reduced: smooth edges

PAPER, SUNK, RULE = "#fbfaf6", "#f3f0e8", "#e4dfd3"
INK, SOFT, FAINT = "#211d18", "#564f45", "#6b6458"
STAGE, STAGE_INK, STAGE_TRACK = "#0d0c0b", "#f6f1e7", "#4f4a44"
RED = "#96303a"

FONTS = Path(__file__).resolve().parents[2] / "web" / "src" / "lib" / "ui" / "fonts"
READ, ITALIC, OPERATE = "literata-basic-roman", "literata-basic-italic", "source-sans-basic"

Point = tuple[float, float]
Pen = ImageDraw.ImageDraw


@dataclass(frozen=True, slots=True)
class Cloth:
    cover: str
    stamp: str
    ribbon: str


BOTTLE = Cloth("#1f4a3e", "#f4ecd8", "#1d6b54")
OXBLOOD = Cloth("#6a2429", "#f8e9d8", "#96303a")
NAVY = Cloth("#22375c", "#f3ead6", "#2b559f")
OCHRE = Cloth("#d6a23f", "#2b1d04", "#835600")
RUST = Cloth("#8e401d", "#fbeedb", "#9c4419")


@cache
def font(face: str, size: float, weight: int = 400) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's own face stands in where its FreeType cannot read WOFF2."""
    try:
        found = ImageFont.truetype(FONTS / f"{face}.woff2", size * FINE)
        found.set_variation_by_axes([min(40, max(12, size * 0.75)), weight] if face == READ else [weight])
    except OSError:
        return ImageFont.load_default(size * FINE)
    return found


class Sheet:
    """A layer of a picture, measured in points of 1280 by 720."""

    def __init__(self, background: str | None = None) -> None:
        size = (WIDTH * FINE, HEIGHT * FINE)
        self.image = Image.new("RGBA", size, background or (0, 0, 0, 0))
        self.pen: Pen = ImageDraw.Draw(self.image)

    def done(self) -> Image.Image:
        return self.image.reduce(FINE)

    def write(
        self, at: Point, words: str, *, size: float, face: str = READ, weight: int = 400, ink: str = INK, anchor: str = "ls"
    ) -> None:
        self.pen.text((at[0] * FINE, at[1] * FINE), words, fill=ink, font=font(face, size, weight), anchor=anchor)

    def line(self, points: Sequence[Point], *, ink: str = INK, width: float = 2) -> None:
        self.pen.line([(x * FINE, y * FINE) for x, y in points], fill=ink, width=round(width * FINE), joint="curve")

    def box(self, at: Point, size: Point, *, fill: str | None = None, ink: str | None = None, round_by: float = 0) -> None:
        corners = (at[0] * FINE, at[1] * FINE, (at[0] + size[0]) * FINE, (at[1] + size[1]) * FINE)
        self.pen.rounded_rectangle(corners, round_by * FINE, fill=fill, outline=ink, width=2 * FINE)

    def dot(self, at: Point, radius: float, *, ink: str = INK) -> None:
        self.pen.circle((at[0] * FINE, at[1] * FINE), radius * FINE, fill=ink)


def sign(sheet: Sheet, at: Point, height: float) -> None:
    """The sign of lms_box: a book with a ribbon; the ribbon is the only red."""
    x, y = at
    width, pen = height * 0.86, height / 14
    sheet.box((x, y), (width, height), ink=INK, round_by=height / 10)
    sheet.line([(x, y + height * 0.78), (x + width, y + height * 0.78)], width=pen)
    left, right, foot = x + width * 0.58, x + width * 0.8, y + height * 0.52
    middle = (left + right) / 2
    shape = [(left, y), (right, y), (right, foot), (middle, foot - height * 0.1), (left, foot)]
    sheet.pen.polygon([(px * FINE, py * FINE) for px, py in shape], fill=RED)


def book(sheet: Sheet, at: Point, width: float, title: Sequence[str], author: str, cloth: Cloth, stamp: "Stamp") -> None:
    x, y = at
    height = width * 1.25
    _shadow(sheet, at, (width, height))
    sheet.box(at, (width, height), fill=cloth.cover, round_by=4)
    sheet.box(at, (width * 0.06, height), fill=_darker(cloth.cover), round_by=1)
    size = width * 0.105
    for number, words in enumerate(title):
        sheet.write((x + width * 0.16, y + width * 0.2 + number * size * 1.2), words, size=size, weight=460, ink=cloth.stamp)
    unit = width * 0.74 / 100
    for curve in stamp():
        placed = [(x + width * 0.16 + px * unit, y + height * 0.6 + py * unit) for px, py in curve]
        sheet.line(placed, ink=cloth.stamp, width=max(1.5, width / 130))
    sheet.write((x + width * 0.16, y + height * 0.94), author, size=width * 0.062, face=ITALIC, ink=cloth.stamp)


def _shadow(sheet: Sheet, at: Point, size: Point) -> None:
    width, height, soft = round(size[0] * FINE), round(size[1] * FINE), 8 * FINE
    cast = Image.new("RGBA", (width + 4 * soft, height + 4 * soft), (20, 15, 8, 0))
    ImageDraw.Draw(cast).rectangle((2 * soft, 2 * soft, 2 * soft + width, 2 * soft + height), fill=(20, 15, 8, 90))
    place = (round(at[0] * FINE) - 2 * soft, round((at[1] + 6) * FINE) - 2 * soft)
    sheet.image.alpha_composite(cast.filter(ImageFilter.BoxBlur(soft)).filter(ImageFilter.BoxBlur(soft / 2)), place)


def _darker(colour: str) -> str:
    parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(part * 0.82):02x}" for part in parts)


Stamp = Callable[[], list[list[Point]]]


def loaf() -> list[list[Point]]:
    crust = [(8.0, 40.0), (8.0, 22.0), *_bend((8, 22), (0, 18), (4, 4), (18, 4)), (62.0, 4.0)]
    crust += [*_bend((62, 4), (76, 4), (80, 18), (72, 22)), (72.0, 40.0), (8.0, 40.0)]
    return [crust, *([(x, 14.0), (x + 8.0, 22.0)] for x in (24.0, 40.0, 56.0))]


def arcs() -> list[list[Point]]:
    return [_arc((44, 40), size, size * 0.9, pi, 2 * pi) for size in (40.0, 30.0, 20.0, 10.0)]


def rings() -> list[list[Point]]:
    return [_arc((x, 22), 18, 18, 0, 2 * pi) for x in (22.0, 42.0, 62.0)]


def steps() -> list[list[Point]]:
    return [[(4, 40), (22, 40), (22, 30), (40, 30), (40, 20), (58, 20), (58, 10), (76, 10), (76, 4)]]


def knot() -> list[list[Point]]:
    wave: list[Point] = [(4 + x, 22 + 16 * sin(x / 72 * 2 * pi)) for x in range(73)]
    return [wave, [(x, 44 - y) for x, y in wave]]


def _arc(middle: Point, across: float, up: float, start: float, end: float) -> list[Point]:
    turns = [start + (end - start) * part / 48 for part in range(49)]
    return [(middle[0] + across * cos(turn), middle[1] + up * sin(turn)) for turn in turns]


def _bend(start: Point, pull: Point, push: Point, end: Point) -> list[Point]:
    """A cubic curve, as points."""
    found = []
    for part in (number / 16 for number in range(17)):
        weights = ((1 - part) ** 3, 3 * (1 - part) ** 2 * part, 3 * (1 - part) * part**2, part**3)
        corners = (start, pull, push, end)
        found.append((sum(w * c[0] for w, c in zip(weights, corners, strict=True)),
                      sum(w * c[1] for w, c in zip(weights, corners, strict=True))))  # fmt: skip
    return found
