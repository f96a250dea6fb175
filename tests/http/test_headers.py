"""What every answer carries, what a client knows already, and who is believed about where a request comes from."""

import base64
import hashlib
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from academy import Lesson, add_course, write_tree
from aiohttp import web
from aiohttp.test_utils import TestClient, make_mocked_request
from cast import Person
from yarl import URL

from lms_box.app import create_app
from lms_box.box import Box
from lms_box.config import Settings, load_settings
from lms_box.errors import Misconfigured
from lms_box.http.sessions import COOKIE, address_of, is_secure
from lms_box.http.site import Pages

Client = TestClient[Any, Any]
INLINE = "start()"
INDEX = f'<!doctype html><script src="/a.js"></script><script type="module">{INLINE}</script><p>Welcome'


@pytest.fixture
async def pages(box: Box, tmp_path: Path, aiohttp_client: Any) -> Client:
    """The box with a built site of four files."""
    files: dict[str, bytes | str] = {"index.html": INDEX, "a.js": "1", "_app/immutable/b.js": "2", "service-worker.js": "3"}
    folder = write_tree(tmp_path / "site", files)
    made: Client = await aiohttp_client(create_app(box, pages=Pages(folder)))
    return made


async def test_pages_allow_the_scripts_they_were_built_with_and_no_other(pages: Client) -> None:
    digest = base64.b64encode(hashlib.sha256(INLINE.encode()).digest()).decode()
    for path in ("/", "/sign-in", "/courses/x/contents/y", "/index.html"):
        answer = await pages.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert (answer.status, answer.content_type, await answer.text()) == (200, "text/html", INDEX)
        assert f"script-src 'self' 'sha256-{digest}';" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["Cache-Control"] == "no-cache"
    script = await pages.get("/_app/immutable/b.js")
    assert (await script.text(), script.headers["Cache-Control"]) == ("2", "public, max-age=31536000, immutable")
    assert (await pages.get("/_app/immutable/gone.js")).status == 404
    assert (await pages.get("/a.js")).headers["X-Content-Type-Options"] == "nosniff"


async def test_the_worker_of_the_pages_is_never_old_and_may_ask_the_box_alone(pages: Client) -> None:
    worker = await pages.get("/service-worker.js")
    assert worker.content_type.endswith("/javascript"), "a browser runs no other"
    assert worker.headers["Cache-Control"] == "no-cache"
    assert worker.headers["Content-Security-Policy"] == "default-src 'self'; frame-ancestors 'none'"


async def test_a_page_is_asked_for_again_and_sent_once(box: Box, tmp_path: Path, aiohttp_client: Any) -> None:
    folder = write_tree(tmp_path / "site", {"index.html": INDEX + " to a long page" * 100})
    client: Client = await aiohttp_client(create_app(box, pages=Pages(folder)))
    first = await client.get("/catalogue", headers={"Accept-Encoding": "gzip"})
    assert (first.status, first.headers["Content-Encoding"], first.headers["Vary"]) == (200, "gzip", "Accept-Encoding")
    again = await client.get("/sign-in", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, await again.read()) == (304, b"")
    assert again.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
    assert (await client.get("/", headers={"If-None-Match": '"another"'})).status == 200


async def test_a_page_says_whose_it_is_before_any_script_has_run(box: Box, tmp_path: Path, aiohttp_client: Any) -> None:
    folder = write_tree(tmp_path / "site", {"index.html": "<title>lms_box</title><p>lms_box</p> of lms_box"})
    client: Client = await aiohttp_client(create_app(box, pages=Pages(folder, name="Töpfern <& Drehen>")))
    named = "<title>Töpfern &lt;&amp; Drehen&gt;</title><p>Töpfern &lt;&amp; Drehen&gt;</p> of lms_box"
    assert await (await client.get("/")).text() == named


async def test_a_page_names_what_it_needs(box: Box, tmp_path: Path, aiohttp_client: Any) -> None:
    """The files of its route, but not the style that `index.html` names anyway; of two routes that fit, the plainer."""
    files = {
        "/courses/[id]": ["_app/frame.css", "_app/course.js", "_app/course.css"],
        "/courses/new": ["_app/new.js"],
        "/courses/[id]/contents/[content_id]": ["_app/lesson.js"],
        "/": ["_app/frame.css"],
    }
    needed = {route: {"files": names, "questions": [], "mine": []} for route, names in files.items()}
    index = '<link rel="stylesheet" href="/_app/frame.css">'
    folder = write_tree(tmp_path / "site", {"index.html": index, "preloads.json": json.dumps(needed)})
    client: Client = await aiohttp_client(create_app(box, pages=Pages(folder)))
    course = "</_app/course.js>; rel=modulepreload, </_app/course.css>; rel=preload; as=style; crossorigin"
    assert (await client.get("/courses/42")).headers["Link"] == course
    assert (await client.get("/courses/42/")).headers["Link"] == course
    assert (await client.get("/courses/new")).headers["Link"] == "</_app/new.js>; rel=modulepreload"
    assert (await client.get("/courses/4/contents/2")).headers["Link"] == "</_app/lesson.js>; rel=modulepreload"
    for path in ("/", "/courses/4/contents", "/elsewhere"):
        assert "Link" not in (await client.get(path)).headers, path


