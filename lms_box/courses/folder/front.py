"""What stands at the front of a course: its cover, its description, and what a text says of itself."""

import re
from collections.abc import Iterable, Sequence

from lms_box.courses.folder.document import Reason
from lms_box.courses.folder.entries import Entry
from lms_box.courses.folder.titles import readable

COVERS = ("cover", "card", "poster", "thumbnail", "folder")
COVER_TYPES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif", ".bmp")
DESCRIPTIONS = ("description", "readme", "about")
DESCRIPTION_TYPES = (".md", ".markdown", ".mkd", ".mdown", ".txt", "", ".rst", ".html", ".htm")
SETTINGS = "course.toml"
HOUSEKEEPING = {
    "license", "licence", "copying", "code_of_conduct", "code-of-conduct", "contributing", "changelog", "contributors",
    "citation", "maintainers", "release_notes", "pull_request_template",
}  # fmt: skip
_READMES = {"readme", "index"}
_TRANSLATED_README = re.compile(r"readme[._-][a-z]{2}(?:[-_][a-z]{2,4})?")
_PLACEHOLDERS = {"fixme", "todo", "tbd", "untitled", "title", "xxx"}
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_OPEN_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*)", re.DOTALL)
_TITLE = re.compile(r"^title:[ \t]*(\S.*?)[ \t]*$", re.MULTILINE)
_HEADING = re.compile(r"^#[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)


def find_cover(entries: Iterable[Entry]) -> Entry | None:
    return _first(entries, COVERS, COVER_TYPES)


def find_description(entries: Iterable[Entry]) -> Entry | None:
    return _first(entries, DESCRIPTIONS, DESCRIPTION_TYPES)


def _first(entries: Iterable[Entry], names: Sequence[str], types: Sequence[str]) -> Entry | None:
    """Only at the top of the folder."""
    fitting = [entry for entry in entries if not entry.folder and entry.folded in names and entry.extension in types]
    ranked = sorted(fitting, key=lambda entry: (names.index(entry.folded), types.index(entry.extension), entry.path))
    return ranked[0] if ranked else None


def is_readme(entry: Entry) -> bool:
    """The page that opens its folder."""
    return entry.kind == "document" and entry.folded in _READMES


def is_housekeeping(entry: Entry) -> bool:
    """Texts about the repository, not of the course."""
    if entry.kind != "document":
        return False
    return entry.folded in HOUSEKEEPING or bool(_TRANSLATED_README.fullmatch(entry.folded))


def own_title(entry: Entry) -> tuple[str, Reason] | None:
    """(title, reason) as the text says it: in its front matter, or in the heading of a page that is called README."""
    text = entry.fact.head.decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n")
    if len(entry.fact.head) < entry.fact.size:
        text = text.rpartition("\n")[0]  # the last line may be cut in two
    matter = _FRONT_MATTER.match(text) or _OPEN_FRONT_MATTER.match(text)
    title = _TITLE.search(matter[1]) if matter else None
    if title and (said := _unquoted(title[1])):
        return said, Reason("its front matter says the title", "front_matter")
    body = text[matter.end() :] if matter else text
    heading = _HEADING.search(body) if is_readme(entry) else None
    if heading and (said := _unquoted(_plain(heading[1]))):
        return said, Reason("its heading says the title", "heading")
    return None


def _unquoted(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1].replace('\\"', '"') if text[0] == '"' else text[1:-1].replace("''", "'")
    text = " ".join(readable(text).split())
    return "" if text.casefold() in _PLACEHOLDERS or re.fullmatch(r"[>|][+-]?", text) or "\ufffd" in text else text


def _plain(heading: str) -> str:
    """Markdown's links, images and emphasis away."""
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", heading)
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).replace("**", "").replace("`", "").strip()
