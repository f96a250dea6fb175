"""The catalogue's kept answers: the same as made anew, other for admins, and gone with the very next request after a change."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from academy import Lesson, add_course
from aiohttp import web
from aiohttp.test_utils import TestClient
from cast import Person
from served import served
from sqlalchemy import event
from sqlalchemy.engine import Engine

from lms_box.app import create_app
from lms_box.box import Box, open_box
from lms_box.config import Settings
from lms_box.db.triggers import CATALOGUE
from lms_box.http.kept import MOST_BYTES, Kept, KeptAnswers, Key
from lms_box.http.routing import Route

Client = TestClient[Any, Any]
LIST = "/api/v1/courses"


class Unknown:
    """A database that cannot be heard."""

    def of(self, name: str) -> None:
        del name

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        yield


@pytest.fixture
async def client(client: Client, box: Box) -> Client:
    """Its server knows the revisions."""
    await known(box)
    return client


@pytest.fixture
async def course_id(box: Box) -> UUID:
    return await add_course(box, "Sailing", [Lesson("One")])


@pytest.fixture
async def worker(settings: Settings) -> AsyncIterator[Client]:
    """A second process at the same database would be the same."""
    async with AsyncExitStack() as stack:
        other = await stack.enter_async_context(open_box(settings))
        client = await stack.enter_async_context(served(create_app(other)))
        await known(other)
        yield client


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """What the database was asked, and by it whether an answer was kept."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield asked
    event.remove(Engine, "before_cursor_execute", note)


async def known(box: Box) -> None:
    async with asyncio.timeout(10):
        while box.revisions.of(CATALOGUE) is None:  # noqa: ASYNC110 -- a number has no event to wait for
            await asyncio.sleep(0.01)


async def titles(client: Client, path: str = LIST) -> list[str]:
    return [course["title"] for course in await (await client.get(path)).json()]


async def test_asks_the_database_once(client: Client, course_id: UUID, statements: list[str]) -> None:
    for path in (LIST, f"{LIST}/{course_id}", f"{LIST}?q=sail&limit=1"):
        first = await client.get(path)
        asked = len(statements)
        again = await client.get(path)
        assert len(statements) == asked > 0
        assert await again.read() == await first.read() != b""
        changing = {"x-request-id", "date", "ratelimit-remaining", "ratelimit-reset"}
        headers = [sorted(row for row in answer.headers.items() if row[0].lower() not in changing) for answer in (first, again)]
        assert headers[0] == headers[1]
        assert again.headers["X-Request-Id"] != first.headers["X-Request-Id"]
        assert again.headers["X-Content-Type-Options"] == "nosniff"


async def test_answers_304_from_what_is_kept(client: Client, course_id: UUID, statements: list[str]) -> None:
    path = f"{LIST}/{course_id}"
    etag = (await client.get(path)).headers["ETag"]
    asked = len(statements)
    answer = await client.get(path, headers={"If-None-Match": etag})
    assert (answer.status, await answer.read(), answer.headers["ETag"]) == (304, b"", etag)
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert len(statements) == asked


async def test_a_304_after_a_change_is_kept_too(box: Box, client: Client, course_id: UUID, statements: list[str]) -> None:
    """What changed elsewhere leaves this page as it was: those who know it find that out once, not each."""
    path = f"{LIST}/{course_id}"
    etag = (await client.get(path)).headers["ETag"]
    await add_course(box, "Knots")
    for _ in range(2):
        statements.clear()
        assert (await client.get(path, headers={"If-None-Match": etag})).status == 304
    assert statements == []


async def test_answers_304_also_where_nothing_is_known(box: Box, course_id: UUID) -> None:
    async with served(create_app(replace(box, revisions=Unknown()))) as client:
        etag = (await client.get(f"{LIST}/{course_id}")).headers["ETag"]
        assert (await client.get(f"{LIST}/{course_id}", headers={"If-None-Match": etag})).status == 304
        assert await titles(client) == ["Sailing"]


