"""Makes the course "Welcome to lms_box" in a folder: its pages are copied, its film, slides and picture are drawn."""

import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
TITLE = "Welcome to lms_box"
FILM = "1 First steps/02 Half a minute on what it does.mp4"
SLIDES = "2 People and courses/03 How a folder becomes a course.pptx"
PICTURE = "2 People and courses/resources/folder-and-book.png"


def make_course(into: Path) -> Path:
    """The course's folder; whole or not there, and left alone when it is newer than everything it is made of."""
    course = into / TITLE
    sources = [*HERE.glob("*.py"), *(HERE / "course").rglob("*")]
    if course.is_dir() and course.stat().st_mtime >= max(path.stat().st_mtime for path in sources):
        return course
    draft = into / f".{TITLE}"
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(HERE / "course", draft, copy_function=shutil.copyfile)
    _draw(draft)
    shutil.rmtree(course, ignore_errors=True)
    draft.rename(course)
    course.touch()
    return course


def _draw(course: Path) -> None:
    from film import make_film
    from slides import make_slides, picture_of_course

    make_film(course / FILM)
    make_slides(course / SLIDES)
    picture_of_course().save(course / PICTURE, "PNG", optimize=True)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: make.py FOLDER, in which the course is made")
    Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
    sys.stdout.write(f"{make_course(Path(sys.argv[1]))}\n")
