"""The box at a glance: right numbers, for admins, and no statement more however many rows there are."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from academy import Lesson, add_course, build, contents_of
from cast import Person, introduce
from sqlalchemy import event

from lms_box.accounts.service import add_user
from lms_box.box import Box
from lms_box.db.base import new_id, now
from lms_box.jobs.service import add_job
from lms_box.learning.tables import Enrollment, Progress
from lms_box.notes.messages import NoteDraft
from lms_box.notes.service import add_note

FIELDS = {
    "learners", "active_this_week", "courses", "enrollments", "completions", "storage_used", "storage_free",
    "storage_originals", "jobs", "weeks", "fullest",
}  # fmt: skip


@contextmanager
def statements(box: Box) -> Iterator[list[str]]:
    """The SQL of the block."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    engines = {id(engine): engine.sync_engine for engine in (box.db._readers, box.db._writer)}
    for engine in engines.values():
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        for engine in engines.values():
            event.remove(engine, "before_cursor_execute", note)


async def learn(box: Box, learner: UUID, course: UUID, done: int, *, days_ago: float = 0) -> None:
    """Enrolled, with the first so many contents done."""
    contents = await contents_of(box, course)
    async with box.db.writing() as session:
        session.add(Enrollment(user_id=learner, course_id=course))
        at = now() - timedelta(days=days_ago)
        session.add_all(
            Progress(user_id=learner, content_id=content, completed=True, percentage=100.0, watched=[], updated_at=at)
            for content in contents[:done]
        )


async def test_counts_the_whole_box(owner: Person, learner: Person, stranger: Person, box: Box) -> None:
    lessons = [Lesson("One", data=b"12345"), Lesson("Two", data=b"67890"), Lesson("Old", data=b"x", is_archived=True)]
    course = await add_course(box, "Shells", lessons)
    empty = await add_course(box, "Empty", status="draft")
    await learn(box, learner.user.id, course, 2)
    await learn(box, stranger.user.id, course, 1, days_ago=8)
    await learn(box, stranger.user.id, empty, 0)
    async with box.db.writing() as session:
        closed = await add_user(session, email="closed@example.org", name="Closed")
        closed.is_active = False
        await add_job(session, kind="build", subject=new_id(), title="x")
    await build(box, (await contents_of(box, course))[0], {"film.mp4": b"1234567", "poster.webp": b"123"})
    answer = await owner.get("/admin/overview")
    view = await answer.json()
    assert (answer.status, set(view)) == (200, FIELDS)
    assert (view["learners"], view["active_this_week"], view["enrollments"], view["completions"]) == (2, 1, 3, 1)
    assert view["courses"] == {"draft": 1, "published": 1, "archived": 0}
    assert view["jobs"] == {"queued": 1, "running": 0, "done": 0, "failed": 0, "cancelled": 0}
    assert (view["storage_used"], view["storage_free"] > 0, view["storage_originals"]) == (21, True, 11)
    fullest = [tuple(row[name] for name in ("title", "learners", "begun", "finished")) for row in view["fullest"]]
    assert fullest == [("Shells", 2, 2, 1), ("Empty", 1, 0, 0)]


async def test_counts_the_weeks_in_which_people_learn(owner: Person, learner: Person, stranger: Person, box: Box) -> None:
    course = await add_course(box, "Shells", [Lesson("One"), Lesson("Two")])
    one, two = await contents_of(box, course)
    for person in (learner, stranger):
        await person.ask("POST", f"/courses/{course}/enrollment")
        for content in (one, one, two):
            answer = await person.ask("PUT", f"/contents/{content}/progress", json={"position": 5, "watched": [[0, 5]]})
            assert answer.status == 200
    for is_done in (True, True, False, True):
        await learner.ask("PUT", f"/contents/{two}/progress", json={"completed": is_done})
    weeks = (await (await owner.get("/admin/overview")).json())["weeks"]
    mondays = [date.fromisoformat(week["week"]) for week in weeks]
    assert {later - earlier for earlier, later in pairwise(mondays)} == {timedelta(days=7)}
    assert (len(weeks), mondays[-1].weekday(), mondays[-1] <= now().date()) == (12, 0, True)
    assert [(week["learners"], week["done"]) for week in weeks] == [(0, 0)] * 11 + [(2, 2)]


