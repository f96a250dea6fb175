"""A resumable upload, request by request."""

import base64
import io

from cast import Person
from sqlalchemy import select

from lms_box.box import Box
from lms_box.courses.tables import Asset, Content

TUS = {"Tus-Resumable": "1.0.0"}
PIECE = "application/offset+octet-stream"
TEXT = b"# Firing\n\nSlowly, to cone 6.\n" * 100


def said(**fields: object) -> dict[str, str]:
    pairs = (f"{name} {base64.b64encode(str(value).encode()).decode()}" for name, value in fields.items())
    return {"Upload-Metadata": ",".join(pairs)}


async def begin(person: Person, size: int = len(TEXT), **fields: object) -> str:
    """The upload's address, below /api/v1."""
    headers = {**TUS, "Upload-Length": str(size), **said(**fields)}
    answer = await person.ask("POST", "/upload/tus", headers=headers)
    assert answer.status == 201, await answer.text()
    assert "Upload-Expires" in answer.headers
    return str(answer.headers["Location"]).removeprefix("/api/v1")


async def send(person: Person, path: str, data: bytes, offset: int, **headers: str) -> tuple[int, str | None]:
    given = {**TUS, "Content-Type": PIECE, "Upload-Offset": str(offset), **headers}
    answer = await person.ask("PATCH", path, data=io.BytesIO(data), headers=given)
    assert answer.headers["Tus-Resumable"] == "1.0.0"
    return answer.status, answer.headers.get("Upload-Offset") or (await answer.json())["code"]


async def offset_of(person: Person, path: str) -> int:
    answer = await person.ask("HEAD", path, headers=TUS)
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
    return int(answer.headers["Upload-Offset"])


async def contents(box: Box) -> list[tuple[str, str, str]]:
    async with box.db.reading() as session:
        rows = await session.execute(select(Content, Asset).join(Asset, Content.asset_id == Asset.id).order_by(Content.id))
        return [(content.title, content.type, asset.sha256) for content, asset in rows]
