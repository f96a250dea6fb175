"""Pages of text made from documents, and the file that holds them."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

TEXT_FILE = "text.json"
MOST_TEXT = 30_000_000
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
SYMBOLS = str.maketrans(
    {
        "\uf0df": "←", "\uf0e0": "→", "\uf0e1": "↑", "\uf0e2": "↓", "\uf0e8": "➔", "\uf0f0": "⇨", "\uf0d8": "➢",
        "\uf0a7": "▪", "\uf0b7": "•", "\uf0fc": "✓", "\uf0fb": "✗", "\uf04a": "☺",
    }
)  # fmt: skip
"""What office programs write for an arrow or a tick: letters of a font, Wingdings, which are empty boxes in every other."""


@dataclass(frozen=True)
class Heading:
    """`page` counts from 1, `level` from 1."""

    title: str
    page: int
    level: int


@dataclass(frozen=True)
class Page:
    number: int
    text: str
    title: str | None = None
    html: str | None = None
    notes: str | None = None


def write_text(into: Path, *, base: Literal["course", "build"], outline: Sequence[Heading], pages: Sequence[Page]) -> str:
    """`base` says what relative addresses in `html` are relative to: the content's place in its course, or the build."""
    told = {"base": base, "outline": [asdict(each) for each in outline], "pages": [asdict(each) for each in pages]}
    (into / TEXT_FILE).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return TEXT_FILE


def tidy(text: str) -> str:
    """Text that is safe in JSON and HTML: no control characters, plain line ends, no blank space at line ends."""
    text = UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").translate(SYMBOLS))
    return re.sub(r"[ \t]+(?=\n|$)", "", text).strip()


def one_line(text: str, *, most: int = 300) -> str:
    return " ".join(tidy(text).split())[:most].strip()
