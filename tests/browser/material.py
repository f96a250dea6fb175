"""A small course as somebody's folder would hold it."""

from pathlib import Path

from media.material import make_clip, make_picture
from PIL import Image
from pptx import Presentation

VTT = "WEBVTT\n\n00:00.500 --> 00:04.000\nLight comes in.\n\n00:05.000 --> 00:30.000\nAnd a picture stands on its head.\n"
MARKDOWN = """# A pinhole

Take a box. *Any* box.

![A slope](figures/slope.png)

Then see [the film](../1%20Looking/01%20Light.mp4).
"""


def make_course(folder: Path) -> Path:
    films, papers = folder / "1 Looking", folder / "2 Making"
    (papers / "figures").mkdir(parents=True)
    films.mkdir()
    make_clip(films / "01 Light.mp4", seconds=40, every=50, chapters={0: "A hole", 10: "A lens", 30: "A picture"})
    (films / "01 Light.en.vtt").write_text(VTT, "utf-8")
    make_clip(films / "02 A hum.mp3", seconds=8, picture=None, sound="libmp3lame")
    _make_pdf(papers / "01 Plans.pdf")
    _make_slides(papers / "02 Slides.pptx")
    (papers / "03 A pinhole.md").write_text(MARKDOWN, "utf-8")
    make_picture(papers / "figures" / "slope.png")
    (folder / "README.md").write_text("# Seeing\n\nHow a picture comes into a box.\n", "utf-8")
    return folder


def _make_pdf(path: Path) -> None:
    pages = [Image.new("RGB", (595, 842), (251 - 8 * page, 250, 246)) for page in range(5)]
    pages[0].save(path, save_all=True, append_images=pages[1:])


def _make_slides(path: Path) -> None:
    slides = Presentation()
    for title in ("What a lens does", "What a hole does"):
        slide = slides.slides.add_slide(slides.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = "It bends light.\nOr it does not."
    slides.save(str(path))
