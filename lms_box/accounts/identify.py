"""From what a request carries to who is asking: remembered until people change, so that a closed account stops at once."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, select, update

from lms_box.accounts.tables import BrowserSession, RefreshToken, User
from lms_box.accounts.tokens import Access, hash_token, read_access
from lms_box.box import Box
from lms_box.db.base import now
from lms_box.db.triggers import PEOPLE
from lms_box.http.sessions import Credentials
from lms_box.viewer import Viewer

SLIDE_EVERY = timedelta(hours=1)
REMEMBERED = timedelta(minutes=1)
MOST = 10_000
BY_ACCESS = select(User.id, User.role).where(
    User.id == bindparam("user_id"),
    User.credentials_epoch == bindparam("epoch"),
    User.is_active,
    exists().where(RefreshToken.family == bindparam("family")),
)
BY_SESSION = (
    select(User.id, User.role, BrowserSession.seen_at, BrowserSession.expires_at)
    .join(BrowserSession, BrowserSession.user_id == User.id)
    .where(
        BrowserSession.token_hash == bindparam("token_hash"), BrowserSession.expires_at > bindparam("moment"), User.is_active
    )
)
Found = Row[*tuple[Any, ...]] | None
Key = str | Access
"""The hash of a browser session's token, or what an access token says."""
Known = tuple[Viewer, datetime]
"""Who it is, and when what they showed ends."""


class Identification:
    """Asks the database once for each token, and again when the people's revision has moved."""

    def __init__(self) -> None:
        self._revision: int | None = None
        self._known: dict[Key | None, Known] = {}

    async def identify(self, box: Box, credentials: Credentials) -> Viewer | None:
        key = _key(box, credentials)
        if key is None:
            return None
        revision, moment = self._current(box), now()
        known = self._known.get(key)
        if known is None or known[1] <= moment:
            known = await (_by_session(box, key) if isinstance(key, str) else _by_access(box, key))
            if known and revision is not None and revision == self._revision:
                self._keep(key, (known[0], min(known[1], moment + REMEMBERED)))
        return known[0] if known else None

    def recall(self, box: Box, credentials: Credentials) -> Viewer | None:
        key = _key(box, credentials)
        self._current(box)
        known = self._known.get(key)
        return known[0] if known and known[1] > now() else None

    def _current(self, box: Box) -> int | None:
        """The people's revision; what is known of another one is forgotten."""
        revision = box.revisions.of(PEOPLE)
        if revision is None or revision != self._revision:
            self._known.clear()
            self._revision = revision
        return revision

    def _keep(self, key: Key, known: Known) -> None:
        while len(self._known) >= MOST:
            del self._known[next(iter(self._known))]
        self._known[key] = known


def _key(box: Box, credentials: Credentials) -> Key | None:
    """None for a token that needs no looking up to be refused."""
    if credentials.kind == "cookie":
        return hash_token(credentials.token)
    return read_access(credentials.token, secret=box.secret, at=now().timestamp())


async def _by_access(box: Box, access: Access) -> Known | None:
    """When the token itself ends is read from it at each request."""
    row = await box.db.glance(_find_access, access)
    return (Viewer(row.id, row.role), now() + REMEMBERED) if row else None


def _find_access(connection: Connection, access: Access) -> Found:
    asked = {"user_id": access.user_id, "epoch": access.epoch, "family": access.family}
    return connection.execute(BY_ACCESS, asked).one_or_none()


async def _by_session(box: Box, token_hash: str) -> Known | None:
    row = await box.db.glance(_find_session, token_hash)
    if row is None:
        return None
    if now() - row.seen_at > SLIDE_EVERY:
        await _slide(box, token_hash, row.seen_at)
    return Viewer(row.id, row.role), row.expires_at


def _find_session(connection: Connection, token_hash: str) -> Found:
    return connection.execute(BY_SESSION, {"token_hash": token_hash, "moment": now()}).one_or_none()


async def _slide(box: Box, token_hash: str, seen_at: datetime) -> None:
    """A session lives on from its last use; written once by the first of many requests."""
    of_last_hour = (BrowserSession.token_hash == token_hash) & (BrowserSession.seen_at == seen_at)
    until = now() + timedelta(days=box.settings.auth.refresh_days)
    async with box.db.writing() as session:
        await session.execute(update(BrowserSession).where(of_last_hour).values(seen_at=now(), expires_at=until))
