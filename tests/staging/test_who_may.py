"""Who may drop folders: admins. One that is empty makes no course."""

from typing import Any

from aiohttp.test_utils import TestClient
from roles import Row, play

from lms_box.box import Box

Client = TestClient[Any, Any]

ADMINS_ONLY = {"nobody": 401, "learner": 403, "enrolled": 403}
ROWS = [
    Row("GET", "/imports", **ADMINS_ONLY, admin=200),
    Row("POST", "/imports", **ADMINS_ONLY, admin=201, body={"name": "Knots"}),
    Row("POST", "/imports", **ADMINS_ONLY, admin=422, body={}),
    Row("GET", "/imports/{import}", **ADMINS_ONLY, admin=200),
    Row("GET", "/imports/{gone}", **ADMINS_ONLY, admin=404),
    Row("POST", "/imports/{import}/files", **ADMINS_ONLY, admin=422),
    Row("POST", "/imports/{gone}/files", **ADMINS_ONLY, admin=404),
    Row("GET", "/imports/{import}/plan", **ADMINS_ONLY, admin=422),
    Row("GET", "/imports/{gone}/plan", **ADMINS_ONLY, admin=404),
    Row("POST", "/imports/{import}/plan", **ADMINS_ONLY, admin=422, body={}),
    Row("POST", "/imports/{gone}/plan", **ADMINS_ONLY, admin=404, body={}),
    Row("POST", "/imports/{import}/apply", **ADMINS_ONLY, admin=422, body={}),
    Row("POST", "/imports/{gone}/apply", **ADMINS_ONLY, admin=404, body={}),
    Row("DELETE", "/imports/{import}", **ADMINS_ONLY, admin=204),
    Row("DELETE", "/imports/{gone}", **ADMINS_ONLY, admin=404),
]


async def test_gives_everybody_what_is_theirs(box: Box, client: Client) -> None:
    await play(box, client, ROWS)
