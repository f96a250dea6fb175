"""Every row of the route table is asked for by a test."""

import re
from pathlib import Path

from lms_box.app import ROUTES

TESTS = Path(__file__).parent.parent
METHOD = "GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS"
ASKED = (
    re.compile(rf'\(\s*"({METHOD})",\s*f?"(?:/api/v1)?(/[^"?]*)'),
    re.compile(r'\.(get|post|put|patch|delete)\(\s*f?"(?:/api/v1)?(/[^"?]*)'),
)


def shape_of(path: str) -> str:
    """The address with its variable parts left open."""
    return re.sub(r"{[^}]*}", "{}", path)


def test_every_route_is_asked_for() -> None:
    texts = [path.read_text("utf-8") for path in TESTS.rglob("test_*.py")]
    asked = {(method.upper(), shape_of(path)) for text in texts for row in ASKED for method, path in row.findall(text)}
    assert sorted({(route.method, shape_of(route.path)) for route in ROUTES} - asked) == []
