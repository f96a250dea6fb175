"""Reports that share a transaction: each is answered for itself, once it is durable."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest
from academy import Lesson, add_course, contents_of
from cast import Person
from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

from lms_box.box import Box
from lms_box.courses.service import remove_content
from lms_box.db.base import now
from lms_box.errors import Forbidden, NotFound, Unavailable
from lms_box.learning import reports
from lms_box.learning.messages import ProgressReport
from lms_box.learning.reports import Outcome, Report, Reports, keep_reports
from lms_box.learning.watching import Seen


def told(start: float, end: float) -> ProgressReport:
    return ProgressReport(position=end, watched=[(start, end)])


@pytest.fixture
async def lessons(box: Box, learner: Person) -> list[UUID]:
    course = await add_course(box, "Sailing", [Lesson(f"Knot {number}", duration=100.0) for number in range(3)])
    await learner.ask("POST", f"/courses/{course}/enrollment")
    return await contents_of(box, course)


async def test_many_at_once_are_all_kept(box: Box, learner: Person, lessons: list[UUID]) -> None:
    answers = await asyncio.gather(
        *(
            learner.ask(
                "PUT",
                f"/contents/{lessons[number % 3]}/progress",
                json={"position": number, "watched": [[number, number + 1]]},
            )
            for number in range(60)
        )
    )
    assert {answer.status for answer in answers} == {200}
    (seen,) = await box.db.jot(keep_reports, [Report(learner.viewer, lessons[0], told(99, 100), now())])
    assert isinstance(seen, Seen)
    assert seen.percentage == 21.0


async def test_each_is_answered_for_itself(box: Box, learner: Person, stranger: Person, lessons: list[UUID]) -> None:
    asked = [
        Report(learner.viewer, lessons[0], told(0, 10), now()),
        Report(stranger.viewer, lessons[0], told(0, 10), now()),
        Report(learner.viewer, uuid4(), told(0, 10), now()),
        Report(learner.viewer, lessons[0], told(10, 30), now()),
    ]
    kept = await box.db.jot(keep_reports, asked)
    assert [type(outcome) for outcome in kept] == [Seen, Forbidden, NotFound, Seen]
    assert [outcome.percentage for outcome in kept if isinstance(outcome, Seen)] == [10.0, 30.0]


async def test_a_content_that_goes_takes_no_neighbour_along(box: Box, learner: Person, lessons: list[UUID]) -> None:
    async with box.db.writing() as session:
        await remove_content(session, content_id=lessons[1])
    queue = Reports(box.db)
    async with queue.working():
        outcomes = await asyncio.gather(
            *(queue.submit(learner=learner.viewer, content_id=lesson, told=told(0, 50)) for lesson in lessons),
            return_exceptions=True,
        )
    assert [type(outcome) for outcome in outcomes] == [Seen, NotFound, Seen]


async def test_what_waits_at_the_end_is_written(box: Box, learner: Person, lessons: list[UUID]) -> None:
    queue = Reports(box.db)
    async with queue.working():
        waiting = asyncio.gather(
            *(queue.submit(learner=learner.viewer, content_id=lesson, told=told(0, 50)) for lesson in lessons)
        )
        await asyncio.sleep(0)
    assert [seen.percentage for seen in await waiting] == [50.0, 50.0, 50.0]


async def test_who_came_together_is_written_together(
    box: Box, learner: Person, lessons: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first of them waits for the others; somebody alone waits for nobody."""
    written: list[int] = []

    def keep(connection: Connection, given: Sequence[Report]) -> list[Outcome]:
        written.append(len(given))
        return keep_reports(connection, given)

    monkeypatch.setattr(reports, "LINGER", 60)
    monkeypatch.setattr(reports, "keep_reports", keep)
    queue = Reports(box.db)

    waits, linger = asyncio.Event(), queue._linger

    async def tell_and_linger() -> None:
        waits.set()
        await linger()

    def submit(lesson: UUID) -> asyncio.Future[Seen]:
        return asyncio.ensure_future(queue.submit(learner=learner.viewer, content_id=lesson, told=told(0, 10)))

    monkeypatch.setattr(queue, "_linger", tell_and_linger)
    async with queue.working():
        await submit(lessons[0])
        await asyncio.gather(*map(submit, lessons))
        waits.clear()
        first = submit(lessons[0])
        await waits.wait()
        await asyncio.gather(first, *map(submit, lessons[1:]))
    assert written == [1, 3, 3]


async def test_a_full_queue_is_said(box: Box, learner: Person, lessons: list[UUID], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "WAITING", 1)
    queue = Reports(box.db)
    first = asyncio.ensure_future(queue.submit(learner=learner.viewer, content_id=lessons[0], told=told(0, 1)))
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        await queue.submit(learner=learner.viewer, content_id=lessons[0], told=told(1, 2))
    async with queue.working():
        pass
    assert (await first).percentage == 1.0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_finds_what_it_needs_by_an_index(box: Box, learner: Person, lessons: list[UUID]) -> None:
    """However many rows there are: with a table read from its start to its end, a box slows down as it fills."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        asked.append((statement, given))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        await box.db.jot(keep_reports, [Report(learner.viewer, lesson, told(0, 10), now()) for lesson in lessons])
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    questions = [one for one in asked if one[0].startswith(("SELECT", "WITH"))]
    assert len(questions) >= 3
    async with box.db.reading() as session:
        connection = await session.connection()
        for statement, given in questions:
            plan = (await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)).all()
            read_whole = {row.detail.split()[1] for row in plan if row.detail.startswith("SCAN")}
            assert read_whole.isdisjoint({"progress", "enrollments", "contents", "courses", "assets"}), plan
