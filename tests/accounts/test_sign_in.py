"""Signing in: what is answered, what a browser keeps, and that a guesser learns nothing."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from accounts.people import PASSWORD, Client, Clock, Person, add_person, sign_in_person, user_of
from sqlalchemy import event, func, select
from sqlalchemy.engine import Engine

from lms_box.accounts import passwords, service
from lms_box.accounts.tables import BrowserSession, RefreshToken, SignInFailure
from lms_box.box import Box

pytestmark = pytest.mark.usefixtures("cheap_hashes")


async def sign_in(client: Client, email: str, password: str = PASSWORD, **headers: str) -> Any:
    client.session.cookie_jar.clear()
    return await client.post("/api/v1/auth/login", json={"email": email, "password": password}, headers=headers)


async def is_signed_in(client: Client, headers: dict[str, str]) -> bool:
    client.session.cookie_jar.clear()
    answer = await client.get("/api/v1/auth/me", headers=headers)
    assert answer.status in (200, 401)
    return bool(answer.status == 200)


@pytest.mark.usefixtures("bob")
async def test_gives_a_pair_and_a_cookie(client: Client) -> None:
    answer = await sign_in(client, "BOB@example.org")
    assert answer.status == 200
    pair = await answer.json()
    assert set(pair) == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert (pair["token_type"], pair["expires_in"]) == ("bearer", 900)
    flags = answer.headers["Set-Cookie"].split("; ")[1:]
    assert flags == ["Max-Age=604800", "Path=/", "HttpOnly", "SameSite=Lax"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert await is_signed_in(client, {"Authorization": f"Bearer {pair['access_token']}"})
    assert await is_signed_in(client, {"Cookie": answer.headers["Set-Cookie"].partition(";")[0]})


async def test_keeps_no_token_and_no_password_in_the_clear(box: Box, bob: Person) -> None:
    async with box.db.reading() as session:
        stored = [repr(vars(row)) for table in (BrowserSession, RefreshToken) for row in await session.scalars(select(table))]
    user = await user_of(box, bob.email)
    everything = " ".join([*stored, repr(user and vars(user))])
    assert len(stored) == 2
    for secret in (bob.session_token, bob.refresh_token, PASSWORD):
        assert secret not in everything


WRONG = [("bob@example.org", "not the word"), ("nobody@example.org", PASSWORD), ("no address", PASSWORD), ("", "x")]


@pytest.mark.usefixtures("bob")
async def test_answers_alike_whether_the_address_is_known_or_not(client: Client) -> None:
    seen = []
    for email, password in WRONG:
        answer = await sign_in(client, email, password)
        problem = await answer.json()
        problem.pop("request_id")
        seen.append((answer.status, problem, "Set-Cookie" in answer.headers))
    assert seen == [seen[0]] * len(WRONG)
    assert (seen[0][0], seen[0][1]["code"], seen[0][2]) == (401, "wrong_credentials", False)


@pytest.mark.usefixtures("bob")
async def test_does_the_same_work_whether_the_address_is_known_or_not(
    client: Client, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add_person(box, "linkonly")
    async with box.db.writing() as session:
        (await service.get_user_by_email(session, email="linkonly@example.org")).password_hash = None
    checked: list[str] = []
    honest = passwords._verify

    def verify(stored: str, given: str) -> bool:
        checked.append(stored)
        return honest(stored, given)

    monkeypatch.setattr(passwords, "_verify", verify)
    for email, password in [*WRONG, ("linkonly@example.org", PASSWORD)]:
        await sign_in(client, email, password)
    assert len(checked) == len(WRONG) + 1, "one hash each"
    assert checked[1:] == [passwords.NOBODYS_HASH] * len(WRONG)
    async with box.db.reading() as session:
        assert await session.scalar(select(func.count()).select_from(SignInFailure)) == len(WRONG) + 1


async def test_asks_the_database_two_things_of_each_who_comes_in_a_storm(
    client: Client, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And then they wait for the hash: all of a storm come at one moment, and everybody else's requests behind them."""
    pupils = [(await add_person(box, f"pupil{number}")).email for number in range(12)]
    asked: list[str] = []
    asked_by_all: list[int] = []
    honest, waiting, all_here = passwords.is_password, iter(range(len(pupils) - 1)), asyncio.Event()

    async def is_password(password: str, *, stored: str | None) -> bool:
        if next(waiting, None) is None:
            asked_by_all.append(len(asked))
            all_here.set()
        await all_here.wait()
        return await honest(password, stored=stored)

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.extend([statement] * statement.startswith("SELECT"))

    monkeypatch.setattr(passwords, "is_password", is_password)
    event.listen(Engine, "before_cursor_execute", note)
    try:
        answers = await asyncio.gather(*(sign_in(client, pupil) for pupil in pupils))
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert [answer.status for answer in answers] == [200] * len(pupils)
    assert asked_by_all == [2 * len(pupils)]


