"""What the tests of accounts share: hashes that cost little, a clock that can be put forward, boxes with other settings."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest
from accounts.people import CHEAP, Client, Clock, Person, Serve, add_person
from served import served

from lms_box.accounts import identify, links, passwords, sign_in
from lms_box.app import create_app
from lms_box.box import Box


@pytest.fixture
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where how dear a hash is does not matter."""
    monkeypatch.setattr(passwords, "HASHER", CHEAP)
    monkeypatch.setattr(passwords, "NOBODYS_HASH", CHEAP.hash("nobody knows this one"))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    for module in (identify, links, sign_in):
        monkeypatch.setattr(module, "now", made)
    return made


@pytest.fixture
async def ada(box: Box) -> Person:
    """The admin."""
    return await add_person(box, "ada", role="admin")


@pytest.fixture
async def bob(box: Box) -> Person:
    """A learner."""
    return await add_person(box, "bob")


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    async with AsyncExitStack() as opened:

        async def start(box: Box) -> Client:
            return await opened.enter_async_context(served(create_app(box)))

        yield start


@pytest.fixture
async def open_client(box: Box, serve: Serve) -> Client:
    """A box where anybody may make an account."""
    auth = box.settings.auth.model_copy(update={"registration": "open"})
    return await serve(replace(box, settings=box.settings.model_copy(update={"auth": auth})))
