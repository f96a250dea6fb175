"""Tables of who gets what: a row for each request, a column for each role, played on a stage made anew for each row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from academy import Lesson, add_course, contents_of
from aiohttp.test_utils import TestClient
from cast import Person, introduce
from sqlalchemy import select

from lms_box.accounts.service import change_user
from lms_box.box import Box
from lms_box.courses.tables import Attachment, Section

ROLES = ("nobody", "disabled", "learner", "other", "enrolled", "admin")
SECRET = "A secret draft"
"""No learner may ever read this."""
PRIVATE = "Between me and me"
"""Stands in the enrolled learner's note, and nobody else may ever read it."""


@dataclass(frozen=True)
class Row:
    """What nobody, a learner, a learner of the course and an admin get; the admin comes last and may destroy.

    `other` is in the course too, and gets the same where it is not the enrolled one's own.
    """

    method: str
    path: str
    nobody: int
    learner: int
    enrolled: int
    admin: int
    body: Any = None
    headers: Any = None
    other: int | None = None
    disabled: int = 401
    """Whoever is disabled shows a token that is none: where somebody is asked for, that is no visitor any more."""

    def expected(self, role: str) -> int:
        if role == "other" and self.other is None:
            return self.enrolled
        return int(getattr(self, role))


async def play(box: Box, client: TestClient[Any, Any], rows: Sequence[Row]) -> None:
    people = {"admin": await introduce(box, client, "Olga Owner", role="admin")}
    for name in ("learner", "other", "enrolled", "disabled"):
        people[name] = await introduce(box, client, name.title())
    async with box.db.writing() as session:
        await change_user(session, user_id=people["disabled"].user.id, is_active=False)
    for row in rows:
        names = await _set_stage(box)
        for name in ("other", "enrolled"):
            await people[name].ask("POST", f"/courses/{names['course']}/enrollment")
        names |= await _owned(row, people["enrolled"], people["admin"], names["course"])
        for role in ROLES:
            await _ask(client, row, role, people.get(role), names)


async def _ask(client: TestClient[Any, Any], row: Row, role: str, person: Person | None, names: dict[str, str]) -> None:
    headers = {**(row.headers or {}), **({"Authorization": f"Bearer {person.token}"} if person else {})}
    path = f"/api/v1{row.path.format(**names)}"
    body = _filled(row.body, names)
    answer = await client.request(row.method, path, json=body, headers=headers, allow_redirects=False)
    text = await answer.text()
    case = (row.method, row.path, role)
    assert answer.status == row.expected(role), (*case, text)
    if answer.status >= 400:
        assert answer.content_type == "application/problem+json", case
    if role != "admin":
        assert SECRET not in text, case
        assert "@example.org" not in text, case
    if role != "enrolled":
        assert PRIVATE not in text, case


def _filled(body: Any, names: dict[str, str]) -> Any:
    """`{name}` in a body is replaced as it is in a path."""
    if isinstance(body, dict):
        return {key: _filled(value, names) for key, value in body.items()}
    if isinstance(body, list):
        return [_filled(value, names) for value in body]
    return body.format(**names) if isinstance(body, str) else body


async def _owned(row: Row, enrolled: Person, admin: Person, course: str) -> dict[str, str]:
    """What belongs to one of them, for the rows that speak of it."""
    made = {}
    if "notes" in row.path:
        answer = await enrolled.ask("POST", "/notes", json={"course_id": course, "content": PRIVATE})
        made["note"] = (await answer.json())["id"]
    if "{upload}" in row.path:
        answer = await admin.ask("POST", "/upload/tus", headers={"Tus-Resumable": "1.0.0", "Upload-Length": "5"})
        made["upload"] = answer.headers["Location"].rpartition("/")[2]
    if "{import}" in row.path:
        made["import"] = (await (await admin.ask("POST", "/imports", json={"name": "Knots"})).json())["id"]
    return made


async def _set_stage(box: Box) -> dict[str, str]:
    """A course with a lesson, a preview and an archived lesson, and a draft with one."""
    lessons = [
        Lesson("A lesson", attachments=("notes.txt",)),
        Lesson("A preview", is_preview=True, attachments=("free.txt",)),
        Lesson(SECRET, is_archived=True, attachments=("old.txt",)),
    ]
    course = await add_course(box, "A course", lessons)
    draft = await add_course(box, SECRET, [Lesson(SECRET)], status="draft")
    lesson, preview, archived = await contents_of(box, course)
    (draft_lesson,) = await contents_of(box, draft)
    async with box.db.reading() as session:
        section = await session.scalar(select(Section.id).where(Section.course_id == course))
        attached = {one.path: one.id for one in await session.scalars(select(Attachment).where(Attachment.course_id == course))}
    names = {
        "course": course, "draft": draft, "section": section, "lesson": lesson, "preview": preview, "archived": archived,
        "draft_lesson": draft_lesson, "attachment": attached["notes.txt"], "free": attached["free.txt"],
        "old": attached["old.txt"], "gone": "018f0000-0000-7000-8000-000000000000",
    }  # fmt: skip
    return {name: str(value) for name, value in names.items()}
