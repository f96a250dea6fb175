"""Fills the two databases, each by its own tables, with the same material."""

import time
from collections.abc import Iterable
from itertools import islice
from typing import Any
from uuid import uuid5

from sqlalchemy import Table, insert
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bench.http import reference
from bench.http.material import SPACE, START, Material, Row
from lms_box.accounts.emails import email_key
from lms_box.accounts.passwords import hash_password
from lms_box.accounts.tables import RefreshToken, User
from lms_box.accounts.tokens import Access, sign_access
from lms_box.courses.tables import Asset, Content, Course, Section
from lms_box.db.base import Base
from lms_box.db.engine import async_url
from lms_box.db.upgrade import upgrade
from lms_box.learning.tables import Enrollment, Progress

SECRET = "a secret of forty characters, or of more"  # noqa: S105 -- of a server that lives for a minute
PASSWORD = "correct horse battery"  # noqa: S105 -- as above
FOREVER = START.replace(year=2100)
SIGNED_IN = 100
"""People whose tokens the requests carry."""
AT_ONCE = 5_000


async def fill_box(url: str, material: Material) -> None:
    await upgrade(url)
    known = {"email_key": "", "password_hash": await hash_password(PASSWORD), "created_at": START}
    engine = create_async_engine(async_url(url))
    async with engine.begin() as connection:
        await _insert(connection, User, ({**row, **known, "email_key": email_key(row["email"])} for row in material.users()))
        await _insert(connection, Course, material.courses())
        await _insert(connection, Section, material.sections())
        await _insert(connection, Asset, (_asset(row) for row in material.contents()))
        await _insert(connection, Content, ({**row, "asset_id": row["id"], "metadata": {}} for row in material.contents()))
        await _insert(connection, Enrollment, material.enrollments())
        await _insert(connection, Progress, ({**row, "position_at": START} for row in material.progress()))
        await _insert(connection, RefreshToken, _sign_ins(material))
    await engine.dispose()


async def fill_reference(url: str, material: Material) -> None:
    engine = create_async_engine(async_url(url))
    async with engine.begin() as connection:
        await connection.run_sync(reference.Base.metadata.create_all)
        await _insert(connection, reference.User, material.users())
        await _insert(connection, reference.Course, material.courses())
        await _insert(connection, reference.Section, material.sections())
        await _insert(connection, reference.Content, material.contents())
        await _insert(connection, reference.Enrollment, material.enrollments())
        await _insert(connection, reference.Progress, material.progress())
    await engine.dispose()


def box_tokens(material: Material) -> list[str]:
    expires = int(time.time()) + 86_400
    return [
        sign_access(Access(user_id, uuid5(user_id, "family"), 0), secret=SECRET, expires=expires)
        for user_id in material.user_ids[:SIGNED_IN]
    ]


def reference_tokens(material: Material) -> list[str]:
    return [str(reference.TOKENS.dumps(str(user_id))) for user_id in material.user_ids[:SIGNED_IN]]


def _asset(content: Row) -> Row:
    return {
        "id": content["id"],
        "sha256": uuid5(SPACE, str(content["id"])).hex * 2,
        "key": f"assets/{content['id']}/source.mp4",
        "size": 50_000_000,
        "kind": "video",
        "media_type": "video/mp4",
        "status": "ready",
        "duration": 600.0,
        "created_at": START,
    }


def _sign_ins(material: Material) -> Iterable[Row]:
    for user_id in material.user_ids[:SIGNED_IN]:
        yield {
            "token_hash": user_id.hex,
            "user_id": user_id,
            "family": uuid5(user_id, "family"),
            "created_at": START,
            "expires_at": FOREVER,
        }


async def _insert(connection: AsyncConnection, table: type[Base] | type[reference.Base], rows: Iterable[Row]) -> None:
    stored: Any = table.__table__
    assert isinstance(stored, Table)
    left = iter(rows)
    while some := list(islice(left, AT_ONCE)):
        await connection.execute(insert(stored), some)
