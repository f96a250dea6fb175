"""What a folder says of itself: the text of its README or description file, without its furniture."""

import re

from lms_box.courses.folder.scan import FileFact, Snapshot

LONGEST = 20_000
FRONT_MATTER = re.compile(r"\A---\s*\n.*?\n---\s*\n", re.DOTALL)
FIRST_TITLE = re.compile(r"\A\s*(?:#\s+[^\n]*|[^\n]+\n[=-]{3,}[ \t]*)\n")

BADGES = re.compile(r"(?m)^(?:[ \t]*\[!\[[^\]\n]*\](?:\([^)\n]*\)|\[[^\]\n]*\])\](?:\([^)\n]*\)|\[[^\]\n]*\]))+[ \t]*\n")
"""Lines of nothing but pictures that lead elsewhere: what a build service says of the text is for those who write it."""

UNDERLINE = r"(?:={2,}|-{2,}|[*_]{3,})\s*$"
NO_PROSE = re.compile(rf"\s*(?:$|[#|<>]|```|~~~|\[[^\]\n]+\]:|{UNDERLINE})| {{4}}|\t")
BEGINS_A_BLOCK = re.compile(rf"\s*(?:$|[#|<>]|```|~~~|\[[^\]\n]+\]:|{UNDERLINE}|[-+*](?:\s|$)|\d+[.)]\s)")
FENCES = ("```", "~~~")


def read_description(snapshot: Snapshot, path: str | None) -> str:
    """Markdown; the first title is left out, because it is the course's own."""
    if path is None:
        return ""
    fact = next(fact for fact in snapshot.files if fact.path == path)
    text = _read(snapshot, fact).decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\x00", "")
    text = BADGES.sub("", FRONT_MATTER.sub("", f"{text}\n"))
    return unwrapped(FIRST_TITLE.sub("", text.lstrip("\n")).strip())[:LONGEST]


def unwrapped(text: str) -> str:
    """Each paragraph on one line: the pages break lines as they were typed, but these ended where an editor was full."""
    lines: list[str] = []
    in_code = False
    for line in text.split("\n"):
        if lines and not in_code and _goes_on(lines[-1], line):
            lines[-1] += f" {line.lstrip()}"
        else:
            lines.append(line)
            in_code ^= line.lstrip().startswith(FENCES)
    return "\n".join(lines)


def _goes_on(line: str, following: str) -> bool:
    meant = line.endswith(("  ", "\\"))
    return not meant and not NO_PROSE.match(line) and not BEGINS_A_BLOCK.match(following)


def _read(snapshot: Snapshot, fact: FileFact) -> bytes:
    if not fact.is_here:
        return fact.head
    with snapshot.absolute(fact).open("rb") as file:
        return file.read(LONGEST * 4)
