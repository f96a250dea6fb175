"""Caption files that admins put beside a film."""

from typing import Any
from uuid import UUID

import pytest
from academy import Lesson, add_course, contents_of, page, stored_keys
from aiohttp import FormData
from cast import Person
from uploads.conftest import left_over

from lms_box.box import Box
from lms_box.jobs.service import list_jobs

VTT = b"WEBVTT\n\n00:00.000 --> 00:02.000\nHello.\n"


@pytest.fixture
async def film(box: Box) -> UUID:
    course = await add_course(box, "Pottery", [Lesson("A film"), page("A paper")])
    return (await contents_of(box, course))[0]


async def send(person: Person, content: UUID, data: bytes = VTT, *, name: str = "talk.vtt", language: str = "en") -> Any:
    form = FormData(quote_fields=False)
    form.add_field("language", language)
    form.add_field("file", data, filename=name, content_type="text/vtt")
    return await person.ask("POST", f"/contents/{content}/captions", data=form)


async def test_come_and_go(owner: Person, box: Box, film: UUID) -> None:
    before = await stored_keys(box)
    answer = await send(owner, film)
    made = await answer.json()
    assert (answer.status, made["name"], made["language"], made["status"]) == (201, "talk.vtt", "en", "pending")
    assert [job.title for job in await jobs_of(box)] == ["talk.vtt"]
    again = await (await send(owner, film, VTT + b"\n", language="de")).json()
    assert (again["id"], again["language"]) == (made["id"], "de"), "the same name is the same file, sent anew"
    assert [row["id"] for row in await (await owner.get(f"/contents/{film}/captions")).json()] == [made["id"]]
    assert (await owner.ask("DELETE", f"/contents/{film}/captions/{made['id']}")).status == 204
    assert await (await owner.get(f"/contents/{film}/captions")).json() == []
    assert await left_over(box) == []
    assert (await owner.ask("DELETE", f"/contents/{film}/captions/{made['id']}")).status == 404
    assert len(await stored_keys(box)) <= len(before) + 1


async def test_chapters_are_told_by_their_name(owner: Person, film: UUID) -> None:
    kinds = [(await (await send(owner, film, name=name)).json())["kind"] for name in ("talk.vtt", "talk.chapters.vtt")]
    assert kinds == ["captions", "chapters"]


@pytest.mark.parametrize(
    ("data", "name", "language", "code"),
    [
        (VTT, "talk.mp4", "en", "not_captions"),
        (b"", "talk.vtt", "en", "empty_file"),
        (VTT, "talk.vtt", "no language", "invalid"),
    ],
)
async def test_nothing_else_is_taken(
    owner: Person, box: Box, film: UUID, data: bytes, name: str, language: str, code: str
) -> None:
    answer = await send(owner, film, data, name=name, language=language)
    assert (answer.status, (await answer.json())["code"]) == (422, code)
    assert await left_over(box) == []


async def test_pages_have_none(owner: Person, box: Box) -> None:
    course = await add_course(box, "Pottery", [page("A paper")])
    (paper,) = await contents_of(box, course)
    answer = await send(owner, paper)
    assert (answer.status, (await answer.json())["code"]) == (422, "no_captions_here")
    assert await left_over(box) == []


async def jobs_of(box: Box) -> Any:
    async with box.db.reading() as session:
        return await list_jobs(session)
