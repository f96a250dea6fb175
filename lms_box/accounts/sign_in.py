"""Signing in and staying so: throttled failures, browser sessions, refresh tokens that are spent one by one."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Integer, ScalarSelect, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.accounts.emails import email_key
from lms_box.accounts.service import end_sign_ins, locked_user
from lms_box.accounts.tables import BrowserSession, OneTimeLink, RefreshToken, SignInFailure, User
from lms_box.accounts.tokens import Access, hash_token, new_token, sign_access, successor_of
from lms_box.config import Auth, Limits
from lms_box.db.base import new_id, now
from lms_box.errors import SignedOut, TooMany

WINDOW = timedelta(minutes=15)
GRACE = timedelta(seconds=60)
LONGEST_DEVICE = 200
NOBODY = UUID(int=0)


def _first_not_borne(whose: ColumnElement[bool], *, borne: str) -> ScalarSelect[datetime]:
    """When the newest failure was that has as many newer ones as are borne: until it leaves the window, too many lie in it."""
    failures = select(SignInFailure.at).where(whose).order_by(SignInFailure.at.desc())
    return failures.offset(bindparam(borne, type_=Integer)).limit(1).scalar_subquery()


THROTTLED = select(
    _first_not_borne(SignInFailure.account_key == bindparam("account_key"), borne="borne_of_account"),
    _first_not_borne(SignInFailure.address == bindparam("address_key"), borne="borne_of_address"),
)
CLAIMED = select(User.id, User.password_hash).where(User.email_key == bindparam("email_key"))


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody at `address` says to be `email`."""

    email: str
    address: str

    @property
    def account_key(self) -> str:
        return hashlib.sha256(email_key(self.email).encode("utf-8", "replace")).hexdigest()

    @property
    def address_key(self) -> str:
        """Who has one IPv6 address has the whole /64."""
        try:
            address = ip_address(self.address.partition("%")[0])
        except ValueError:
            return self.address[:64]
        if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
            return str(ip_network((address, 64), strict=False).network_address)
        return str(address)


@dataclass(frozen=True, slots=True)
class Keys:
    """What tokens are made with: the box's secret and how long each lives."""

    secret: str
    auth: Auth

    @property
    def stay(self) -> timedelta:
        return timedelta(days=self.auth.refresh_days)


@dataclass(frozen=True, slots=True)
class Pair:
    access_token: str
    refresh_token: str


@dataclass(frozen=True, slots=True)
class SignIn:
    """Of one device: a pair for API clients and the token of a browser's session."""

    user: User
    pair: Pair
    session_token: str


class Claimed(NamedTuple):
    """Whom an attempt names, as they were before its password was checked."""

    id: UUID
    password_hash: str | None


def begin_attempt(connection: Connection, attempt: Attempt, limits: Limits) -> Claimed | None:
    """All that is asked of the database before a password is checked: a storm of sign-ins comes here at one moment.

    None where nobody has the address. Raises TooMany as `refuse_throttled` does.
    """
    refuse_throttled(connection, attempt, limits)
    found = connection.execute(CLAIMED, {"email_key": email_key(attempt.email)}).one_or_none()
    return Claimed(*found) if found else None


def refuse_throttled(connection: Connection, attempt: Attempt, limits: Limits) -> None:
    """Raises TooMany when the account or the address has failed too often in the window."""
    if not limits.enabled:
        return
    asked = {
        "account_key": attempt.account_key,
        "address_key": attempt.address_key,
        "borne_of_account": limits.sign_in_failures_per_account - 1,
        "borne_of_address": limits.sign_in_failures_per_address - 1,
    }
    ends = [at + WINDOW for at in connection.execute(THROTTLED, asked).one() if at]
    seconds = max(((end - now()).total_seconds() for end in ends), default=0.0)
    if seconds > 0:
        raise TooMany(
            f"That was not right several times. Please wait {_in_words(seconds)}, then try again.",
            retry_after=seconds,
            code="too_many_failures",
        )


