"""What the tests of accounts share: hashes that cost little, and a clock that can be put forward."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from lms_box.accounts import identify, links, passwords, sign_in

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where how dear a hash is does not matter."""
    monkeypatch.setattr(passwords, "HASHER", CHEAP)
    monkeypatch.setattr(passwords, "NOBODYS_HASH", CHEAP.hash("nobody knows this one"))


class Clock:
    """The rooms' time; it stands still unless it is put forward."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **span: float) -> None:
        self.at += timedelta(**span)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    made = Clock()
    for module in (identify, links, sign_in):
        monkeypatch.setattr(module, "now", made)
    return made
