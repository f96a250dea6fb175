"""Natural order: numbers as numbers, case and accents last, the same in every locale, and never two names equal."""

import re
import unicodedata

_RUNS = re.compile(r"(\d+)")

Piece = tuple[int, int, str]
NaturalKey = tuple[tuple[Piece, ...], str]


def natural_key(name: str) -> NaturalKey:
    plain = unicodedata.normalize("NFKD", name)
    letters = "".join(character for character in plain if not unicodedata.combining(character)).casefold()
    return tuple(_piece(run) for run in _RUNS.split(letters) if run.strip()), name


def _piece(run: str) -> Piece:
    """Digits by length, then by value: no int() of a thousand digits."""
    if not run[0].isdecimal():
        return (1, 0, run)
    digits = "".join(str(unicodedata.decimal(digit)) for digit in run).lstrip("0")
    return (0, len(digits), digits)