async def test_notes_a_new_week_of_a_content_begun_before(owner: Person, learner: Person, box: Box) -> None:
    course = await add_course(box, "Shells", [Lesson("One")])
    await learn(box, learner.user.id, course, 0)
    (content,) = await contents_of(box, course)
    async with box.db.writing() as session:
        old = now() - timedelta(days=8)
        session.add(Progress(user_id=learner.user.id, content_id=content, watched=[[0, 5]], position_at=old, updated_at=old))
    await learner.ask("PUT", f"/contents/{content}/progress", json={"position": 5, "watched": [[0, 5]]})
    weeks = (await (await owner.get("/admin/overview")).json())["weeks"]
    assert [week["learners"] for week in weeks][-2:] == [0, 1]


async def test_gives_learners_what_is_kept_about_them(learner: Person, stranger: Person, box: Box) -> None:
    course = await add_course(box, "Shells", [Lesson("One"), Lesson("Two")])
    await learn(box, learner.user.id, course, 1)
    mine = await (await learner.get("/auth/me/export")).json()
    assert [(row["course_id"], row["course"]) for row in mine["enrollments"]] == [(str(course), "Shells")]
    assert [(row["content"], row["completed"], row["progress_percentage"]) for row in mine["progress"]] == [
        ("One", True, 100.0)
    ]
    assert mine["progress"][0].keys() > {"watched", "position", "updated_at"}
    theirs = await (await stranger.get("/auth/me/export")).json()
    assert (theirs["enrollments"], theirs["progress"]) == ([], [])


async def test_is_for_admins(client: Any, learner: Person) -> None:
    answer = await learner.get("/admin/overview")
    assert (answer.status, (await answer.json())["code"]) == (403, "admins_only")
    assert (await client.get("/api/v1/admin/overview")).status == 401


async def fill(box: Box, owner: Person, learner: Person, times: int) -> None:
    for _ in range(times):
        course = await add_course(box, "Shells", [Lesson("One"), Lesson("Two")])
        await learn(box, learner.user.id, course, 1)
        draft = NoteDraft(course_id=course, content_id=(await contents_of(box, course))[0], content="n")
        async with box.db.writing() as session:
            for viewer in (owner.viewer, learner.viewer):
                await add_note(session, learner=viewer, draft=draft)
            await add_job(session, kind="build", subject=new_id(), title="x")


async def test_asks_no_more_of_a_fuller_box(client: Any, owner: Person, learner: Person, box: Box) -> None:
    counted: list[dict[str, int]] = []
    course = await add_course(box, "Shells", [Lesson("One")])
    for times in (2, 8):
        await fill(box, owner, learner, times)
        await introduce(box, client, f"Person{times} Of-The-Crowd")
        for person in (owner, learner):
            assert (await person.get("/auth/me")).status == 200, "who they are is asked once and kept"
        counts = {}
        for person, path in [
            (owner, "/admin/overview"),
            (owner, "/jobs?limit=100"),
            (owner, "/users?limit=100"),
            (owner, f"/courses/{course}/learners?limit=100"),
            (owner, f"/users/{learner.user.id}/courses"),
            (owner, "/admin/settings"),
            (owner, "/courses?limit=100"),
            (learner, "/courses?limit=100"),
            (learner, "/notes?limit=100"),
            (learner, "/dashboard"),
            (learner, "/enrollments"),
        ]:
            with statements(box) as seen:
                answer = await person.get(path)
            assert answer.status == 200, path
            counts[f"{person.user.name} {path}"] = len(seen)
        counted.append(counts)
    assert counted[0] == counted[1]
    assert max(counted[1].values()) <= 12, counted[1]
