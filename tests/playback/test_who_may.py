"""Who may play what: learners of the course, admins, and everybody a preview."""

from typing import Any

from aiohttp.test_utils import TestClient
from roles import Row, play

from lms_box.box import Box

Client = TestClient[Any, Any]

PLAYABLE = {"nobody": 401, "learner": 403, "enrolled": 200, "admin": 200}
KEPT = {"nobody": 401, "learner": 403, "enrolled": 302, "admin": 302}
NOT_THERE = {"nobody": 404, "learner": 404, "enrolled": 404}
ROWS = [
    Row("GET", "/contents/{lesson}/playback", **PLAYABLE),
    Row("GET", "/contents/{preview}/playback", nobody=200, learner=200, enrolled=200, admin=200),
    Row("GET", "/contents/{archived}/playback", **NOT_THERE, admin=200),
    Row("GET", "/contents/{draft_lesson}/playback", **NOT_THERE, admin=200),
    Row("GET", "/contents/{gone}/playback", **NOT_THERE, admin=404),
    Row("GET", "/contents/{lesson}/file", **KEPT),
    Row("GET", "/contents/{preview}/file", nobody=302, learner=302, enrolled=302, admin=302),
    Row("GET", "/contents/{draft_lesson}/file", **NOT_THERE, admin=302),
    Row("GET", "/attachments/{attachment}/file", **KEPT),
    Row("GET", "/attachments/{free}/file", nobody=302, learner=302, enrolled=302, admin=302),
    Row("GET", "/attachments/{old}/file", **NOT_THERE, admin=302),
    Row("GET", "/attachments/{gone}/file", **NOT_THERE, admin=404),
]


async def test_gives_everybody_what_is_theirs(box: Box, client: Client) -> None:
    await play(box, client, ROWS)
