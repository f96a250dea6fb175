"""Who gets what: a row for each request, with what everybody gets, and what must not appear in it."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from accounts.people import PASSWORD, Client, Person, add_person, sign_in_person, user_of

from lms_box.accounts import service
from lms_box.accounts.routes import ROUTES
from lms_box.box import Box

pytestmark = pytest.mark.usefixtures("cheap_hashes")


@dataclass(frozen=True)
class Row:
    """What nobody, a learner, an admin and somebody whose account is closed get."""

    method: str
    path: str
    nobody: int
    learner: int
    admin: int
    closed: int
    body: Any = None

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


ADMINS_ONLY = {"nobody": 401, "learner": 403, "closed": 401}
SIGNED_IN = {"nobody": 401, "closed": 401}
GONE = "018f0000-0000-7000-8000-000000000000"
NEWCOMER = {"email": "new@example.org", "name": "New", "password": "some quiet word"}
ROWS = [
    Row("POST", "/auth/register", 403, 403, 403, 403, NEWCOMER),
    Row("POST", "/auth/login", 401, 401, 401, 401, {"email": "x@example.org", "password": "x"}),
    Row("POST", "/auth/refresh", 401, 401, 401, 401, {"refresh_token": "x"}),
    Row("POST", "/auth/link", 410, 410, 410, 410, {"token": "x"}),
    Row("GET", "/auth/session", 200, 200, 200, 200),
    Row("GET", "/auth/me", learner=200, admin=200, **SIGNED_IN),
    Row("GET", "/auth/me/devices", learner=200, admin=200, **SIGNED_IN),
    Row("PATCH", "/auth/me", learner=200, admin=200, body={"name": "Renamed"}, **SIGNED_IN),
    Row("PATCH", "/auth/me", learner=422, admin=422, body={"role": "admin"}, **SIGNED_IN),
    Row("POST", "/auth/logout", learner=204, admin=204, **SIGNED_IN),
    Row("DELETE", "/auth/me", learner=204, admin=409, **SIGNED_IN),
    Row("POST", "/auth/password", learner=422, admin=422, body={"new_password": "short"}, **SIGNED_IN),
    Row("GET", "/auth/me/export", learner=200, admin=200, **SIGNED_IN),
    Row("PUT", "/auth/me/picture", learner=422, admin=422, **SIGNED_IN),
    Row("DELETE", "/auth/me/picture", learner=204, admin=204, **SIGNED_IN),
    Row("GET", "/users", admin=200, **ADMINS_ONLY),
    Row("GET", "/users?limit=101", admin=422, **ADMINS_ONLY),
    Row("GET", "/users?skip=99999999999999999999", admin=422, **ADMINS_ONLY),
    Row("POST", "/users", admin=201, body=NEWCOMER, **ADMINS_ONLY),
    Row("POST", "/users", admin=409, body={"email": "OTHER@example.org"}, **ADMINS_ONLY),
    Row("POST", "/users", admin=422, body={"email": "no address"}, **ADMINS_ONLY),
    Row("GET", "/users/{other}", admin=200, **ADMINS_ONLY),
    Row("GET", f"/users/{GONE}", admin=404, **ADMINS_ONLY),
    Row("GET", "/users/1", admin=404, **ADMINS_ONLY),
    Row("PATCH", "/users/{other}", admin=200, body={"role": "admin"}, **ADMINS_ONLY),
    Row("PATCH", "/users/{admin}", admin=409, body={"role": "user"}, **ADMINS_ONLY),
    Row("PATCH", "/users/{admin}", admin=409, body={"is_active": False}, **ADMINS_ONLY),
    Row("PATCH", f"/users/{GONE}", admin=404, body={"name": "x"}, **ADMINS_ONLY),
    Row("POST", "/users/{other}/link", admin=201, body={}, **ADMINS_ONLY),
    Row("DELETE", "/users/{other}", admin=204, **ADMINS_ONLY),
    Row("DELETE", "/users/{admin}", admin=409, **ADMINS_ONLY),
    Row("DELETE", f"/users/{GONE}", admin=404, **ADMINS_ONLY),
]
NEVER = ("password_hash", "email_key", "argon2", "credentials_epoch", PASSWORD, "some quiet word")


@pytest.fixture
async def people(box: Box, ada: Person, bob: Person) -> dict[str, Person]:
    other, closed = await add_person(box, "other"), await add_person(box, "closed")
    async with box.db.writing() as session:
        await service.change_user(session, user_id=closed.id, is_active=False)
    return {"admin": ada, "learner": bob, "other": other, "closed": closed}


@pytest.mark.parametrize("who", ["nobody", "learner", "admin", "closed"])
async def test_gives_everybody_what_is_theirs(client: Client, box: Box, people: dict[str, Person], who: str) -> None:
    for row in ROWS:
        client.session.cookie_jar.clear()
        person = people.get(who)
        headers = person.bearer if person else {}
        path = row.path.format(**{name: each.id for name, each in people.items()})
        answer = await client.request(row.method, f"/api/v1{path}", json=row.body, headers=headers)
        text = await answer.text()
        assert answer.status == getattr(row, who), (row.name, text)
        assert [word for word in NEVER if word in text] == [], row.name
        if who != "admin":
            assert "other@example.org" not in text, row.name
        if row.method != "GET" and answer.ok:
            people = await back_to_normal(box, people)


async def back_to_normal(box: Box, people: dict[str, Person]) -> dict[str, Person]:
    """Whoever a row removed or signed out is there again."""
    names = [name for name, person in people.items() if name != "admin"]
    async with box.db.writing() as session:
        for email in ("new@example.org", *(people[name].email for name in names)):
            user = await service.find_user(session, email=email)
            if user is not None:
                await session.delete(user)
    again = {name: await add_person(box, people[name].email.partition("@")[0]) for name in names}
    async with box.db.writing() as session:
        await service.change_user(session, user_id=again["closed"].id, is_active=False)
    return {**again, "admin": await sign_in_person(box, people["admin"].email)}


def test_has_a_row_for_every_route() -> None:
    covered = {(row.method, row.path.partition("?")[0]) for row in ROWS}
    covered = {(method, path.replace("{other}", "{id}").replace("{admin}", "{id}")) for method, path in covered}
    assert {(route.method, route.path) for route in ROUTES} - covered == set()


async def test_lets_anybody_in_where_registration_is_open(client: Client, box: Box, open_client: Client) -> None:
    answer = await open_client.post("/api/v1/auth/register", json=NEWCOMER)
    assert answer.status == 201, await answer.text()
    view = await answer.json()
    assert set(view) == {"id", "email", "name", "role", "picture_url", "is_active", "created_at"}
    assert (view["role"], view["is_active"], view["picture_url"]) == ("user", True, None)
    assert (await client.post("/api/v1/auth/login", json={k: NEWCOMER[k] for k in ("email", "password")})).status == 200
    for changes, status, code in [
        ({}, 409, "email_taken"),
        ({"email": "NEW@Example.org"}, 409, "email_taken"),
        ({"email": "a@b@c"}, 422, "invalid"),
        ({"email": "a2@example.org", "password": "password"}, 422, "password_refused"),
        ({"email": "a3@example.org", "role": "admin"}, 422, "invalid"),
        ({"email": "a4@example.org", "name": "\x00"}, 422, "invalid"),
    ]:
        answer = await open_client.post("/api/v1/auth/register", json={**NEWCOMER, **changes})
        assert (answer.status, (await answer.json())["code"]) == (status, code), changes
    for number in (2, 3, 4):
        assert await user_of(box, f"a{number}@example.org") is None


async def test_takes_a_new_password_from_who_knows_the_old(client: Client, bob: Person) -> None:
    wrong = {"current_password": "not it", "new_password": "something else"}
    answer = await client.post("/api/v1/auth/password", json=wrong, headers=bob.bearer)
    assert (answer.status, (await answer.json())["errors"][0]["field"]) == (422, "current_password")
    answer = await client.post("/api/v1/auth/password", json={**wrong, "current_password": PASSWORD}, headers=bob.bearer)
    assert answer.status == 200
    pair = await answer.json()
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    client.session.cookie_jar.clear()
    for headers, status in [
        (bob.bearer, 401),
        (bob.cookie, 401),
        ({"Authorization": f"Bearer {pair['access_token']}"}, 200),
        ({"Cookie": cookie}, 200),
    ]:
        assert (await client.get("/api/v1/auth/me", headers=headers)).status == status
    for password, status in ((PASSWORD, 401), ("something else", 200)):
        answer = await client.post("/api/v1/auth/login", json={"email": bob.email, "password": password})
        assert answer.status == status


async def test_pages_finds_and_sorts_people(client: Client, box: Box, ada: Person) -> None:
    for name in ("zoë", "100%", "under_score"):
        await add_person(box, name.replace("%", "percent"))
    everybody = await client.get("/api/v1/users?limit=1", headers=ada.bearer)
    assert everybody.headers["X-Total-Count"] == "4"
    for query, names in [
        ("", ["100Percent", "Ada", "Under_Score", "Zoë"]),
        ("?sort=newest&limit=1", ["Under_Score"]),
        ("?skip=1&limit=2", ["Ada", "Under_Score"]),
        ("?q=ZO", ["Zoë"]),
        ("?q=ZOË", ["Zoë"]),
        ("?q=zoë+EXAMPLE", ["Zoë"]),
        ("?q=_", ["Under_Score"]),
        ("?q=%25", []),
        ("?role=admin", ["Ada"]),
        ("?is_active=false", []),
    ]:
        answer = await client.get(f"/api/v1/users{query}", headers=ada.bearer)
        assert [user["name"] for user in json.loads(await answer.text())] == names, query
    assert answer.headers["X-Total-Count"] == "0"
