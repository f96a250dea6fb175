"""Where to go on: the lesson touched last, else the next open one; and the courses that may still be seen."""

from typing import Any
from uuid import UUID

import pytest
from academy import Lesson, add_course, contents_of
from cast import Person

from lms_box.box import Box


@pytest.fixture
async def course(box: Box) -> UUID:
    return await add_course(box, "Sailing", [Lesson("One"), Lesson("Two"), Lesson("Three"), Lesson("Gone", is_archived=True)])


async def dashboard(person: Person) -> dict[str, Any]:
    answer = await person.get("/dashboard")
    found: dict[str, Any] = await answer.json()
    assert answer.status == 200, found
    return found


async def test_goes_on_where_the_learner_left_off(box: Box, learner: Person, stranger: Person, course: UUID) -> None:
    lessons = await contents_of(box, course)
    assert (await dashboard(learner))["continue"] is None
    await learner.ask("POST", f"/courses/{course}/enrollment")
    await learner.ask("POST", f"/courses/{await add_course(box, 'Knots', [Lesson('Only')])}/enrollment")

    async def report(index: int, **what: Any) -> str | None:
        await learner.ask("PUT", f"/contents/{lessons[index]}/progress", json=what)
        there = (await dashboard(learner))["continue"]
        return there and str(there["content"]["title"])

    assert await report(1, position=5) == "Two"
    assert await report(2, position=5) == "Three"
    assert await report(1, completed=True) == "Three"
    assert await report(2, completed=True) == "One"
    shelf = (await dashboard(learner))["courses"]
    assert [(one["course"]["title"], one["done"], one["total"], one["next_content_id"]) for one in shelf] == [
        ("Knots", 0, 1, shelf[0]["next_content_id"]),
        ("Sailing", 2, 3, str(lessons[0])),
    ]
    assert await report(0, completed=True) is None
    shelf = (await dashboard(learner))["courses"]
    assert (shelf[1]["progress_percentage"], shelf[1]["completed"], shelf[1]["next_content_id"]) == (100.0, True, None)
    mine = await (await learner.get("/enrollments")).json()
    assert [one["completed_at"] is None for one in mine] == [True, False]
    finished = mine[1]["completed_at"]
    for replay in ({"position": 3, "watched": [[0, 3]]}, {"completed": True}):
        await report(0, **replay)
        assert (await (await learner.get("/enrollments")).json())[1]["completed_at"] == finished
    await report(0, completed=False)
    assert (await (await learner.get("/enrollments")).json())[1]["completed_at"] is None
    await report(0, completed=True)
    assert (await (await learner.get("/enrollments")).json())[1]["completed_at"] > finished
    assert await dashboard(stranger) == {"continue": None, "courses": [], "notes": []}


async def test_sends_nobody_to_what_could_not_be_made_ready(box: Box, learner: Person) -> None:
    course = await add_course(box, "Rigging", [Lesson("Torn", status="failed"), Lesson("Mast"), Lesson("Boom")])
    torn, mast, boom = await contents_of(box, course)
    await learner.ask("POST", f"/courses/{course}/enrollment")
    assert [one["next_content_id"] for one in (await dashboard(learner))["courses"]] == [str(mast)]
    await learner.ask("PUT", f"/contents/{torn}/progress", json={"position": 1})
    assert (await dashboard(learner))["continue"]["content"]["title"] == "Mast"
    for content in (mast, boom):
        await learner.ask("PUT", f"/contents/{content}/progress", json={"completed": True})
    there = await dashboard(learner)
    assert (there["continue"], there["courses"][0]["next_content_id"]) == (None, None)


@pytest.mark.parametrize("status", ["draft", "archived"])
async def test_shows_no_course_that_is_closed(box: Box, owner: Person, learner: Person, course: UUID, status: str) -> None:
    for person in (owner, learner):
        await person.ask("POST", f"/courses/{course}/enrollment")
        await person.ask("PUT", f"/contents/{(await contents_of(box, course))[0]}/progress", json={"position": 5})
    await owner.ask("PATCH", f"/courses/{course}", json={"status": status})
    assert await dashboard(learner) == {"continue": None, "courses": [], "notes": []}
    assert await (await learner.get("/enrollments")).json() == []
    assert (await dashboard(owner))["continue"]["content"]["title"] == "One"
