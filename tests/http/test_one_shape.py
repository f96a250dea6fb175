"""Everything that goes wrong has one shape, and says nothing of what was sent or of what is inside."""

import asyncio
import io
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from academy import Lesson, add_course, contents_of
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient
from cast import Person
from yarl import URL

from lms_box.app import create_app
from lms_box.box import Box
from lms_box.http import bodies, server
from lms_box.http.doors import answer_in_one_shape, door_of
from lms_box.http.routing import Call, Needs, Route
from lms_box.http.server import open_listener, serving

Client = TestClient[Any, Any]
FIELDS = {"type", "title", "status", "detail", "code", "request_id"}
JSON = {"Content-Type": "application/json"}
DRAFT = b'{"title": "A course"}'
SECRET = "s3cret"


async def problem(answer: ClientResponse, status: int, code: str, case: object) -> dict[str, Any]:
    text = await answer.text()
    assert (answer.status, answer.content_type) == (status, "application/problem+json"), (case, text)
    found: dict[str, Any] = await answer.json(content_type=None)
    assert set(found) - {"errors"} == FIELDS, case
    assert (found["status"], found["code"], found["type"]) == (status, code, f"urn:lms-box:problem:{code}"), case
    assert found["request_id"] == answer.headers["X-Request-Id"], case
    assert re.fullmatch(r"[0-9a-f]{16}", found["request_id"]), case
    assert re.search(r"[.?!]$", found["detail"]), case
    assert SECRET not in text, case
    assert answer.headers["Cache-Control"] == "no-store", case
    assert answer.headers["X-Content-Type-Options"] == "nosniff", case
    for one in found.get("errors", []):
        assert set(one) == {"field", "code", "message"}, case
    return found


ADDRESSES = [
    ("GET", "/api", 404, "not_found"),
    ("GET", "/api/v1/nothing", 404, "not_found"),
    ("POST", "/api/v1/nothing", 404, "not_found"),
    ("DELETE", "/api/v2/courses", 404, "not_found"),
    ("GET", "/media", 404, "not_found"),
    ("GET", "/media/nothing", 404, "not_found"),
    ("POST", "/media/nothing", 404, "not_found"),
    ("GET", "/media/public/nothing.webp", 404, "not_found"),
    ("GET", "/media/a/b%2F..%2Fc", 404, "not_found"),
    ("GET", f"/api/v1/courses/{SECRET}", 404, "not_found"),
    ("GET", "/api/v1/courses/018f0000-0000-7000-8000-000000000000", 404, "not_found"),
    ("DELETE", "/api/v1/courses", 405, "method_not_allowed"),
    ("GET", "/api/v1/auth/login", 405, "method_not_allowed"),
    ("POST", "/api/openapi.json", 405, "method_not_allowed"),
    ("POST", "/health", 405, "method_not_allowed"),
    ("GET", "/api/v1/users", 401, "signed_out"),
    ("GET", "/api/v1/courses?limit=0", 422, "invalid"),
    ("GET", "/api/v1/courses?limit=1&limit=2", 422, "invalid"),
    ("GET", f"/api/v1/courses?{SECRET}=1", 422, "invalid"),
    ("GET", "/api/v1/courses?q=%00", 422, "invalid"),
    ("GET", "/_app/immutable/old.js", 404, "not_found"),
]


async def test_of_addresses(client: Client) -> None:
    for method, path, status, code in ADDRESSES:
        answer = await client.request(method, path, allow_redirects=False)
        if "_app" not in path and SECRET not in path:
            await problem(answer, status, code, (method, path))
        assert answer.status == status, (method, path)
        if status == 405:
            assert set(re.split(", ?", answer.headers["Allow"])) & {"GET", "POST"}, path
    head = await client.head("/api/v1/nothing")
    assert (head.status, await head.read()) == (404, b"")


