"""Many pairs of ids as one value: a statement that asks for all of them is written once, whatever their number."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Text, Uuid, bindparam, column
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.sql.selectable import TableValuedAlias
from sqlalchemy.types import TypeDecorator

Pair = tuple[UUID, UUID]


def pairs(name: str) -> TableValuedAlias:
    """To be joined with, by its columns `first` and `second`: then each row is found by an index. For `(a, b) IN (…)`
    SQLite reads the whole table. The parameter `name` takes the pairs.
    """
    given = bindparam(name, type_=_Pairs())
    return _EachPair(given).table_valued(column("first", Uuid), column("second", Uuid), name=name)


class _Pairs(TypeDecorator[Sequence[Pair]]):
    """JSON text; ids as SQLite stores them, which PostgreSQL reads too."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[Pair] | None, dialect: Dialect) -> str:
        del dialect
        return json.dumps([(first.hex, second.hex) for first, second in value or ()])


class _EachPair(GenericFunction[Any]):
    inherit_cache = True


@compiles(_EachPair)
def _on_sqlite(element: _EachPair, compiler: SQLCompiler, **named: Any) -> str:
    given = compiler.process(element.clauses, **named)
    return f"""(SELECT json_extract(value, '$[0]') AS first, json_extract(value, '$[1]') AS second FROM json_each({given}))"""  # noqa: S608 -- a bound parameter


@compiles(_EachPair, "postgresql")
def _on_postgresql(element: _EachPair, compiler: SQLCompiler, **named: Any) -> str:
    given = compiler.process(element.clauses, **named)
    return f"(SELECT (value ->> 0)::uuid AS first, (value ->> 1)::uuid AS second FROM json_array_elements({given}::json))"  # noqa: S608 -- as above
