"""Where learners are now: the lesson touched last of each course that they take, the first one before they begin."""

from datetime import timedelta
from uuid import UUID

from academy import Lesson, add_course, contents_of
from cast import Person
from sqlalchemy import delete, update

from lms_box.box import Box
from lms_box.db.base import now
from lms_box.learning.standing import places_of_learners
from lms_box.learning.tables import Enrollment, Progress


async def places(box: Box) -> dict[UUID, set[int]]:
    async with box.db.reading() as session:
        return await places_of_learners(session, since=now() - timedelta(days=30))


async def test_says_where_learners_are(box: Box, learner: Person, stranger: Person) -> None:
    lessons = [Lesson(str(number)) for number in range(4)]
    sailing, knots, unseen = [await add_course(box, title, lessons) for title in ("Sailing", "Knots", "Unseen")]
    contents = await contents_of(box, sailing)
    for person, course in ((learner, sailing), (stranger, sailing), (learner, knots)):
        await person.ask("POST", f"/courses/{course}/enrollment")
    assert await places(box) == {sailing: {0}, knots: {0}}
    for person, index in ((learner, 3), (learner, 1), (stranger, 2)):
        answer = await person.ask("PUT", f"/contents/{contents[index]}/progress", json={"position": 5.0})
        assert answer.status == 200
    assert await places(box) == {sailing: {1, 2}, knots: {0}}
    async with box.db.writing() as session:
        await session.execute(delete(Enrollment).where(Enrollment.user_id == stranger.user.id))
    assert await places(box) == {sailing: {1}, knots: {0}}
    async with box.db.writing() as session:
        old = now() - timedelta(days=31)
        await session.execute(update(Progress).values(updated_at=old))
        await session.execute(update(Enrollment).values(enrolled_at=old))
    assert await places(box) == {}
    assert unseen not in await places(box)