async def test_tells_a_closed_account_only_to_who_knows_its_password(client: Client, box: Box, bob: Person) -> None:
    async with box.db.writing() as session:
        await service.change_user(session, user_id=bob.id, is_active=False)
    codes = [(await (await sign_in(client, bob.email, given)).json())["code"] for given in (PASSWORD, "not the word")]
    assert codes == ["account_disabled", "wrong_credentials"]


async def test_stops_every_credential_when_the_account_is_closed(client: Client, box: Box, bob: Person) -> None:
    assert await is_signed_in(client, bob.bearer)
    assert await is_signed_in(client, bob.cookie)
    async with box.db.writing() as session:
        await service.change_user(session, user_id=bob.id, is_active=False)
    assert not await is_signed_in(client, bob.bearer)
    assert not await is_signed_in(client, bob.cookie)
    answer = await client.post("/api/v1/auth/refresh", json={"refresh_token": bob.refresh_token})
    assert answer.status == 401
    async with box.db.writing() as session:
        await service.change_user(session, user_id=bob.id, is_active=True)
    assert not await is_signed_in(client, bob.bearer), "opening the account again does not bring back its devices"
    assert not await is_signed_in(client, bob.cookie)
    assert (await sign_in(client, bob.email)).status == 200


async def test_signs_out_this_device_alone(client: Client, box: Box, bob: Person) -> None:
    phone, laptop = await sign_in_person(box, bob.email), await sign_in_person(box, bob.email)
    answer = await client.post("/api/v1/auth/logout", headers=phone.cookie)
    assert answer.status == 204
    assert "lms_session=; Max-Age=0" in answer.headers["Set-Cookie"]
    assert [await is_signed_in(client, them) for them in (phone.cookie, phone.bearer)] == [False, False]
    assert (await client.post("/api/v1/auth/logout", headers=laptop.bearer)).status == 204
    assert [await is_signed_in(client, them) for them in (laptop.cookie, laptop.bearer)] == [False, False]
    assert [await is_signed_in(client, them) for them in (bob.cookie, bob.bearer)] == [True, True]


async def test_signs_out_every_device(client: Client, box: Box, ada: Person, bob: Person) -> None:
    phone = await sign_in_person(box, bob.email)
    assert (await client.post("/api/v1/auth/logout?everywhere=true", headers=phone.bearer)).status == 204
    for them in (phone.cookie, phone.bearer, bob.cookie, bob.bearer):
        assert not await is_signed_in(client, them)
    assert await is_signed_in(client, ada.bearer)


async def test_lists_the_browsers_that_one_is_signed_in_with(client: Client, box: Box, ada: Person, bob: Person) -> None:
    phone = await sign_in_person(box, bob.email)
    listed = await (await client.get("/api/v1/auth/me/devices", headers=phone.cookie)).json()
    assert [(each["device"], each["is_this"]) for each in listed] == [("a test", True), ("a test", False)]
    listed = await (await client.get("/api/v1/auth/me/devices", headers=ada.bearer)).json()
    assert [each["is_this"] for each in listed] == [True]


