"""The rules about people: one address, one account; one admin always remains; nothing of who leaves stays."""

import asyncio
from typing import Any

import pytest
from accounts.people import Person, add_person, sign_in_person, user_of
from sqlalchemy import func, select

from lms_box.accounts import service
from lms_box.accounts.links import make_link
from lms_box.accounts.tables import BrowserSession, OneTimeLink, RefreshToken, User
from lms_box.box import Box
from lms_box.errors import Conflict, Invalid, NotFound


async def test_keeps_the_address_as_typed_and_one_account_for_it(box: Box) -> None:
    async with box.db.writing() as session:
        user = await service.add_user(session, email=" Ada@Example.ORG ")
    assert (user.email, user.email_key, user.name, user.role) == ("Ada@Example.ORG", "ada@example.org", "Ada", "user")
    for again in ("ada@example.org", "ADA@EXAMPLE.ORG"):
        with pytest.raises(Conflict, match=again):
            async with box.db.writing() as session:
                await service.add_user(session, email=again)


async def test_gives_an_address_to_one_of_two_who_ask_at_once(box: Box) -> None:
    async def add() -> bool:
        try:
            async with box.db.writing() as session:
                await service.add_user(session, email="ada@example.org")
        except Conflict:
            return False
        return True

    assert sorted(await asyncio.gather(*(add() for _ in range(4)))) == [False, False, False, True]


async def test_moves_to_an_address_that_is_free(box: Box, bob: Person, ada: Person) -> None:
    async with box.db.writing() as session:
        await service.change_user(session, user_id=bob.id, email="BOB@example.org")
    for taken, error in ((ada.email, Conflict), ("no address", Invalid)):
        with pytest.raises(error):
            async with box.db.writing() as session:
                await service.change_user(session, user_id=bob.id, email=taken)
    user = await user_of(box, bob.email)
    assert user is not None
    assert user.email == "BOB@example.org"


async def test_keeps_the_last_admin(box: Box, ada: Person, bob: Person) -> None:
    closed = await add_person(box, "closed", role="admin")
    async with box.db.writing() as session:
        await service.change_user(session, user_id=closed.id, is_active=False)
    for changes in ({"role": "user"}, {"is_active": False}, None):
        with pytest.raises(Conflict) as refused:
            await _change_or_remove(box, ada, changes)
        assert refused.value.code == "last_admin"
    async with box.db.writing() as session:
        await service.change_user(session, user_id=ada.id, role="admin", is_active=True)
        await service.change_user(session, user_id=bob.id, role="admin")
        await service.change_user(session, user_id=ada.id, role="user")


async def _change_or_remove(box: Box, person: Person, changes: dict[str, Any] | None) -> None:
    async with box.db.writing() as session:
        if changes is None:
            await service.remove_user(session, user_id=person.id)
        else:
            await service.change_user(session, user_id=person.id, **changes)


async def test_keeps_one_of_two_admins_who_demote_each_other_at_once(box: Box, ada: Person) -> None:
    eve = await add_person(box, "eve", role="admin")

    async def demote(person: Person) -> bool:
        try:
            async with box.db.writing() as session:
                await service.change_user(session, user_id=person.id, role="user")
        except Conflict:
            return False
        return True

    assert sorted(await asyncio.gather(demote(ada), demote(eve))) == [False, True]


@pytest.mark.usefixtures("ada")
async def test_leaves_nothing_of_who_is_removed(box: Box, bob: Person) -> None:
    await sign_in_person(box, bob.email)
    async with box.db.writing() as session:
        await make_link(session, user_id=bob.id, purpose="sign-in")
    async with box.db.writing() as session:
        await service.remove_user(session, user_id=bob.id)
    async with box.db.reading() as session:
        for table, left in ((User, 1), (BrowserSession, 1), (RefreshToken, 1), (OneTimeLink, 0)):
            assert await session.scalar(select(func.count()).select_from(table)) == left, table
    with pytest.raises(NotFound):
        async with box.db.writing() as session:
            await service.remove_user(session, user_id=bob.id)
