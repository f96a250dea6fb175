"""Files that come whole: stored once, known by their bytes, and gone without a trace when they are refused."""

import asyncio
import hashlib
import io
import socket
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from academy import Lesson, add_course, stored_keys
from aiohttp import FormData
from cast import Person
from media.material import make_clip
from PIL import Image
from sqlalchemy import func, select
from uploads.conftest import left_over, until

from lms_box.box import Box
from lms_box.courses.tables import Asset, Content, Section
from lms_box.jobs.service import list_jobs

TEXT = b"# Throwing\n\nCentre the clay first.\n"
NOTHING = "018f0000-0000-7000-8000-000000000000"


def form(data: bytes, *, name: str = "02 - Throwing_a_bowl.md", **fields: Any) -> FormData:
    made = FormData(quote_fields=False)
    for field, value in fields.items():
        made.add_field(field, str(value))
    made.add_field("file", data, filename=name, content_type="video/mp4")
    return made


async def upload(person: Person, data: bytes, **fields: Any) -> tuple[int, dict[str, Any]]:
    answer = await person.ask("POST", "/upload/content", data=form(data, **fields))
    return answer.status, await answer.json()


async def count(box: Box, table: type) -> int:
    async with box.db.reading() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_stores_a_file_and_makes_it_a_content(owner: Person, box: Box, course: UUID) -> None:
    status, given = await upload(owner, TEXT, course_id=course, content_type="video")
    assert (status, set(given), given["status"]) == (201, {"id", "url", "status"}, "pending"), given
    content = await (await owner.get(f"/contents/{given['id']}")).json()
    assert (content["type"], content["title"], content["file_size"]) == ("document", "02 - Throwing a bowl", len(TEXT))
    assert given["url"] == content["file_url"]
    async with box.db.reading() as session:
        asset = (await session.scalars(select(Asset))).one()
        assert [(job.kind, job.subject, job.state) for job in await list_jobs(session)] == [("build", asset.id, "queued")]
        assert [section.title for section in await session.scalars(select(Section))] == ["Pottery"]
    assert asset.sha256 == hashlib.sha256(TEXT).hexdigest()
    assert await stored_keys(box) == [asset.key] == [f"assets/{asset.id}/source.md"]
    answer = await owner.get(f"/contents/{given['id']}/file")
    assert answer.status == 302
    assert await left_over(box) == []


async def test_stores_the_same_bytes_once(owner: Person, box: Box, course: UUID) -> None:
    both = await asyncio.gather(*(upload(owner, TEXT, course_id=course, title=title) for title in ("One", "Two")))
    both.append(await upload(owner, TEXT, course_id=course, title="Three", name="c.txt"))
    assert [status for status, _ in both] == [201, 201, 201], both
    assert (await count(box, Content), await count(box, Asset), len(await stored_keys(box))) == (3, 1, 1)
    assert await left_over(box) == []
    for _, given in both:
        assert len(await stored_keys(box)) == 1
        assert (await owner.ask("DELETE", f"/contents/{given['id']}")).status == 204
    assert (await stored_keys(box), await left_over(box)) == ([], [])