async def test_a_page_names_its_first_question_to_who_may_ask_it(box: Box, tmp_path: Path, aiohttp_client: Any) -> None:
    """Asked by others it would only be refused, which a browser writes on its console."""
    needed = {"/courses/[id]/contents/[content_id]": {"files": [], "questions": ["/courses/[id]"], "mine": ["/enrollments"]}}
    folder = write_tree(tmp_path / "site", {"index.html": INDEX, "preloads.json": json.dumps(needed)})
    question, mine = (f"</api/v1/{path}>; rel=preload; as=fetch; crossorigin" for path in ("courses/42", "enrollments"))
    somebody = {"Cookie": f"{COOKIE}=x"}
    for public in (True, False):
        client: Client = await aiohttp_client(create_app(box, pages=Pages(folder, public=public)))
        for headers, links, always in (({}, question if public else None, None), (somebody, f"{question}, {mine}", mine)):
            answer = await client.get("/courses/42/contents/7", headers=headers)
            assert answer.headers.get("Link") == links
            queried = await client.get("/courses/42/contents/7?from=home", headers=headers)
            assert queried.headers.get("Link") == always
            assert "Link" not in (await client.get('/courses/4">2/contents/7', headers=headers)).headers


async def test_every_answer_is_guarded(client: Client, learner: Person) -> None:
    answers = [await learner.get("/auth/me"), await client.get("/health"), await client.get("/api/openapi.json")]
    for answer in answers:
        assert answer.status == 200
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "Server" not in answer.headers
        assert len(answer.headers["X-Request-Id"]) == 16
    assert answers[0].headers["Cache-Control"] == "private, no-cache"
    assert answers[0].headers["X-Request-Id"] != answers[1].headers["X-Request-Id"]


async def test_what_is_known_is_not_sent_again(box: Box, client: Client, owner: Person) -> None:
    course = await add_course(box, "Sailing", [Lesson("Knots")])
    first = await owner.get(f"/courses/{course}")
    tag = first.headers["ETag"]
    assert tag.startswith('"')
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = await owner.get(f"/courses/{course}", headers={"If-None-Match": known})
        assert (again.status, await again.read(), again.headers["ETag"]) == (304, b"", tag), known
    assert (await owner.get(f"/courses/{course}", headers={"If-None-Match": '"other"'})).status == 200
    head = await client.head(f"/api/v1/courses/{course}")
    assert (head.status, await head.read(), head.headers["ETag"]) == (200, b"", tag)


async def test_only_who_has_seen_the_present_state_replaces_it(box: Box, owner: Person) -> None:
    course = await add_course(box, "Sailing", [Lesson("Knots")])
    shown = await owner.get(f"/courses/{course}")
    content = (await shown.json())["sections"][0]["contents"][0]["id"]
    section = {"id": (await shown.json())["sections"][0]["id"], "title": "All", "contents": [content]}
    writes = [
        ("PUT", f"/courses/{course}", {"title": "Rowing", "status": "published"}),
        ("PATCH", f"/courses/{course}", {"title": "Diving"}),
        ("PUT", f"/courses/{course}/order", {"sections": [section]}),
        ("PATCH", f"/contents/{content}", {"title": "Bends"}),
    ]
    for method, path, body in writes:
        read = path.removesuffix("/order")
        tag = (await owner.get(read)).headers["ETag"]
        for match, status in (('"older"', 412), (f"W/{tag}", 412), (tag, 200), (tag, 412), ("*", 200)):
            answer = await owner.ask(method, path, json=body, headers={"If-Match": match})
            assert answer.status == status, (method, path, match, await answer.text())
        assert (await owner.get(read)).headers["ETag"] != tag, path


async def test_a_long_list_comes_in_pages(box: Box, client: Client) -> None:
    for number in range(5):
        await add_course(box, f"Course {number}")
    seen, path = [], "/api/v1/courses?limit=2&sort=title&q=course"
    while path:
        answer = await client.get(URL(path).relative() if "://" in path else path)
        seen += [course["title"] for course in await answer.json()]
        assert answer.headers["X-Total-Count"] == "5"
        path = str(answer.links["next"]["url"]) if "next" in answer.links else ""
    assert seen == [f"Course {number}" for number in range(5)]
    assert set(answer.links) == {"prev"}
    beyond = await client.get("/api/v1/courses?skip=100")
    assert (await beyond.json(), beyond.headers["X-Total-Count"]) == ([], "5")


