"""Brief work sees what is committed, reads without writing, writes whole or not at all, and takes its turn."""

import asyncio
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from lms_box.courses.tables import Course
from lms_box.db.engine import Database, open_database
from lms_box.db.pairs import pairs

TITLES = select(Course.title).order_by(Course.title)


def read_titles(connection: Connection) -> list[str]:
    return list(connection.scalars(TITLES))


def add(connection: Connection, *titles: str) -> list[str]:
    connection.execute(insert(Course), [{"title": title} for title in titles])
    return read_titles(connection)


async def test_sees_what_is_committed_and_nothing_else(db: Database) -> None:
    async with db.writing() as session:
        session.add(Course(title="Sailing"))
        await session.flush()
        assert await db.glance(read_titles) == []
    assert await db.glance(read_titles) == ["Sailing"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_sees_one_moment_as_long_as_it_lasts(db: Database, database_url: str) -> None:
    other = open_database(database_url)
    await db.jot(add, "Sailing")

    def look_twice(connection: Connection) -> list[str]:
        before = read_titles(connection)
        assert other._brief
        with other._brief._writer.begin() as writing:
            writing.execute(update(Course).values(title="Other"))
        return before + read_titles(connection)

    assert await db.glance(look_twice) == ["Sailing", "Sailing"]
    assert await db.glance(read_titles) == ["Other"]
    await other.close()


async def test_many_at_once_take_turns(db: Database) -> None:
    async def write(number: int) -> None:
        async with db.writing() as session:
            session.add(Course(title=f"{number} at length"))

    await asyncio.gather(*(db.jot(add, f"{number} in brief") for number in range(20)), *map(write, range(20)))
    assert len(await db.glance(read_titles)) == 40


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_glance_writes_nothing(db: Database) -> None:
    with pytest.raises(DBAPIError, match="readonly"):
        await db.glance(lambda connection: connection.execute(text("DELETE FROM courses")))
    assert await db.glance(read_titles) == []


async def test_what_fails_leaves_nothing_and_holds_nobody_up(db: Database) -> None:
    def fail(connection: Connection) -> None:
        add(connection, "Half")
        raise LookupError

    with pytest.raises(LookupError):
        await db.jot(fail)
    assert await db.jot(add, "Whole") == ["Whole"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_goes_on_to_its_end_when_nobody_waits_any_more(db: Database) -> None:
    asking = asyncio.ensure_future(db.jot(add, "Sailing"))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert await db.jot(add, "Knots") == ["Knots", "Sailing"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_is_answered_is_on_the_disk(db: Database) -> None:
    def how(connection: Connection) -> tuple[object, object]:
        return (
            connection.exec_driver_sql("PRAGMA synchronous").scalar(),
            connection.exec_driver_sql("PRAGMA foreign_keys").scalar(),
        )

    assert await db.jot(how) == (2, 1)  # FULL, ON


@pytest.mark.parametrize("count", [0, 1, 3])
async def test_pairs_are_found_in_one_statement(db: Database, count: int) -> None:
    asked = [(uuid4(), uuid4()) for _ in range(count)]
    given = pairs("given")

    def ask(connection: Connection) -> list[tuple[UUID, UUID]]:
        rows = connection.execute(select(given.c.first, given.c.second), {"given": asked})
        return [(first, second) for first, second in rows]

    assert sorted(await db.glance(ask)) == sorted(asked)
    assert (
        await db.glance(lambda connection: connection.scalar(select(func.count()).select_from(given), {"given": asked}))
        == count
    )
