"""From what a request carries to who is asking: remembered until people change, so that a closed account stops at once."""

from collections.abc import Awaitable, Callable, Hashable
from datetime import datetime, timedelta

from sqlalchemy import exists, select, update

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
Known = tuple[Viewer, datetime]
"""Who it is, and when what they showed ends."""


class Identification:
    """Asks the database once for each token, and again when the people's revision has moved."""

    def __init__(self) -> None:
        self._revision: int | None = None
        self._known: dict[Hashable, Known] = {}

    async def identify(self, box: Box, credentials: Credentials) -> Viewer | None:
        if credentials.kind == "cookie":
            token_hash = hash_token(credentials.token)
            return await self._recall(box, token_hash, lambda: _by_session(box, token_hash))
        access = read_access(credentials.token, secret=box.secret, at=now().timestamp())
        return await self._recall(box, access, lambda: _by_access(box, access)) if access else None

    async def _recall(self, box: Box, key: Hashable, look: Callable[[], Awaitable[Known | None]]) -> Viewer | None:
        revision, moment = box.revisions.of(PEOPLE), now()
        if revision is None or revision != self._revision:
            self._known.clear()
            self._revision = revision
        known = self._known.get(key)
        if known is None or known[1] <= moment:
            known = await look()
            if known and revision is not None and revision == self._revision:
                self._keep(key, (known[0], min(known[1], moment + REMEMBERED)))
        return known[0] if known else None

    def _keep(self, key: Hashable, known: Known) -> None:
        while len(self._known) >= MOST:
            del self._known[next(iter(self._known))]
        self._known[key] = known


async def _by_access(box: Box, access: Access) -> Known | None:
    """When the token itself ends is read from it at each request."""
    found = select(User.id, User.role).where(
        User.id == access.user_id,
        User.credentials_epoch == access.epoch,
        User.is_active,
        exists().where(RefreshToken.family == access.family),
    )
    async with box.db.glancing() as session:
        row = (await session.execute(found)).one_or_none()
    return (Viewer(row.id, row.role), now() + REMEMBERED) if row else None


async def _by_session(box: Box, token_hash: str) -> Known | None:
    found = (
        select(User.id, User.role, BrowserSession.seen_at, BrowserSession.expires_at)
        .join(BrowserSession, BrowserSession.user_id == User.id)
        .where(BrowserSession.token_hash == token_hash, BrowserSession.expires_at > now(), User.is_active)
    )
    async with box.db.glancing() as session:
        row = (await session.execute(found)).one_or_none()
    if row is None:
        return None
    if now() - row.seen_at > SLIDE_EVERY:
        await _slide(box, token_hash, row.seen_at)
    return Viewer(row.id, row.role), row.expires_at


async def _slide(box: Box, token_hash: str, seen_at: datetime) -> None:
    """A session lives on from its last use; written once by the first of many requests."""
    of_last_hour = (BrowserSession.token_hash == token_hash) & (BrowserSession.seen_at == seen_at)
    until = now() + timedelta(days=box.settings.auth.refresh_days)
    async with box.db.writing() as session:
        await session.execute(update(BrowserSession).where(of_last_hour).values(seen_at=now(), expires_at=until))
