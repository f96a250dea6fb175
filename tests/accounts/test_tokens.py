"""Tokens: what an access token says, and that nobody can make or swap one."""

import hashlib
from uuid import UUID

import pytest
from itsdangerous import Signer

from lms_box.accounts.tokens import Access, hash_token, new_token, read_access, sign_access, successor_of
from lms_box.http.signed import Links

SECRET = "s" * 48
ACCESS = Access(user_id=UUID(int=1), family=UUID(int=2), epoch=3)
TOKEN = sign_access(ACCESS, secret=SECRET, expires=1000)


def test_says_who_and_until_when() -> None:
    assert read_access(TOKEN, secret=SECRET, at=999) == ACCESS
    assert read_access(TOKEN, secret=SECRET, at=1000) is None


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "a.b",
        "no token",
        "ключ",
        "\udcff",
        TOKEN[:-1],
        "B" + TOKEN[1:],
        TOKEN.partition(".")[0],
        sign_access(ACCESS, secret="t" * 48, expires=1000),
        Links(SECRET).token(learner=UUID(int=1), asset=UUID(int=2), build=UUID(int=3), at=0),
        pytest.param(new_token(), id="random"),
    ],
)
def test_takes_nothing_else(token: str) -> None:
    assert read_access(token, secret=SECRET, at=0) is None


def test_follows_with_the_same_token_each_time() -> None:
    token = new_token()
    following = successor_of(token, secret=SECRET)
    assert following == successor_of(token, secret=SECRET)
    assert following != successor_of(token, secret="t" * 48)
    assert following != successor_of(following, secret=SECRET)


def test_hashes_whatever_a_header_brings() -> None:
    assert len({hash_token(token) for token in ("a", "b", "\udcff" * 2, "")}) == 4


def test_is_signed_as_the_library_would() -> None:
    """So that a token outlives an upgrade of the box."""
    packed, _, _ = TOKEN.rpartition(".")
    library = Signer(SECRET, salt="lms_box.access", key_derivation="hmac", digest_method=hashlib.sha256)
    assert library.sign(packed).decode() == TOKEN
