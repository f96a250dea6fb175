"""How often one may knock, which other sites may, what is compressed, and what is said to browsers behind TLS."""

import gzip
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from academy import Lesson, add_course
from aiohttp import ClientSession, DummyCookieJar
from aiohttp.test_utils import TestClient
from cast import Person
from served import served

from lms_box.app import create_app
from lms_box.box import Box
from lms_box.http import limits
from lms_box.http.compression import takes_gzip
from lms_box.http.limits import LoopStorage, neighbourhood

SITE = "https://courses.example.org"


@asynccontextmanager
async def serving(box: Box, section: str, **values: Any) -> AsyncIterator[TestClient[Any, Any]]:
    """The same box with other settings."""
    settings = box.settings.model_copy(update={section: getattr(box.settings, section).model_copy(update=values)})
    app = create_app(replace(box, settings=settings))
    async with served(app, cookie_jar=DummyCookieJar()) as client:
        yield client


class Clock:
    def __init__(self) -> None:
        self.at = 1000.0

    def time(self) -> float:
        return self.at


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(limits, "time", made)
    return made


def bearer(person: Person) -> dict[str, str]:
    return {"Authorization": f"Bearer {person.token}"}


async def test_lets_each_knock_so_often_at_each_door(box: Box, learner: Person, stranger: Person, clock: Clock) -> None:
    async with serving(box, "limits", requests_per_minute=2) as client:
        left = []
        for _ in range(3):
            answer = await client.get("/api/v1/notes", headers=bearer(learner))
            left.append((answer.status, answer.headers["RateLimit-Remaining"]))
        assert left == [(200, "1"), (200, "0"), (429, "0")]
        problem = await answer.json()
        assert (problem["code"], answer.headers["RateLimit-Limit"]) == ("too_many_requests", "2")
        assert answer.headers["Retry-After"] == answer.headers["RateLimit-Reset"] == "60"
        for path, person in (("/notes", stranger), ("/dashboard", learner), ("/notes?q=x", stranger)):
            assert (await client.get(f"/api/v1{path}", headers=bearer(person))).status == 200, path
        clock.at += 61
        assert (await client.get("/api/v1/notes", headers=bearer(learner))).status == 200


async def test_counts_visitors_by_address_and_problems_too(box: Box, learner: Person) -> None:
    async with serving(box, "limits", requests_per_minute=2) as client:
        statuses = [(await client.get("/api/v1/notes")).status for _ in range(3)]
        assert statuses == [401, 401, 429]
        assert (await client.get("/api/v1/notes", headers=bearer(learner))).status == 200
    async with serving(box, "limits", requests_per_minute=2, enabled=False) as client:
        answers = [await client.get("/api/v1/notes") for _ in range(4)]
        assert {(answer.status, "RateLimit-Limit" in answer.headers) for answer in answers} == {(401, False)}


async def test_does_not_count_bytes_sign_ins_and_health(box: Box, owner: Person) -> None:
    async with serving(box, "limits", requests_per_minute=1) as client:
        for method, path, status in [
            ("POST", "/api/v1/upload/content", 422),
            ("POST", "/api/v1/upload/thumbnail", 422),
            ("POST", "/api/v1/upload/tus", 412),
            ("GET", "/media/nothing/here", 404),
            ("GET", "/health", 200),
            ("POST", "/api/v1/auth/login", 400),
        ]:
            for _ in range(3):
                answer = await client.request(method, path, headers=bearer(owner), data=b"x")
                assert answer.status == status, (path, await answer.text())


def test_keeps_no_counter_for_ever(clock: Clock) -> None:
    storage = LoopStorage()
    for number in range(3 * limits.CROWD):
        clock.at += 0.1
        storage.incr(str(number), 60)
    assert len(storage._counters) <= limits.CROWD
    assert storage.get(str(number)) == 1
    storage.clear(str(number))
    assert (storage.get(str(number)), storage.check()) == (0, True)
    assert storage.reset()
    assert storage.get_expiry("nobody") == clock.at


@pytest.mark.parametrize(
    ("address", "who"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("unknown", "unknown"),
        ("", ""),
    ],
)
def test_takes_a_customer_for_one(address: str, who: str) -> None:
    assert neighbourhood(address) == who


