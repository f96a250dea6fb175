"""One-time links: they sign somebody in, let them set a password, or make the first admin; then they are spent."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.accounts.service import add_user, change_password, is_without_users, locked_user
from lms_box.accounts.tables import OneTimeLink, User
from lms_box.accounts.tokens import hash_token, new_token
from lms_box.config import Server, Settings
from lms_box.db.base import now
from lms_box.errors import Gone

Purpose = Literal["sign-in", "set-password", "first-admin"]
LIFETIME: dict[Purpose, timedelta] = {
    "sign-in": timedelta(hours=24),
    "set-password": timedelta(days=7),
    "first-admin": timedelta(hours=24),
}
PAGE: dict[Purpose, str] = {"sign-in": "link", "set-password": "set-password", "first-admin": "first-admin"}


@dataclass(frozen=True, slots=True)
class Link:
    purpose: Purpose
    token: str
    expires_at: datetime

    def address(self, settings: Settings) -> str:
        """The token stands behind the #, which browsers keep to themselves: no log and no referrer shows it."""
        return f"{site_address(settings.server)}/{PAGE[self.purpose]}#{self.token}"


def site_address(server: Server) -> str:
    if server.public_url:
        return server.public_url
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(server.host, server.host)  # noqa: S104 -- compared, not listened on
    return f"http://[{host}]:{server.port}" if ":" in host else f"http://{host}:{server.port}"


async def make_link(session: AsyncSession, *, user_id: UUID | None, purpose: Purpose) -> Link:
    link = Link(purpose, new_token(), now() + LIFETIME[purpose])
    stored = hash_token(link.token)
    session.add(OneTimeLink(token_hash=stored, purpose=purpose, user_id=user_id, expires_at=link.expires_at))
    await session.flush()
    return link


async def first_admin_link(session: AsyncSession) -> Link | None:
    """None when there are users: then an admin is asked, not the log."""
    if not await is_without_users(session):
        return None
    return await make_link(session, user_id=None, purpose="first-admin")


async def get_link(session: AsyncSession, *, token: str) -> tuple[Purpose, User | None]:
    """What the link is for and whose it is, without spending it; raises Gone when it is none or no more."""
    found = select(OneTimeLink).where(OneTimeLink.token_hash == hash_token(token), OneTimeLink.expires_at > now())
    link = await session.scalar(found)
    user = await session.get(User, link.user_id) if link is not None and link.user_id is not None else None
    match link and link.purpose:
        case "first-admin" if await is_without_users(session):
            return "first-admin", None
        case "sign-in" | "set-password" as purpose if user is not None and user.is_active:
            return purpose, user
        case _:
            raise _spent()


async def spend_link(session: AsyncSession, *, token: str, password_hash: str | None = None) -> User:
    """Whose the link was, now with the new password where one is given; raises Gone when somebody was faster."""
    _, owner = await get_link(session, token=token)
    user = await locked_user(session, user_id=owner.id) if owner is not None else None
    if user is None or not await _removed(session, token):
        raise _spent()
    if password_hash is not None:
        await change_password(session, user=user, password_hash=password_hash)
    return user


async def add_first_admin(session: AsyncSession, *, token: str, email: str, name: str, password_hash: str) -> User:
    """Raises Gone when there is an admin by now. Every other such link ends with this one."""
    await get_link(session, token=token)
    if not await _removed(session, token):
        raise _spent()
    return await add_user(session, email=email, name=name, role="admin", password_hash=password_hash)


async def _removed(session: AsyncSession, token: str) -> bool:
    """Whether it was this transaction that spent it: with all first-admin links when it is one, else alone."""
    mine = OneTimeLink.token_hash == hash_token(token)
    purpose = await session.scalar(select(OneTimeLink.purpose).where(mine))
    which = OneTimeLink.purpose == purpose if purpose == "first-admin" else mine
    gone = await session.scalars(delete(OneTimeLink).where(which).returning(OneTimeLink.token_hash))
    return hash_token(token) in gone.all()


def _spent() -> Gone:
    return Gone("This link has been used, or its time has passed. Please ask for a new one.", code="link_spent")
