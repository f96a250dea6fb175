"""What the names in a ZIP are: old programs wrote them in the letters of their country and did not say which."""

import unicodedata
import zipfile
from collections.abc import Sequence
from functools import cache

SAYS_UTF8 = 0x800
CHARSETS = ("utf-8", "cp866", "gb2312", "shift_jis", "euc_kr", "big5", "cp1255", "cp1256", "cp850", "gb18030")
SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "HEBREW", "ARABIC", "CJK", "HIRAGANA", "KATAKANA", "HANGUL")
EAST_ASIAN = {"CJK", "HIRAGANA", "KATAKANA"}


def read_names(infos: Sequence[zipfile.ZipInfo]) -> list[bytes]:
    """In UTF-8, with `/`. One archive was written in one place: its names are read in one charset."""
    old = [info.orig_filename.encode("cp437", "replace") for info in infos if not info.flag_bits & SAYS_UTF8]
    charset = guess_charset(b"\n".join(old))
    return [_read(info, charset) for info in infos]


def _read(info: zipfile.ZipInfo, charset: str) -> bytes:
    name = info.filename
    if not info.flag_bits & SAYS_UTF8:
        name = info.orig_filename.partition("\0")[0].encode("cp437", "replace").decode(charset, "replace")
    if "/" not in name:  # some programs for Windows write its own separator
        name = name.replace("\\", "/")
    return name.encode("utf-8", "surrogateescape")


def guess_charset(names: bytes) -> str:
    """The first charset in which all is letters, and no word mixes alphabets; else the one with the fewest oddities."""
    if names.isascii():
        return "utf-8"
    costs = {charset: cost for charset in CHARSETS if (cost := _cost(names, charset)) is not None}
    return min(costs, key=lambda charset: costs[charset]) if costs else "cp437"


def _cost(names: bytes, charset: str) -> float | None:
    try:
        text = names.decode(charset)
    except UnicodeDecodeError:
        return None
    if charset == "utf-8":
        return -1.0
    foreign = [letter for letter in text if ord(letter) > 127]
    odd = sum(not letter.isalnum() for letter in foreign)
    mixed = sum(_is_mixed(word) for word in text.replace("_", " ").replace("-", " ").replace(".", " ").split())
    shouted = sum(letter.isupper() for letter in foreign) / 10
    return (4 * odd + 4 * mixed + shouted) / len(foreign)


def _is_mixed(word: str) -> bool:
    scripts = {_script(letter) for letter in word if letter.isalpha()}
    return len(scripts - EAST_ASIAN) + bool(scripts & EAST_ASIAN) > 1


@cache
def _script(letter: str) -> str:
    name = unicodedata.name(letter, "")
    return next((script for script in SCRIPTS if name.startswith(script)), "OTHER")
