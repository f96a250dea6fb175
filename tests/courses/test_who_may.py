"""Who gets what of the catalogue."""

from typing import Any

from aiohttp.test_utils import TestClient
from roles import Row, play

from lms_box.box import Box

Client = TestClient[Any, Any]

ADMINS_ONLY = {"nobody": 401, "learner": 403, "enrolled": 403}
EVERYBODY = {"nobody": 200, "learner": 200, "enrolled": 200, "admin": 200}
NOT_THERE = {"nobody": 404, "learner": 404, "enrolled": 404}
WHOLE = {"sections": [{"id": "{section}", "title": "All", "contents": ["{lesson}", "{preview}"]}]}
ROWS = [
    Row("GET", "/courses", **EVERYBODY),
    Row("GET", "/courses?status=draft", **EVERYBODY),
    Row("GET", "/courses?q=secret", **EVERYBODY),
    Row("GET", "/courses?sort=password", nobody=422, learner=422, enrolled=422, admin=422),
    Row("POST", "/courses", **ADMINS_ONLY, admin=201, body={"title": "New"}),
    Row("POST", "/courses", **ADMINS_ONLY, admin=422, body={"title": "New", "difficulty": "impossible"}),
    Row("POST", "/courses", **ADMINS_ONLY, admin=422, body={"title": "New", "completion_threshold": 0}),
    Row("GET", "/courses/{course}", **EVERYBODY),
    Row("GET", "/courses/{draft}", **NOT_THERE, admin=200),
    Row("GET", "/courses/{gone}", **NOT_THERE, admin=404),
    Row("PUT", "/courses/{course}", **ADMINS_ONLY, admin=200, body={"title": "Said anew"}),
    Row("PUT", "/courses/{course}", **ADMINS_ONLY, admin=422, body={}),
    Row("PUT", "/courses/{gone}", **ADMINS_ONLY, admin=404, body={"title": "x"}),
    Row("PATCH", "/courses/{course}", **ADMINS_ONLY, admin=200, body={"category": "Sea"}),
    Row("PATCH", "/courses/{course}", **ADMINS_ONLY, admin=422, body={"created_by": "{gone}"}),
    Row("PATCH", "/courses/{gone}", **ADMINS_ONLY, admin=404, body={}),
    Row("DELETE", "/courses/{course}", **ADMINS_ONLY, admin=204),
    Row("DELETE", "/courses/{gone}", **ADMINS_ONLY, admin=404),
    Row("PUT", "/courses/{course}/order", **ADMINS_ONLY, admin=200, body=WHOLE),
    Row("PUT", "/courses/{course}/order", **ADMINS_ONLY, admin=422, body={"sections": []}),
    Row("PUT", "/courses/{gone}/order", **ADMINS_ONLY, admin=404, body={"sections": []}),
    Row("GET", "/contents/{lesson}", **EVERYBODY),
    Row("GET", "/contents/{draft_lesson}", **NOT_THERE, admin=200),
    Row("GET", "/contents/{archived}", **NOT_THERE, admin=200),
    Row("GET", "/contents/{gone}", **NOT_THERE, admin=404),
    Row("PATCH", "/contents/{lesson}", **ADMINS_ONLY, admin=200, body={"title": "Renamed", "is_preview": True}),
    Row("PATCH", "/contents/{lesson}", **ADMINS_ONLY, admin=422, body={"status": "ready"}),
    Row("PATCH", "/contents/{gone}", **ADMINS_ONLY, admin=404, body={}),
    Row("GET", "/contents/{lesson}/captions", **ADMINS_ONLY, admin=200),
    Row("GET", "/contents/{gone}/captions", **ADMINS_ONLY, admin=404),
    Row("POST", "/contents/{lesson}/captions", **ADMINS_ONLY, admin=422),
    Row("POST", "/contents/{gone}/captions", **ADMINS_ONLY, admin=404),
    Row("DELETE", "/contents/{lesson}/captions/{gone}", **ADMINS_ONLY, admin=404),
    Row("DELETE", "/contents/{lesson}", **ADMINS_ONLY, admin=204),
    Row("DELETE", "/contents/{gone}", **ADMINS_ONLY, admin=404),
]


async def test_gives_everybody_what_is_theirs(box: Box, client: Client) -> None:
    await play(box, client, ROWS)
