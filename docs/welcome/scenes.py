"""What the film shows: seven still pages, some of them arriving in parts, and what is said beside them."""

from collections.abc import Callable
from dataclasses import dataclass

from drawing import (
    BOTTLE,
    FAINT,
    INK,
    NAVY,
    OCHRE,
    OPERATE,
    OXBLOOD,
    RULE,
    RUST,
    SOFT,
    STAGE,
    STAGE_INK,
    STAGE_TRACK,
    SUNK,
    Sheet,
    arcs,
    book,
    knot,
    loaf,
    rings,
    sign,
    steps,
)
from PIL import Image, ImageDraw

LEFT = 120
BREAD = ("Bread: a first", "hundred", "loaves")
TREE = (
    (0, "Bread, a first hundred loaves"),
    (1, "1 Flour"),
    (2, "01 Water, salt, time.mp4"),
    (2, "01 Water, salt, time.en.vtt"),
    (2, "02 Flours compared.pdf"),
    (1, "2 Loaf"),
    (2, "01 Shaping.mp4"),
    (2, "02 Baking.pptx"),
)
HOUSE = ((0, "lms-box"), (1, "lms.db"), (1, "media"), (1, "secret_key"))

Layer = tuple[float, Image.Image]  # the second at which it begins to appear
Moving = Callable[[Image.Image, float], None]


@dataclass(frozen=True)
class Scene:
    seconds: float
    layers: list[Layer]
    said: dict[str, str]
    moving: Moving | None = None


def scenes() -> list[Scene]:
    return [_welcome(), _folder(), _course(), _place(), _shelf(), _house(), _now()]


def _page(*parts: Callable[[Sheet], None]) -> Image.Image:
    sheet = Sheet()
    for part in parts:
        part(sheet)
    return sheet.done()


def _words(text: str, *, at: float, size: float = 44, ink: str = INK) -> Callable[[Sheet], None]:
    return lambda sheet: sheet.write((LEFT, at), text, size=size, weight=460, ink=ink)


def _welcome() -> Scene:
    return Scene(
        4.0,
        [
            (0.0, _page(lambda sheet: sign(sheet, (LEFT + 4, 190), 84))),
            (0.4, _page(_words("Welcome to lms_box", at=400, size=84))),
            (1.3, _page(_words("A place to learn, from a folder.", at=470, size=38, ink=SOFT))),
        ],
        {
            "en": "Welcome. In half a minute, this is what your box does.",
            "de": "Willkommen. In einer halben Minute: Das macht deine Box.",
        },
    )


def tree_of(rows: tuple[tuple[int, str], ...], top: float) -> Callable[[Sheet], None]:
    def draw(sheet: Sheet) -> None:
        for number, (depth, name) in enumerate(rows):
            x, y = LEFT + depth * 36, top + number * 46
            weight, ink = (400, SOFT) if "." in name else (600, INK)
            if depth:
                sheet.line([(x - 24, y - 34), (x - 24, y - 8), (x - 8, y - 8)], ink=RULE)
            sheet.write((x, y), name, size=25, face=OPERATE, weight=weight, ink=ink)

    return draw


def _folder() -> Scene:
    return Scene(
        5.0,
        [
            (0.0, _page(_words("This is a folder.", at=160))),
            (0.8, _page(tree_of(TREE[:1], 250))),
            (1.4, _page(tree_of(TREE[:5], 250))),
            (2.2, _page(tree_of(TREE, 250))),
        ],
        {
            "en": "You have a folder: films, papers, slides, as somebody once named them.",
            "de": "Du hast einen Ordner: Filme, Texte, Folien, wie jemand sie einmal benannt hat.",
        },
    )


def _course() -> Scene:
    return Scene(
        4.5,
        [
            (-1.0, _page(tree_of(TREE, 250))),
            (0.0, _page(_words("And this is a course.", at=160))),
            (0.6, _page(lambda sheet: book(sheet, (790, 150), 336, BREAD, "Ottilie Brandt", RUST, loaf))),
        ],
        {
            "en": "The box reads it as you would, and binds it as a course.",
            "de": "Die Box liest ihn wie du und bindet daraus einen Kurs.",
        },
    )


