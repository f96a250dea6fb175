"""Finding rows by their words, the same on both databases: SQLite's own lower() knows only ASCII."""

import unicodedata
from typing import Any

from sqlalchemy import ColumnElement, event
from sqlalchemy.orm import Mapped


class Searchable:
    """Rows that are found by what stands in some of their columns, however its letters are written."""

    folded: Mapped[str]
    """What the search sees. A change of a row as an object keeps it; words of one's own in SQL do not."""

    def words(self) -> tuple[str, ...]:
        raise NotImplementedError

    @classmethod
    def speaks_of(cls, text: str) -> list[ColumnElement[bool]]:
        """Every word has to stand somewhere in the row."""
        return [cls.folded.contains(word, autoescape=True) for word in fold(text).split()]


def fold(text: str) -> str:
    """The same for every way to write a letter."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


@event.listens_for(Searchable, "before_insert", propagate=True)
@event.listens_for(Searchable, "before_update", propagate=True)
def _keep_folded(_mapper: Any, _connection: Any, row: Searchable) -> None:
    row.folded = fold("\n".join(row.words()))
