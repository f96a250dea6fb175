"""Makes the slides of the guide: one folder, followed until it is a course."""

from io import BytesIO
from pathlib import Path

from drawing import RUST, WIDTH, Sheet, book, loaf
from PIL import Image
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide
from pptx.text.text import _Paragraph
from pptx.util import Emu, Pt
from scenes import BREAD, TREE, tree_of

PAGE = (Emu(12_192_000), Emu(6_858_000))  # 16:9
POINT = PAGE[0] // WIDTH
PAPER, INK, SOFT = (RGBColor.from_string(colour) for colour in ("FBFAF6", "211D18", "564F45"))
BLANK_WITH_TITLE = 5
READING = (
    ("what stands there", "what it becomes"),
    ("Bread, a first hundred loaves", "the course, with that title"),
    ("1 Flour", "the first section, “Flour”"),
    ("01 Water, salt, time.mp4", "its first lesson, a film"),
    ("01 Water, salt, time.en.vtt", "English captions of that film"),
    ("02 Flours compared.pdf", "its second lesson, a document"),
    ("cover.jpg", "the picture on the cover"),
    (".DS_Store", "nothing; it is listed as left out, with the reason"),
)


def picture_of_course() -> Image.Image:
    """The folder on the left, the book that it becomes on the right."""
    sheet = Sheet("#fbfaf6")
    tree_of(TREE, 180)(sheet)
    book(sheet, (790, 130), 336, BREAD, "Ottilie Brandt", RUST, loaf)
    return sheet.done().convert("RGB")


def make_slides(target: Path) -> None:
    deck = Presentation()
    deck.slide_width, deck.slide_height = PAGE
    deck.core_properties.title = "How a folder becomes a course"
    deck.core_properties.author = "lms_box"
    opening = _slide(deck, "How a folder becomes a course", "Four slides on what the box reads, and what it leaves alone.")
    _say(opening, 250, ["You name things so that people find them.", "That is enough for the box, too."])
    _example(_slide(deck, "An example", "Ottilie bakes. She has films, two sets of slides, a paper on flour, and no time."))
    _table(_slide(deck, "Line by line", "The number is for the order, the rest is the title. The dry run shows this before."))
    last = _slide(deck, "When you disagree", "Nothing here needs a program: rename, and import once more.")
    _say(
        last,
        190,
        [
            "Look first: lms course import FOLDER --dry-run",
            "A line of doubt says what to rename.",
            "Import again after a change: what moved is recognised.",
            "Progress stays with the lesson, not with its name.",
        ],
    )
    deck.save(str(target))


def _slide(deck: Deck, title: str, notes: str) -> Slide:
    slide: Slide = deck.slides.add_slide(deck.slide_layouts[BLANK_WITH_TITLE])
    slide.background.fill.solid()
    slide.background.fill.fore_color.rgb = PAPER
    head = slide.shapes.title
    assert head is not None, "the layout has a title"
    head.left, head.top, head.width, head.height = (Emu(POINT * part) for part in (110, 60, 1060, 100))
    _set(head.text_frame.paragraphs[0], title, 40, INK)
    frame = slide.notes_slide.notes_text_frame
    assert frame is not None, "python-pptx makes notes with a text frame"
    frame.text = notes
    return slide


def _say(slide: Slide, top: int, lines: list[str]) -> None:
    box = slide.shapes.add_textbox(*(Emu(POINT * part) for part in (110, top, 1060, 400)))
    for number, line in enumerate(lines):
        paragraph = box.text_frame.paragraphs[0] if number == 0 else box.text_frame.add_paragraph()
        _set(paragraph, line, 24, SOFT)
        paragraph.space_after = Pt(14)


def _example(slide: Slide) -> None:
    drawn = BytesIO()
    picture_of_course().crop((60, 110, 1220, 610)).save(drawn, "PNG", optimize=True)
    drawn.seek(0)
    picture = slide.shapes.add_picture(drawn, Emu(POINT * 90), Emu(POINT * 180), width=Emu(POINT * 1100))
    picture.name = "A folder of lessons, and the book that it becomes"


def _table(slide: Slide) -> None:
    place = (Emu(POINT * part) for part in (110, 180, 1060, 440))
    table = slide.shapes.add_table(len(READING), 2, *place).table
    for row, cells in enumerate(READING):
        for column, words in enumerate(cells):
            cell = table.cell(row, column)
            cell.fill.solid()
            cell.fill.fore_color.rgb = PAPER
            _set(cell.text_frame.paragraphs[0], words, 18, INK if row == 0 or column else SOFT, bold=row == 0)


def _set(paragraph: _Paragraph, words: str, size: int, colour: RGBColor, *, bold: bool = False) -> None:
    run = paragraph.add_run()
    run.text = words
    run.font.size, run.font.bold, run.font.color.rgb, run.font.name = Pt(size), bold, colour, "Georgia"