def _screen(at: tuple[float, float], size: tuple[float, float], scale: float) -> Callable[[Sheet], None]:
    def draw(sheet: Sheet) -> None:
        sheet.box(at, size, fill=STAGE, round_by=10)
        for curve in loaf():
            placed = [(at[0] + size[0] / 2 + (x - 40) * scale, at[1] + size[1] * 0.42 + (y - 22) * scale) for x, y in curve]
            sheet.line(placed, ink=STAGE_INK, width=3)
        x, y = at[0] + 24, at[1] + size[1] - 30
        sheet.line([(x, y), (at[0] + size[0] - 24, y)], ink=STAGE_TRACK, width=4)

    return draw


LARGE = ((LEFT, 230.0), (620.0, 349.0))
SMALL = ((930.0, 230.0), (196.0, 349.0))


def _watched(image: Image.Image, second: float) -> None:
    """The ribbon grows as it would: on the large screen, then on from the same place on the small one."""
    pen = ImageDraw.Draw(image)
    done = 0.34 + 0.04 * min(second, 2.6)
    _ribbon(pen, LARGE, done)
    if second > 3.2:
        _ribbon(pen, SMALL, done + 0.04 * (second - 3.2))


def _ribbon(pen: ImageDraw.ImageDraw, where: tuple[tuple[float, float], tuple[float, float]], part: float) -> None:
    (x, y), (width, height) = where
    end = x + 24 + (width - 48) * part
    pen.line((x + 24, y + height - 30, end, y + height - 30), fill="#f4b188", width=4)
    pen.circle((end, y + height - 30), 7, fill=STAGE_INK)


def _place() -> Scene:
    return Scene(
        5.5,
        [
            (0.0, _page(_words("Stop anywhere.", at=160), _screen(*LARGE, 4.2))),
            (
                2.8,
                _page(
                    lambda sheet: sheet.write((470, 160), "Go on somewhere else.", size=44, weight=460),
                    _screen(*SMALL, 1.7),
                ),
            ),
        ],
        {
            "en": "It keeps everybody's place, to the second, from one screen to the next.",
            "de": "Sie merkt sich jede Stelle, auf die Sekunde, von einem Bildschirm zum nächsten.",
        },
        moving=_watched,
    )


SHELF = (
    (("Introduction", "to Statistics"), "Sebastian Okafor", BOTTLE, arcs),
    (BREAD, "Ottilie Brandt", RUST, loaf),
    (("The missing", "semester"), "Anjali Raman", NAVY, steps),
    (("Knots", "for sailors"), "Noor van Dijk", OCHRE, knot),
    (("Recording", "a voice"), "Clara Weiß", OXBLOOD, rings),
)


def _volume(number: int) -> Callable[[Sheet], None]:
    title, author, cloth, stamp = SHELF[number]
    return lambda sheet: book(sheet, (LEFT + number * 212, 290), 188, title, author, cloth, stamp)


def _shelf() -> Scene:
    layers = [(0.5 + 0.25 * number, _page(_volume(number))) for number in range(len(SHELF))]
    return Scene(
        4.0,
        [(0.0, _page(_words("One box, a whole shelf.", at=160))), *layers],
        {
            "en": "A team, a school or a family has its shelf, on a machine of its own.",
            "de": "Ein Team, eine Schule, eine Familie hat ihr Regal, auf einem eigenen Rechner.",
        },
    )


def _house() -> Scene:
    return Scene(
        4.0,
        [
            (0.0, _page(_words("All of it lies in one folder.", at=160))),
            (0.5, _page(tree_of(HOUSE, 260))),
            (1.6, _page(_words("Copy it, and you have a backup.", at=530, size=38, ink=SOFT))),
        ],
        {
            "en": "People, courses and progress lie in one folder. Copy it, and you have a backup.",
            "de": "Menschen, Kurse und Fortschritt liegen in einem Ordner. Kopiert ist er die Sicherung.",
        },
    )


def _command(sheet: Sheet) -> None:
    sheet.box((LEFT, 230), (420, 92), fill=SUNK, round_by=6)
    sheet.write((LEFT + 32, 288), "lms serve", size=34, face=OPERATE, weight=600)


def _now() -> Scene:
    return Scene(
        4.0,
        [
            (0.0, _page(_command)),
            (0.6, _page(_words("Who will learn with you?", at=430, size=60))),
            (1.2, _page(lambda sheet: sign(sheet, (LEFT + 4, 530), 44))),
            (1.2, _page(lambda sheet: sheet.write((LEFT + 60, 564), "lms_box", size=30, ink=FAINT))),
        ],
        {"en": "That is all. Who will learn with you?", "de": "Das ist alles. Wer lernt mit dir?"},
    )
