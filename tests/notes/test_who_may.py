"""Who may read a note: whoever wrote it."""

from typing import Any

from aiohttp.test_utils import TestClient
from roles import Row, play

from lms_box.box import Box

Client = TestClient[Any, Any]

SIGNED_IN = {"nobody": 401, "learner": 200, "enrolled": 200, "admin": 200}
THE_WRITERS = {"nobody": 401, "learner": 404, "other": 404, "admin": 404}
NOT_THERE = {"nobody": 401, "learner": 404, "enrolled": 404, "admin": 404}
DRAFT = {"course_id": "{course}", "content": "x"}
ROWS = [
    Row("GET", "/notes", **SIGNED_IN),
    Row("GET", "/notes?q=between", **SIGNED_IN),
    Row("GET", "/notes?course_id={course}", **SIGNED_IN),
    Row("GET", "/notes/courses", **SIGNED_IN),
    Row("GET", "/courses/{course}/notes/export", **SIGNED_IN),
    Row("GET", "/courses/{draft}/notes/export", nobody=401, learner=404, enrolled=404, admin=200),
    Row("POST", "/notes", nobody=401, learner=201, enrolled=201, admin=201, body=DRAFT),
    Row("POST", "/notes", nobody=401, learner=404, enrolled=404, admin=201, body={**DRAFT, "course_id": "{draft}"}),
    Row("GET", "/notes/{note}", **THE_WRITERS, enrolled=200),
    Row("GET", "/notes/{gone}", **NOT_THERE),
    Row("PUT", "/notes/{note}", **THE_WRITERS, enrolled=200, body=DRAFT),
    Row("PUT", "/notes/{gone}", **NOT_THERE, body=DRAFT),
    Row("DELETE", "/notes/{note}", **THE_WRITERS, enrolled=204),
    Row("DELETE", "/notes/{gone}", **NOT_THERE),
]


async def test_gives_everybody_what_is_theirs(box: Box, client: Client) -> None:
    await play(box, client, ROWS)
