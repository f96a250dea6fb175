"""`lms serve --workers 2`: what one worker is told, the other knows with the next request; none outlives the first process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from academy import add_course, contents_of, page
from aiohttp import ClientConnectionError, ClientResponse, ClientSession, DummyCookieJar, TCPConnector
from cast import introduce
from command import Serving, Shell, kill

from lms_box.accounts.passwords import hash_password
from lms_box.accounts.service import change_password, get_user
from lms_box.box import open_box
from lms_box.config import load_settings

PASSWORD = "some quiet word"
HEADERS = {"Content-Type": "application/json"}


class Line:
    """One connection that stays open, so that it is one worker who answers."""

    def __init__(self, session: ClientSession, address: str) -> None:
        self._session, self._address = session, f"{address}/api/v1"

    async def ask(self, method: str, path: str, token: str | None = None, **json: Any) -> tuple[int, Any]:
        answer, body = await self.hear(method, path, token, **json)
        return answer.status, body

    async def hear(self, method: str, path: str, token: str | None = None, **json: Any) -> tuple[ClientResponse, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with self._session.request(method, self._address + path, headers=headers, json=json or None) as answer:
            return answer, await answer.json() if await answer.read() else None


@pytest.fixture
def shell(tmp_path: Path, database_url: str) -> Shell:
    environ = {"LMS_DATABASE__URL": database_url, "LMS_LIMITS__SIGN_IN_FAILURES_PER_ACCOUNT": "3"}
    environ["LMS_LIMITS__REQUESTS_PER_MINUTE"] = "100000"
    return Shell(tmp_path / "data", environ)


@asynccontextmanager
async def line_to(served: Serving) -> AsyncIterator[Line]:
    async with ClientSession(connector=TCPConnector(limit=1), cookie_jar=DummyCookieJar()) as session:
        yield Line(session, served.address)


async def lines_to_both(stack: AsyncExitStack, served: Serving) -> tuple[Line, Line]:
    """Each worker counts requests for itself, and by the count they are told apart."""
    first = await stack.enter_async_context(line_to(served))
    async with asyncio.timeout(120):
        while True:
            other = await stack.enter_async_context(line_to(served))
            if all([await are_apart(first, other) for _ in range(2)]):  # twice: a new minute looks alike
                return first, other
            await asyncio.sleep(0.1)


async def are_apart(first: Line, other: Line) -> bool:
    left = [int((await line.hear("GET", "/site"))[0].headers["RateLimit-Remaining"]) for line in (other, first)]
    return left[1] != left[0] - 1


async def test_what_one_is_told_the_other_knows(shell: Shell) -> None:
    settings = load_settings(data_dir=shell.data_dir, environ=shell.environ)
    async with open_box(settings) as box:
        course = await add_course(box, "Sailing", [page("Knots")])
        (lesson,) = await contents_of(box, course)
        owner = await introduce(box, cast("Any", None), "Olga Owner", role="admin")
        learner = await introduce(box, cast("Any", None), "Leo Learner")
        async with box.db.writing() as session:
            user = await get_user(session, user_id=learner.user.id)
            await change_password(session, user=user, password_hash=await hash_password(PASSWORD))
    with shell.serving("--workers", "2", "--no-jobs") as served:
        async with AsyncExitStack() as stack:
            both = await lines_to_both(stack, served)
            await check_the_catalogue(both, str(course), owner.token, at_once=settings.database_url.startswith("sqlite"))
            token = await check_sign_in(both)
            await check_progress(both, str(course), str(lesson), token)
            await check_closing(both, str(learner.user.id), owner.token, token)
            await check_failures(both)
            await check_links(both, served.address, str(learner.user.id), owner.token)
        assert served.stop() == 0


async def check_the_catalogue(both: tuple[Line, Line], course: str, owner: str, *, at_once: bool) -> None:
    """On PostgreSQL the other one is told of it without delay, but nothing makes its next request wait for that."""
    for number in range(4):
        teller, hearer = both if number % 2 else both[::-1]
        assert (await hearer.ask("GET", f"/courses/{course}"))[0] == 200
        status, _ = await teller.ask("PATCH", f"/courses/{course}", owner, title=f"Sailing {number}")
        assert status == 200
        for line in both:
            async with asyncio.timeout(30):
                while (found := await line.ask("GET", f"/courses/{course}"))[1]["title"] != f"Sailing {number}":
                    assert not at_once or line is teller, found
                    assert not at_once


async def check_sign_in(both: tuple[Line, Line]) -> str:
    """Signed in at one, known to the other; signed out there, no longer known to the first."""
    first, other = both
    tokens = []
    for _ in range(2):
        status, pair = await first.ask("POST", "/auth/login", email="leo@example.org", password=PASSWORD)
        assert status == 200, pair
        assert [(await line.ask("GET", "/auth/me", pair["access_token"]))[0] for line in both] == [200, 200]
        tokens.append(pair["access_token"])
    assert (await other.ask("POST", "/auth/logout", tokens[0]))[0] == 204
    assert [(await first.ask("GET", "/auth/me", token))[0] for token in tokens] == [401, 200]
    return str(tokens[1])


async def check_progress(both: tuple[Line, Line], course: str, lesson: str, token: str) -> None:
    first, other = both
    assert (await first.ask("POST", f"/courses/{course}/enrollment", token))[0] == 201
    for number, (teller, hearer) in enumerate((both, (other, first)), start=1):
        status, _ = await teller.ask("PUT", f"/contents/{lesson}/progress", token, position=number, watched=[[number, number]])
        assert status == 200
        status, shown = await hearer.ask("GET", f"/courses/{course}/progress", token)
        assert (status, shown["contents"][0]["position"]) == (200, number)
    assert shown["contents"][0]["watched"] == [[1, 2]]


async def check_closing(both: tuple[Line, Line], learner: str, owner: str, token: str) -> None:
    first, other = both
    assert (await first.ask("PATCH", f"/users/{learner}", owner, is_active=False))[0] == 200
    assert [(await line.ask("GET", "/auth/me", token))[0] for line in (other, first)] == [401, 401]


async def check_failures(both: tuple[Line, Line]) -> None:
    first, other = both
    statuses = [
        (await line.ask("POST", "/auth/login", email="nobody@example.org", password="wrong"))[0]
        for line in (first, other, first, other, first)
    ]
    assert statuses == [401, 401, 401, 429, 429]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def check_links(both: tuple[Line, Line], address: str, user: str, owner: str) -> None:
    """They name the port that was found, not the 0 that was asked for."""
    for line in both:
        status, link = await line.ask("POST", f"/users/{user}/link", owner, purpose="sign-in")
        assert status == 201
        assert link["url"].startswith(f"{address}/link#")


async def test_none_outlives_the_first_process(shell: Shell) -> None:
    """Killed without a word, it takes its workers with it: else they would keep the port and answer on."""
    with shell.serving("--workers", "2", "--no-jobs") as served:
        async with AsyncExitStack() as stack:
            await lines_to_both(stack, served)
        await asyncio.to_thread(kill, served.process)
        async with asyncio.timeout(60):
            while await answers(served):  # noqa: ASYNC110 -- another process has no event to wait for
                await asyncio.sleep(0.05)


async def answers(served: Serving) -> bool:
    try:
        async with line_to(served) as line:
            return (await line.ask("GET", "/site"))[0] == 200
    except ClientConnectionError:
        return False
