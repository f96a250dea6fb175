"""The rules about people: who there is, who may be changed, and that one admin always remains."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from sqlalchemy import Select, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.accounts.emails import email_key, tidy_email
from lms_box.accounts.tables import BrowserSession, OneTimeLink, RefreshToken, User
from lms_box.errors import Conflict, Invalid, NotFound
from lms_box.viewer import Role

Sort = Literal["name", "email", "newest"]


async def find_user(session: AsyncSession, *, email: str) -> User | None:
    return await session.scalar(select(User).where(User.email_key == email_key(email)))


async def get_user(session: AsyncSession, *, user_id: UUID) -> User:
    user = await session.get(User, user_id)
    if user is None:
        raise NotFound("There is no such user.")
    return user


async def get_user_by_email(session: AsyncSession, *, email: str) -> User:
    user = await find_user(session, email=email)
    if user is None:
        raise NotFound(f"There is no user {email}.")
    return user


async def locked_user(session: AsyncSession, *, user_id: UUID) -> User | None:
    """The user as of now, for this transaction alone; rows that refer to the user can still be written by others."""
    return await session.get(User, user_id, with_for_update={"key_share": True}, populate_existing=True)


async def list_users(
    session: AsyncSession,
    *,
    q: str = "",
    role: Role | None = None,
    is_active: bool | None = None,
    sort: Sort = "name",
    skip: int = 0,
    limit: int | None = None,
) -> tuple[Sequence[User], int]:
    """One page of them, and how many there are in all."""
    found = select(User).where(*User.speaks_of(q))
    if role is not None:
        found = found.where(User.role == role)
    if is_active is not None:
        found = found.where(User.is_active == is_active)
    total = await session.scalar(found.with_only_columns(func.count(User.id), maintain_column_froms=True)) or 0
    page = await session.scalars(_sorted(found, sort).offset(skip).limit(limit))
    return page.all(), total


def _sorted(found: Select[User], sort: Sort) -> Select[User]:
    match sort:
        case "name":
            return found.order_by(User.folded, User.id)
        case "email":
            return found.order_by(User.email_key)
        case "newest":
            return found.order_by(User.id.desc())


async def is_without_users(session: AsyncSession) -> bool:
    return await session.scalar(select(User.id).limit(1)) is None


async def add_user(
    session: AsyncSession, *, email: str, name: str = "", role: Role = "user", password_hash: str | None = None
) -> User:
    """Raises Invalid for what is no address, Conflict when somebody has it. Without a name, the address gives one."""
    tidy = checked_email(email)
    called = name.strip() or tidy.rpartition("@")[0]
    user = User(email=tidy, email_key=email_key(tidy), name=called, role=role, password_hash=password_hash)
    await refuse_taken_email(session, email=tidy)
    session.add(user)
    await _flush_unique(session, tidy)
    return user


def checked_email(email: str) -> str:
    try:
        return tidy_email(email)
    except ValueError as error:
        raise Invalid(f"{email!r}: {error}.", fields=(("email", "email", str(error)),)) from None


async def refuse_taken_email(session: AsyncSession, *, email: str) -> None:
    if await find_user(session, email=email) is not None:
        raise _taken(email)


async def change_user(
    session: AsyncSession,
    *,
    user_id: UUID,
    name: str | None = None,
    email: str | None = None,
    role: Role | None = None,
    is_active: bool | None = None,
) -> User:
    """Changes what is given. Raises Conflict for a taken address, and for the last admin's role or disabling."""
    if role == "user" or is_active is False:
        await _keep_an_admin(session, besides=user_id)
    user = await locked_user(session, user_id=user_id) or await get_user(session, user_id=user_id)
    if email is not None:
        await _change_email(session, user, email)
    user.name = name or user.name
    user.role = role or user.role
    if is_active is not None and is_active != user.is_active:
        user.is_active = is_active
        await end_sign_ins(session, user=user)
    await session.flush()
    return user


async def _change_email(session: AsyncSession, user: User, email: str) -> None:
    tidy = checked_email(email)
    if email_key(tidy) != user.email_key:
        await refuse_taken_email(session, email=tidy)
    user.email, user.email_key = tidy, email_key(tidy)
    await _flush_unique(session, tidy)


async def change_password(session: AsyncSession, *, user: User, password_hash: str) -> None:
    """Signs the user out everywhere: whoever knew the old password must not stay."""
    user.password_hash = password_hash
    await end_sign_ins(session, user=user)


async def remove_user(session: AsyncSession, *, user_id: UUID) -> User:
    """Removes the person and what is theirs alone; returns who that was. Raises Conflict for the last admin."""
    await _keep_an_admin(session, besides=user_id)
    user = await get_user(session, user_id=user_id)
    await session.delete(user)
    await session.flush()
    return user


async def end_sign_ins(session: AsyncSession, *, user: User) -> None:
    """Every device is signed out at once, and no link that was made before lets anybody in."""
    user.credentials_epoch += 1
    for table in (BrowserSession, RefreshToken, OneTimeLink):
        await session.execute(delete(table).where(table.user_id == user.id))


async def _keep_an_admin(session: AsyncSession, *, besides: UUID) -> None:
    """The admins' rows stay locked: of two admins who demote each other at once, one is told no."""
    active_admins = select(User.id).where(User.role == "admin", User.is_active).order_by(User.id)
    admins = (await session.scalars(active_admins.with_for_update(key_share=True))).all()
    if admins == [besides]:
        raise Conflict("This is the only admin. Make somebody else an admin first.", code="last_admin")


async def _flush_unique(session: AsyncSession, email: str) -> None:
    """Two people may have asked for one address at the same moment."""
    try:
        await session.flush()
    except IntegrityError:
        raise _taken(email) from None


def _taken(email: str) -> Conflict:
    return Conflict(f"There is an account for {email} already.", code="email_taken")
