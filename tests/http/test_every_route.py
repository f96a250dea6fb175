"""Every row of the route table stands in a table of who gets what."""

import re
from pathlib import Path

from lms_box.app import ROUTES

TESTS = Path(__file__).parent.parent
ROW = re.compile(r'\(\s*"(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)",\s*f?"(/[^"?]*)')
TABLES = "test_who_may*.py"


def shape_of(path: str) -> str:
    """The address with its variable parts left open."""
    return re.sub(r"{[^}]*}", "{}", path)


def test_every_route_has_its_rows() -> None:
    texts = [path.read_text("utf-8") for path in TESTS.rglob(TABLES)]
    covered = {(method, shape_of(path)) for text in texts for method, path in ROW.findall(text)}
    assert sorted({(route.method, shape_of(route.path)) for route in ROUTES} - covered) == []