async def test_no_other_sites_page_writes_with_this_sites_cookie(box: Box, client: Client, owner: Person) -> None:
    from accounts.people import sign_in_person

    cookie = (await sign_in_person(box, owner.user.email)).cookie
    host = f"{client.host}:{client.port}"
    rows: list[tuple[dict[str, str], int]] = [
        ({**cookie}, 201),
        ({**cookie, "Sec-Fetch-Site": "same-origin"}, 201),
        ({**cookie, "Sec-Fetch-Site": "none"}, 201),
        ({**cookie, "Sec-Fetch-Site": "cross-site"}, 403),
        ({**cookie, "Sec-Fetch-Site": "same-site", "Origin": f"http://{host}"}, 403),
        ({**cookie, "Origin": f"http://{host}"}, 201),
        ({**cookie, "Origin": "http://evil.example"}, 403),
        ({**cookie, "Origin": f"http://{host}.evil.example"}, 403),
        ({**cookie, "Origin": "null"}, 403),
        ({**cookie, "Origin": "http://["}, 403),
        ({"Authorization": f"Bearer {owner.token}", "Origin": "http://evil.example"}, 201),
    ]
    for headers, status in rows:
        answer = await client.post("/api/v1/courses", json={"title": "A course"}, headers=headers)
        assert answer.status == status, headers
        if status == 403:
            assert (await answer.json())["code"] == "cross_site"
    kept = await client.get("/api/v1/courses", headers={**cookie, "Sec-Fetch-Site": "cross-site"})
    assert len(await kept.json()) == sum(status == 201 for _, status in rows)
    signing = {"email": "x@example.org", "password": "x"}
    answer = await client.post("/api/v1/auth/login", json=signing, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status == 403


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_closed_catalogue_asks_for_a_sign_in(box: Box, aiohttp_client: Any) -> None:
    site = box.settings.site.model_copy(update={"public_catalogue": False})
    closed = replace(box, settings=box.settings.model_copy(update={"site": site}))
    client = await aiohttp_client(create_app(closed))
    assert (await client.get("/api/v1/courses")).status == 401
    assert (await client.get("/api/v1/site")).status == 200
    assert (await client.get("/api/v1/auth/session")).status == 200


def settings_with(tmp_path: Path, **environ: str) -> Settings:
    return load_settings(data_dir=tmp_path, environ=environ)


def request_from(address: str, *headers: tuple[str, str]) -> web.Request:
    from multidict import CIMultiDict

    transport = cast(
        "Any", SimpleNamespace(get_extra_info=lambda name, default=None: (address, 1) if name == "peername" else default)
    )
    return make_mocked_request("GET", "/", headers=CIMultiDict(headers), transport=transport)


FORWARDED = "X-Forwarded-For"
ADDRESSES = [
    ("10.0.0.1", [(FORWARDED, "203.0.113.9")], "203.0.113.9"),
    ("10.0.0.1", [(FORWARDED, "1.1.1.1, 203.0.113.9, 10.0.0.2")], "203.0.113.9"),
    ("10.0.0.1", [(FORWARDED, "1.1.1.1"), (FORWARDED, "203.0.113.9")], "203.0.113.9"),
    ("10.0.0.1", [], "10.0.0.1"),
    ("10.0.0.1", [(FORWARDED, "10.0.0.3")], "10.0.0.3"),
    ("10.0.0.1", [(FORWARDED, ", ,")], "10.0.0.1"),
    ("198.51.100.7", [(FORWARDED, "1.1.1.1")], "198.51.100.7"),
    ("fd00::1", [(FORWARDED, "2001:db8::9")], "2001:db8::9"),
]


def test_only_trusted_proxies_say_who_asks(tmp_path: Path) -> None:
    settings = settings_with(tmp_path, LMS_SERVER__TRUSTED_PROXIES="10.0.0.0/8,fd00::/8")
    for peer, headers, found in ADDRESSES:
        assert address_of(request_from(peer, *headers), settings) == found, (peer, headers)
    with pytest.raises(Misconfigured, match="TRUSTED_PROXIES"):
        settings_with(tmp_path, LMS_SERVER__TRUSTED_PROXIES="10.0.0.0/8,the proxy")
    proto = ("X-Forwarded-Proto", "https")
    assert is_secure(request_from("10.0.0.1", proto), settings)
    assert not is_secure(request_from("198.51.100.7", proto), settings)
    public = settings_with(tmp_path, LMS_SERVER__PUBLIC_URL="https://learn.example")
    assert is_secure(request_from("198.51.100.7"), public)
    assert address_of(request_from("10.0.0.1", (FORWARDED, "1.1.1.1")), public) == "10.0.0.1"


async def test_the_site_says_what_pages_need_to_know(client: Client) -> None:
    answer = await client.get("/api/v1/site")
    assert await answer.json() == {"name": "lms_box", "registration": "closed", "public_catalogue": True}
    assert json.loads(await (await client.get("/health")).text())["status"] == "healthy"
