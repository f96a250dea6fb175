"""Who gets what of learning: what is one's own, in courses that one may see and is in."""

from typing import Any

from aiohttp.test_utils import TestClient
from roles import Row, play

from lms_box.box import Box

Client = TestClient[Any, Any]

SEEN = {"position": 1, "watched": [[0, 1]]}
ROWS = [
    Row("POST", "/courses/{course}/enrollment", nobody=401, learner=201, enrolled=200, admin=201),
    Row("POST", "/courses/{draft}/enrollment", nobody=401, learner=404, enrolled=404, admin=201),
    Row("POST", "/courses/{gone}/enrollment", nobody=401, learner=404, enrolled=404, admin=404),
    Row("DELETE", "/courses/{course}/enrollment", nobody=401, learner=204, enrolled=204, admin=204),
    Row("DELETE", "/courses/{gone}/enrollment", nobody=401, learner=204, enrolled=204, admin=204),
    Row("GET", "/enrollments", nobody=401, learner=200, enrolled=200, admin=200),
    Row("GET", "/courses/{course}/progress", nobody=401, learner=403, enrolled=200, admin=403),
    Row("GET", "/courses/{draft}/progress", nobody=401, learner=404, enrolled=404, admin=403),
    Row("PUT", "/contents/{lesson}/progress", nobody=401, learner=403, enrolled=200, admin=403, body=SEEN),
    Row("PUT", "/contents/{preview}/progress", nobody=401, learner=403, enrolled=200, admin=403, body=SEEN),
    Row("PUT", "/contents/{archived}/progress", nobody=401, learner=404, enrolled=404, admin=403, body=SEEN),
    Row("PUT", "/contents/{draft_lesson}/progress", nobody=401, learner=404, enrolled=404, admin=403, body=SEEN),
    Row("PUT", "/contents/{gone}/progress", nobody=401, learner=404, enrolled=404, admin=404, body=SEEN),
    Row("GET", "/courses/{course}/learners", nobody=401, learner=403, enrolled=403, admin=200),
    Row("GET", "/courses/{draft}/learners", nobody=401, learner=403, enrolled=403, admin=200),
    Row("GET", "/courses/{gone}/learners", nobody=401, learner=403, enrolled=403, admin=404),
    Row("GET", "/courses/{course}/learners/export", nobody=401, learner=403, enrolled=403, admin=200),
    Row("GET", "/courses/{gone}/learners/export", nobody=401, learner=403, enrolled=403, admin=404),
    Row("GET", "/users/{gone}/courses", nobody=401, learner=403, enrolled=403, admin=404),
    Row("GET", "/admin/settings", nobody=401, learner=403, enrolled=403, admin=200),
    Row("GET", "/dashboard", nobody=401, learner=200, enrolled=200, admin=200),
]


async def test_gives_everybody_what_is_theirs(box: Box, client: Client) -> None:
    await play(box, client, ROWS)
