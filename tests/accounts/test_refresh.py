"""Refresh tokens: spent one by one, kind to two tabs and lost answers, hard on who reuses one later."""

import asyncio
from typing import Any

import pytest
from accounts.people import Client, Clock, Person, sign_in_person
from sqlalchemy import func, select

from lms_box.accounts.tables import RefreshToken
from lms_box.box import Box


async def refresh(client: Client, token: str) -> dict[str, Any] | None:
    """The new pair, None when it is refused."""
    answer = await client.post("/api/v1/auth/refresh", json={"refresh_token": token})
    assert answer.status in (200, 401)
    return dict(await answer.json()) if answer.status == 200 else None


async def next_of(client: Client, token: str) -> str:
    pair = await refresh(client, token)
    assert pair is not None
    return str(pair["refresh_token"])


async def count(box: Box) -> int:
    async with box.db.reading() as session:
        return await session.scalar(select(func.count()).select_from(RefreshToken)) or 0


async def test_gives_a_new_pair(client: Client, bob: Person) -> None:
    pair = await refresh(client, bob.refresh_token)
    assert pair is not None
    assert set(pair) == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert pair["refresh_token"] != bob.refresh_token
    answer = await client.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {pair['access_token']}"})
    assert (await answer.json())["email"] == bob.email


async def test_gives_two_tabs_the_same(client: Client, box: Box, bob: Person) -> None:
    pairs = await asyncio.gather(*(refresh(client, bob.refresh_token) for _ in range(5)))
    assert len({pair["refresh_token"] for pair in pairs if pair}) == 1
    assert all(pairs)
    assert await count(box) == 2


async def test_forgives_within_a_minute_even_when_the_successor_is_used(client: Client, bob: Person, clock: Clock) -> None:
    second = await next_of(client, bob.refresh_token)
    third = await next_of(client, second)
    clock.forward(seconds=60)
    assert await next_of(client, bob.refresh_token) == second
    assert await next_of(client, second) == third


async def test_repeats_a_lost_answer_for_as_long_as_nobody_used_it(client: Client, bob: Person, clock: Clock) -> None:
    second = await next_of(client, bob.refresh_token)
    clock.forward(days=3)
    assert await next_of(client, bob.refresh_token) == second
    assert await refresh(client, second)


async def test_ends_the_family_when_a_token_is_reused_later(client: Client, box: Box, bob: Person, clock: Clock) -> None:
    other_device = await sign_in_person(box, bob.email)
    second = await next_of(client, bob.refresh_token)
    pair = await refresh(client, second)
    assert pair is not None
    clock.forward(seconds=61)
    assert await refresh(client, bob.refresh_token) is None
    for token in (bob.refresh_token, second, pair["refresh_token"]):
        assert await refresh(client, token) is None
    for token, status in ((pair["access_token"], 401), (bob.access_token, 401), (other_device.access_token, 200)):
        answer = await client.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {token}"})
        assert answer.status == status
    assert await refresh(client, other_device.refresh_token)


async def test_ends_when_nobody_comes_back_for_seven_days(client: Client, bob: Person, clock: Clock) -> None:
    clock.forward(days=6)
    second = await next_of(client, bob.refresh_token)
    clock.forward(days=6)
    assert await refresh(client, bob.refresh_token) is None, "spent and expired"
    third = await next_of(client, second)
    clock.forward(days=7)
    assert await refresh(client, third) is None


@pytest.mark.usefixtures("bob")
async def test_refuses_what_is_none(client: Client, box: Box) -> None:
    for token in ("", "x", "\x00", "ключ", "a" * 512):
        answer = await client.post("/api/v1/auth/refresh", json={"refresh_token": token})
        assert answer.status in (401, 422)
    assert await count(box) == 1


async def test_forgets_expired_ones_at_the_next_sign_in(box: Box, bob: Person, clock: Clock) -> None:
    clock.forward(days=8)
    await sign_in_person(box, bob.email)
    assert await count(box) == 1
