"""How many statements an answer takes does not grow with the rows that it is made of."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from academy import Lesson, add_course, contents_of
from cast import Person, introduce
from sqlalchemy import event
from sqlalchemy.engine import Engine

from lms_box.box import Box
from lms_box.learning.tables import Enrollment, Progress
from lms_box.notes.tables import Note

NO_QUERIES = ("BEGIN", "SELECT current_setting")
Asked = list[str]


@pytest.fixture
def asked() -> Iterator[Asked]:
    """The statements that the database was asked."""
    statements: Asked = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(NO_QUERIES):
            statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield statements
    event.remove(Engine, "before_cursor_execute", note)


async def learn(box: Box, person: Person, titles: list[str]) -> list[UUID]:
    """Courses with lessons, files beside them, progress and notes in each."""
    made = []
    for title in titles:
        lessons = [Lesson(f"{title} {number}", attachments=(f"{number}.txt",)) for number in range(len(titles))]
        course_id = await add_course(box, title, lessons)
        made.append(course_id)
        async with box.db.writing() as session:
            session.add(Enrollment(user_id=person.user.id, course_id=course_id))
            for content_id in await contents_of(box, course_id):
                session.add(Progress(user_id=person.user.id, content_id=content_id))
                session.add(Note(user_id=person.user.id, course_id=course_id, title=title, content="", folded=""))
    return made


@pytest.mark.parametrize(
    "path",
    [
        "/courses",
        "/courses/{course}",
        "/courses/{course}/progress",
        "/contents/{content}",
        "/dashboard",
        "/enrollments",
        "/notes",
        "/users",
        "/jobs",
    ],
)
async def test_stays_the_same_with_more_rows(box: Box, owner: Person, asked: Asked, path: str) -> None:
    counts = []
    for titles in (["One", "Two"], [f"Course {number}" for number in range(6)]):
        (course_id, *_) = await learn(box, owner, titles)
        for title in titles:
            await introduce(box, owner._client, f"{title.replace(' ', '')} Person")
        content_id = (await contents_of(box, course_id))[0]
        await owner.get("/auth/me")  # who is asking is looked up once, whatever is asked for
        asked.clear()
        answer = await owner.get(path.format(course=course_id, content=content_id))
        assert answer.status == 200, await answer.text()
        counts.append(len(asked))
    assert 0 < counts[0] <= 8
    assert counts[1] == counts[0], asked