async def test_an_address_takes_what_it_has_itself(client: Client) -> None:
    """And not what an id in its last place would have."""
    answer = await client.options("/api/v1/notes/courses")
    await problem(answer, 405, "method_not_allowed", "OPTIONS")
    assert answer.headers["Allow"] == "GET,HEAD"
    await problem(await client.delete("/api/v1/notes/courses"), 405, "method_not_allowed", "DELETE")
    await problem(await client.delete("/api/v1/notes/courses-of-mine"), 401, "signed_out", "DELETE")


BODIES: list[tuple[bytes, dict[str, str], int, str]] = [
    (b"", JSON, 400, "malformed_json"),
    (b"{", JSON, 400, "malformed_json"),
    (b'{"title": "s3cret"', JSON, 400, "malformed_json"),
    (b'{"title": "a", "title": "s3cret"}', JSON, 400, "malformed_json"),
    (b'{"title": "a", "completion_threshold": NaN}', JSON, 400, "malformed_json"),
    (b'{"title": "a", "completion_threshold": Infinity}', JSON, 400, "malformed_json"),
    (b'{"title": ' + b"[" * 100 + b"]" * 100 + b"}", JSON, 400, "malformed_json"),
    (b"[" * 200_000, JSON, 400, "malformed_json"),
    (b'{"title": "\\ud800"}', JSON, 400, "malformed_json"),
    (b'{"title": "\xff"}', JSON, 400, "malformed_json"),
    ("{}".encode("utf-16"), JSON, 400, "malformed_json"),
    (b'{"title": ' + b"9" * 5000 + b"}", JSON, 400, "malformed_json"),
    (b'{"title": "a\\u0000s3cret"}', JSON, 422, "invalid"),
    (b'{"title": ""}', JSON, 422, "invalid"),
    (b'{"title": "   "}', JSON, 422, "invalid"),
    (b'{"title": "' + b"a" * 201 + b'"}', JSON, 422, "invalid"),
    (b'{"title": 5}', JSON, 422, "invalid"),
    (b'{"title": null}', JSON, 422, "invalid"),
    (b'{"title": "a", "completion_threshold": 1e400}', JSON, 422, "invalid"),
    (b'{"title": "a", "completion_threshold": 99999999999999999999}', JSON, 422, "invalid"),
    (b'{"title": "a", "completion_threshold": "90"}', JSON, 422, "invalid"),
    (b'{"title": "a", "completion_threshold": true}', JSON, 422, "invalid"),
    (b'{"title": "a", "completion_threshold": 90.5}', JSON, 422, "invalid"),
    (b'{"title": "a", "status": "s3cret"}', JSON, 422, "invalid"),
    (b'{"title": "a", "unknown": "s3cret"}', JSON, 422, "invalid"),
    (b"[]", JSON, 422, "invalid"),
    (b"null", JSON, 422, "invalid"),
    (DRAFT, {"Content-Type": "text/plain"}, 415, "not_json"),
    (DRAFT, {"Content-Type": "application/x-www-form-urlencoded"}, 415, "not_json"),
    (b'{"title": "' + b"a" * (3 * 1024 * 1024) + b'"}', JSON, 413, "too_large"),
]


async def test_of_bodies(client: Client, owner: Person) -> None:
    for body, headers, status, code in BODIES:
        answer = await owner.ask("POST", "/courses", data=io.BytesIO(body), headers=headers)
        found = await problem(answer, status, code, body[:60])
        assert ("errors" in found) == (code == "invalid"), body[:60]
    assert await (await owner.get("/courses")).json() == []
    assert (await client.get("/health")).status == 200


async def test_of_a_body_that_never_says_how_long_it_is(owner: Person) -> None:
    async def endless() -> Any:
        for _ in range(64):
            yield b" " * 65536

    found = await problem(await owner.ask("POST", "/courses", data=endless(), headers=JSON), 413, "too_large", "chunked")
    assert str(bodies.JSON_BODY_BYTES) in found["detail"]


