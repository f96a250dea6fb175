"""Resumable uploads: the protocol's own rules, real clients, a lost line, a killed server, what nobody came back for."""

import asyncio
import base64
import hashlib
import io
import os
import shutil
import socket
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from academy import stored_keys
from aiohttp.test_utils import TestClient, TestServer
from cast import Person, introduce
from sqlalchemy import func, select, update
from tusclient.client import TusClient
from uploads.conftest import left_over, until
from uploads.pieces import PIECE, TEXT, TUS, begin, contents, offset_of, said, send

from lms_box.app import create_app
from lms_box.box import Box, open_box
from lms_box.courses.uploads import resumable, tus
from lms_box.courses.uploads.checksums import Checksum
from lms_box.courses.uploads.resumable import alone, append_piece, collect_abandoned, path_of
from lms_box.courses.uploads.tables import Upload
from lms_box.db.base import now

NOTHING = "018f0000-0000-7000-8000-000000000000"

NODE = shutil.which("node")
JS_FOLDERS = (Path(os.environ.get("LMS_TUS_JS", "nowhere")), Path(__file__).parents[2] / "web")
TUS_JS = next((folder for folder in JS_FOLDERS if (folder / "node_modules/tus-js-client").is_dir()), None)


async def has_come(person: Person, path: str, offset: int) -> bool:
    return await offset_of(person, path) == offset


async def is_taken(person: Person, path: str, offset: int) -> bool:
    """The rest of the text, once the broken line has been given up."""
    status, found = await send(person, path, TEXT[offset:], offset)
    assert (status, found) in ((204, str(len(TEXT))), (409, "upload_busy"))
    return status == 204


async def test_says_what_it_understands(client: Any) -> None:
    answer = await client.request("OPTIONS", "/api/v1/upload/tus")
    assert (answer.status, answer.headers["Tus-Version"]) == (204, "1.0.0")
    assert answer.headers["Tus-Extension"] == "creation,expiration,termination,checksum"
    assert (answer.headers["Tus-Max-Size"], answer.headers["Tus-Checksum-Algorithm"]) == (str(2 * 1024**3), "sha1,sha256,md5")


async def test_becomes_a_content_with_its_last_byte(owner: Person, box: Box, course: UUID) -> None:
    path = await begin(owner, filename="03_Firing.md", filetype="text/markdown", course_id=course)
    assert await send(owner, path, TEXT[:1000], 0) == (204, "1000")
    assert (await offset_of(owner, path), await contents(box)) == (1000, [])
    assert await send(owner, path, TEXT[1000:], 1000) == (204, str(len(TEXT)))
    assert await contents(box) == [("03 Firing", "document", hashlib.sha256(TEXT).hexdigest())]
    answer = await owner.ask("HEAD", path, headers=TUS)
    assert answer.headers["Upload-Length"] == answer.headers["Upload-Offset"] == str(len(TEXT))
    assert answer.headers["Upload-Metadata"].startswith("filename MDNfRmlyaW5nLm1k,")
    assert (await owner.get(f"/contents/{answer.headers['X-Content-Id']}")).status == 200
    assert await left_over(box) == []
    assert await send(owner, path, b"", len(TEXT)) == (204, str(len(TEXT)))
    assert len(await contents(box)) == 1


async def test_waits_for_a_course_when_it_has_none(owner: Person, learner: Person, box: Box, course: UUID) -> None:
    path = await begin(owner, filename="firing.md")
    made = {"upload_id": path.rpartition("/")[2], "title": "Firing"}

    async def use(person: Person = owner) -> tuple[int, str]:
        answer = await person.ask("POST", f"/courses/{course}/contents", json=made)
        body = await answer.json()
        return answer.status, body.get("code") or body["title"]

    assert await use() == (409, "upload_incomplete")
    assert await send(owner, path, TEXT, 0) == (204, str(len(TEXT)))
    assert await contents(box) == []
    answers = await asyncio.gather(use(), use())
    assert min(answers) == (201, "Firing"), answers
    assert max(answers)[0] == 409
    assert await use() == (409, "upload_used")
    assert (len(await contents(box)), await left_over(box)) == (1, [])
    assert (await use(learner))[0] == 403


