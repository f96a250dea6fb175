"""Titles out of names: without extension, underscores and technical tags; nothing else is lost."""

import re
import unicodedata

_TAG = (
    r"(?:\d{3,4}[pi](?:\d{2,3})?|[48]k|uhd|fhd|full[ -]?hd|hd|sd|hq|hevc|avc|av1|vp9|[xh]\.?26[45]|aac|mp3|opus|flac"
    r"|web-?dl|web-?rip|hd-?rip|dvd-?rip|blu-?ray|\d{2,3}\s?fps|10-?bit|hdr(?:10)?|(?:\d{3,4}x\d{3,4}))"
)
_BRACKETED_TAG = re.compile(rf"\s*[\[({{]\s*{_TAG}(?:[\s,._-]+{_TAG})*\s*[\])}}]", re.IGNORECASE)
_TRAILING_TAG = re.compile(r"(?<=[^\W_])[_.-]+\d{3,4}p$", re.IGNORECASE)
_VIDEO_ID = re.compile(r"\s*\[(?=[^\]]*[a-z])(?=[^\]]*[A-Z])(?=[^\]]*[\d_-])[\w-]{11}\]$")
_EXTENSION = re.compile(r"\.[A-Za-z0-9_+!~-]{1,12}$")
_UNSEEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_DASHES = "-–—－‒―"


def readable(name: str) -> str:
    """NFC, without direction marks and control characters; a name of nothing else is written out in numbers."""
    if name.isascii() and name.isprintable() and not name.isspace():
        return name
    text = _UNSEEN.sub("", unicodedata.normalize("NFC", name))
    shown = "".join(" " if unicodedata.category(character) == "Cc" else character for character in text)
    return shown if shown.strip() else "".join(f"\\x{ord(character):02x}" for character in name)


def split_extension(name: str) -> tuple[str, str]:
    """(stem, extension in lower case with its dot): "Dr. No" has none, ".bashrc" neither."""
    found = _EXTENSION.search(name)
    if not found or not found.start() or not name[: found.start()].strip("."):
        return name, ""
    return name[: found.start()], found[0].lower()


def without_tags(stem: str) -> str:
    text = _VIDEO_ID.sub("", _BRACKETED_TAG.sub("", stem))
    text = _TRAILING_TAG.sub("", text)
    return text if text.strip(" _") else stem


def spaced(text: str) -> str:
    """Underscores as the spaces they stand for, no separators left hanging at the ends."""
    text = " ".join(text.replace("_", " ").split())
    text = re.sub(rf"\s+[{_DASHES}|]+$|^[{_DASHES}|]+\s+", "", text)
    return text.strip()


def words_of(text: str) -> tuple[str, ...]:
    """What two names for the same thing share."""
    return tuple(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold()))
