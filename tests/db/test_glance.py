"""A glance sees what is committed, writes nothing, and gives its connection back."""

import asyncio

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError

from lms_box.courses.tables import Course
from lms_box.db.engine import Database


async def titles(db: Database) -> list[str]:
    async with db.glancing() as session:
        return list(await session.scalars(select(Course.title).order_by(Course.title)))


async def test_sees_what_is_committed_and_nothing_else(db: Database) -> None:
    async with db.writing() as session:
        session.add(Course(title="Sailing"))
        await session.flush()
        assert await titles(db) == []
    assert await titles(db) == ["Sailing"]


async def test_sees_one_moment_as_long_as_it_lasts(db: Database) -> None:
    async with db.writing() as session:
        session.add(Course(title="Sailing"))
    async with db.glancing() as session:
        if session.get_bind().dialect.name == "postgresql":
            await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        assert await session.scalar(select(Course.title)) == "Sailing"
        async with db.writing() as other:
            await other.execute(update(Course).values(title="Other"))
        assert await session.scalar(select(func.max(Course.title))) == "Sailing"
    assert await titles(db) == ["Other"]


async def test_many_at_once_take_turns(db: Database) -> None:
    assert await asyncio.gather(*(titles(db) for _ in range(50))) == [[]] * 50


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_writes_nothing(db: Database) -> None:
    async with db.glancing() as session:
        with pytest.raises(DBAPIError, match="readonly"):
            await session.execute(text("DELETE FROM courses"))
    assert await titles(db) == []
