"""People's pictures: small, without what the camera wrote into them, gone when replaced; and nothing but pictures."""

import io
from typing import Any

import pytest
from accounts.people import Client, Person, add_person
from aiohttp import FormData
from PIL import Image
from sqlalchemy import func, select

from lms_box.accounts import pictures
from lms_box.box import Box
from lms_box.storage.tables import PendingWrite


def picture(size: tuple[int, int] = (1200, 900), kind: str = "JPEG", turned: int = 1) -> bytes:
    image = Image.new("RGB", size, "teal")
    exif = image.getexif()
    exif[0x0112] = turned
    exif[0x010F] = "a camera that tells"
    file = io.BytesIO()
    image.save(file, kind, exif=exif)
    return file.getvalue()


def form(data: bytes, *, name: str = "me.jpg", part: str = "file") -> FormData:
    made = FormData()
    made.add_field(part, data, filename=name, content_type="image/jpeg")
    return made


async def put(client: Client, person: Person, data: Any) -> tuple[int, dict[str, Any]]:
    answer = await client.put("/api/v1/auth/me/picture", data=data, headers=person.bearer)
    return answer.status, await answer.json()


async def left(box: Box) -> tuple[list[str], int]:
    """The files that are kept, and how many writes are unfinished."""
    async with box.db.reading() as session:
        pending = await session.scalar(select(func.count()).select_from(PendingWrite))
    return await box.storage.keys(""), pending or 0


async def test_makes_a_small_picture_without_what_the_camera_wrote(client: Client, box: Box, bob: Person) -> None:
    status, user = await put(client, bob, form(picture(turned=6)))
    assert status == 200, user
    answer = await client.get(user["picture_url"])
    assert (answer.status, answer.headers["Content-Type"]) == (200, "image/webp")
    shown = await answer.read()
    assert b"a camera" not in shown
    with Image.open(io.BytesIO(shown)) as image:
        assert image.width < image.height <= 800, "turned as the camera was"
    keys, pending = await left(box)
    assert ([f"/media/{key}" for key in keys], pending) == ([user["picture_url"]], 0)


async def test_keeps_one_picture_for_each_and_none_of_who_leaves(client: Client, box: Box, ada: Person, bob: Person) -> None:
    first = (await put(client, bob, form(picture())))[1]["picture_url"]
    second = (await put(client, bob, form(picture((50, 50), "PNG"))))[1]["picture_url"]
    assert first != second
    assert await left(box) == ([second.removeprefix("/media/")], 0)
    assert (await client.delete("/api/v1/auth/me/picture", headers=bob.bearer)).status == 204
    assert await left(box) == ([], 0)
    eve = await add_person(box, "eve")
    for path, who, whose in (("/auth/me", bob, bob), (f"/users/{eve.id}", ada, eve)):
        assert (await put(client, whose, form(picture((9, 9)))))[0] == 200
        assert (await client.delete(f"/api/v1{path}", headers=who.bearer)).status == 204
        assert await left(box) == ([], 0)


async def test_takes_nothing_else(client: Client, box: Box, bob: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    for data, status, code in [
        (form(svg), 422, "not_a_picture"),
        (form(b"<!doctype html><script>alert(1)</script>"), 422, "not_a_picture"),
        (form(b"\x89PNG\r\n\x1a\n" + b"\x00" * 100), 422, "not_a_picture"),
        (form(picture()[:300]), 422, "not_a_picture"),
        (form(b""), 422, "not_a_picture"),
        (form(picture(), part="picture"), 422, "invalid"),
        (b"no form", 422, "not_multipart"),
    ]:
        found, problem = await put(client, bob, data)
        assert (found, problem["code"]) == (status, code), problem
    monkeypatch.setattr(pictures, "MOST_BYTES", 1000)
    assert (await put(client, bob, form(picture())))[0] == 413
    assert await left(box) == ([], 0)
    answer = await client.get("/api/v1/auth/me", headers=bob.bearer)
    assert (await answer.json())["picture_url"] is None


async def test_gives_people_what_is_kept_about_them(client: Client, bob: Person) -> None:
    answer = await client.get("/api/v1/auth/me/export", headers=bob.bearer)
    assert answer.status == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    data = await answer.json()
    assert (data["user"]["email"], [each["device"] for each in data["sign_ins"]]) == (bob.email, ["a test"])
    assert "argon2" not in await answer.text()
