"""Passwords: the rules for a new one, and their hashes, made off the event loop and few at a time."""

import asyncio
import os
import sys
import threading
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import ParamSpec, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from lms_box.accounts.emails import email_key
from lms_box.errors import Invalid, Unavailable

SHORTEST = 8
LONGEST = 256
AT_A_TIME = max(1, (os.cpu_count() or 1) // RFC_9106_LOW_MEMORY.parallelism)  # each takes 64 MiB and four threads
MOST_WAITING = 200
COMMONEST = Path(__file__).parent / "common_passwords.txt"
HASHER = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
# Nobody knows its password. It is checked where there is no account, which then takes as long as where there is one.
NOBODYS_HASH = "$argon2id$v=19$m=65536,t=3,p=4$vLVnwZ1bnOCiXrNqrTn81w$/XrrmhwdQFvryuudxpQGEVYN9aGWH+CbdPKOREmJk/c"

Given = ParamSpec("Given")
Result = TypeVar("Result")


def checked_password(password: str, *, email: str, field: str = "password") -> str:
    """The password in the form that is hashed; raises Invalid with what is wrong with it."""
    tidy = normal_form(password)
    shorter, longer = sorted((len(password), len(tidy)))  # what is typed has to fit as well: that is what others can count
    if shorter < SHORTEST:
        raise _refused(field, "too_short", f"Please take at least {SHORTEST} characters for the password.")
    if longer > LONGEST:
        raise _refused(field, "too_long", f"Please take at most {LONGEST} characters for the password.")
    if email_key(tidy) == email_key(email):
        raise _refused(field, "is_email", "The password is the e-mail address. Please take another one.")
    if tidy.casefold() in _commonest():
        raise _refused(field, "too_common", "Many people use this password. Please take another one.")
    return tidy


def normal_form(password: str) -> str:
    """The same for every keyboard that types it."""
    return unicodedata.normalize("NFKC", password)


async def hash_password(password: str) -> str:
    """Of a password that `checked_password` has let through."""
    return await _run(HASHER.hash, password)


async def is_password(password: str, *, stored: str | None) -> bool:
    """Does the same work where nothing is stored, and then says no."""
    return await _run(_verify, stored or NOBODYS_HASH, normal_form(password)) and stored is not None


def _verify(stored: str, password: str) -> bool:
    try:
        return HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def _give_way() -> None:
    """A storm of sign-ins must not slow the pages down: on Linux a thread has a priority of its own."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 19)  # argon2's own threads inherit it


_threads = ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="argon2", initializer=_give_way)
_places = threading.BoundedSemaphore(MOST_WAITING)


async def _run(work: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs) -> Result:
    if not _places.acquire(blocking=False):
        raise Unavailable("Very many people are signing in just now. Please try again in a minute.")
    try:
        return await asyncio.get_running_loop().run_in_executor(_threads, lambda: work(*args, **kwargs))
    finally:
        _places.release()


@cache
def _commonest() -> frozenset[str]:
    lines = COMMONEST.read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _refused(field: str, code: str, words: str) -> Invalid:
    return Invalid(words, code="password_refused", fields=((field, code, words),))
