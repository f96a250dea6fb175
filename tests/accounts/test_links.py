"""One-time links: spent once, by whoever is first, and only while they mean something."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from accounts.people import PASSWORD, Client, Clock, Person, user_of
from sqlalchemy import select

from lms_box.accounts import service
from lms_box.accounts.links import LIFETIME, Link, Purpose, first_admin_link, make_link, site_address
from lms_box.accounts.tables import OneTimeLink
from lms_box.box import Box
from lms_box.config import Server

pytestmark = pytest.mark.usefixtures("cheap_hashes")
NEW = "another quiet word"


async def link_for(box: Box, person: Person, purpose: Purpose) -> Link:
    async with box.db.writing() as session:
        return await make_link(session, user_id=person.id, purpose=purpose)


async def first_link(box: Box) -> Link:
    async with box.db.writing() as session:
        link = await first_admin_link(session)
    assert link is not None
    return link


async def spend(client: Client, token: str, **given: str) -> tuple[int, dict[str, Any]]:
    client.session.cookie_jar.clear()
    answer = await client.post("/api/v1/auth/link", json={"token": token, **given})
    return answer.status, await answer.json()


async def test_signs_in_once(client: Client, box: Box, bob: Person) -> None:
    link = await link_for(box, bob, "sign-in")
    status, pair = await spend(client, link.token)
    assert status == 200
    me = await client.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {pair['access_token']}"})
    assert (await me.json())["email"] == bob.email
    assert (await client.get("/api/v1/auth/session")).status == 200
    status, problem = await spend(client, link.token)
    assert (status, problem["code"]) == (410, "link_spent")


async def test_lets_only_the_first_of_many_in(client: Client, box: Box, bob: Person) -> None:
    link = await link_for(box, bob, "sign-in")
    statuses = [status for status, _ in await asyncio.gather(*(spend(client, link.token) for _ in range(5)))]
    assert sorted(statuses) == [200, 410, 410, 410, 410]


async def test_sets_a_password_and_signs_other_devices_out(client: Client, box: Box, bob: Person) -> None:
    spare, link = await link_for(box, bob, "sign-in"), await link_for(box, bob, "set-password")
    for given in ({}, {"password": "short"}, {"password": bob.email}):
        status, problem = await spend(client, link.token, **given)
        assert (status, problem["errors"][0]["field"]) == (422, "password"), "the link is not lost by a mistake"
    assert (await spend(client, link.token, password=NEW))[0] == 200
    client.session.cookie_jar.clear()
    assert (await client.get("/api/v1/auth/me", headers=bob.bearer)).status == 401
    assert (await spend(client, spare.token))[0] == 410, "nor does an older link let anybody in"
    for password, status in ((NEW, 200), (PASSWORD, 401)):
        answer = await client.post("/api/v1/auth/login", json={"email": bob.email, "password": password})
        assert answer.status == status


@pytest.mark.parametrize(("seconds", "status"), [(-1, 200), (0, 410)])
@pytest.mark.parametrize("purpose", ["sign-in", "set-password"])
async def test_ends_in_time(
    client: Client, box: Box, bob: Person, clock: Clock, purpose: Purpose, seconds: int, status: int
) -> None:
    link = await link_for(box, bob, purpose)
    clock.at += LIFETIME[purpose] + timedelta(seconds=seconds)
    assert (await spend(client, link.token, password=NEW))[0] == status


async def test_ends_with_the_account(client: Client, box: Box, bob: Person) -> None:
    link = await link_for(box, bob, "sign-in")
    async with box.db.writing() as session:
        await service.change_user(session, user_id=bob.id, is_active=False)
    late = await link_for(box, bob, "sign-in")
    assert [(await spend(client, each.token))[0] for each in (link, late)] == [410, 410]


async def test_makes_the_first_admin(client: Client, box: Box) -> None:
    link, other = await first_link(box), await first_link(box)
    assert (await spend(client, link.token, password=NEW))[1]["errors"][0]["field"] == "email"
    assert (await spend(client, link.token, password=NEW, email="no address"))[0] == 422
    status, pair = await spend(client, link.token, password=NEW, email="ada@home.local", name="Ada")
    assert status == 200
    me = await client.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {pair['access_token']}"})
    assert {"role": "admin", "name": "Ada", "email": "ada@home.local"}.items() <= (await me.json()).items()
    assert (await spend(client, other.token, password=NEW, email="eve@example.org"))[0] == 410
    async with box.db.writing() as session:
        assert await first_admin_link(session) is None


async def test_makes_one_first_admin_when_two_hurry(client: Client, box: Box) -> None:
    links = [await first_link(box) for _ in range(3)]
    emails = [f"first{number}@example.org" for number in range(3)]
    hurry = (spend(client, link.token, password=NEW, email=email) for link, email in zip(links, emails, strict=True))
    assert sorted(status for status, _ in await asyncio.gather(*hurry)) == [200, 410, 410]
    assert len([email for email in emails if await user_of(box, email)]) == 1


async def test_makes_no_first_admin_where_there_are_people(client: Client, box: Box) -> None:
    link = await first_link(box)
    async with box.db.writing() as session:
        await service.add_user(session, email="bob@example.org")
    status, _ = await spend(client, link.token, password=NEW, email="eve@example.org")
    assert status == 410
    assert await user_of(box, "eve@example.org") is None


async def test_keeps_only_the_hash(box: Box, bob: Person) -> None:
    link = await link_for(box, bob, "sign-in")
    async with box.db.reading() as session:
        stored = await session.scalar(select(OneTimeLink))
    assert link.token not in repr(stored and vars(stored))


@pytest.mark.parametrize(
    ("server", "address"),
    [
        (Server(), "http://127.0.0.1:8080"),
        (Server(host="0.0.0.0", port=80), "http://127.0.0.1:80"),  # noqa: S104 -- nothing listens here
        (Server(host="::"), "http://[::1]:8080"),
        (Server(public_url="https://learn.example.org"), "https://learn.example.org"),
    ],
)
async def test_stands_at_the_boxs_address_behind_the_hash(box: Box, bob: Person, server: Server, address: str) -> None:
    assert site_address(server) == address
    link = await link_for(box, bob, "sign-in")
    settings = replace(box, settings=box.settings.model_copy(update={"server": server})).settings
    assert link.address(settings) == f"{address}/link#{link.token}"