async def test_knows_a_film_by_its_bytes(owner: Person, course: UUID, tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4").read_bytes()
    status, given = await upload(owner, clip, course_id=course, name="notes.txt", title="A film")
    assert status == 201, given
    content = await (await owner.get(f"/contents/{given['id']}")).json()
    assert (content["type"], content["title"], content["metadata"]["media_type"]) == ("video", "A film", "video/mp4")
    assert content["duration"] > 0
    status, given = await upload(owner, b"\x00\x01 nothing we know", course_id=course, name="film.bin", title="A film")
    content = await (await owner.get(f"/contents/{given['id']}")).json()
    assert (content["type"], content["status"]) == ("file", "ready")


async def test_puts_a_content_last_in_its_section(owner: Person, box: Box) -> None:
    course = await add_course(box, "Bread", [Lesson("Flour", data=b"1"), Lesson("Water", data=b"2")])
    async with box.db.writing() as session:
        first = (await session.scalars(select(Section))).one()
        session.add(second := Section(course_id=course, title="Oven", order_index=1))
        await session.flush()
    for title, section in (("Heat", second.id), ("Salt", first.id), ("Eat", None)):
        fields = {"section_id": section} if section else {}
        assert (await upload(owner, title.encode(), course_id=course, title=title, **fields))[0] == 201
    page = await (await owner.get(f"/courses/{course}")).json()
    order = [(content["title"], content["order_index"]) for section in page["sections"] for content in section["contents"]]
    assert order == [("Flour", 0), ("Water", 1), ("Salt", 2), ("Heat", 3), ("Eat", 4)]


@pytest.mark.parametrize(
    ("data", "fields", "status", "code"),
    [
        (TEXT, {}, 422, "invalid"),
        (TEXT, {"course_id": "no id"}, 422, "invalid"),
        (TEXT, {"course_id": NOTHING}, 404, "not_found"),
        (TEXT, {"course_id": "course", "section_id": NOTHING}, 422, "unknown_section"),
        (TEXT, {"course_id": "course", "title": "x" * 201}, 422, "invalid"),
        (TEXT, {"course_id": "course", "title": "a\x00b"}, 422, "invalid"),
        (TEXT, {"course_id": "course", "role": "admin"}, 422, "invalid"),
        (b"", {"course_id": "course"}, 422, "empty_file"),
        (b"x" * 2001, {"course_id": "course"}, 413, "too_large"),
    ],
)
async def test_leaves_nothing_of_what_it_refuses(
    owner: Person,
    box: Box,
    course: UUID,
    monkeypatch: pytest.MonkeyPatch,
    data: bytes,
    fields: dict[str, str],
    status: int,
    code: str,
) -> None:
    monkeypatch.setitem(box.settings.limits.__dict__, "upload_bytes", 2000)
    named = {name: course if value == "course" else value for name, value in fields.items()}
    found, problem = await upload(owner, data, **named)
    assert (found, problem["code"]) == (status, code), problem
    if status == 413:
        assert "2000 bytes" in problem["detail"]
    assert (await count(box, Content), await count(box, Asset), await stored_keys(box)) == (0, 0, [])
    assert await left_over(box) == []


async def test_refuses_what_is_no_form(owner: Person, box: Box, course: UUID) -> None:
    twice = form(TEXT, course_id=course)
    twice.add_field("file", b"again", filename="b")
    no_file = FormData()
    no_file.add_field("course_id", str(course), content_type="text/plain")
    many = form(TEXT, **{f"f{number}": "x" for number in range(30)})
    for data, headers, status in [
        (twice, {}, 422),
        (no_file, {}, 422),
        (many, {}, 422),
        (b"x", {"Content-Type": "multipart/form-data; boundary=b"}, 422),
        (b"x", {"Content-Type": "multipart/form-data"}, 422),
        (
            b"--b\r\nContent-Disposition: form-data; name=file\r\n\r\nhalf",
            {"Content-Type": "multipart/form-data; boundary=b"},
            422,
        ),
        (b"{}", {"Content-Type": "application/json"}, 422),
    ]:
        answer = await owner.ask("POST", "/upload/content", data=data, headers=headers)
        assert answer.status == status, await answer.text()
        assert answer.content_type == "application/problem+json"
    assert (await count(box, Content), await stored_keys(box), await left_over(box)) == (0, [], [])


async def test_is_for_admins(client: Any, learner: Person, box: Box, course: UUID) -> None:
    for path in ("/upload/content", "/upload/thumbnail"):
        answer = await learner.ask("POST", path, data=form(TEXT, course_id=course))
        assert (answer.status, (await answer.json())["code"]) == (403, "admins_only")
        assert (await client.post(f"/api/v1{path}", data=form(TEXT, course_id=course))).status == 401
    draft = {"text": "# x"}
    assert (await learner.ask("POST", f"/courses/{course}/contents", json=draft)).status == 403
    assert (await client.post(f"/api/v1/courses/{course}/contents", json=draft)).status == 401
    assert (await count(box, Content), await left_over(box)) == (0, [])


@pytest.mark.parametrize("expect", [True, False])
async def test_refuses_too_much_before_the_first_byte(owner: Person, client: Any, expect: bool) -> None:
    """Neither asked for the body nor waiting for it: the answer comes while nothing but the head has been sent."""
    head = [
        "POST /api/v1/upload/content HTTP/1.1",
        "Host: box",
        f"Authorization: Bearer {owner.token}",
        "Content-Type: multipart/form-data; boundary=b",
        f"Content-Length: {3 * 1024**3}",
        *(["Expect: 100-continue"] if expect else []),
    ]
    reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
    writer.write("\r\n".join([*head, "", ""]).encode())
    first = await asyncio.wait_for(reader.readline(), 20)
    assert first.startswith(b"HTTP/1.1 413 "), first
    assert b"2147483648 bytes" in await asyncio.wait_for(reader.readuntil(b"}"), 20)
    writer.close()
    await writer.wait_closed()


async def test_asks_a_polite_client_for_its_body(owner: Person, course: UUID) -> None:
    answer = await owner.ask("POST", "/upload/content", data=form(TEXT, course_id=course), expect100=True)
    assert answer.status == 201


async def test_says_when_there_is_too_little_space(
    owner: Person, box: Box, course: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(box.storage, "free", lambda: 10)
    status, problem = await upload(owner, TEXT, course_id=course)
    assert (status, problem["code"]) == (503, "disk_full")
    assert "10 bytes are free" in problem["detail"]


async def left(box: Box, files: list[str]) -> bool:
    return await left_over(box) == files


async def test_forgets_what_a_broken_line_has_sent(owner: Person, client: Any, box: Box) -> None:
    head = (
        "POST /api/v1/upload/content HTTP/1.1\r\nHost: box\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        f"Authorization: Bearer {owner.token}\r\nContent-Length: 9999\r\n\r\n"
        '--b\r\nContent-Disposition: form-data; name="file"; filename="a.md"\r\n\r\nhalf a text'
    )
    with socket.create_connection(("127.0.0.1", client.port)) as line:
        line.sendall(head.encode())
        await until(lambda: left(box, ["received"]))
    await until(lambda: left(box, []))
    assert (await left_over(box), await stored_keys(box), await count(box, Content)) == ([], [], 0)


async def test_writes_a_lesson_from_text(owner: Person, box: Box, course: UUID) -> None:
    draft = {"title": "Glaze", "text": "# Glaze\n\nTwo coats.", "description": "d", "is_preview": True}
    answer = await owner.ask("POST", f"/courses/{course}/contents", json=draft)
    content = await answer.json()
    assert (answer.status, content["type"], content["title"], content["is_preview"]) == (201, "document", "Glaze", True)
    assert (content["course_id"], content["description"], content["status"]) == (str(course), "d", "pending")
    for body, status in [
        ({}, 422),
        ({"text": ""}, 422),
        ({"text": "x", "upload_id": NOTHING}, 422),
        ({"upload_id": NOTHING}, 404),
        ({"text": "x", "section_id": NOTHING}, 422),
        ({"text": "a\x00b"}, 422),
    ]:
        assert (await owner.ask("POST", f"/courses/{course}/contents", json=body)).status == status, body
    assert (await owner.ask("POST", f"/courses/{NOTHING}/contents", json={"text": "x"})).status == 404
    assert (await count(box, Content), await left_over(box)) == (1, [])


def picture(size: tuple[int, int] = (1600, 1200)) -> bytes:
    file = io.BytesIO()
    image = Image.new("RGB", size, "teal")
    exif = image.getexif()
    exif[0x0112], exif[0x010F] = 6, "a camera that tells"
    image.save(file, "JPEG", exif=exif)
    return file.getvalue()


async def test_makes_a_small_picture_for_a_course(owner: Person, client: Any, box: Box, course: UUID) -> None:
    urls = []
    for _ in range(2):
        answer = await owner.ask("POST", "/upload/thumbnail", data=form(picture(), course_id=course, name="p.jpg"))
        assert answer.status == 201, await answer.text()
        urls.append((await answer.json())["url"])
        view = await (await owner.get(f"/courses/{course}")).json()
        assert view["thumbnail_url"] == urls[-1]
    shown = await (await client.get(urls[1])).read()
    with Image.open(io.BytesIO(shown)) as image:
        assert (image.format, image.width <= 800, image.height <= 600, image.height > image.width) == ("WEBP", True, True, True)
    assert b"a camera" not in shown
    assert (await client.get(urls[0])).status == 404
    assert (await stored_keys(box), await left_over(box)) == ([urls[1].removeprefix("/media/")], [])


async def test_gives_a_loose_picture_to_the_course_that_names_it(owner: Person, box: Box, course: UUID) -> None:
    answer = await owner.ask("POST", "/upload/thumbnail", data=form(picture((40, 30)), name="p.jpg"))
    url = (await answer.json())["url"]
    assert await left_over(box) == ["announced"]
    made = await (await owner.ask("POST", "/courses", json={"title": "Weaving", "thumbnail_url": url})).json()
    assert (made["thumbnail_url"], await left_over(box)) == (url, [])
    for taken in (url, f"/media/public/{NOTHING}.webp"):
        answer = await owner.ask("PATCH", f"/courses/{course}", json={"thumbnail_url": taken})
        assert (answer.status, (await answer.json())["code"]) == (422, "unknown_picture")
    for body, left in (({"title": "Weave"}, url), ({"thumbnail_url": url}, url), ({"thumbnail_url": None}, None)):
        answer = await owner.ask("PATCH", f"/courses/{made['id']}", json=body)
        assert (await answer.json())["thumbnail_url"] == left
    assert (await stored_keys(box), await left_over(box)) == ([], [])


async def test_takes_nothing_but_pictures_for_a_thumbnail(owner: Person, box: Box) -> None:
    for data, fields, status, code in [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", {}, 422, "not_a_picture"),
        (b"<!doctype html><script>alert(1)</script>", {}, 422, "not_a_picture"),
        (picture()[:300], {}, 422, "not_a_picture"),
        (picture((9, 9)), {"course_id": NOTHING}, 404, "not_found"),
        (picture((9, 9)), {"course_id": "x"}, 422, "invalid"),
    ]:
        answer = await owner.ask("POST", "/upload/thumbnail", data=form(data, name="p.jpg", **fields))
        assert (answer.status, (await answer.json())["code"]) == (status, code)
    assert (await stored_keys(box), await left_over(box)) == ([], [])
