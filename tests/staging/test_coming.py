"""The plan of a folder before it is sent, and a folder that adds to a course that is there."""

import base64
import io
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cast import Person
from staging.dropping import FILES, apply, begin, drop, page

from lms_box.box import Box
from lms_box.courses.folder.importing import import_folder
from lms_box.courses.folder.options import ImportOptions
from lms_box.courses.staging.routes import PLAN_BYTES
from lms_box.http.bodies import JSON_BODY_BYTES

Coming = list[dict[str, Any]]


def announced(files: dict[str, str]) -> Coming:
    heads = {path: base64.b64encode(text.encode()[:2048]).decode() for path, text in files.items() if path.endswith(".md")}
    return [{"path": path, "size": len(text.encode()), "head": heads.get(path, "")} for path, text in files.items()]


async def ask(person: Person, import_id: str, **draft: Any) -> tuple[int, Any]:
    body = io.BytesIO(json.dumps(draft).encode())
    answer = await person.ask("POST", f"/imports/{import_id}/plan", data=body, headers={"Content-Type": "application/json"})
    return answer.status, await answer.json()


async def test_the_plan_is_seen_before_anything_is_sent(owner: Person) -> None:
    files = {**FILES, "03 Read/README.md": "# Of reading\n", "03 Read/1.md": "---\ntitle: The page\n---\n"}
    sent = await (await owner.get(f"/imports/{await drop(owner, files)}/plan")).json()
    made = await begin(owner)
    assert await ask(owner, made, coming=announced(files)) == (200, sent)
    assert [one["title"] for one in sent["sections"][2]["contents"]] == ["Of reading", "The page"]
    assert (await (await owner.get(f"/imports/{made}")).json())["files"] == []
    answer = await owner.ask("POST", f"/imports/{made}/apply", json={"plan": {}})
    assert answer.status == 422, "what is announced is not here"
    assert "nothing to import" in (await answer.json())["detail"]


async def test_what_is_here_and_what_is_coming_are_one_folder(box: Box, owner: Person) -> None:
    first = await apply(box, owner, await drop(owner, FILES))
    said = {"course.toml": 'title = "Ropes"\n', "02 More/02 Whipping.md": "---\ntitle: Whipping twine\n---\n"}
    made = await drop(owner, said, course_id=first["course_id"])
    status, plan = await ask(owner, made, coming=announced({**FILES, "02 More/02 Whipping.md": "---\ntitle: Another\n---\n"}))
    assert (status, plan["title"]) == (200, "Ropes")
    assert [one["title"] for one in plan["sections"][1]["contents"]] == ["Splice", "Whipping twine"]
    assert (plan["changes"]["added"], plan["changes"]["removed"]) == (["02 More/02 Whipping.md"], [])


async def test_what_is_announced_twice_stands_in_one_place(owner: Person) -> None:
    _, plan = await ask(owner, await begin(owner), coming=[*announced(FILES), *announced(FILES)])
    assert [len(section["contents"]) for section in plan["sections"]] == [2, 1]


async def test_a_size_is_whole_also_where_it_has_a_point(owner: Person) -> None:
    assert (await ask(owner, await begin(owner), coming=[{"path": "a.mp4", "size": 3.0}]))[0] == 200
    assert (await ask(owner, await begin(owner), coming=[{"path": "a.mp4", "size": 3.5}]))[0] == 422


WRONG = [
    ({"path": "../a.md", "size": 1}, "bad_path", "path"),
    ({"path": "a.md", "size": -1}, "invalid", "coming.0.size"),
    ({"path": "a.md", "size": 1, "head": "no base64!"}, "invalid", "coming.0.head"),
    ({"path": "a.md", "size": 1, "head": "YWI"}, "invalid", "coming.0.head"),
    ({"path": "a.md", "size": 1, "head": "é==="}, "invalid", "coming.0.head"),
    ({"path": "a.md", "size": 1, "head": "YWJj\n"}, "invalid", "coming.0.head"),
    ({"path": "a.md", "size": 1, "head": "AAAA" * 700}, "invalid", "coming.0.head"),
]


@pytest.mark.parametrize(("file", "code", "field"), WRONG)
async def test_what_cannot_be_announced(owner: Person, file: dict[str, Any], code: str, field: str) -> None:
    status, found = await ask(owner, await begin(owner), coming=[file])
    assert (status, found["code"], [one["field"] for one in found["errors"]]) == (422, code, [field])


async def test_of_a_very_large_folder(owner: Person) -> None:
    """Five thousand texts, with long names and as much of each as may be told, are more than any other JSON may be."""
    head = base64.b64encode(b"---\ntitle: A page\n---\n".ljust(700)).decode()
    folder = "A library of " + "very " * 15 + "long names"
    coming = [{"path": f"{folder}/Shelf {at % 40}/{at} Page.md", "size": 9000, "head": head} for at in range(5000)]
    assert JSON_BODY_BYTES < len(json.dumps({"coming": coming})) < PLAN_BYTES
    status, plan = await ask(owner, await begin(owner), coming=coming)
    assert (status, len(plan["sections"]), sum(len(one["contents"]) for one in plan["sections"])) == (200, 40, 5000)
    assert plan["sections"][0]["contents"][0]["title"] == "A page"
    status, found = await ask(owner, await begin(owner), coming=[{**coming[0], "head": "A" * PLAN_BYTES}])
    assert (status, found["code"]) == (413, "too_large")
    assert str(PLAN_BYTES) in found["detail"]


