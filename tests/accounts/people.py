"""People of the accounts' tests: with a password, signed in on devices, cookie and tokens at hand."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from aiohttp.test_utils import TestClient
from argon2 import PasswordHasher

from lms_box.accounts import service, sign_in
from lms_box.accounts.sign_in import Keys
from lms_box.accounts.tables import User
from lms_box.box import Box

Client = TestClient[Any, Any]
Serve = Callable[[Box], Awaitable[Client]]
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "a quiet word"


@dataclass(frozen=True)
class Person:
    """Somebody with an account, signed in on one device."""

    id: UUID
    email: str
    access_token: str
    refresh_token: str
    session_token: str

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.access_token}"}

    @property
    def cookie(self) -> dict[str, str]:
        return {"Cookie": f"lms_session={self.session_token}"}


async def sign_in_person(box: Box, email: str) -> Person:
    """Another device of theirs."""
    async with box.db.writing() as session:
        user = await service.get_user_by_email(session, email=email)
        opened = await sign_in.open_sign_in(session, user=user, device="a test", keys=Keys(box.secret, box.settings.auth))
    return Person(user.id, email, opened.pair.access_token, opened.pair.refresh_token, opened.session_token)


async def add_person(box: Box, name: str, **given: Any) -> Person:
    email = f"{name}@example.org"
    async with box.db.writing() as session:
        await service.add_user(session, email=email, name=name.title(), password_hash=CHEAP.hash(PASSWORD), **given)
    return await sign_in_person(box, email)


async def user_of(box: Box, email: str) -> User | None:
    async with box.db.reading() as session:
        return await service.find_user(session, email=email)


class Clock:
    """The rooms' time; it stands still unless it is put forward."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **span: float) -> None:
        self.at += timedelta(**span)
