"""Who may see how the box is doing, and what everybody may know of it."""

from typing import Any

from aiohttp.test_utils import TestClient
from roles import Row, play

from lms_box.box import Box

Client = TestClient[Any, Any]

ADMINS_ONLY = {"nobody": 401, "learner": 403, "enrolled": 403}
ROWS = [
    Row("GET", "/admin/overview", **ADMINS_ONLY, admin=200),
    Row("GET", "/site", nobody=200, learner=200, enrolled=200, admin=200, disabled=200),
]


async def test_gives_everybody_what_is_theirs(box: Box, client: Client) -> None:
    await play(box, client, ROWS)