async def test_answers_head_without_a_body(client: Client, course_id: UUID) -> None:
    for _ in range(2):
        answer = await client.head(f"{LIST}/{course_id}")
        assert (answer.status, await answer.read()) == (200, b"")
    assert (await (await client.get(f"{LIST}/{course_id}")).json())["title"] == "Sailing"


async def test_admins_see_their_own(box: Box, client: Client, owner: Person, learner: Person) -> None:
    await add_course(box, "Draft", status="draft")
    await add_course(box, "Open")
    for _ in range(2):
        assert len(await (await owner.get("/courses")).json()) == 2
        assert len(await (await learner.get("/courses")).json()) == 1
        assert await titles(client) == ["Open"]


async def test_a_change_is_seen_by_the_next_request(client: Client, owner: Person, course_id: UUID) -> None:
    assert await titles(client) == ["Sailing"]
    for number in range(5):
        await owner.ask("PATCH", f"/courses/{course_id}", json={"title": f"Sailing {number}"})
        assert await titles(client) == [f"Sailing {number}"]
        assert (await (await client.get(f"{LIST}/{course_id}")).json())["title"] == f"Sailing {number}"
    await owner.ask("PATCH", f"/courses/{course_id}", json={"status": "draft"})
    assert await titles(client) == []
    assert (await client.get(f"{LIST}/{course_id}")).status == 404


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_change_by_another_process_is_seen_by_the_next_request(
    client: Client, worker: Client, owner: Person, course_id: UUID
) -> None:
    for number in range(5):
        await owner.ask("PATCH", f"/courses/{course_id}", json={"title": f"Sailing {number}"})
        assert await titles(worker) == await titles(client) == [f"Sailing {number}"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_change_by_another_machine_is_seen_when_it_is_told(
    client: Client, worker: Client, owner: Person, course_id: UUID
) -> None:
    """PostgreSQL tells it at once, but nothing makes the next request wait for that."""
    for number in range(5):
        await titles(worker)
        await owner.ask("PATCH", f"/courses/{course_id}", json={"title": f"Sailing {number}"})
        async with asyncio.timeout(10):
            while await titles(worker) != [f"Sailing {number}"]:
                pass
        assert await titles(client) == [f"Sailing {number}"]


async def test_keeps_no_refusal(client: Client) -> None:
    path = f"{LIST}/00000000-0000-7000-8000-000000000000"
    assert [(await client.get(path)).status for _ in range(2)] == [404, 404]
    assert [(await client.get(f"{LIST}?limit=-1")).status for _ in range(2)] == [422, 422]


def made(body: bytes) -> Kept:
    return Kept.of(web.Response(body=body), Route(method="GET", path="/", handler=titles))


def test_an_answer_made_before_a_change_is_not_given_after_it() -> None:
    kept, key = KeptAnswers(), Key("/", False, False)
    kept.keep(1, key, made(b"made under 1, kept after 2 was known"))
    assert kept.find(2, key) is None
    kept.keep(2, key, made(b"new"))
    kept.keep(1, key, made(b"a slow reader of 1"))
    assert kept.find(2, key) == made(b"new")


def test_makes_room_for_what_is_asked_for() -> None:
    kept, body = KeptAnswers(), bytes(MOST_BYTES // 4)
    for number in range(10):
        kept.keep(1, Key(f"/{number}", False, False), made(body))
        assert kept.find(1, Key("/0", False, False))
    assert [kept.find(1, Key(f"/{number}", False, False)) is not None for number in range(10)] == [
        True,
        *[False] * 7,
        True,
        True,
    ]
    assert kept.find(2, Key("/0", False, False)) is None


def test_what_two_made_at_once_takes_its_room_once() -> None:
    kept, first, second = KeptAnswers(), Key("/1", False, False), Key("/2", False, False)
    kept.keep(1, first, made(bytes(MOST_BYTES // 4)))
    for _ in range(5):
        kept.keep(1, second, made(bytes(MOST_BYTES // 4)))
    assert kept.find(1, first)
    assert kept.find(1, second)
