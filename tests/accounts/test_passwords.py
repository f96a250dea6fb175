"""Passwords: what is refused, what is hashed, and how many at a time."""

import asyncio
import threading
from collections.abc import Callable

import pytest
from argon2 import extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY

from lms_box.accounts import passwords
from lms_box.errors import Invalid, Unavailable

EMAIL = "ada.lovelace@example.org"


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "too_short"),
        ("1234567", "too_short"),
        ("é" * 7, "too_short"),
        ("ﬁﬁﬁﬁ", "too_short"),
        ("e\u0301" * 7, "too_short"),
        ("x" * 257, "too_long"),
        ("e\u0301" * 200, "too_long"),
        ("ﷺ" * 20, "too_long"),
        ("Ada.Lovelace@Example.org", "is_email"),
        ("password", "too_common"),
        ("PassWord", "too_common"),
        ("ｐａｓｓｗｏｒｄ", "too_common"),
        ("12345678", "too_common"),
    ],
)
def test_refuses_with_the_reason(password: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        passwords.checked_password(password, email=EMAIL)
    assert [field[:2] for field in refused.value.fields] == [("password", code)]


@pytest.mark.parametrize("password", ["ponyponY", "x" * 256, "    8    ", "正しい馬の電池の針", "nul\x00inside", "🔑" * 8])
def test_asks_for_no_composition(password: str) -> None:
    assert passwords.checked_password(password, email=EMAIL)


def test_lists_what_is_tried_first_in_the_form_that_is_compared() -> None:
    listed = passwords._commonest()
    assert len(listed) >= 1000
    assert all(passwords.normal_form(word).casefold() == word and len(word) >= passwords.SHORTEST for word in listed)


async def test_hashes_with_the_low_memory_parameters_of_the_rfc() -> None:
    stored = await passwords.hash_password("correct horse")
    assert extract_parameters(stored) == RFC_9106_LOW_MEMORY
    assert extract_parameters(passwords.NOBODYS_HASH) == RFC_9106_LOW_MEMORY, "else an unknown address is quicker"
    assert await passwords.is_password("correct horse", stored=stored)
    assert not await passwords.is_password("correct hors", stored=stored)


@pytest.mark.usefixtures("cheap_hashes")
async def test_takes_the_same_password_from_every_keyboard() -> None:
    stored = await passwords.hash_password(passwords.checked_password("Ångström ﬁne", email=EMAIL))
    assert await passwords.is_password("A\u030angstro\u0308m fine", stored=stored)


@pytest.mark.usefixtures("cheap_hashes")
@pytest.mark.parametrize("stored", [None, "", "no hash at all"])
async def test_says_no_where_nothing_fits(stored: str | None) -> None:
    assert not await passwords.is_password("anything at all", stored=stored)


class Gate:
    """Work that stands still until it is opened, and counts itself."""

    def __init__(self) -> None:
        self.opened = threading.Event()
        self.most = 0
        self._now = 0
        self._lock = threading.Lock()

    def work(self) -> None:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        self.opened.wait(30)
        with self._lock:
            self._now -= 1


async def test_hashes_few_at_a_time_off_the_event_loop() -> None:
    gate = Gate()
    running = [asyncio.ensure_future(passwords._run(gate.work)) for _ in range(passwords.AT_A_TIME * 4)]
    await asyncio.sleep(0)  # the loop goes on while they stand
    gate.opened.set()
    await asyncio.gather(*running)
    assert gate.most <= passwords.AT_A_TIME


async def test_sends_people_away_before_the_queue_is_endless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_places", threading.BoundedSemaphore(3))
    gate = Gate()
    running = [asyncio.ensure_future(passwords._run(gate.work)) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        await passwords._run(gate.work)
    gate.opened.set()
    await asyncio.gather(*running)
    await passwords._run(_answer)


def _answer() -> int:
    return 42


async def test_gives_its_place_back_when_the_work_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_places", threading.BoundedSemaphore(1))
    fail: Callable[[], float] = lambda: 1 / 0  # noqa: E731 -- one expression is all it takes
    with pytest.raises(ZeroDivisionError):
        await passwords._run(fail)
    assert await passwords._run(_answer) == 42
