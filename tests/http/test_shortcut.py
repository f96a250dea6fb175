"""The short way of kept answers: to whoever asks, the same as the long way."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from academy import Lesson, add_course
from aiohttp.test_utils import TestClient
from cast import Person
from served import served
from ways import Ways

from lms_box.accounts.service import change_user
from lms_box.app import create_app
from lms_box.box import Box
from lms_box.db.triggers import CATALOGUE

Client = TestClient[Any, Any]
LIST = "/api/v1/courses"
CHANGING = {"x-request-id", "date", "ratelimit-remaining", "ratelimit-reset"}


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> Ways:
    return Ways(monkeypatch)


@pytest.fixture
async def course_id(box: Box, client: Client) -> UUID:
    assert client.server.started  # so the revisions are watched
    async with asyncio.timeout(10):
        while box.revisions.of(CATALOGUE) is None:  # noqa: ASYNC110 -- a number has no event to wait for
            await asyncio.sleep(0.01)
    return await add_course(box, "Sailing", [Lesson(f"Knot {number}") for number in range(5)])


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
async def test_says_what_the_long_way_says(
    client: Client, owner: Person, learner: Person, course_id: UUID, ways: Ways, encoding: str
) -> None:
    for path in (LIST, f"{LIST}/{course_id}", f"{LIST}?q=sail&limit=1"):
        for signed_in in ({}, {"Authorization": f"Bearer {owner.token}"}, {"Authorization": f"Bearer {learner.token}"}):
            headers = {**signed_in, "Accept-Encoding": encoding}
            for known in ({}, {"If-None-Match": (await client.get(path, headers=headers)).headers["ETag"]}):
                ways.is_open = False
                long = await said(client, path, {**headers, **known})
                ways.is_open, ways.taken = True, []
                assert await said(client, path, {**headers, **known}) == long
                assert ways.taken == ["short"]


async def said(client: Client, path: str, headers: dict[str, str]) -> tuple[int, bytes, list[tuple[str, str]]]:
    answer = await client.get(path, headers=headers)
    assert len(answer.headers["X-Request-Id"]) == 16
    return answer.status, await answer.read(), sorted(row for row in answer.headers.items() if row[0].lower() not in CHANGING)


@pytest.mark.usefixtures("course_id")
async def test_counts_and_refuses_as_the_long_way(box: Box, ways: Ways) -> None:
    limits = box.settings.limits.model_copy(update={"requests_per_minute": 3})
    settings = box.settings.model_copy(update={"limits": limits})
    async with served(create_app(replace(box, settings=settings))) as client:
        answers = [await client.get(LIST) for _ in range(5)]
        left = [(answer.status, answer.headers["RateLimit-Remaining"]) for answer in answers]
    assert left == [(200, "2"), (200, "1"), (200, "0"), (429, "0"), (429, "0")]
    assert "short" in ways.taken


@pytest.mark.usefixtures("course_id")
async def test_is_closed_to_whom_the_door_is(box: Box, learner: Person, ways: Ways) -> None:
    for _ in range(2):
        assert (await learner.get("/courses")).status == 200
    assert ways.taken[-1] == "short"
    async with box.db.writing() as session:
        await change_user(session, user_id=learner.user.id, is_active=False)
    assert (await learner.get("/courses")).status == 401
    site = box.settings.site.model_copy(update={"public_catalogue": False})
    closed = box.settings.model_copy(update={"site": site})
    async with served(create_app(replace(box, settings=closed))) as private:
        assert [(await private.get(LIST)).status for _ in range(2)] == [401, 401]


@pytest.mark.usefixtures("course_id")
async def test_answers_in_turn_what_comes_at_once(client: Client, ways: Ways) -> None:
    await client.get(LIST)
    reader, writer = await asyncio.open_connection(client.host, client.port)
    asked = b"GET %s HTTP/1.1\r\nHost: box\r\nAccept-Encoding: gzip\r\n%s\r\n"
    writer.write(asked % (b"/health", b""))
    first = await reader.readuntil(b"\r\n\r\n")
    assert await reader.readexactly(length_of(first))
    for _ in range(10):
        await asyncio.sleep(0)  # the server, on the same loop, has to come to waiting for more
    for path, more in ((LIST, b""), (LIST, b""), ("/health", b""), (LIST, b""), (LIST, b"Connection: close\r\n")):
        writer.write(asked % (path.encode(), more))
    heads = []
    for _ in range(5):
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        await reader.readexactly(length_of(heads[-1]))
    assert [b"X-Total-Count" in head for head in heads] == [True, True, False, True, True]
    assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()
    assert "short" in ways.taken


@pytest.mark.usefixtures("course_id")
async def test_goes_on_after_a_wish_for_another_protocol(client: Client) -> None:
    await client.get(LIST)
    reader, writer = await asyncio.open_connection(client.host, client.port)
    wish = b"Connection: Upgrade\r\nUpgrade: websocket\r\n"
    for more in (b"", wish, b""):
        for _ in range(10):
            await asyncio.sleep(0)  # as above
        writer.write(b"GET %s HTTP/1.1\r\nHost: box\r\n%s\r\n" % (LIST.encode(), more))
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
        assert b"200 OK" in head
        await reader.readexactly(length_of(head))
    writer.close()
    await writer.wait_closed()


def length_of(head: bytes) -> int:
    lines = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:] if line)
    return int(lines["Content-Length"])