async def test_goes_on_where_the_line_broke(
    owner: Person, client: Any, box: Box, course: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resumable, "SAVE_EVERY", 1)
    monkeypatch.setattr(tus, "BATCH", 1)
    path = await begin(owner, course_id=course)
    head = (
        f"PATCH /api/v1{path} HTTP/1.1\r\nHost: box\r\nContent-Type: {PIECE}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
        f"Authorization: Bearer {owner.token}\r\nContent-Length: {len(TEXT)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", client.port)) as line:
        line.sendall(head.encode() + TEXT[:1234])
        await until(lambda: has_come(owner, path, 1234))
    await until(lambda: is_taken(owner, path, 1234))
    assert [sha256 for _, _, sha256 in await contents(box)] == [hashlib.sha256(TEXT).hexdigest()]


@pytest.mark.parametrize(("checksum", "kept"), [(None, 300), (Checksum("sha1", b""), 0)])
async def test_keeps_what_came_before_the_line_broke(owner: Person, box: Box, checksum: Checksum | None, kept: int) -> None:
    """Unless a checksum was to vouch for it."""

    async def broken() -> AsyncIterator[bytes]:
        yield TEXT[:200]
        yield TEXT[200:300]
        raise ConnectionResetError

    upload_id = UUID((await begin(owner)).rpartition("/")[2])
    async with box.db.reading() as session:
        upload = await session.get_one(Upload, upload_id)
    with alone(path_of(box, upload_id)) as file, pytest.raises(ConnectionResetError):
        await append_piece(box, upload, file, broken(), checksum)
    assert await offset_of(owner, f"/upload/tus/{upload_id}") == kept


