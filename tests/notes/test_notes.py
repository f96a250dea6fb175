"""Notes: one's own, at a second or a page, found again by their words."""

from typing import Any
from uuid import UUID

import pytest
from cast import Person
from notes.conftest import Shelf

from lms_box.box import Box
from lms_box.courses.service import remove_content, remove_course
from lms_box.courses.tables import Course

FIELDS = {"id", "course_id", "content_id", "title", "content", "at", "created_at", "updated_at"}
NOTHING = "018f0000-0000-7000-8000-000000000000"


async def write(person: Person, course: UUID, content: str = "x", **more: Any) -> dict[str, Any]:
    draft = {"course_id": str(course), "content": content, **{name: _plain(value) for name, value in more.items()}}
    answer = await person.ask("POST", "/notes", json=draft)
    assert answer.status == 201, await answer.text()
    view: dict[str, Any] = await answer.json()
    return view


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


async def found(person: Person, query: str = "") -> list[str]:
    answer = await person.get(f"/notes{query}")
    assert answer.status == 200, await answer.text()
    return [note["content"] for note in await answer.json()]


async def test_writes_reads_changes_and_removes(learner: Person, shelf: Shelf) -> None:
    note = await write(learner, shelf.course, "fd knows **.gitignore**", title=" Find ", content_id=shelf.video, at=42.5)
    assert set(note) == FIELDS
    assert (note["title"], note["at"], note["content_id"]) == ("Find", 42.5, str(shelf.video))
    answer = await learner.get(f"/notes/{note['id']}")
    assert (await answer.json(), "ETag" in answer.headers) == (note, True)
    change = {"course_id": str(shelf.course), "title": "", "content": "for the whole course"}
    answer = await learner.ask("PUT", f"/notes/{note['id']}", json=change)
    changed = await answer.json()
    assert (answer.status, changed["content_id"], changed["at"], changed["title"]) == (200, None, None, "")
    assert (changed["created_at"], changed["content"]) == (note["created_at"], "for the whole course")
    assert (await learner.ask("DELETE", f"/notes/{note['id']}")).status == 204
    assert (await learner.get(f"/notes/{note['id']}")).status == 404
    assert await found(learner) == []


async def test_keeps_notes_from_everybody_else(owner: Person, learner: Person, stranger: Person, shelf: Shelf) -> None:
    note = await write(learner, shelf.course, "between me and me", content_id=shelf.text, at=2)
    body = {"course_id": str(shelf.course), "content": "mine now"}
    for other in (stranger, owner):
        for method, sent in (("GET", None), ("PUT", body), ("DELETE", None)):
            answer = await other.ask(method, f"/notes/{note['id']}", json=sent)
            assert (answer.status, "between" in await answer.text()) == (404, False), (method, other.user.email)
        assert await found(other) == []
        assert await found(other, f"?content_id={shelf.text}") == []
        dashboard = await (await other.get("/dashboard")).json()
        assert dashboard["notes"] == []
        assert "between" not in await (await other.get(f"/courses/{shelf.course}/notes/export")).text()
    assert await found(learner) == ["between me and me"]


async def test_asks_for_a_sign_in(client: Any, shelf: Shelf) -> None:
    for method, path in (
        ("GET", "/notes"),
        ("POST", "/notes"),
        ("GET", "/notes/courses"),
        ("GET", f"/notes/{NOTHING}"),
        ("PUT", f"/notes/{NOTHING}"),
        ("DELETE", f"/notes/{NOTHING}"),
        ("GET", f"/courses/{shelf.course}/notes/export"),
    ):
        assert (await client.request(method, f"/api/v1{path}")).status == 401, path


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"course_id": NOTHING}, 404, "not_found"),
        ({"course_id": "draft"}, 404, "not_found"),
        ({"content_id": NOTHING}, 422, "content_not_in_course"),
        ({"content_id": "draft_text"}, 422, "content_not_in_course"),
        ({"course_id": "no id"}, 422, "invalid"),
        ({"content": "a\x00b"}, 422, "invalid"),
        ({"content": "x" * 100_001}, 422, "invalid"),
        ({"title": "x" * 201}, 422, "invalid"),
        ({"at": -1}, 422, "invalid"),
        ({"at": 1e10}, 422, "invalid"),
        ({"at": "soon"}, 422, "invalid"),
        ({"author": "me"}, 422, "invalid"),
    ],
)
async def test_refuses_what_has_no_place(
    learner: Person, shelf: Shelf, changes: dict[str, Any], status: int, code: str
) -> None:
    named = {name: str(getattr(shelf, value, value)) if isinstance(value, str) else value for name, value in changes.items()}
    mine = await write(learner, shelf.course, "as it was")
    draft = {"course_id": str(shelf.course), "content": "x", **named}
    for method, path in (("POST", "/notes"), ("PUT", f"/notes/{mine['id']}")):
        answer = await learner.ask(method, path, json=draft)
        assert (answer.status, (await answer.json())["code"]) == (status, code), method
    assert await found(learner) == ["as it was"]