def _in_words(seconds: float) -> str:
    minutes = int(seconds // 60) + 1
    return "a minute" if minutes == 1 else f"{minutes} minutes"


async def settle_attempt(
    session: AsyncSession, *, attempt: Attempt, claimed: Claimed | None, is_right: bool, limits: Limits
) -> User | None:
    """The user who may sign in; None, with the failure noted, when the password was not right.

    `claimed` is who was looked up before the password was checked, None where nobody has the address: the same is done
    for both. The throttle is asked again: of many guesses sent at once only the first few learn anything.
    """
    user = await locked_user(session, user_id=claimed.id if claimed else NOBODY)
    await (await session.connection()).run_sync(refuse_throttled, attempt, limits)
    if user is None or claimed is None or user.password_hash != claimed.password_hash or not is_right:
        await note_failure(session, attempt=attempt)
        return None
    if not user.is_active:
        raise SignedOut("This account is closed. Please ask an admin of this site.", code="account_disabled")
    await session.execute(delete(SignInFailure).where(SignInFailure.account_key == attempt.account_key))
    return user


async def note_failure(session: AsyncSession, *, attempt: Attempt) -> None:
    await session.execute(delete(SignInFailure).where(SignInFailure.at < now() - WINDOW))
    session.add(SignInFailure(account_key=attempt.account_key, address=attempt.address_key, at=now()))


async def open_sign_in(session: AsyncSession, *, user: User, device: str, keys: Keys) -> SignIn:
    await _forget_expired(session)
    family, session_token, refresh_token = new_id(), new_token(), new_token()
    session.add(
        BrowserSession(
            token_hash=hash_token(session_token),
            user_id=user.id,
            family=family,
            device=device[:LONGEST_DEVICE],
            expires_at=now() + keys.stay,
        )
    )
    session.add(_refresh_token(refresh_token, user.id, family, keys))
    await session.flush()
    return SignIn(user, Pair(_access_token(user, family, keys), refresh_token), session_token)


async def refresh(session: AsyncSession, *, token: str, keys: Keys) -> Pair | None:
    """The next pair; None when the token gives none, and then its whole family has ended where it was reused.

    A spent token gives the same successor again within the grace, and for as long as nobody used that: two tabs, or an
    answer that was lost on the way.
    """
    given = await _alive_token(session, token)
    user = await locked_user(session, user_id=given.user_id) if given else None
    given = await _alive_token(session, token)
    if given is None or user is None or not user.is_active:
        return None
    following = successor_of(token, secret=keys.secret)
    if given.spent_at is None:
        given.spent_at = now()
        session.add(_refresh_token(following, user.id, given.family, keys))
    elif now() - given.spent_at > GRACE and await _is_spent(session, following):
        await end_family(session, family=given.family, with_browser=False)
        return None
    await session.flush()
    return Pair(_access_token(user, given.family, keys), following)


async def _alive_token(session: AsyncSession, token: str) -> RefreshToken | None:
    found = select(RefreshToken).where(RefreshToken.token_hash == hash_token(token), RefreshToken.expires_at > now())
    return await session.scalar(found.execution_options(populate_existing=True))


async def _is_spent(session: AsyncSession, token: str) -> bool:
    found = await session.get(RefreshToken, hash_token(token))
    return found is None or found.spent_at is not None


def _refresh_token(token: str, user_id: UUID, family: UUID, keys: Keys) -> RefreshToken:
    return RefreshToken(token_hash=hash_token(token), user_id=user_id, family=family, expires_at=now() + keys.stay)


def _access_token(user: User, family: UUID, keys: Keys) -> str:
    expires = now() + timedelta(minutes=keys.auth.access_minutes)
    return sign_access(Access(user.id, family, user.credentials_epoch), secret=keys.secret, expires=int(expires.timestamp()))


async def find_family(session: AsyncSession, *, session_token: str) -> UUID | None:
    found = select(BrowserSession.family).where(BrowserSession.token_hash == hash_token(session_token))
    return await session.scalar(found)


async def open_sessions(session: AsyncSession, *, user_id: UUID) -> Sequence[BrowserSession]:
    """The browsers that somebody is signed in with, the last seen first."""
    mine = select(BrowserSession).where(BrowserSession.user_id == user_id, BrowserSession.expires_at > now())
    return (await session.scalars(mine.order_by(BrowserSession.seen_at.desc()))).all()


async def end_family(session: AsyncSession, *, family: UUID, with_browser: bool = True) -> None:
    """Signs one device out: its tokens stop at once, and its browser's session where asked for."""
    await session.execute(delete(RefreshToken).where(RefreshToken.family == family))
    if with_browser:
        await session.execute(delete(BrowserSession).where(BrowserSession.family == family))


async def sign_out_everywhere(session: AsyncSession, *, user_id: UUID) -> None:
    user = await locked_user(session, user_id=user_id)
    if user is not None:
        await end_sign_ins(session, user=user)


async def _forget_expired(session: AsyncSession) -> None:
    for table in (BrowserSession, RefreshToken, OneTimeLink):
        await session.execute(delete(table).where(table.expires_at < now()))
