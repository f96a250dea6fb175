"""Every row of the route table is asked for as everybody: it stands in a table of who gets what."""

import re
from importlib import import_module
from pathlib import Path

from lms_box.app import ROUTES

TESTS = Path(__file__).parent.parent


def shape_of(path: str) -> str:
    """The address with its variable parts left open."""
    return re.sub(r"{[^}]*}", "{}", path.partition("?")[0])


def test_every_route_stands_in_a_table_of_roles() -> None:
    tables = [import_module(f"{path.parent.name}.{path.stem}").ROWS for path in TESTS.glob("*/test_who_may.py")]
    asked = {(row.method, shape_of(row.path)) for table in tables for row in table}
    assert sorted({(route.method, shape_of(route.path)) for route in ROUTES} - asked) == []
