"""The catalogue: what is found and in which order, how a course is arranged, and what a change leaves alone."""

from typing import Any
from uuid import UUID

from academy import Lesson, add_course, contents_of, page, stored_keys
from aiohttp.test_utils import TestClient
from cast import Person
from sqlalchemy import update

from lms_box.box import Box
from lms_box.courses.tables import Asset, Content
from lms_box.db.base import now

Client = TestClient[Any, Any]


async def titles(person: Person, query: str) -> list[str]:
    answer = await person.get(f"/courses{query}")
    found = await answer.json()
    assert answer.status == 200, found
    assert answer.headers["X-Total-Count"] == str(len(found)), query
    return [course["title"] for course in found]


async def test_finds_courses_by_what_they_are(box: Box, owner: Person, learner: Person) -> None:
    await add_course(box, "Sailing 100%", category="Sea", difficulty="beginner", instructor="Ines")
    await add_course(box, "sewing", category="Home", difficulty="advanced", description="with SAILcloth")
    await add_course(box, "Diving", category="Sea", difficulty="advanced", status="draft")
    await add_course(box, "Rowing", category="sea", status="archived")
    rows: list[tuple[str, list[str], list[str]]] = [
        ("?sort=title", ["Sailing 100%", "sewing"], ["Diving", "Rowing", "Sailing 100%", "sewing"]),
        ("?sort=-title", ["sewing", "Sailing 100%"], ["sewing", "Sailing 100%", "Rowing", "Diving"]),
        ("", ["sewing", "Sailing 100%"], ["Rowing", "Diving", "sewing", "Sailing 100%"]),
        ("?sort=created_at", ["Sailing 100%", "sewing"], ["Sailing 100%", "sewing", "Diving", "Rowing"]),
        ("?category=Sea", ["Sailing 100%"], ["Diving", "Sailing 100%"]),
        ("?category=", ["sewing", "Sailing 100%"], ["Rowing", "Diving", "sewing", "Sailing 100%"]),
        ("?difficulty=advanced", ["sewing"], ["Diving", "sewing"]),
        ("?status=draft", [], ["Diving"]),
        ("?status=archived", [], ["Rowing"]),
        ("?q=sail&sort=title", ["Sailing 100%", "sewing"], ["Sailing 100%", "sewing"]),
        ("?q=INES", ["Sailing 100%"], ["Sailing 100%"]),
        ("?q=100%25", ["Sailing 100%"], ["Sailing 100%"]),
        ("?q=_", [], []),
        ("?q=%27%3B--", [], []),
    ]
    for query, seen, all_of_them in rows:
        assert await titles(learner, query) == seen, query
        assert await titles(owner, query) == all_of_them, query


async def test_finds_courses_however_their_letters_are_written(box: Box, owner: Person) -> None:
    await add_course(box, "Été à la Straße", instructor="Ćirić", description="О море")
    await add_course(box, "zebra")
    await add_course(box, "Ÿoga")
    for query in ("ÉTÉ", "E\u0301te\u0301", "STRASSE été", "ćirić", "МОРЕ straße"):
        assert await titles(owner, f"?q={query}") == ["Été à la Straße"], query
    assert await titles(owner, "?q=été+zebra") == []
    assert await titles(owner, "?sort=title") == ["zebra", "Été à la Straße", "Ÿoga"]
    (course,) = await (await owner.get("/courses?q=zebra")).json()
    assert (await owner.ask("PATCH", f"/courses/{course['id']}", json={"instructor": "ÅSA"})).status == 200
    assert await titles(owner, "?q=åsa") == ["zebra"]


async def test_is_arranged_in_one_call_or_not_at_all(box: Box, owner: Person) -> None:
    lessons = [Lesson("One"), Lesson("Two"), page("Three"), Lesson("Gone", is_archived=True)]
    course = await add_course(box, "Sailing", lessons)
    other = await contents_of(box, await add_course(box, "Rowing", [Lesson("Oars")]))
    one, two, three, gone = map(str, await contents_of(box, course))
    section = (await show(owner, course))["sections"][0]["id"]
    before = await show(owner, course)
    refused: list[tuple[list[dict[str, Any]], str]] = [
        ([], "incomplete_order"),
        ([{"title": "A", "contents": [one, two]}], "incomplete_order"),
        ([{"title": "A", "contents": [one, two, three, one]}], "incomplete_order"),
        ([{"title": "A", "contents": [one, two, three, gone]}], "incomplete_order"),
        ([{"title": "A", "contents": [one, two, three, str(other[0])]}], "incomplete_order"),
        ([{"id": str(course), "title": "A", "contents": [one, two, three]}], "unknown_section"),
        (
            [{"id": section, "title": "A", "contents": [one]}, {"id": section, "title": "B", "contents": [two, three]}],
            "unknown_section",
        ),
        ([{"title": "A", "contents": ["one", two, three]}], "invalid"),
    ]
    for sections, code in refused:
        answer = await owner.ask("PUT", f"/courses/{course}/order", json={"sections": sections})
        assert (answer.status, (await answer.json())["code"]) == (422, code), sections
    assert await show(owner, course) == before
    order = [{"title": "New", "contents": [three, one]}, {"title": "", "contents": [two]}, {"title": "Empty", "contents": []}]
    answer = await owner.ask("PUT", f"/courses/{course}/order", json={"sections": order})
    assert answer.status == 200
    shown = await show(owner, course)
    assert [(one["title"], [content["id"] for content in one["contents"]]) for one in shown["sections"]] == [
        ("New", [three, one]),
        ("", [two]),
        ("Empty", []),
    ]
    assert section not in [one["id"] for one in shown["sections"]], "what was archived in it stands elsewhere now"
    assert (await (await owner.get(f"/contents/{gone}")).json())["section_id"] == shown["sections"][0]["id"]


