"""From what a request carries to who is asking: looked up each time, so that a closed account stops at once."""

from datetime import datetime, timedelta

from sqlalchemy import exists, select, update

from lms_box.accounts.tables import BrowserSession, RefreshToken, User
from lms_box.accounts.tokens import hash_token, read_access
from lms_box.box import Box
from lms_box.db.base import now
from lms_box.http.sessions import Credentials
from lms_box.viewer import Viewer

SLIDE_EVERY = timedelta(hours=1)


async def identify(box: Box, credentials: Credentials) -> Viewer | None:
    if credentials.kind == "bearer":
        return await _by_access_token(box, credentials.token)
    return await _by_session(box, hash_token(credentials.token))


async def _by_access_token(box: Box, token: str) -> Viewer | None:
    access = read_access(token, secret=box.secret, at=now().timestamp())
    if access is None:
        return None
    found = select(User.id, User.role).where(
        User.id == access.user_id,
        User.credentials_epoch == access.epoch,
        User.is_active,
        exists().where(RefreshToken.family == access.family),
    )
    async with box.db.reading() as session:
        row = (await session.execute(found)).one_or_none()
    return Viewer(row.id, row.role) if row else None


async def _by_session(box: Box, token_hash: str) -> Viewer | None:
    found = (
        select(User.id, User.role, BrowserSession.seen_at)
        .join(BrowserSession, BrowserSession.user_id == User.id)
        .where(BrowserSession.token_hash == token_hash, BrowserSession.expires_at > now(), User.is_active)
    )
    async with box.db.reading() as session:
        row = (await session.execute(found)).one_or_none()
    if row is None:
        return None
    if now() - row.seen_at > SLIDE_EVERY:
        await _slide(box, token_hash, row.seen_at)
    return Viewer(row.id, row.role)


async def _slide(box: Box, token_hash: str, seen_at: datetime) -> None:
    """A session lives on from its last use; written once by the first of many requests."""
    of_last_hour = (BrowserSession.token_hash == token_hash) & (BrowserSession.seen_at == seen_at)
    until = now() + timedelta(days=box.settings.auth.refresh_days)
    async with box.db.writing() as session:
        await session.execute(update(BrowserSession).where(of_last_hour).values(seen_at=now(), expires_at=until))
