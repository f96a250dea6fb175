"""The number that a reader sees before a name, however people and platforms write it."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from lms_box.courses.folder.number_words import (
    ENGLISH_NUMBERS,
    HAN,
    HAN_COUNTERS,
    HANGUL_COUNTERS,
    WORDS,
    han_number,
    roman_number,
)  # fmt: skip
from lms_box.courses.folder.titles import without_tags


@dataclass(frozen=True, slots=True)
class Reading:
    """`rest` is the name behind the number. Not `sure`: a bare "3 " that may belong to the title, as in "3 Idiots"."""

    number: tuple[int, ...]
    rest: str
    sure: bool = True


LONGEST_BARE = 3
LONGEST_PADDED = 6

_DASH = r"\-–—－‒―"
_NUMBER = rf"\d{{1,6}}(?!\d)(?:[.．{_DASH}]\d{{1,3}}(?=$|[^\d\w]|_)){{0,4}}"
_GAP = rf"(?:[.:：．]?[\s_]*(?:[{_DASH}|:]+[\s_]*)?)"
_END = rf"(?=$|[\s._{_DASH}:|,)\]，、：．（(\[【])"

_MAYBE_NUMBER = re.compile(
    rf"\d|[{HAN}①-⑳➀-➓❶-❿㉑-㉟㊱-㊿]|[IVXL](?![^\W_])|(?<![^\W_])(?:{'|'.join(ENGLISH_NUMBERS)})(?![^\W_])", re.IGNORECASE
)
_PLATFORM_ID = re.compile(r"\d{6,}_+(?=.)")
_DATE = re.compile(
    r"(?:19|20)\d\d([-._ ]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])(?!\d)"
    r"|\d{1,2}([.\-_])\d{1,2}\2(?:19|20)\d\d(?!\d)"
)
_MAYBE_EPISODE = re.compile(r"[Ss]\d")
_EPISODE = re.compile(rf"S(\d{{1,3}})[\s._{_DASH}]*E(\d{{1,4}})(?![^\W_]){_GAP}", re.IGNORECASE)
_DOT = re.compile(r"(?<!\d)\.|\.(?!\d)")
_WORD = re.compile(
    rf"(?:{'|'.join(sorted(map(re.escape, WORDS), key=len, reverse=True))})[\s._#{_DASH}:№]*?(?:no\.?[\s_]*)?"
    rf"(?P<number>{_NUMBER}|(?<=[\s_])(?:{'|'.join(ENGLISH_NUMBERS)}|[IVXL]+))(?P<letter>[a-h])?{_END}(?:[\s_]*(?:of|/|из|von)[\s_]*\d+{_END})?",
    re.IGNORECASE,
)
_HAN = re.compile(rf"第\s*([\d{HAN}]{{1,6}})\s*(?:{HAN_COUNTERS})(?:[、，,]|{_GAP})")
_HAN_AFTER = re.compile(rf"(\d{{1,4}})\s*(?:{HAN_COUNTERS})(?=$|[\s_:：、，,.{_DASH}])(?:[、，,]|{_GAP})")
_HANGUL = re.compile(rf"제?\s*(\d{{1,4}})\s*(?:{HANGUL_COUNTERS})(?![가-힣])(?:[、，,]|{_GAP})")
_BRACKETS = re.compile(rf"[\[(【（{{「〔［][\s#]*({_NUMBER})\s*[\])】）}}」〕］]{_GAP}")
_SIGN = re.compile(rf"(?:#\s*|№\s*|N[ºo°]\.\s*|Nr\.\s*|N[º°]\s*)({_NUMBER}){_END}{_GAP}", re.IGNORECASE)
_KEYCAP = re.compile(rf"(\d)\ufe0f?\u20e3{_GAP}")
_CIRCLED = re.compile(rf"([①-⑳➀-➓❶-❿㉑-㉟㊱-㊿]){_GAP}")
_ROMAN_DOT = re.compile(r"([IVXL]+)[.)]\s+")
_BARE = re.compile(rf"({_NUMBER})([.．](?!\d)[\s_]*|[):：、）\]】][\s_]*)?([\s_]*[{_DASH}|_]+[\s_]*)?(\s+)?")
_LETTERED = re.compile(rf"(\d{{1,3}})([a-h])(?:[.)]|(?=[\s_{_DASH}])){_GAP}")


@lru_cache(maxsize=8192)  # a name is read alone, among its neighbours, and when others look for it
def read_number(name: str) -> Reading:
    """`name` is without extension and in NFC."""
    name = name.strip()
    if not _MAYBE_NUMBER.search(name):
        return Reading((), name)
    platform = _PLATFORM_ID.match(name)
    if _DATE.match(name):
        return Reading((), name)
    if platform:
        name = name[platform.end() :]
        return replace(read_number(name), sure=True)
    for read in _AFTER_DIGITS if name[:1].isdecimal() else _AFTER_OTHERS:
        found = read(name)
        if found:
            return found
    return Reading((), name)


def digits_value(text: str) -> int:
    """Digits of any script."""
    return int(text) if text.isascii() else int("".join(str(unicodedata.decimal(character)) for character in text))


def _values(text: str) -> tuple[int, ...]:
    return tuple(digits_value(part) for part in re.split(r"\D", text))


def _is_padded(digits: str) -> bool:
    return len(digits) > 1 and unicodedata.decimal(digits[0]) == 0


def _fits(number: str) -> bool:
    """A year or a large count is part of the title."""
    digits = re.split(r"\D", number)[0]
    return len(digits) <= (LONGEST_PADDED if _is_padded(digits) else LONGEST_BARE)


def _pattern(pattern: re.Pattern[str]) -> Callable[[str], Reading | None]:
    def read(name: str) -> Reading | None:
        found = pattern.match(name)
        return Reading(_values(found[1]), name[found.end() :]) if found and _fits(found[1]) else None

    return read


def _episode(name: str) -> Reading | None:
    """Also behind the name of the series, which then stays in the title; names without spaces have dots for them."""
    if not _MAYBE_EPISODE.search(name):
        return None
    found = next((hit for hit in _EPISODE.finditer(name) if not name[: hit.start()][-1:].isalnum()), None)
    if not found:
        return None
    rest = name[: found.start()] + name[found.end() :]
    return Reading((digits_value(found[1]), digits_value(found[2])), rest if " " in name else _DOT.sub(" ", without_tags(rest)))


def _word(name: str) -> Reading | None:
    """ "Week 2 - Day 3 - Loops" counts on two levels."""
    number: tuple[int, ...] = ()
    rest = name
    while (found := _WORD.match(rest)) and (values := _written_values(found["number"])):
        number += values + _letter(found["letter"])
        rest = re.sub(rf"^[\s_]*[.:：．,)\]]?[\s_]*(?:[{_DASH}|:]+[\s_]*)?", "", rest[found.end() :])
    return Reading(number, rest) if number else None


def _letter(letter: str | None) -> tuple[int, ...]:
    return (ord(letter.lower()) - ord("a") + 1,) if letter else ()


def _written_values(text: str) -> tuple[int, ...] | None:
    if text[0].isdecimal():
        return _values(text) if _fits(text) else None
    value = ENGLISH_NUMBERS.get(text.casefold())
    if value is None and text.isupper():
        value = roman_number(text)
    return None if value is None else (value,)


def _han(name: str) -> Reading | None:
    number: tuple[int, ...] = ()
    rest = name
    while found := _HAN.match(rest):
        number += (digits_value(found[1]) if found[1].isdecimal() else han_number(_only_han(found[1])),)
        rest = rest[found.end() :]
    return Reading(number, rest) if number else None


def _only_han(text: str) -> str:
    """第1十课 is nonsense; what is there of Han digits counts."""
    return "".join(character for character in text if character in HAN) or "零"


def _circled(name: str) -> Reading | None:
    found = _CIRCLED.match(name)
    return Reading((int(unicodedata.numeric(found[1])),), name[found.end() :]) if found else None


def _roman(name: str) -> Reading | None:
    found = _ROMAN_DOT.match(name)
    value = roman_number(found[1]) if found else None
    return Reading((value,), name[found.end() :], sure=False) if found and value else None


def _lettered(name: str) -> Reading | None:
    """ "01a Intro", "01b More"; "3d printing" only where its neighbours are numbered too."""
    found = _LETTERED.match(name)
    if not found:
        return None
    sure = _is_padded(found[1]) or name[found.end(2) : found.end(2) + 1] in (".", ")")
    return Reading((digits_value(found[1]), *_letter(found[2])), name[found.end() :], sure)


def _bare(name: str) -> Reading | None:
    found = _BARE.match(name)
    if not found or not _fits(found[1]):
        return None
    number, mark, dash, space = found.groups()
    rest = name[found.end() :]
    padded = _is_padded(re.split(r"\D", number)[0])
    if dash and not mark and re.match(r"[A-Za-z](?![A-Za-z])", rest) and not padded and dash == dash.strip():
        return None  # 3-D printing
    if mark or dash or not rest:
        return Reading(_values(number), rest)
    if space:
        return Reading(_values(number), rest, sure=padded or len(_values(number)) > 1)
    return _touching(_values(number), rest, padded)


def _touching(number: tuple[int, ...], rest: str, padded: bool) -> Reading | None:
    """A letter right behind the number: 01intro and 01介绍 are numbered, 3D is not, 3天 may be."""
    if not rest[0].isalpha():
        return None
    if padded:
        return Reading(number, rest)
    return None if rest[0].isascii() else Reading(number, rest, sure=False)


Reader = Callable[[str], Reading | None]
_AFTER_DIGITS: tuple[Reader, ...] = (
    _episode,
    _pattern(_HANGUL),
    _pattern(_HAN_AFTER),
    _pattern(_KEYCAP),
    _lettered,
    _bare,
)
_AFTER_OTHERS: tuple[Reader, ...] = (
    _episode,
    _han,
    _pattern(_HANGUL),
    _word,
    _pattern(_BRACKETS),
    _pattern(_SIGN),
    _circled,
    _roman,
)
