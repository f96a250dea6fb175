"""Who may bring files: admins, and nobody else learns what is on its way."""

from typing import Any

from aiohttp.test_utils import TestClient
from roles import Row, play

from lms_box.box import Box

Client = TestClient[Any, Any]

ADMINS_ONLY = {"nobody": 401, "learner": 403, "enrolled": 403}
TUS = {"Tus-Resumable": "1.0.0"}
PIECE = {**TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
ROWS = [
    Row("POST", "/upload/content", **ADMINS_ONLY, admin=422),
    Row("POST", "/upload/thumbnail", **ADMINS_ONLY, admin=422),
    Row("POST", "/courses/{course}/contents", **ADMINS_ONLY, admin=201, body={"text": "# Knots"}),
    Row("POST", "/courses/{course}/contents", **ADMINS_ONLY, admin=422, body={"title": "Made of nothing"}),
    Row("POST", "/courses/{gone}/contents", **ADMINS_ONLY, admin=404, body={"text": "# Knots"}),
    Row("OPTIONS", "/upload/tus", nobody=204, learner=204, enrolled=204, admin=204, disabled=204),
    Row("POST", "/upload/tus", **ADMINS_ONLY, admin=201, headers={**TUS, "Upload-Length": "5"}),
    Row("POST", "/upload/tus", **ADMINS_ONLY, admin=412, headers={"Upload-Length": "5"}),
    Row("HEAD", "/upload/tus/{upload}", **ADMINS_ONLY, admin=200, headers=TUS),
    Row("HEAD", "/upload/tus/{gone}", **ADMINS_ONLY, admin=404, headers=TUS),
    Row("PATCH", "/upload/tus/{upload}", **ADMINS_ONLY, admin=204, headers=PIECE),
    Row("PATCH", "/upload/tus/{gone}", **ADMINS_ONLY, admin=404, headers=PIECE),
    Row("DELETE", "/upload/tus/{upload}", **ADMINS_ONLY, admin=204, headers=TUS),
    Row("DELETE", "/upload/tus/{gone}", **ADMINS_ONLY, admin=404, headers=TUS),
]


async def test_gives_everybody_what_is_theirs(box: Box, client: Client) -> None:
    await play(box, client, ROWS)