async def test_goes_on_after_a_kill(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was not counted is sent again, whatever lies in the file."""
    monkeypatch.setattr(resumable, "SAVE_EVERY", 100)
    async with open_box(settings) as box, TestClient(TestServer(create_app(box))) as client:
        owner = await introduce(box, client, "Olga Owner", role="admin")
        path = await begin(owner)
        assert (await send(owner, path, TEXT[:500], 0))[0] == 204
        file = path_of(box, UUID(path.rpartition("/")[2]))
    with file.open("ab") as more:
        more.write(b"what a killed server had written and not counted" * 10)
    async with open_box(settings) as box, TestClient(TestServer(create_app(box))) as client:
        again = Person(owner.user, owner.token, client)
        assert await offset_of(again, path) == 500
        assert await send(again, path, TEXT[500:], 500) == (204, str(len(TEXT)))
        assert file.read_bytes() == TEXT


async def test_counts_a_long_piece_on_its_way(owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resumable, "SAVE_EVERY", 1024 * 1024)
    counted: list[int] = []
    count = resumable._count

    async def watch(session: Any, upload_id: UUID, received: int) -> None:
        counted.append(received)
        await count(session, upload_id, received)

    monkeypatch.setattr(resumable, "_count", watch)
    size = 5 * 1024 * 1024
    path = await begin(owner, size)
    assert (await send(owner, path, bytes(size), 0))[0] == 204
    assert len(counted) >= 3
    assert counted == sorted(counted)
    assert counted[-1] == size


async def test_takes_only_the_piece_that_was_sent(owner: Person, box: Box) -> None:
    path = await begin(owner)

    def sum_of(data: bytes, algorithm: str = "sha1") -> str:
        return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, data).digest()).decode()}"

    for header, status, found in [
        (sum_of(b"something else"), 460, "checksum_mismatch"),
        ("crc32 AAAA", 400, "unknown_checksum"),
        ("sha1 not base64", 400, "unknown_checksum"),
        (sum_of(TEXT[:100]), 204, "100"),
    ]:
        assert await send(owner, path, TEXT[:100], 0, **{"Upload-Checksum": header}) == (status, found)
    for start, algorithm in ((100, "sha256"), (200, "md5")):
        piece = TEXT[start : start + 100]
        assert (await send(owner, path, piece, start, **{"Upload-Checksum": sum_of(piece, algorithm)}))[0] == 204
    assert (await send(owner, path, TEXT[300:], 300))[0] == 204
    assert path_of(box, UUID(path.rpartition("/")[2])).read_bytes() == TEXT


async def test_keeps_the_protocols_rules(owner: Person, box: Box) -> None:
    path = await begin(owner, 100)
    for method, headers, data, status, code in [
        ("PATCH", {"Tus-Resumable": "0.2.2"}, b"x", 412, "tus_version"),
        ("PATCH", {"Content-Type": "application/octet-stream"}, b"x", 415, "unsupported_media_type"),
        ("PATCH", {"Upload-Offset": "1"}, b"x", 409, "wrong_offset"),
        ("PATCH", {"Upload-Offset": "-1"}, b"x", 400, "malformed_header"),
        ("PATCH", {}, b"x" * 101, 413, "too_large"),
        ("DELETE", {"Tus-Resumable": ""}, None, 412, "tus_version"),
    ]:
        given = {**TUS, "Content-Type": PIECE, "Upload-Offset": "0", **headers}
        answer = await owner.ask(method, path, headers=given, data=data)
        assert (answer.status, (await answer.json())["code"]) == (status, code)
        assert answer.headers["Tus-Version"] == "1.0.0"
    for headers, status in [
        ({"Upload-Length": str(2 * 1024**3 + 1)}, 413),
        ({"Upload-Length": "0"}, 422),
        ({"Upload-Length": "1e3"}, 400),
        ({"Upload-Length": "9" * 30}, 413),
        ({"Upload-Length": "9" * 300}, 400),
        ({}, 400),
        ({"Upload-Length": "10", "Upload-Metadata": "filename ***"}, 400),
        ({"Upload-Length": "10", "Upload-Metadata": "filename /w=="}, 400),
        ({"Upload-Length": "10", **said(course_id="no id")}, 422),
        ({"Upload-Length": "10", **said(course_id=NOTHING)}, 404),
    ]:
        assert (await owner.ask("POST", "/upload/tus", headers={**TUS, **headers})).status == status, headers
    assert await offset_of(owner, path) == 0
    async with box.db.reading() as session:
        assert await session.scalar(select(func.count(Upload.id))) == 1


async def test_keeps_what_only_the_client_understands(owner: Person) -> None:
    theirs = {"Upload-Metadata": "mine /w==,checked"}
    answer = await owner.ask("POST", "/upload/tus", headers={**TUS, "Upload-Length": "10", **theirs})
    assert answer.status == 201
    shown = await owner.ask("HEAD", answer.headers["Location"].removeprefix("/api/v1"), headers=TUS)
    assert shown.headers["Upload-Metadata"] == theirs["Upload-Metadata"]


async def test_is_refused_when_there_is_no_room(owner: Person, box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(box.storage, "free", lambda: 10)
    answer = await owner.ask("POST", "/upload/tus", headers={**TUS, "Upload-Length": "11"})
    assert (answer.status, (await answer.json())["code"]) == (503, "disk_full")


async def test_has_one_piece_on_its_way_at_a_time(owner: Person, box: Box) -> None:
    path = await begin(owner)
    with alone(path_of(box, UUID(path.rpartition("/")[2]))):
        assert await send(owner, path, TEXT, 0) == (409, "upload_busy")
        assert (await owner.ask("DELETE", path, headers=TUS)).status == 409
    assert (await send(owner, path, TEXT, 0))[0] == 204


async def test_is_given_up_and_forgotten(owner: Person, box: Box) -> None:
    path = await begin(owner)
    assert (await send(owner, path, TEXT[:10], 0))[0] == 204
    assert (await owner.ask("DELETE", path, headers=TUS)).status == 204
    assert (await owner.ask("HEAD", path, headers=TUS)).status == 404
    assert await left_over(box) == []


async def test_ends_when_nobody_comes_back(owner: Person, box: Box) -> None:
    path, other = await begin(owner), await begin(owner)
    for each in (path, other):
        assert (await send(owner, each, TEXT[:10], 0))[0] == 204
    (path_of(box, UUID(NOTHING))).write_bytes(b"of an upload that nobody knows")
    async with box.db.writing() as session:
        gone = UUID(path.rpartition("/")[2])
        await session.execute(update(Upload).where(Upload.id == gone).values(expires_at=now() - timedelta(seconds=1)))
    assert (await owner.ask("HEAD", path, headers=TUS)).status == 410
    assert await send(owner, path, TEXT[10:], 10) == (410, "upload_expired")
    await collect_abandoned(box)
    assert (await owner.ask("HEAD", path, headers=TUS)).status == 404
    assert await left_over(box) == [other.rpartition("/")[2]]
    assert await offset_of(owner, other) == 10


async def test_is_for_the_admin_who_began_it(client: Any, owner: Person, learner: Person, box: Box) -> None:
    path = await begin(owner)
    second = await introduce(box, client, "Anna Admin", role="admin")
    name = path.rpartition("/")[2]
    for method, path in (
        ("HEAD", f"/upload/tus/{name}"),
        ("PATCH", f"/upload/tus/{name}"),
        ("DELETE", f"/upload/tus/{name}"),
    ):
        given = {**TUS, "Content-Type": PIECE, "Upload-Offset": "0"}
        assert (await second.ask(method, path, headers=given)).status == 404
        assert (await learner.ask(method, path, headers=given)).status == 403
        assert (await client.request(method, f"/api/v1{path}", headers=given)).status == 401
    answer = await learner.ask("POST", "/upload/tus", headers={**TUS, "Upload-Length": "1"})
    assert answer.status == 403
    assert await offset_of(owner, path) == 0


async def test_works_with_tuspy(owner: Person, client: Any, box: Box, course: UUID) -> None:
    """A first client stops in the middle; a second one asks how far it came and goes on."""

    def run(url: str | None, stop_at: int | None) -> str:
        address, headers = str(client.make_url("/api/v1/upload/tus")), {"Authorization": f"Bearer {owner.token}"}
        metadata = {"filename": "firing.md", "course_id": str(course)}
        uploader = TusClient(address, headers=headers).uploader(
            file_stream=io.BytesIO(TEXT), url=url, chunk_size=700, metadata=metadata, upload_checksum=True
        )
        uploader.upload(stop_at=stop_at)
        return str(uploader.url)

    url = await asyncio.to_thread(run, None, 1400)
    assert await contents(box) == []
    assert await asyncio.to_thread(run, url, None) == url
    assert await contents(box) == [("firing", "document", hashlib.sha256(TEXT).hexdigest())]
    assert (await left_over(box), len(await stored_keys(box))) == ([], 1)


@pytest.mark.skipif(NODE is None or TUS_JS is None, reason="tus-js-client is not installed (LMS_TUS_JS or web/)")
async def test_works_with_tus_js_client(owner: Person, client: Any, box: Box, course: UUID) -> None:
    script = Path(__file__).with_name("tus_client.mjs")
    endpoint = str(client.make_url("/api/v1/upload/tus"))
    process = await asyncio.create_subprocess_exec(str(NODE), script, str(TUS_JS), endpoint, owner.token, str(course))
    assert await process.wait() == 0
    data = b"# Firing\n" * 500
    assert await contents(box) == [("firing", "document", hashlib.sha256(data).hexdigest())]
    assert await left_over(box) == []
