"""Natural order: numbers as numbers, case and accents last, the same in every locale, and never two names equal."""

import re
import unicodedata

_RUNS = re.compile(r"(\d+)")

Piece = tuple[int, int, str]
NaturalKey = tuple[tuple[Piece, ...], str]


def natural_key(name: str) -> NaturalKey:
    return tuple(_piece(run) for run in _RUNS.split(_folded(name)) if run.strip()), name


def _folded(name: str) -> str:
    if name.isascii():
        return name.lower()
    letters = (character for character in unicodedata.normalize("NFKD", name) if not unicodedata.combining(character))
    return "".join(letters).casefold()


def _piece(run: str) -> Piece:
    """Digits by length, then by value: no int() of a thousand digits."""
    if not run[0].isdecimal():
        return (1, 0, run)
    digits = (run if run.isascii() else "".join(str(unicodedata.decimal(digit)) for digit in run)).lstrip("0")
    return (0, len(digits), digits)
