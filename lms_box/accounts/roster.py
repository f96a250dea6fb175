"""A list of people in a CSV file becomes accounts, all of them or none."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.accounts.emails import email_key, tidy_email
from lms_box.accounts.links import Link, make_link
from lms_box.accounts.passwords import checked_password, hash_password
from lms_box.accounts.service import add_user, find_user
from lms_box.accounts.tables import User
from lms_box.errors import Invalid
from lms_box.viewer import Role

COLUMNS = ("email", "name", "role", "password")
ALSO_EMAIL = ("e-mail", "mail", "email address", "e-mail address")


@dataclass(frozen=True, slots=True)
class Entry:
    email: str
    name: str
    role: Role
    password: str | None


@dataclass(frozen=True, slots=True)
class Enlisted:
    """`link` sets the password, for those who are new and came without one."""

    user: User
    result: Literal["added", "exists"]
    link: Link | None


def read_roster(raw: bytes) -> list[Entry]:
    """Raises Invalid with the line and what is wrong there."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid("The file is not in UTF-8. Save it as “CSV UTF-8” and try again.") from None
    if "\x00" in text:
        raise Invalid("The file is no CSV file.")
    entries: dict[str, Entry] = {}
    for line, row in _rows(text):
        entry = _entry(row, line)
        if email_key(entry.email) in entries:
            raise Invalid(f"Line {line}: {entry.email} stands in the file twice.")
        entries[email_key(entry.email)] = entry
    return list(entries.values())


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    first, _, _ = text.partition("\n")
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = _columns(next(reader, []))
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, dict(zip(names, cells, strict=False))
    except csv.Error as error:
        raise Invalid(f"Line {reader.line_num}: {error}.") from None


def _columns(header: Sequence[str]) -> list[str]:
    names = [name.strip().lower() for name in header]
    names = ["email" if name in ALSO_EMAIL else name for name in names]
    if "email" not in names:
        raise Invalid(f"The first line names the columns, with email among them; known are {', '.join(COLUMNS)}.")
    return names


def _entry(row: dict[str, str], line: int) -> Entry:
    role = row.get("role", "").strip().lower() or "user"
    if role not in ("user", "admin"):
        raise Invalid(f"Line {line}: the role {role!r} is neither user nor admin.")
    try:
        email = tidy_email(row.get("email", ""))
        password = checked_password(row["password"], email=email) if row.get("password") else None
    except ValueError as error:
        raise Invalid(f"Line {line}: {row.get('email', '')!r}: {error}.") from None
    except Invalid as error:
        raise Invalid(f"Line {line}: {error.detail}") from None
    return Entry(email, row.get("name", "").strip(), cast("Role", role), password)


async def hash_passwords(entries: Sequence[Entry]) -> dict[str, str]:
    """By address; done before the transaction, because each takes a while."""
    return {entry.email: await hash_password(entry.password) for entry in entries if entry.password}


async def add_roster(session: AsyncSession, *, entries: Sequence[Entry], hashes: dict[str, str]) -> list[Enlisted]:
    """Who has an account already stays as they are."""
    return [await _enlisted(session, entry, hashes.get(entry.email)) for entry in entries]


async def _enlisted(session: AsyncSession, entry: Entry, password_hash: str | None) -> Enlisted:
    known = await find_user(session, email=entry.email)
    if known is not None:
        return Enlisted(known, "exists", None)
    user = await add_user(session, email=entry.email, name=entry.name, role=entry.role, password_hash=password_hash)
    link = None if password_hash else await make_link(session, user_id=user.id, purpose="set-password")
    return Enlisted(user, "added", link)