async def test_finds_pages_and_counts(learner: Person, shelf: Shelf) -> None:
    await write(learner, shelf.course, "Öl auf WASSER", content_id=shelf.video)
    await write(learner, shelf.course, "100% sure_thing", title="Straße", content_id=shelf.text)
    await write(learner, shelf.course, "ﬁle, and one more line")
    for query, expected in [
        ("", 3),
        (f"?course_id={shelf.course}", 3),
        (f"?course_id={shelf.draft}", 0),
        (f"?content_id={shelf.video}", 1),
        ("?q=ÖL", 1),
        ("?q=öl wasser", 1),
        ("?q=wasser STRASSE", 0),
        ("?q=STRASSE", 1),
        ("?q=file", 1),
        ("?q=%25", 1),
        ("?q=_", 1),
        ("?q=a%25e", 0),
        ("?q=", 3),
    ]:
        assert len(await found(learner, query)) == expected, query
    answer = await learner.get("/notes?limit=2")
    assert answer.headers["X-Total-Count"] == "3"
    assert '</api/v1/notes?limit=2&skip=2>; rel="next"' in answer.headers["Link"]
    assert [note["content"] for note in await answer.json()] == ["ﬁle, and one more line", "100% sure_thing"]
    assert (await learner.get("/notes?limit=101")).status == 422


async def test_says_in_lists_where_a_note_was_written(learner: Person, stranger: Person, shelf: Shelf) -> None:
    await write(learner, shelf.course, "of the whole")
    await write(learner, shelf.course, "at a second", content_id=shelf.video, at=4)
    await write(stranger, shelf.course, "not theirs")
    answer = await learner.get("/notes")
    names = ("course_title", "content_title", "content_type")
    assert [[note[name] for name in names] for note in await answer.json()] == [
        ["Shell *tools*", "Find", "video"],
        ["Shell *tools*", None, None],
    ]
    answer = await learner.get("/notes/courses")
    assert await answer.json() == [{"course_id": str(shelf.course), "title": "Shell *tools*", "count": 2}]


async def test_does_not_overwrite_what_another_device_wrote(learner: Person, shelf: Shelf) -> None:
    note = await write(learner, shelf.course, "first")
    path = f"/notes/{note['id']}"
    tag = (await learner.get(path)).headers["ETag"]
    assert (await learner.get(path, headers={"If-None-Match": tag})).status == 304
    draft = {"course_id": str(shelf.course), "content": "second"}
    assert (await learner.ask("PUT", path, json=draft, headers={"If-Match": tag})).status == 200
    answer = await learner.ask("PUT", path, json={**draft, "content": "third"}, headers={"If-Match": tag})
    assert (answer.status, (await answer.json())["code"]) == (412, "precondition_failed")
    assert await found(learner) == ["second"]


async def test_stays_when_its_content_goes_or_its_course_closes(box: Box, learner: Person, shelf: Shelf) -> None:
    note = await write(learner, shelf.course, "kept", content_id=shelf.video, at=3)
    async with box.db.writing() as session:
        (await session.get_one(Course, shelf.course)).status = "archived"
    draft = {"course_id": str(shelf.course), "content_id": str(shelf.video), "content": "kept!", "at": 3}
    assert (await learner.ask("PUT", f"/notes/{note['id']}", json=draft)).status == 200
    assert "kept!" in await (await learner.get(f"/courses/{shelf.course}/notes/export")).text()
    async with box.db.writing() as session:
        await remove_content(session, content_id=shelf.video)
    left = await (await learner.get(f"/notes/{note['id']}")).json()
    assert (left["content"], left["content_id"], left["at"]) == ("kept!", None, 3)
    async with box.db.writing() as session:
        await remove_course(session, course_id=shelf.course)
    assert await found(learner) == []


async def test_writes_a_courses_notes_as_markdown_in_the_order_of_its_lessons(learner: Person, shelf: Shelf) -> None:
    await write(learner, shelf.course, "later", content_id=shelf.text, at=31)
    await write(learner, shelf.course, "- two\n- three\n", title="# One", content_id=shelf.video, at=3725)
    await write(learner, shelf.course, "before", content_id=shelf.video, at=61.5)
    await write(learner, shelf.course, "of the whole")
    answer = await learner.get(f"/courses/{shelf.course}/notes/export")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/markdown; charset=utf-8")
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''Shell%20%2Atools%2A.md"
    text = await answer.text()
    assert text.startswith("# Shell \\*tools\\*\n\nof the whole\n\n")
    inside = ["of the whole", "## Find", "before", "[1:01](", "### \\# One", "- three", "[1:02:05](", "## Grep", "[page 31]("]
    places = [text.index(part) for part in inside]
    assert places == sorted(places)
    assert f"(http://127.0.0.1:8080/courses/{shelf.course}/contents/{shelf.video}?at=61.5)" in text
    assert (await learner.get(f"/courses/{shelf.draft}/notes/export")).status == 404


async def test_shows_the_last_notes_on_the_dashboard_and_in_ones_own_data(learner: Person, shelf: Shelf) -> None:
    for number in range(7):
        note = await write(learner, shelf.course, f"note {number}")
    dashboard = await (await learner.get("/dashboard")).json()
    assert [each["content"] for each in dashboard["notes"]] == [f"note {number}" for number in (6, 5, 4, 3, 2)]
    assert dashboard["notes"][0] == {**note, "course_title": "Shell *tools*", "content_title": None, "content_type": None}
    mine = await (await learner.get("/auth/me/export")).json()
    assert [each["content"] for each in mine["notes"]] == [f"note {number}" for number in range(7)]
