"""A change that anybody commits moves the number of what it changed, and no other number."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from uuid import UUID

import pytest
from academy import Lesson, add_course, contents_of
from sqlalchemy import Executable, delete, select, text, update

from lms_box.accounts.service import add_user, remove_user
from lms_box.accounts.tables import BrowserSession, RefreshToken, User
from lms_box.box import Box
from lms_box.courses.tables import Asset, Attachment, Content, Course, Section
from lms_box.db.base import new_id, now
from lms_box.db.engine import Database, open_database
from lms_box.db.revisions import Revisions
from lms_box.db.triggers import CATALOGUE, PEOPLE, RAISED_BY
from lms_box.learning.tables import Enrollment, Progress
from lms_box.notes.tables import Note

SHOWN: dict[str, Executable] = {
    "a course changed": update(Course).values(title="Other"),
    "a section changed": update(Section).values(title="Other"),
    "a content changed": update(Content).values(title="Other"),
    "an attachment changed": update(Attachment).values(path="other.txt"),
    "an asset changed": update(Asset).values(status="failed"),
    "a content went": delete(Content),
    "a course went": delete(Course),
    "words of one's own": text("UPDATE courses SET title = 'Other'"),
}
PEOPLES: dict[str, Executable] = {
    "an account was closed": update(User).values(is_active=False),
    "a browser was signed out": delete(BrowserSession),
    "a client was signed out": delete(RefreshToken),
}


@pytest.fixture
async def revisions(box: Box) -> AsyncIterator[Revisions]:
    """To be asked for last: PostgreSQL tells of what was made under its ears a moment later."""
    async with box.revisions.watching():
        await told(box.revisions)
        yield box.revisions


@pytest.fixture
async def course_id(box: Box) -> UUID:
    return await add_course(box, "Sailing", [Lesson("One", attachments=("sheet.txt",))])


@pytest.fixture
async def user_id(box: Box) -> UUID:
    async with box.db.writing() as session:
        user = await add_user(session, email="ada@example.org", name="Ada")
        for number, table in enumerate((BrowserSession, RefreshToken)):
            session.add(table(token_hash=str(number), user_id=user.id, family=new_id(), expires_at=now()))
    return user.id


async def told(revisions: Revisions) -> None:
    """Once the numbers are known; a connection that listens takes a moment to open."""
    await until(lambda: revisions.of(CATALOGUE) is not None)


async def moved(revisions: Revisions, before: dict[str, int | None], *, at_once: bool) -> set[str]:
    """The names whose number has moved; what another process did may take PostgreSQL a moment to tell."""
    if not at_once:
        await until(lambda: numbers(revisions) != before)
    return {name for name, number in numbers(revisions).items() if number != before[name]}


async def until(happened: Callable[[], bool]) -> None:
    """For what another process tells us when it likes."""
    async with asyncio.timeout(10):
        while not happened():  # noqa: ASYNC110 -- numbers have no event to wait for
            await asyncio.sleep(0.01)


def numbers(revisions: Revisions) -> dict[str, int | None]:
    return {name: revisions.of(name) for name in RAISED_BY}


@pytest.mark.usefixtures("course_id", "user_id")
@pytest.mark.parametrize(
    ("write", "name"),
    [pytest.param(write, CATALOGUE, id=what) for what, write in SHOWN.items()]
    + [pytest.param(write, PEOPLE, id=what) for what, write in PEOPLES.items()],
)
async def test_moves_with_what_is_shown(box: Box, revisions: Revisions, write: Executable, name: str) -> None:
    before = numbers(revisions)
    async with box.db.writing() as session:
        await session.execute(write)
    assert await moved(revisions, before, at_once=True) == {name}


async def test_moves_when_another_process_writes(database_url: str, course_id: UUID, revisions: Revisions) -> None:
    assert course_id
    before = numbers(revisions)
    other = open_database(database_url)
    try:
        async with other.writing() as session:
            await session.execute(update(Course).values(title="Other"))
    finally:
        await other.close()
    assert await moved(revisions, before, at_once=database_url.startswith("sqlite")) == {CATALOGUE}


async def test_moves_with_what_the_database_itself_changes(box: Box, user_id: UUID, revisions: Revisions) -> None:
    """Whoever made a course stands on its page, and is taken from it by a foreign key."""
    await add_course(box, "Sailing", created_by=user_id)
    before = numbers(revisions)
    async with box.db.writing() as session:
        await remove_user(session, user_id=user_id)
    assert await moved(revisions, before, at_once=True) == {CATALOGUE, PEOPLE}


async def test_stays_when_nothing_shown_changes(box: Box, course_id: UUID, user_id: UUID, revisions: Revisions) -> None:
    (content_id,) = await contents_of(box, course_id)
    before = numbers(revisions)
    async with box.db.writing() as session:
        session.add(Enrollment(user_id=user_id, course_id=course_id))
        session.add(Progress(user_id=user_id, content_id=content_id))
        session.add(BrowserSession(token_hash="new", user_id=user_id, family=new_id(), expires_at=now()))
        session.add(Note(user_id=user_id, course_id=course_id, title="Mine", content="", folded=""))
    assert numbers(revisions) == before


async def test_stays_when_the_change_is_taken_back(box: Box, course_id: UUID, revisions: Revisions) -> None:
    assert course_id
    before = numbers(revisions)
    with pytest.raises(ZeroDivisionError):  # noqa: PT012 -- the transaction ends as the error leaves it
        async with box.db.writing() as session:
            await session.execute(update(Course).values(title="Other"))
            raise ZeroDivisionError
    assert numbers(revisions) == before


async def test_knows_nothing_before_and_after(box: Box) -> None:
    assert numbers(box.revisions) == dict.fromkeys(RAISED_BY)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(box.revisions.watching())
        await told(box.revisions)
    assert numbers(box.revisions) == dict.fromkeys(RAISED_BY)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_knows_nothing_while_it_hears_nothing(box: Box, revisions: Revisions) -> None:
    before = revisions.of(CATALOGUE)
    assert before is not None
    others = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
    )
    async with box.db.writing() as session:
        assert (await session.execute(text(others))).all()
    await until(lambda: revisions.of(CATALOGUE) != before)
    await told(revisions)
    assert revisions.of(CATALOGUE) != before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_knows_nothing_when_it_cannot_be_read(revisions: Revisions, database_url: str) -> None:
    with sqlite3.connect(database_url.removeprefix("sqlite:///")) as connection:
        connection.execute("ALTER TABLE revisions RENAME TO elsewhere")
        connection.commit()
    connection.close()
    assert revisions.of(CATALOGUE) is None


async def test_the_triggers_stand_on_every_table(db: Database) -> None:
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger",
    }
    async with db.reading() as session:
        rows = await session.scalars(text(catalogue[session.get_bind().dialect.name]))
        told = [name for name in rows.all() if name.startswith(("raise_", "say_"))]
        assert (await session.scalars(select(Course.id))).all() == []
    assert len(told) == sum(len(changes) for tables in RAISED_BY.values() for changes in tables.values())
