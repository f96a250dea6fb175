"""Where in a TOML file a value is said: the standard reader keeps no lines, and an error without one is hard to mend."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field

Where = tuple[str | int, ...]

_HEAD = re.compile(r"\s*(\[\[?)(.+?)\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:"(?:\\.|[^"\\])*"|'[^']*'|[\w-]+|[ \t.])+?)\s*=""")
_PARTS = re.compile(r""""(?:\\.|[^"\\])*"|'[^']*'|[\w-]+""")
_TEXTS = re.compile(r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*', re.DOTALL)


def line_of(text: str, where: Where) -> int:
    """The line, from 1, where the value at `where` is said, or the nearest thing above it; `text` is valid TOML."""
    lines = _lines(text)
    while where and where not in lines:
        where = where[:-1]
    return lines.get(where, 1)


@dataclass
class _Reader:
    """`counts` has, for each list of tables, how many there have been."""

    found: dict[Where, int] = field(default_factory=dict)
    counts: dict[Where, int] = field(default_factory=dict)
    table: Where = ()

    def enter(self, keys: list[str], *, is_list: bool, line: int) -> None:
        self.table = ()
        for key in keys[:-1]:
            self.table = self._newest((*self.table, key))
        whole = (*self.table, keys[-1])
        if is_list:
            self.counts[whole] = self.counts.get(whole, -1) + 1
            self.found.setdefault(whole, line)
        self.table = self._newest(whole)
        self.found.setdefault(self.table, line)

    def _newest(self, where: Where) -> Where:
        return (*where, self.counts[where]) if where in self.counts else where


def _lines(text: str) -> dict[Where, int]:
    reader = _Reader()
    for number, line in _statements(text):
        if head := _HEAD.match(line):
            reader.enter(_keys(head[2]), is_list=head[1] == "[[", line=number)
        elif key := _KEY.match(line):
            reader.found.setdefault((*reader.table, *_keys(key[1])), number)
    return reader.found


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Lines on which something begins: none inside a text or a list."""
    blank = _TEXTS.sub(lambda found: re.sub(r"[^\n]", "_", found[0]), text)
    depth = 0
    for number, (line, bare) in enumerate(zip(text.split("\n"), blank.split("\n"), strict=True), 1):
        if depth == 0 and bare.strip().strip("_"):
            yield number, line
        if depth or not _HEAD.match(bare):
            depth += sum(bare.count(sign) for sign in "[{") - sum(bare.count(sign) for sign in "]}")


def _keys(dotted: str) -> list[str]:
    return [next(iter(tomllib.loads(f"{part} = 0"))) for part in _PARTS.findall(dotted)]
