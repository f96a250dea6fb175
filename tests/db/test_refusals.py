"""A full disk is said in words, whichever database meets it, and what was there stays."""

import pytest
from sqlalchemy import func, select, text

from lms_box.accounts.tables import User
from lms_box.db.base import now
from lms_box.db.engine import Database
from lms_box.errors import Unavailable

FILL = {
    "sqlite": ["PRAGMA max_page_count = 1", "UPDATE users SET name = hex(randomblob(100000))"],
    "postgresql": ["DO $$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'; END $$"],
}


async def fill(db: Database) -> None:
    async with db.writing() as session:
        for statement in FILL[session.get_bind().dialect.name]:
            await session.execute(text(statement))


async def test_a_full_disk_is_said_in_words_and_nothing_is_changed(db: Database) -> None:
    async with db.writing() as session:
        session.add(User(email="ada@example.org", email_key="ada@example.org", name="Ada", created_at=now()))
    with pytest.raises(Unavailable, match="Make room there") as refused:
        await fill(db)
    assert refused.value.code == "disk_full"
    async with db.reading() as session:
        assert await session.scalar(select(func.max(User.name))) == "Ada"
