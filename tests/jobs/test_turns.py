"""Who is next: by priority, then each line in its turn, and in it by place."""

from uuid import UUID

import pytest
from jobs.stage import add

from lms_box.db.base import new_id
from lms_box.db.engine import Database
from lms_box.jobs import service


async def line_up(db: Database, title: str, *places: int, priority: int = 100) -> UUID:
    """A job for each place, titled with it."""
    line = new_id()
    async with db.writing() as session:
        for place in places:
            await service.add_job(
                session,
                kind="build",
                subject=new_id(),
                title=f"{title}{place}",
                priority=priority,
                line=line,
                place=place,
            )
    return line


async def claim(db: Database) -> str:
    async with db.writing() as session:
        job = await service.claim_job(session, owner="me", kinds=("build",))
        return job.title if job else ""


async def queue(db: Database) -> list[str]:
    async with db.reading() as session:
        return [job.title for job in await service.list_jobs(session, states=["queued"])]


async def test_no_line_waits_for_the_whole_of_another(db: Database) -> None:
    await line_up(db, "a", *range(6))
    assert [await claim(db) for _ in range(2)] == ["a0", "a1"]
    await line_up(db, "b", 0, 1)
    await line_up(db, "c", 7)
    expected = ["b0", "c7", "a2", "b1", "a3", "a4", "a5"]
    assert await queue(db) == expected
    assert [await claim(db) for _ in expected] == expected
    assert await claim(db) == ""


async def test_a_line_goes_by_its_places(db: Database) -> None:
    await line_up(db, "a", 3, 1, 2)
    assert await queue(db) == ["a1", "a2", "a3"]


async def test_what_is_urgent_goes_first_whatever_its_line(db: Database) -> None:
    await line_up(db, "a", 0, 1)
    await line_up(db, "b", 5, priority=50)
    await add(db, title="without a line", priority=70)
    assert await queue(db) == ["b5", "without a line", "a0", "a1"]


async def test_turns_can_be_changed_while_they_wait(db: Database) -> None:
    await line_up(db, "a", 0, 1)
    running = await claim(db)
    await line_up(db, "b", 0)
    async with db.writing() as session:
        jobs = {job.title: job for job in await service.list_jobs(session)}
        turns = {job.subject: (10, 5 if job.title == "b0" else 1) for job in jobs.values()}
        await service.change_turns(session, kind="another", turns=dict.fromkeys(turns, (1, 1)))
        await service.change_turns(session, kind="build", turns=turns)
    async with db.reading() as session:
        changed = {job.title: job.priority for job in await service.list_jobs(session)}
    assert (running, changed) == ("a0", {"a0": 100, "a1": 10, "b0": 10})
    assert await queue(db) == ["b0", "a1"]


@pytest.mark.deep
async def test_a_thousand_in_line_are_claimed_quickly_enough(db: Database) -> None:
    """Each claim looks at the whole queue: that must stay small beside the work that is claimed."""
    for title in "abcdefghij":
        await line_up(db, title, *range(100))
    seen = [await claim(db) for _ in range(1000)]
    assert sorted(seen[:10]) == [f"{title}0" for title in "abcdefghij"]
    assert len(set(seen)) == 1000