async def show(person: Person, course_id: UUID) -> dict[str, Any]:
    found: dict[str, Any] = await (await person.get(f"/courses/{course_id}")).json()
    return found


async def test_a_change_says_what_it_names_and_no_more(box: Box, owner: Person) -> None:
    course = await add_course(box, "Sailing", [Lesson("Knots", duration=61.0)], description="Old", category="Sea")
    (content,) = await contents_of(box, course)
    changed = await owner.ask("PATCH", f"/courses/{course}", json={"title": "  Rowing ", "category": None})
    after = await changed.json()
    assert (after["title"], after["description"], after["category"], after["duration"]) == ("Rowing", "Old", "Sea", 2)
    replaced = await owner.ask("PUT", f"/courses/{course}", json={"title": "Diving"})
    whole = await replaced.json()
    assert (whole["description"], whole["category"], whole["status"], whole["content_count"]) == ("", "", "draft", 1)
    answer = await owner.ask("PATCH", f"/contents/{content}", json={"is_preview": True})
    shown = await answer.json()
    assert (shown["title"], shown["is_preview"], shown["metadata"]["path"]) == ("Knots", True, "0 lesson.mp4")
    await owner.ask("PATCH", f"/contents/{content}", json={"is_archived": True})
    assert (await show(owner, course))["content_count"] == 0


async def test_files_go_after_the_commit_and_when_the_last_one_lets_go(box: Box, owner: Person) -> None:
    film = b"the same film"
    first = await add_course(box, "First", [Lesson("Film", data=film), Lesson("Its own")])
    second = await add_course(box, "Second", [Lesson("Film again", data=film)])
    assert len(await stored_keys(box)) == 2
    assert (await owner.ask("DELETE", f"/courses/{first}")).status == 204
    assert len(await stored_keys(box)) == 1
    assert (await owner.get(f"/courses/{first}")).status == 404
    assert (await owner.ask("DELETE", f"/courses/{second}")).status == 204
    assert await stored_keys(box) == []


async def test_a_change_answers_with_the_tag_of_what_it_made(owner: Person, box: Box) -> None:
    course = await add_course(box, "Shells", [Lesson("One"), Lesson("Two")])
    page = await (await owner.get(f"/courses/{course}")).json()
    tag = await tag_of(owner, course)
    section = page["sections"][0]
    contents = [content["id"] for content in section["contents"]]
    for order in (contents[::-1], contents):
        body = {"sections": [{"id": section["id"], "title": "All", "contents": order}]}
        answer = await owner.ask("PUT", f"/courses/{course}/order", json=body, headers={"If-Match": tag})
        assert answer.status == 200, await answer.text()
        tag = answer.headers["ETag"]
        assert tag == await tag_of(owner, course)
    answer = await owner.ask("PATCH", f"/courses/{course}", json={"title": "Sea shells"}, headers={"If-Match": tag})
    assert answer.headers["ETag"] == await tag_of(owner, course) != tag
    stale = await owner.ask("PATCH", f"/courses/{course}", json={"title": "Stale"}, headers={"If-Match": tag})
    assert stale.status == 412


async def test_what_the_box_makes_ready_is_nobody_s_change(owner: Person, box: Box) -> None:
    course = await add_course(box, "Shells", [Lesson("One"), Lesson("Two")])
    tag = await tag_of(owner, course)
    (section,) = (await (await owner.get(f"/courses/{course}")).json())["sections"]
    first, second = (content["id"] for content in section["contents"])
    known = (await owner.get(f"/contents/{first}")).headers["ETag"]
    async with box.db.writing() as session:
        await session.execute(update(Asset).values(status="ready", duration=90.0))
        await session.execute(update(Content).values(details={"pages": 3}, updated_at=now()))
    assert await tag_of(owner, course) != tag, "whoever reads hears of it"
    order = {"sections": [{"id": section["id"], "title": "All", "contents": [first, second]}]}
    for method, path, body, match in (
        ("PUT", f"/courses/{course}/order", order, tag),
        ("PATCH", f"/contents/{first}", {"title": "Another"}, known),
    ):
        answer = await owner.ask(method, path, json=body, headers={"If-Match": match})
        assert answer.status == 200, await answer.text()
        assert (await owner.ask(method, path, json=body, headers={"If-Match": match})).status == 412, "that was a change"


async def tag_of(person: Person, course: UUID) -> str:
    """As of the plain answer, whatever it was compressed with."""
    return (await person.get(f"/courses/{course}")).headers["ETag"].replace("-gzip", "")
