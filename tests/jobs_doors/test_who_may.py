"""Who may look after background work: admins."""

from typing import Any

from aiohttp.test_utils import TestClient
from roles import Row, play

from lms_box.box import Box

Client = TestClient[Any, Any]

ADMINS_ONLY = {"nobody": 401, "learner": 403, "enrolled": 403}
ROWS = [
    Row("GET", "/jobs", **ADMINS_ONLY, admin=200),
    Row("GET", "/jobs?state=asleep", **ADMINS_ONLY, admin=422),
    Row("POST", "/jobs/{gone}/retry", **ADMINS_ONLY, admin=404),
    Row("POST", "/jobs/{gone}/cancel", **ADMINS_ONLY, admin=404),
]


async def test_gives_everybody_what_is_theirs(box: Box, client: Client) -> None:
    await play(box, client, ROWS)
