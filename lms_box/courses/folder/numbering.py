"""How the names of one folder are numbered: what a single name leaves open, its neighbours decide."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lms_box.courses.folder.numbers import Reading, read_number
from lms_box.courses.folder.titles import spaced, without_tags, words_of

_CUTS = re.compile(r"[\s_.\-–—:|\])]+")
_STRONG_CUTS = re.compile(r"\s+[-–—|]\s+|:\s+|\s*\|\s*|_-_")


@dataclass(frozen=True, slots=True)
class Named:
    """What a name says. Two names with the same `key` belong together."""

    number: tuple[int, ...]
    title: str
    words: tuple[str, ...]
    bare: bool
    """Nothing but the number: the title is the name itself."""

    @property
    def key(self) -> tuple[tuple[int, ...], tuple[str, ...]]:
        return self.number, self.words


@dataclass(frozen=True, slots=True)
class Numbering:
    """`prefix` and `inner` are what all names here share, before and behind their number."""

    prefix: str = ""
    inner: str = ""
    unsure_counts: bool = False

    def read(self, stem: str) -> Named:
        reading = self._reading(stem)
        rest = reading.rest
        if self.inner and rest.casefold().startswith(self.inner.casefold()):
            rest = rest[len(self.inner) :]
        title = spaced(without_tags(rest))
        bare = not words_of(title) and not _has_signs(title)
        words = () if bare and reading.number else words_of(title)
        if bare:
            title = spaced(without_tags(stem)) or stem.strip() or stem
        return Named(reading.number, title, words, bare)

    def _reading(self, stem: str) -> Reading:
        if self.prefix and stem.casefold().startswith(self.prefix.casefold()):
            stem = stem[len(self.prefix) :]
        reading = read_number(stem)
        return reading if reading.sure or self.unsure_counts else Reading((), stem)


def _has_signs(title: str) -> bool:
    """Emoji and signs are a title too; separators alone are not."""
    return any(not character.isspace() and character not in "-–—_.:()[]{}|,~" for character in title)


def numbering_of(stems: Iterable[str]) -> Numbering:
    names = sorted(set(stems))
    readings = [read_number(name) for name in names]
    prefix = "" if any(reading.number and reading.sure for reading in readings) else _numbered_prefix(names)
    if prefix:
        readings = [read_number(name[len(prefix) :]) for name in names]
    return Numbering(prefix, _inner_prefix([reading.rest for reading in readings]), _unsure_counts(readings))


def _unsure_counts(readings: Sequence[Reading]) -> bool:
    """Bare numbers are an order when others are numbered for sure, or when they count: 1, or two in a row."""
    unsure = {reading.number[0] for reading in readings if reading.number and not reading.sure}
    sure = sum(bool(reading.number) and reading.sure for reading in readings)
    if not unsure or 2 * sum(bool(reading.number) for reading in readings) < len(readings):
        return False
    return sure > 0 or bool(unsure & {0, 1}) or any(number + 1 in unsure for number in unsure)


def _numbered_prefix(names: Sequence[str]) -> str:
    """ "Python - 01 Intro", "Python - 02 Loops": what stands before every number."""
    shared = _shared_start(names)
    for cut in reversed(list(_CUTS.finditer(shared))):
        prefix = shared[: cut.end()]
        if not prefix.strip() or (len(names) < 3 and cut[0].isspace()):
            continue
        readings = (read_number(name[len(prefix) :]) for name in names)  # read no further than the first that has none
        if all(reading.number and words_of(reading.rest) for reading in readings):
            return prefix
    return ""


def _inner_prefix(rests: Sequence[str]) -> str:
    """ "Statistics - Mean", "Statistics - Mode", "Statistics - Range": the name of the whole, said again each time."""
    if len(rests) < 3:
        return ""
    shared = _shared_start(rests)
    cuts = [cut.end() for cut in _STRONG_CUTS.finditer(shared) if cut.start()]
    if not cuts or not all(words_of(rest[cuts[-1] :]) for rest in rests):
        return ""
    return shared[: cuts[-1]]


def _shared_start(names: Sequence[str]) -> str:
    """Empty unless there are at least two names."""
    if len(names) < 2:
        return ""
    first, last = min(names), max(names)  # what these two share, all between them share
    pairs = enumerate(zip(first, last, strict=False))
    return first[: next((at for at, (one, other) in pairs if one != other), min(len(first), len(last)))]