async def test_tells_pages_who_is_there_without_an_error(client: Client, bob: Person) -> None:
    for headers in ({}, {"Cookie": "lms_session=stale"}, {"Authorization": "Bearer stale"}):
        answer = await client.get("/api/v1/auth/session", headers=headers)
        assert (answer.status, await answer.json()) == (200, {"user": None})
        assert ("Max-Age=0" in answer.headers.get("Set-Cookie", "")) == ("Cookie" in headers)
    answer = await client.get("/api/v1/auth/session", headers=bob.cookie)
    assert (await answer.json())["user"]["email"] == bob.email
    assert f"lms_session={bob.session_token}; Max-Age=604800" in answer.headers["Set-Cookie"]


async def test_keeps_a_session_for_seven_days_from_its_last_use(client: Client, bob: Person, clock: Clock) -> None:
    for _ in range(3):
        clock.forward(days=6)
        assert await is_signed_in(client, bob.cookie)
    clock.forward(days=7, seconds=1)
    assert not await is_signed_in(client, bob.cookie)


async def test_writes_a_sessions_use_once_an_hour(client: Client, box: Box, bob: Person, clock: Clock) -> None:
    async def seen() -> Any:
        async with box.db.reading() as session:
            return await session.scalar(select(BrowserSession.seen_at))

    before = await seen()
    clock.forward(minutes=59)
    await is_signed_in(client, bob.cookie)
    assert await seen() == before
    clock.forward(minutes=2)
    await is_signed_in(client, bob.cookie)
    assert await seen() == clock()


async def test_ends_an_access_token_after_its_minutes(client: Client, bob: Person, clock: Clock) -> None:
    clock.forward(minutes=14)
    assert await is_signed_in(client, bob.bearer)
    clock.forward(minutes=1)
    answer = await client.get("/api/v1/auth/me", headers=bob.bearer)
    assert (answer.status, (await answer.json())["code"]) == (401, "invalid_token")


@pytest.mark.parametrize("swap", ["refresh_token", "session_token"])
async def test_takes_no_token_for_another_kind(client: Client, bob: Person, swap: str) -> None:
    swapped = replace(bob, access_token=getattr(bob, swap), session_token=bob.access_token)
    assert not await is_signed_in(client, swapped.bearer)
    assert not await is_signed_in(client, swapped.cookie)
    for token in (bob.access_token, bob.session_token):
        assert (await client.post("/api/v1/auth/refresh", json={"refresh_token": token})).status == 401


HOSTILE = ["\x00", "a" * 300, "' OR 1=1 --", "{}", "\u202e", "\ufffe"]


async def test_stays_calm_whatever_is_typed(client: Client, bob: Person) -> None:
    for email, password in [(each, PASSWORD) for each in HOSTILE] + [(bob.email, each) for each in HOSTILE]:
        answer = await sign_in(client, email, password)
        assert answer.status in (401, 422), await answer.text()
        assert "Set-Cookie" not in answer.headers


CROSS_SITE = [
    ({"Sec-Fetch-Site": "cross-site"}, 403),
    ({"Sec-Fetch-Site": "same-site"}, 403),
    ({"Origin": "https://evil.example"}, 403),
    ({"Origin": "null"}, 403),
    ({"Sec-Fetch-Site": "same-origin"}, 200),
    ({}, 200),
]


async def test_refuses_writes_that_another_site_caused(client: Client, box: Box, bob: Person) -> None:
    for number, (headers, status) in enumerate(CROSS_SITE):
        body = {"name": f"Changed {number}"}
        answer = await client.patch("/api/v1/auth/me", json=body, headers={**bob.cookie, **headers})
        user = await user_of(box, bob.email)
        assert (answer.status, user is not None and user.name == body["name"]) == (status, status == 200)
        assert (await sign_in(client, bob.email, **headers)).status == status, "nobody is signed in as somebody else"


async def test_lets_bearers_pass_from_everywhere(client: Client, bob: Person) -> None:
    headers = {**bob.bearer, "Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert (await client.patch("/api/v1/auth/me", json={"name": "Changed"}, headers=headers)).status == 200
