"""What a folder says of itself: the text of its README or description file, without its furniture."""

import re

from lms_box.courses.folder.scan import FileFact, Snapshot

LONGEST = 20_000
FRONT_MATTER = re.compile(r"\A---\s*\n.*?\n---\s*\n", re.DOTALL)
FIRST_TITLE = re.compile(r"\A\s*(?:#\s+[^\n]*|[^\n]+\n[=-]{3,}[ \t]*)\n")

BADGES = re.compile(r"(?m)^(?:[ \t]*\[!\[[^\]\n]*\](?:\([^)\n]*\)|\[[^\]\n]*\])\](?:\([^)\n]*\)|\[[^\]\n]*\]))+[ \t]*\n")
"""Lines of nothing but pictures that lead elsewhere: what a build service says of the text is for those who write it."""


def read_description(snapshot: Snapshot, path: str | None) -> str:
    """Markdown; the first title is left out, because it is the course's own."""
    if path is None:
        return ""
    fact = next(fact for fact in snapshot.files if fact.path == path)
    text = _read(snapshot, fact).decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\x00", "")
    text = BADGES.sub("", FRONT_MATTER.sub("", f"{text}\n"))
    return FIRST_TITLE.sub("", text.lstrip("\n")).strip()[:LONGEST]


def _read(snapshot: Snapshot, fact: FileFact) -> bytes:
    if not fact.is_here:
        return fact.head
    with snapshot.absolute(fact).open("rb") as file:
        return file.read(LONGEST * 4)
