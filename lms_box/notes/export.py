"""A course's notes as one Markdown file, in the order of its lessons; pure."""

import re
from collections.abc import Iterable
from itertools import groupby

from lms_box.courses.tables import Content, Course
from lms_box.notes.tables import Note

TIMED = frozenset({"video", "audio"})
SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|])")


def write_markdown(course: Course, notes: Iterable[tuple[Note, Content | None]], *, site: str) -> str:
    """`site` is the address of the box: every place is a link back to it."""
    parts = [f"# {_plain(course.title)}"]
    for content, group in groupby(notes, key=lambda row: row[1]):
        if content is not None:
            parts.append(f"## {_plain(content.title)}")
        parts += [part for note, _ in group for part in _write_note(note, content, site)]
    return "\n\n".join(parts) + "\n"


def place_in_words(content: Content, at: float) -> str:
    """14:07, 1:02:03 or page 31."""
    if content.type not in TIMED:
        return f"page {at:.0f}"
    minutes, seconds = divmod(int(at), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _write_note(note: Note, content: Content | None, site: str) -> list[str]:
    heading = [f"### {_plain(note.title)}"] if note.title else []
    about = f"{note.created_at:%Y-%m-%d}"
    if content is not None and note.at is not None:
        address = f"{site}/courses/{note.course_id}/contents/{content.id}?at={note.at:g}"
        about = f"[{place_in_words(content, note.at)}]({address}), {about}"
    return [*heading, note.content.strip(), f"*{about}*"]


def _plain(title: str) -> str:
    """A title as text: what Markdown would take for a sign of its own is escaped."""
    return SPECIAL.sub(r"\\\1", " ".join(title.split()))