async def test_of_a_body_that_never_comes_whole(owner: Person, box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever holds a line with it gets it closed, with a reason, and nothing is stored."""
    monkeypatch.setattr(bodies, "PATIENCE", 0.05)

    async def stalled(beginning: bytes) -> AsyncIterator[bytes]:
        yield beginning
        await asyncio.Event().wait()

    await problem(await owner.ask("POST", "/courses", data=stalled(b'{"title": '), headers=JSON), 408, "too_slow", "json")
    form = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.md"\r\n\r\nhalf a file'
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    for method, path in (("POST", "/upload/content"), ("POST", "/upload/thumbnail"), ("PUT", "/auth/me/picture")):
        await problem(await owner.ask(method, path, data=stalled(form), headers=headers), 400, "incomplete_body", path)
    assert await (await owner.get("/courses")).json() == []
    assert [path for path in (box.settings.data_dir / "media").rglob("*") if path.is_file()] == []


STRANGE = (
    *("%ED%A0%80", "%FF%FE", "%00", "..%2F..%2Fetc%2Fpasswd", "%E2%80%AE", "a" * 3000, "%F0%9F%94%91"),
    "%0d%0aX-Evil:%20s3cret",
)
PLACES = (
    *("/courses?q={}", "/courses?category={}", "/courses/{}", "/notes?q={}", "/jobs?state={}", "/users?q={}", "/upload/tus/{}"),
    "/contents/{}/file",
)


async def test_of_strange_words_in_addresses(box: Box, client: Client, owner: Person) -> None:
    """Half characters, line ends, NUL, ways up: whatever stands in a path or a query, it is an answer and no failure."""
    course = await add_course(box, "Sailing", [Lesson("Knots")])
    (content,) = await contents_of(box, course)
    link = (await owner.get(f"/contents/{content}/file")).headers["Location"].partition("?")[0]
    for word in STRANGE:
        for path in (place.format(word) for place in PLACES):
            answer = await owner.get(path)
            assert answer.status in (200, 404, 405, 422), (path, answer.status)
        for path in (f"/media/{word}/x", f"/media/public/{word}.webp", f"{link}?name={word}", f"/{word}"):
            answer = await client.get(URL(path, encoded=True))
            assert answer.status in (200, 404, 503), (path, answer.status)
            assert "X-Evil" not in answer.headers


async def test_of_strange_credentials(client: Client) -> None:
    for value in ("Bearer", "Bearer ", f"Bearer {SECRET}", "Bearer a.b.c", "bearer \u00fc", f"Bearer {'x' * 4000}"):
        answer = await client.get("/api/v1/auth/me", headers={"Authorization": value})
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert (await problem(answer, 401, (await answer.json())["code"], value))["code"] in ("invalid_token", "signed_out")
    for value in (f"lms_session={SECRET}", "lms_session=\u00fc", "lms_session", "=;=;,"):
        await problem(await client.get("/api/v1/auth/me", headers={"Cookie": value}), 401, "signed_out", value)


async def test_of_a_failure_nobody_foresaw(box: Box, aiohttp_client: Any, caplog: pytest.LogCaptureFixture) -> None:
    async def fail(_call: Call) -> None:
        raise RuntimeError(SECRET)

    app = create_app(box)
    route = Route(method="GET", path="/fail", handler=fail, needs=Needs.NOBODY)
    inner = web.Application(middlewares=[answer_in_one_shape])
    inner.add_routes([web.get("/api/v1/fail", door_of(route))])
    for key in app:
        inner[key] = app[key]
    answer = await (await aiohttp_client(inner)).get("/api/v1/fail")
    text = await answer.text()
    found = await answer.json(content_type=None)
    assert (answer.status, found["code"]) == (500, "internal")
    assert "RuntimeError" not in text
    assert SECRET not in text
    assert found["request_id"] in caplog.text
    assert SECRET in caplog.text


RAW: list[tuple[bytes, int]] = [
    (b"HELLO\r\n\r\n", 400),
    (b"GET / HTTP/9.9\r\n\r\n", 400),
    (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"s3cret" * 2000 + b"\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: x\r\nBad Name: s3cret\r\n\r\n", 400),
    (b"GET /api/v1/site HTTP/1.1\r\nHost: x\r\nExpect: s3cret\r\nConnection: close\r\n\r\n", 417),
    (b"POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nExpect: s3cret\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}", 417),
    (b"GET / HTTP/1.1\r\nHost: x\r\nX: a\x00s3cret\r\n\r\n", 400),
    (b"POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: s3cret\r\n\r\n", 400),
    (b"POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
    (b"POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\ns3cret\r\n", 400),
]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_of_what_the_parser_refuses(box: Box) -> None:
    listener = open_listener("127.0.0.1", 0)
    async with serving(create_app(box), listener):
        for sent, status in RAW:
            reader, writer = await asyncio.open_connection(*listener.getsockname()[:2])
            writer.write(sent)
            answer = await asyncio.wait_for(reader.read(), 30)
            writer.close()
            head, _, body = answer.partition(b"\r\n\r\n")
            assert head.split()[1] == b"%d" % status, (sent[:60], answer)
            assert b"content-type: application/problem+json" in head.lower(), sent[:60]
            assert b"s3cret" not in answer, sent[:60]
            assert b"aiohttp" not in head, sent[:60]
            assert b'"request_id"' in body, sent[:60]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_of_a_head_that_never_comes_whole(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line of header now and then keeps no place: neither on a new line nor after a request."""
    monkeypatch.setattr(server, "IDLE_SECONDS", 0.2)
    listener = open_listener("127.0.0.1", 0)
    async with serving(create_app(box), listener):
        for before in (b"", b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"):
            reader, writer = await asyncio.open_connection(*listener.getsockname()[:2])
            writer.write(before + b"GET /health HTTP/1.1\r\nHost: x\r\n")
            closed = asyncio.create_task(reader.read())
            while not (await asyncio.wait([closed], timeout=0.05))[0]:
                writer.write(b"X: y\r\n")
            assert (await closed).count(b"HTTP/1.1") == bool(before)
            writer.close()


async def test_of_headers_that_are_no_text(box: Box, owner: Person) -> None:
    """They are bytes of a stranger, and some of them are stored."""
    course = str(await add_course(box, "Sailing")).encode()
    form = b'--x\r\nContent-Disposition: form-data; name="course_id"\r\n\r\n%b\r\n' % course
    form += b'--x\r\nContent-Disposition: form-data; name="file"; filename="\xff.md"\r\n\r\n# Knots\r\n--x--\r\n'
    tus = b"Tus-Resumable: 1.0.0\r\nUpload-Length: 5\r\nUpload-Metadata: \x84"
    sign_in = b'{"email": "olga@example.org", "password": "not hers"}'
    link = await owner.ask("POST", f"/users/{owner.user.id}/link", json={"purpose": "sign-in"})
    token = (await link.json())["url"].rpartition("#")[2].encode()
    listener = open_listener("127.0.0.1", 0)
    async with serving(create_app(box), listener):
        for path, header, body, status in [
            (b"auth/login", b"User-Agent: \xff\r\nContent-Type: application/json", sign_in, 401),
            (b"auth/link", b"User-Agent: \xff\r\nContent-Type: application/json", b'{"token": "%b"}' % token, 200),
            (b"upload/tus", tus, b"", 400),
            (b"upload/content", b"Content-Type: multipart/form-data; boundary=x", form, 201),
        ]:
            reader, writer = await asyncio.open_connection(*listener.getsockname()[:2])
            said = b"Host: x\r\nConnection: close\r\nAuthorization: Bearer %b\r\n%b" % (owner.token.encode(), header)
            writer.write(b"POST /api/v1/%b HTTP/1.1\r\n%b\r\nContent-Length: %d\r\n\r\n%b" % (path, said, len(body), body))
            answer = await asyncio.wait_for(reader.read(), 30)
            writer.close()
            assert answer.split()[1] == b"%d" % status, (path, answer)
