"""Who is in a course and how far: for admins, on a page and for spreadsheets."""

import csv
import io
from typing import Any

import pytest
from academy import Lesson, add_course, contents_of
from cast import Person, introduce

from lms_box.box import Box
from lms_box.learning.messages import LearnerView
from lms_box.learning.roll import write_roll


async def enter(person: Person, course: object) -> None:
    assert (await person.ask("POST", f"/courses/{course}/enrollment")).status == 201


async def test_shows_the_learners_of_a_course(owner: Person, learner: Person, stranger: Person, box: Box) -> None:
    lessons = [Lesson("One"), Lesson("Two"), Lesson("Old", is_archived=True)]
    course = await add_course(box, "Shells", lessons)
    one, two, _ = await contents_of(box, course)
    for person in (learner, stranger):
        await enter(person, course)
    await stranger.ask("PUT", f"/contents/{one}/progress", json={"completed": True})
    await stranger.ask("PUT", f"/contents/{two}/progress", json={"position": 25, "watched": [[0, 25]]})
    answer = await owner.get(f"/courses/{course}/learners")
    leo, sten = await answer.json()
    assert (leo["name"], leo["progress_percentage"], leo["last_seen_at"], leo["completed"]) == ("Leo Learner", 0.0, None, False)
    assert (sten["email"], sten["done"], sten["total"], sten["progress_percentage"]) == ("sten@example.org", 1, 2, 62.5)
    for query, names in [("?limit=1", ["Leo Learner"]), ("?skip=1", ["Sten Stranger"]), ("?q=STEN", ["Sten Stranger"])]:
        assert [row["name"] for row in await (await owner.get(f"/courses/{course}/learners{query}")).json()] == names
    assert answer.headers["X-Total-Count"] == "2"
    (row,) = await (await owner.get(f"/users/{stranger.user.id}/courses")).json()
    assert (row["course_id"], row["title"], row["progress_percentage"], row["done"]) == (str(course), "Shells", 62.5, 1)
    await stranger.ask("PUT", f"/contents/{two}/progress", json={"completed": True})
    (row,) = await (await owner.get(f"/users/{stranger.user.id}/courses")).json()
    assert (row["completed"], row["progress_percentage"]) == (True, 100.0)


async def test_a_course_without_contents_is_finished_by_nobody(owner: Person, learner: Person, box: Box) -> None:
    course = await add_course(box, "Empty")
    await enter(learner, course)
    (row,) = await (await owner.get(f"/courses/{course}/learners")).json()
    assert (row["total"], row["progress_percentage"], row["completed"]) == (0, 0.0, False)
    (mine,) = await (await owner.get(f"/users/{learner.user.id}/courses")).json()
    assert (mine["total"], mine["completed"]) == (0, False)


async def test_exports_them_for_spreadsheets(client: Any, owner: Person, box: Box) -> None:
    course = await add_course(box, "Shells & “more”", [Lesson("One")])
    evil = await introduce(box, client, "Eve Evil")
    await owner.ask("PATCH", f"/users/{evil.user.id}", json={"name": '=HYPERLINK("https://evil.example","x"), Ltd.'})
    await enter(evil, course)
    answer = await owner.get(f"/courses/{course}/learners/export")
    assert (answer.content_type, answer.charset) == ("text/csv", "utf-8")
    assert answer.headers["Content-Disposition"].endswith("''Shells%20%26%20%E2%80%9Cmore%E2%80%9D.csv")
    text = (await answer.read()).decode("utf-8-sig")
    head, row = csv.reader(io.StringIO(text, newline=""))
    assert head[:2] == ["name", "email"]
    assert row[0].startswith("'=HYPERLINK")
    assert row[3:] == ["", "0.0", "0", "1", "no"]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\n=1"])
def test_no_cell_is_a_formula(name: str) -> None:
    fields: dict[str, Any] = dict.fromkeys(LearnerView.model_fields)
    learner = LearnerView.model_construct(**{**fields, "name": name, "email": "a@example.org", "completed": False})
    _, row = csv.reader(io.StringIO(write_roll([learner]).removeprefix("\ufeff"), newline=""))
    assert row[0] == f"'{name}"
