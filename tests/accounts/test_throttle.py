"""Failed sign-ins are counted by account and by address, in the database; right ones never."""

import asyncio
from dataclasses import replace

import pytest
from accounts.people import PASSWORD, Client, Clock, Person, Serve, add_person

from lms_box.accounts.sign_in import Attempt
from lms_box.box import Box
from lms_box.config import Limits, Server

pytestmark = pytest.mark.usefixtures("cheap_hashes")
LIMITS = Limits(sign_in_failures_per_account=3, sign_in_failures_per_address=5)
PROXY = Server(trusted_proxies=("127.0.0.1",))


@pytest.fixture
async def guarded(box: Box, serve: Serve) -> Client:
    """A box that loses patience early, behind a proxy that names the client's address."""
    return await serve(replace(box, settings=box.settings.model_copy(update={"limits": LIMITS, "server": PROXY})))


async def attempt(client: Client, email: str, password: str, address: str = "192.0.2.1") -> int:
    client.session.cookie_jar.clear()
    body, headers = {"email": email, "password": password}, {"X-Forwarded-For": address}
    answer = await client.post("/api/v1/auth/login", json=body, headers=headers)
    if answer.status == 429:
        assert 1 <= int(answer.headers["Retry-After"]) <= 900
        assert (await answer.json())["code"] == "too_many_failures"
    return int(answer.status)


@pytest.mark.parametrize("email", ["bob@example.org", "nobody@example.org"])
@pytest.mark.usefixtures("bob")
async def test_makes_the_account_wait_known_or_not(guarded: Client, clock: Clock, email: str) -> None:
    addresses = [f"192.0.2.{number}" for number in range(4)]
    assert [await attempt(guarded, email, "guess", address) for address in addresses] == [401, 401, 401, 429]
    assert await attempt(guarded, email.upper(), PASSWORD, "192.0.2.99") == 429, "the right one learns nothing either"
    clock.forward(minutes=15)
    assert await attempt(guarded, email, "guess") == 401


async def test_makes_the_address_wait(guarded: Client, bob: Person, clock: Clock) -> None:
    statuses = [await attempt(guarded, f"guess{number}@example.org", "guess") for number in range(6)]
    assert statuses == [401] * 5 + [429]
    assert await attempt(guarded, bob.email, PASSWORD) == 429
    assert await attempt(guarded, bob.email, PASSWORD, "198.51.100.7") == 200
    clock.forward(minutes=15)
    assert await attempt(guarded, bob.email, PASSWORD) == 200


async def test_lets_a_school_behind_one_address_sign_in(guarded: Client, box: Box) -> None:
    pupils = [(await add_person(box, f"pupil{number}")).email for number in range(12)]
    assert await asyncio.gather(*(attempt(guarded, pupil, PASSWORD) for pupil in pupils)) == [200] * 12


async def test_counts_failures_only(guarded: Client, bob: Person) -> None:
    assert await asyncio.gather(*(attempt(guarded, bob.email, PASSWORD) for _ in range(8))) == [200] * 8
    for _ in range(3):
        assert await attempt(guarded, bob.email, "guess") == 401
        assert await attempt(guarded, bob.email, "guess") == 401
        assert await attempt(guarded, bob.email, PASSWORD) == 200, "and a right one forgives"


async def test_bounds_what_guesses_sent_at_once_can_learn(guarded: Client, bob: Person) -> None:
    statuses = await asyncio.gather(*(attempt(guarded, bob.email, f"guess{number}") for number in range(20)))
    assert sorted(statuses) == [401] * 3 + [429] * 17


async def test_believes_nobodys_word_about_addresses_but_the_proxys(box: Box, serve: Serve) -> None:
    direct = await serve(replace(box, settings=box.settings.model_copy(update={"limits": LIMITS})))
    statuses = [await attempt(direct, f"g{number}@example.org", "guess", f"192.0.2.{number}") for number in range(6)]
    assert statuses == [401] * 5 + [429]


async def test_guards_the_current_password_of_a_stolen_session(guarded: Client, bob: Person) -> None:
    body = {"current_password": "guess", "new_password": "something else"}
    answers = [await guarded.post("/api/v1/auth/password", json=body, headers=bob.bearer) for _ in range(4)]
    assert [answer.status for answer in answers] == [422, 422, 422, 429]


async def test_lets_nobody_ask_who_has_an_account(box: Box, serve: Serve, bob: Person) -> None:
    """Who registers is told that an address is taken, but not one address after the other."""
    auth = box.settings.auth.model_copy(update={"registration": "open"})
    client = await serve(replace(box, settings=box.settings.model_copy(update={"limits": LIMITS, "auth": auth})))

    async def register(email: str) -> int:
        draft = {"email": email, "password": "a quiet word"}
        return (await client.post("/api/v1/auth/register", json=draft)).status

    assert [await register(bob.email) for _ in range(4)] == [409, 409, 409, 429]
    assert await attempt(client, bob.email, "guess") == 401, "his own sign-in is not stopped by it"
    assert await attempt(client, "other@example.org", "guess") == 401
    assert await register("new@example.org") == 429, "so much from one address"


async def test_can_be_switched_off(box: Box, serve: Serve, bob: Person) -> None:
    limits = LIMITS.model_copy(update={"enabled": False})
    client = await serve(replace(box, settings=box.settings.model_copy(update={"limits": limits})))
    assert [await attempt(client, bob.email, "guess") for _ in range(8)] == [401] * 8


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("", ""),
        ("unix:" + "x" * 200, ("unix:" + "x" * 200)[:64]),
    ],
)
def test_takes_a_whole_network_for_one_address(address: str, key: str) -> None:
    assert Attempt("bob@example.org", address).address_key == key
