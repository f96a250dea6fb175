"""The short way of files that were asked for before: the same answers, whoever reads them and however."""

import asyncio
import random
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from academy import Lesson, add_course, contents_of
from aiohttp.test_utils import TestClient
from cast import Person
from ways import Ways

from lms_box.box import Box
from lms_box.http.pieces import AT_ONCE, Address, Addresses, OpenFile

Client = TestClient[Any, Any]
FILM = random.Random(7).randbytes(AT_ONCE + 1000)  # noqa: S311 -- any bytes do
PART = 3_000_000
LITTLE = 16_384
CHANGING = {"x-request-id", "date"}

on_one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> Ways:
    return Ways(monkeypatch)


@pytest.fixture
async def address(box: Box, client: Client, learner: Person) -> str:
    """Of a film that has been asked for before."""
    course = await add_course(box, "Sailing", [Lesson("Knots", data=FILM)])
    await learner.ask("POST", f"/courses/{course}/enrollment")
    (content_id,) = await contents_of(box, course)
    found: str = (await (await learner.get(f"/contents/{content_id}/playback")).json())["source_url"]
    assert (await client.head(found)).status == 200
    return found


async def said(client: Client, method: str, path: str, headers: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
    answer = await client.request(method, path, headers=headers)
    named = {name.lower(): value for name, value in answer.headers.items() if name.lower() not in CHANGING}
    body = await answer.read()
    return answer.status, b"" if answer.status >= 400 else body, named


@on_one_database
async def test_says_what_the_long_way_says(client: Client, address: str, ways: Ways) -> None:
    about = (await client.head(address)).headers
    tag, day = about["ETag"], about["Last-Modified"]
    rows: list[tuple[dict[str, str], int, str]] = [
        ({"Range": "bytes=0-9"}, 206, "short"),
        ({"Range": f"bytes=5-{AT_ONCE + 4}"}, 206, "short"),
        ({"Range": "bytes=-7"}, 206, "short"),
        ({"Range": f"bytes=10-{len(FILM) * 9}"}, 206, "long"),
        ({}, 200, "long"),
        ({"Range": "bytes=0-9", "If-Range": tag}, 206, "short"),
        ({"Range": "bytes=0-9", "If-Range": day}, 206, "short"),
        ({"Range": "bytes=0-9", "If-Range": '"other"'}, 200, "long"),
        ({"Range": "bytes=0-9", "If-Match": tag}, 206, "short"),
        ({"Range": "bytes=0-9", "Connection": "close"}, 206, "long"),
        ({"If-None-Match": f'"other", {tag}'}, 304, "short"),
        ({"If-Modified-Since": day}, 304, "short"),
        ({"If-Match": '"other"'}, 412, "long"),
        ({"Range": f"bytes={len(FILM)}-"}, 416, "long"),
        ({"Range": "bytes=x-y"}, 416, "long"),
    ]
    for headers, status, way in rows:
        for method in ("GET", "HEAD"):
            ways.is_open = False
            long = await said(client, method, address, headers)
            ways.is_open, ways.taken = True, []
            short = await said(client, method, address, headers)
            assert short == long, (method, headers)
            if method == "GET":
                assert (short[0], ways.taken) == (status, [way]), headers


@on_one_database
async def test_a_file_that_is_gone_is_gone(box: Box, client: Client, address: str) -> None:
    (key,) = await box.storage.keys("assets")
    await box.storage.remove(key)
    assert (await client.get(address, headers={"Range": "bytes=0-9"})).status == 404


@on_one_database
async def test_a_disk_is_waited_for_elsewhere(
    client: Client, address: str, ways: Ways, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OpenFile, "is_in_memory", lambda _file, _offset: False)
    answer = await client.get(address, headers={"Range": f"bytes=9-{PART}"})
    assert (ways.taken[-1], await answer.read() == FILM[9 : PART + 1]) == ("long", True)


@on_one_database
async def test_who_reads_slowly_gets_everything_in_its_order(client: Client, address: str, ways: Ways) -> None:
    async with slowly(client) as (reader, writer):
        ways.taken = []
        for part in range(3):
            writer.write(asked(address, f"bytes={part}-{part + PART - 1}"))
        writer.write(asked("/health", "bytes=0-0"))
        writer.write(asked(address, "bytes=1-2"))
        for part in range(3):
            assert await body_of(reader) == FILM[part : part + PART]
        assert b"healthy" in await body_of(reader)
        assert await body_of(reader) == FILM[1:3]
    assert ways.taken[0] == "short"


@on_one_database
async def test_who_leaves_keeps_no_file_open(box: Box, client: Client, address: str, ways: Ways) -> None:
    (key,) = await box.storage.keys("assets")
    path = box.storage.local_path(key)
    assert path
    async with slowly(client) as (reader, writer):
        writer.write(asked(address, f"bytes=0-{PART - 1}"))
        await reader.readexactly(1000)
        assert (ways.taken[-1], is_open(path)) == ("short", True)
        writer.transport.abort()
    async with asyncio.timeout(10):
        while is_open(path):  # noqa: ASYNC110 -- the kernel has no event for it
            await asyncio.sleep(0.01)


@on_one_database
async def test_what_is_being_sent_is_sent_before_the_end(client: Client, address: str, ways: Ways) -> None:
    async with slowly(client) as (reader, writer):
        writer.write(asked(address, f"bytes=0-{PART - 1}"))
        assert length_of(await reader.readuntil(b"\r\n\r\n")) == PART
        assert ways.taken[-1] == "short"
        ending = asyncio.create_task(client.server.close())
        assert await reader.readexactly(PART // 2) == FILM[: PART // 2]
        assert not ending.done()
        assert await reader.read() == FILM[PART // 2 : PART]
        await ending


def test_an_address_ends_and_the_oldest_make_room(tmp_path: Path) -> None:
    known, now = Addresses(), time.time()
    known.keep("/a", Address(tmp_path, {}, until=now + 10))
    assert known.find("/a", at=now)
    assert known.find("/a", at=now + 10) is None
    for number in range(5000):
        known.keep(f"/{number}", Address(tmp_path, {}, until=now + 10))
    assert known.find("/a", at=now) is None
    assert known.find("/4999", at=now)


def asked(path: str, part: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: box\r\nRange: {part}\r\n\r\n".encode()


@asynccontextmanager
async def slowly(client: Client) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A line on which little is under way: what its reader leaves, the server keeps."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, LITTLE)
    line.setblocking(False)
    await asyncio.get_running_loop().sock_connect(line, (client.host, client.port))
    reader, writer = await asyncio.open_connection(sock=line, limit=LITTLE)
    writer.write(asked("/health", "bytes=0-0"))
    assert b"healthy" in await body_of(reader)
    runner = client.server.runner
    assert runner
    assert runner.server
    for one in runner.server.connections:
        assert one.transport
        one.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, LITTLE)
    for _ in range(10):
        await asyncio.sleep(0)  # the server, on the same loop, has to come to waiting for more
    yield reader, writer
    writer.close()
    await writer.wait_closed()


async def body_of(reader: asyncio.StreamReader) -> bytes:
    return await reader.readexactly(length_of(await reader.readuntil(b"\r\n\r\n")))


def length_of(head: bytes) -> int:
    lines = dict(line.lower().split(": ", 1) for line in head.decode().split("\r\n")[1:] if line)
    return int(lines["content-length"])


def is_open(path: Path) -> bool:
    return str(path.resolve()) in {str(one.resolve()) for one in Path("/proc/self/fd").iterdir()}
