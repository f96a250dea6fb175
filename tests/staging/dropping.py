"""Folders as a browser sends them, and what becomes of them."""

from typing import Any
from uuid import UUID

from aiohttp import FormData
from cast import Person

from lms_box.box import Box
from lms_box.work import work_off

FILES = {
    "README.md": "# Knots\n\nFor sailors.",
    "01 Start/01 Bowline.md": "# Bowline\n",
    "01 Start/02 Hitch.md": "# Hitch\n",
    "01 Start/rope.zip": "PK\x05\x06" + "\0" * 18,
    "02 More/01 Splice.md": "# Splice\n",
    "empty.txt": "",
}


def form(path: str, data: bytes) -> FormData:
    made = FormData(quote_fields=False)
    made.add_field("path", path)
    made.add_field("file", data, filename="file")
    return made


async def begin(person: Person, **draft: Any) -> str:
    answer = await person.ask("POST", "/imports", json={"name": "Knots", **draft})
    assert answer.status == 201, await answer.text()
    return str((await answer.json())["id"])


async def drop(person: Person, files: dict[str, str], **draft: Any) -> str:
    made = await begin(person, **draft)
    for path, text in files.items():
        answer = await person.ask("POST", f"/imports/{made}/files", data=form(path, text.encode()))
        assert answer.status == 201, await answer.text()
    return made


async def apply(box: Box, person: Person, import_id: str, **application: Any) -> dict[str, Any]:
    answer = await person.ask("POST", f"/imports/{import_id}/apply", json=application)
    assert answer.status == 200, await answer.text()
    assert (await answer.json())["status"] == "applying"
    await work_off(box, [UUID(import_id)], lambda _: None)
    made: dict[str, Any] = await (await person.get(f"/imports/{import_id}")).json()
    return made


async def page(person: Person, course_id: str) -> list[tuple[str, list[str]]]:
    shown = await (await person.get(f"/courses/{course_id}")).json()
    return [(section["title"], [one["title"] for one in section["contents"]]) for section in shown["sections"]]