async def test_lets_named_sites_use_the_api_with_a_token(box: Box, learner: Person) -> None:
    async with serving(box, "server", cors_origins=(SITE,)) as client:
        asked = {"Origin": SITE, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "if-match"}
        answer = await client.options("/api/v1/notes/x", headers=asked)
        assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (204, SITE)
        assert "PUT" in answer.headers["Access-Control-Allow-Methods"]
        assert "If-Match" in answer.headers["Access-Control-Allow-Headers"]
        answer = await client.get("/api/v1/notes", headers={"Origin": SITE, **bearer(learner)})
        assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (200, SITE)
        assert "X-Total-Count" in answer.headers["Access-Control-Expose-Headers"]
        assert "Access-Control-Allow-Credentials" not in answer.headers
        answer = await client.get("/api/v1/notes", headers={"Origin": SITE})
        assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (401, SITE)
        login = {"email": "x@example.org", "password": "x"}
        from_there = {"Origin": SITE, "Sec-Fetch-Site": "cross-site"}
        assert (await client.post("/api/v1/auth/login", json=login, headers=from_there)).status == 401
        answer = await client.post("/api/v1/auth/login", json=login, headers={**from_there, "Cookie": "lms_session=x"})
        assert (answer.status, (await answer.json())["code"]) == (403, "cross_site")


async def test_says_nothing_to_other_sites(box: Box, client: TestClient[Any, Any], learner: Person) -> None:
    other = {"Origin": "https://evil.example", "Access-Control-Request-Method": "PUT"}
    async with serving(box, "server", cors_origins=(SITE,)) as strict:
        for each in (client, strict):
            for method in ("OPTIONS", "GET"):
                answer = await each.request(method, "/api/v1/notes", headers={**other, **bearer(learner)})
                assert [name for name in answer.headers if name.startswith("Access-Control")] == []
        assert "Origin" in answer.headers["Vary"]


async def test_compresses_what_is_long(box: Box, client: TestClient[Any, Any], owner: Person) -> None:
    course = await add_course(box, "Long", [Lesson(f"Lesson {number}") for number in range(30)])
    path = f"/api/v1/courses/{course}"
    async with ClientSession(auto_decompress=False) as session:

        async def get(accepted: str, **more: str) -> tuple[int, bytes, Any]:
            headers = {"Accept-Encoding": accepted, **more}
            async with session.get(client.make_url(path), headers=headers) as answer:
                return answer.status, await answer.read(), answer.headers

        _, plain, told = await get("identity")
        assert ("Content-Encoding" in told, told["Vary"]) == (False, "Accept-Encoding")
        status, packed, said = await get("br, gzip")
        assert (status, said["Content-Encoding"]) == (200, "gzip")
        assert gzip.decompress(packed) == plain
        assert len(packed) < len(plain) / 3
        assert said["ETag"] != told["ETag"]
        for tag in (said["ETag"], told["ETag"], f"W/{said['ETag']}"):
            for accepted in ("gzip", "identity"):
                assert (await get(accepted, **{"If-None-Match": tag}))[0] == 304
        for tag, status in ((said["ETag"], 200), ('"other-gzip"', 412)):
            change = {"category": "c"}
            answer = await owner.ask("PATCH", f"/courses/{course}", json=change, headers={"If-Match": tag})
            assert answer.status == status
    assert json.loads(plain)["title"] == "Long"


@pytest.mark.parametrize(
    ("header", "takes"),
    [
        ("", False),
        ("gzip", True),
        ("br;q=1.0, GZIP;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip ; q=0.0, br", False),
        ("gzip;q=0.001", True),
        ("identity", False),
        ("not-gzip", False),
    ],
)
def test_knows_who_takes_gzip(header: str, takes: bool) -> None:
    class Request:
        headers = {"Accept-Encoding": header}  # noqa: RUF012 -- it stands for one request

    assert takes_gzip(Request()) is takes  # type: ignore[arg-type]  # its headers are all that is read


async def test_tells_browsers_behind_tls_to_stay_there(box: Box, client: TestClient[Any, Any]) -> None:
    assert "Strict-Transport-Security" not in (await client.get("/health")).headers
    async with serving(box, "server", public_url="https://learn.example.org") as secure:
        for path in ("/health", "/api/v1/site", "/api/v1/nothing"):
            assert (await secure.get(path)).headers["Strict-Transport-Security"] == "max-age=31536000"
    async with serving(box, "server", trusted_proxies=("127.0.0.1",)) as proxied:
        for proto, expected in (("https", True), ("http", False)):
            answer = await proxied.get("/health", headers={"X-Forwarded-Proto": proto})
            assert ("Strict-Transport-Security" in answer.headers) is expected