MORE = {
    "Butter/01 Salted.md": "# Salted\n",
    "Butter/02 Sweet.md": "# Sweet\n",
    "Butter/02 Sweet.zip": "PK\x05\x06" + "\0" * 18,
    "Butter/cover.jpg": "no picture",
}


async def test_a_folder_adds_to_a_course(box: Box, owner: Person) -> None:
    first = await apply(box, owner, await drop(owner, FILES))
    course_id = first["course_id"]
    before = await (await owner.get(f"/courses/{course_id}")).json()
    made = await begin(owner, name="Butter", course_id=course_id)
    _, plan = await ask(owner, made, coming=announced(MORE), keep=True)
    assert [(one["title"], len(one["contents"])) for one in plan["sections"]] == [("Butter", 2)], "only what comes is shown"
    assert (plan["title"], plan["changes"]["removed"]) == ("Knots", [])
    done = await apply(box, owner, await drop(owner, MORE, name="Butter", course_id=course_id), keep=True)
    assert (done["result"]["added"], done["result"]["removed"]) == (2, 0)
    after = await (await owner.get(f"/courses/{course_id}")).json()
    assert await page(owner, course_id) == [
        ("Start", ["Bowline", "Hitch"]), ("More", ["Splice"]), ("Butter", ["Salted", "Sweet"]),
    ]  # fmt: skip
    assert {name: after[name] for name in ("title", "description", "thumbnail_url")} == {
        name: before[name] for name in ("title", "description", "thumbnail_url")
    }
    assert after["sections"][0]["attachments"] == before["sections"][0]["attachments"] != []


async def test_the_same_folder_added_again_changes_and_removes_nothing(box: Box, owner: Person) -> None:
    course_id = (await apply(box, owner, await drop(owner, FILES)))["course_id"]
    await apply(box, owner, await drop(owner, MORE, course_id=course_id), keep=True)
    ids = [one["id"] for section in (await shown(owner, course_id))["sections"] for one in section["contents"]]
    again = {"Butter/02 Sweet.md": "# Sweeter\n", "Butter/03 Brown.md": "# Brown\n"}
    done = await apply(box, owner, await drop(owner, again, course_id=course_id), keep=True)
    assert (done["result"]["added"], done["result"]["changed"], done["result"]["removed"]) == (1, 1, 0)
    after = await shown(owner, course_id)
    assert [one["id"] for section in after["sections"] for one in section["contents"]][:5] == ids
    assert await page(owner, course_id) == [
        ("Start", ["Bowline", "Hitch"]), ("More", ["Splice"]), ("Butter", ["Salted", "Sweet", "Brown"]),
    ]  # fmt: skip
    assert [one["title"] for one in after["sections"][2]["contents"][1]["attachments"]] == ["02 Sweet.zip"]


async def test_the_same_bytes_in_an_added_folder_move_nothing(box: Box, owner: Person) -> None:
    course_id = (await apply(box, owner, await drop(owner, FILES)))["course_id"]
    copied = {"Copies/Bowline.md": FILES["01 Start/01 Bowline.md"]}
    await apply(box, owner, await drop(owner, copied, course_id=course_id), keep=True)
    assert await page(owner, course_id) == [("Start", ["Bowline", "Hitch"]), ("More", ["Splice"]), ("Copies", ["Bowline"])]


async def test_what_was_added_stays_when_the_course_s_own_folder_is_imported_again(
    box: Box, owner: Person, tmp_path: Path
) -> None:
    folder = tmp_path / "Knots"
    write(folder, FILES)
    course_id = (await import_folder(box, ImportOptions(folder), on_step=lambda _: None)).course_id
    await apply(box, owner, await drop(owner, MORE, course_id=str(course_id)), keep=True)
    (folder / "01 Start/02 Hitch.md").unlink()
    again = await import_folder(box, ImportOptions(folder), on_step=lambda _: None)
    assert (again.course_id, again.plan.changes.removed) == (course_id, ("01 Start/02 Hitch.md",))
    assert await page(owner, str(course_id)) == [("Start", ["Bowline"]), ("More", ["Splice"]), ("Butter", ["Salted", "Sweet"])]
    assert [one["title"] for one in (await shown(owner, str(course_id)))["sections"][2]["contents"][1]["attachments"]] != []
    write(folder, MORE)
    await import_folder(box, ImportOptions(folder), on_step=lambda _: None)
    (folder / "Butter/02 Sweet.md").unlink()
    again = await import_folder(box, ImportOptions(folder), on_step=lambda _: None)
    assert "Butter/02 Sweet.md" in again.plan.changes.removed, "it stood in the course's folder, and has left it"


async def shown(person: Person, course_id: UUID | str) -> Any:
    return await (await person.get(f"/courses/{course_id}")).json()


def write(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
