"""A folder dropped in the browser: its files gathered, its plan seen and changed, and a course made of it."""

import base64
import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from academy import add_course, stored_keys
from cast import Person, introduce
from sqlalchemy import func, select, update
from staging.dropping import FILES, apply, begin, drop, form, page
from uploads.conftest import left_over

from lms_box.box import Box
from lms_box.courses.staging.files import folder_of
from lms_box.courses.staging.tables import StagedImport
from lms_box.courses.tables import Course
from lms_box.courses.uploads.resumable import collect_abandoned
from lms_box.db.base import now
from lms_box.errors import Unavailable
from lms_box.work import connect_jobs

NOTHING = "018f0000-0000-7000-8000-000000000000"


async def announce(person: Person, import_id: str, path: str, size: int) -> Any:
    pairs = {"import_id": import_id, "path": path, "filename": "file"}.items()
    metadata = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in pairs)
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(size), "Upload-Metadata": metadata}
    return await person.ask("POST", "/upload/tus", headers=headers)


async def send(person: Person, address: str, data: bytes, offset: int) -> int:
    headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
    answer = await person.ask("PATCH", address.removeprefix("/api/v1"), data=io.BytesIO(data), headers=headers)
    return answer.status


async def test_a_dropped_folder_becomes_a_course(box: Box, owner: Person) -> None:
    made = await drop(owner, FILES)
    shown = await (await owner.get(f"/imports/{made}")).json()
    assert (shown["status"], [file["path"] for file in shown["files"]]) == ("open", sorted(FILES))
    assert shown["bytes"] == sum(map(len, FILES.values()))
    plan = await (await owner.get(f"/imports/{made}/plan")).json()
    assert (plan["title"], plan["description"], plan["ignored"]) == (
        "Knots", "README.md", [{"path": "empty.txt", "reason": "the file is empty", "code": "empty"}],
    )  # fmt: skip
    assert [(one["title"], [content["path"] for content in one["contents"]]) for one in plan["sections"]] == [
        ("Start", ["01 Start/01 Bowline.md", "01 Start/02 Hitch.md"]),
        ("More", ["02 More/01 Splice.md"]),
    ]
    assert plan["sections"][0]["attachments"] == ["01 Start/rope.zip"]
    done = await apply(box, owner, made, publish=True)
    assert (done["status"], done["progress"], done["files"]) == ("applied", 1.0, [])
    assert done["result"] == {
        "created": True, "added": 3, "changed": 0, "moved": 0, "removed": 0, "unchanged": 0, "ignored": 1,
    }  # fmt: skip
    assert await page(owner, done["course_id"]) == [("Start", ["Bowline", "Hitch"]), ("More", ["Splice"])]
    assert not folder_of(box, UUID(made)).exists()
    assert await left_over(box) == []
    assert [one["id"] for one in await (await owner.get("/imports")).json()] == [made]
    again = await owner.ask("POST", f"/imports/{made}/apply", json={})
    assert (again.status, (await again.json())["code"]) == (409, "import_not_open")


async def test_the_plan_is_changed_by_hand(box: Box, owner: Person) -> None:
    made = await drop(owner, FILES)
    wanted = {
        "title": "Ropes",
        "description": "By hand.",
        "ignore": ["02 More/01 Splice.md"],
        "sections": [
            {"title": "Everything", "contents": [
                {"path": "01 Start/02 Hitch.md", "title": "The hitch"},
                {"path": "01 Start/01 Bowline.md", "attachments": ["01 Start/rope.zip"]},
            ]},
        ],
    }  # fmt: skip
    plan = await (await owner.ask("POST", f"/imports/{made}/plan", json={"plan": wanted})).json()
    assert [(one["title"], one["contents"][0]["title"], one["contents"][0]["reasons"]) for one in plan["sections"]] == [
        ("Everything", "The hitch", ["you said so"])
    ]
    assert {one["path"]: one["code"] for one in plan["ignored"]}["02 More/01 Splice.md"] == "you_said_so"
    done = await apply(box, owner, made, plan=wanted)
    assert await page(owner, done["course_id"]) == [("Everything", ["The hitch", "Bowline"])]
    course = await (await owner.get(f"/courses/{done['course_id']}")).json()
    assert (course["title"], course["description"], course["status"]) == ("Ropes", "By hand.", "draft")
    assert [one["title"] for one in course["sections"][0]["contents"][1]["attachments"]] == ["rope.zip"]


async def test_a_plan_that_cannot_be_followed_is_refused_at_once(owner: Person) -> None:
    made = await drop(owner, FILES)
    twice = [{"path": "01 Start/02 Hitch.md"}, {"path": "01 Start/02 Hitch.md"}]
    for contents, words in ((twice, "has a place already"), ([{"path": "gone.md"}], "there is no file")):
        wanted = {"plan": {"sections": [{"title": "S", "contents": contents}]}}
        for door in ("plan", "apply"):
            answer = await owner.ask("POST", f"/imports/{made}/{door}", json=wanted)
            said = await answer.json()
            assert (answer.status, said["code"]) == (422, "bad_plan")
            assert words in said["detail"]
            assert said["errors"][0]["field"].startswith("sections.0.contents.")
    empty = await begin(owner)
    answer = await owner.get(f"/imports/{empty}/plan")
    assert (answer.status, "nothing to import in Knots" in (await answer.json())["detail"]) == (422, True)


async def test_brings_a_course_up_to_date(box: Box, owner: Person) -> None:
    first = await apply(box, owner, await drop(owner, FILES))
    before = await (await owner.get(f"/courses/{first['course_id']}")).json()
    changed = {**FILES, "01 Start/01 Bowline.md": "# Bowline\n\nMore.\n", "03 New.md": "# New\n"}
    del changed["02 More/01 Splice.md"]
    second = await apply(box, owner, await drop(owner, changed, course_id=first["course_id"]))
    assert second["course_id"] == first["course_id"]
    assert (second["result"]["created"], second["result"]["changed"], second["result"]["removed"]) == (False, 1, 1)
    after = await (await owner.get(f"/courses/{first['course_id']}")).json()
    ids = {one["title"]: one["id"] for section in after["sections"] for one in section["contents"]}
    assert ids["Bowline"] == before["sections"][0]["contents"][0]["id"]
    other = await apply(box, owner, await drop(owner, FILES))
    assert other["course_id"] != first["course_id"], "the same folder dropped again is a new course, unless one is named"


async def test_files_come_in_pieces_and_again(box: Box, owner: Person) -> None:
    made = await begin(owner)
    data = b"# Long\n" * 1000
    address = (await announce(owner, made, "01 Start/01 Long.md", len(data))).headers["Location"]
    assert await send(owner, address, data[:100], 0) == 204
    assert (await (await owner.get(f"/imports/{made}")).json())["files"] == [], "what is not whole is not there"
    assert await send(owner, address, data[100:], 100) == 204
    assert (await announce(owner, made, "02 Empty.md", 0)).status == 201
    again = (await announce(owner, made, "01 Start/01 Long.md", 7)).headers["Location"]
    assert await send(owner, again, data[:7], 0) == 204
    files = (await (await owner.get(f"/imports/{made}")).json())["files"]
    assert files == [{"path": "01 Start/01 Long.md", "size": 7}, {"path": "02 Empty.md", "size": 0}]
    assert await left_over(box) == []
    course, upload = await add_course(box, "C"), again.rpartition("/")[2]
    answer = await owner.ask("POST", f"/courses/{course}/contents", json={"upload_id": upload})
    assert (answer.status, (await answer.json())["code"]) == (409, "upload_used")


BAD = ["", "../x", "/x", "a//b", "a/./b", "a/..", "a/\0", "x" * 256, "/".join(["folder"] * 500)]


async def test_no_path_leads_out_of_the_folder(box: Box, owner: Person) -> None:
    made = await begin(owner)
    for path in BAD:
        answer = await owner.ask("POST", f"/imports/{made}/files", data=form(path, b"x"))
        assert answer.status == 422, path
        if path:
            assert (await announce(owner, made, path, 1)).status == 422, path
    root = box.settings.data_dir / "staged"
    assert [found.name for found in root.rglob("*")] == [made]


async def test_names_of_all_kinds_are_kept(owner: Person) -> None:
    names = ["第3课 你好.md", "٣ درس.md", "a\\b.md", "new\nline.md", "é.md", "e\u0301.md", "🚀/🚀.md", "c:/con.md"]
    made = await drop(owner, dict.fromkeys(names, "# x"))
    files = (await (await owner.get(f"/imports/{made}")).json())["files"]
    assert sorted(file["path"] for file in files) == sorted(names)
    conflict = await owner.ask("POST", f"/imports/{made}/files", data=form("é.md/inside.md", b"x"))
    assert (conflict.status, (await conflict.json())["code"]) == (409, "path_taken")


async def test_a_failed_import_may_be_mended_and_applied_again(
    box: Box, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object) -> None:
        raise Unavailable("The disk is full.", code="disk_full")

    made = await drop(owner, FILES)
    with monkeypatch.context() as patch:
        patch.setattr("lms_box.courses.folder.intake._take", full)
        failed = await apply(box, owner, made)
    assert (failed["status"], failed["error"], len(failed["files"])) == ("failed", "The disk is full.", len(FILES))
    assert failed["error_code"] == "disk_full"
    assert await stored_keys(box) == []
    assert (await apply(box, owner, made))["status"] == "applied"


async def test_what_is_given_up_or_forgotten_leaves_nothing(box: Box, owner: Person) -> None:
    connect_jobs(box)
    given_up, forgotten = await drop(owner, FILES), await drop(owner, FILES)
    assert (await announce(owner, forgotten, "half.md", 100)).status == 201
    assert (await owner.ask("DELETE", f"/imports/{given_up}")).status == 204
    assert (await owner.get(f"/imports/{given_up}")).status == 404
    async with box.db.writing() as session:
        await session.execute(update(StagedImport).values(expires_at=now() - timedelta(seconds=1)))
    assert (await owner.get(f"/imports/{forgotten}")).status == 404
    await collect_abandoned(box)
    async with box.db.reading() as session:
        assert await session.scalar(select(func.count()).select_from(StagedImport)) == 0
        assert await session.scalar(select(func.count()).select_from(Course)) == 0
    assert list((box.settings.data_dir / "staged").iterdir()) == []
    assert await left_over(box) == []


ROWS: list[tuple[str, str, Any, int]] = [
    ("GET", "/imports", None, 200),
    ("POST", "/imports", {"name": "x"}, 201),
    ("POST", "/imports", {"name": "x", "course_id": NOTHING}, 404),
    ("GET", f"/imports/{NOTHING}", None, 404),
    ("DELETE", f"/imports/{NOTHING}", None, 404),
    ("POST", f"/imports/{NOTHING}/files", "form", 404),
    ("GET", f"/imports/{NOTHING}/plan", None, 404),
    ("POST", f"/imports/{NOTHING}/plan", {}, 404),
    ("POST", f"/imports/{NOTHING}/apply", {}, 404),
    ("POST", "/imports", {"nom": "x"}, 422),
]


async def test_only_admins_import(client: Any, owner: Person, learner: Person) -> None:
    for method, path, body, admin in ROWS:
        for person, status in ((owner, admin), (learner, 403), (None, 401)):
            options: dict[str, Any] = (
                {"data": form("a.md", b"x")} if body == "form" else {"json": body} if body is not None else {}
            )
            asked = person.ask(method, path, **options) if person else client.request(method, f"/api/v1{path}", **options)
            assert (await asked).status == status, (method, path, status)


async def test_an_import_is_its_owners_alone(box: Box, client: Any, owner: Person) -> None:
    other = await introduce(box, client, "Anna Admin", role="admin")
    made = await drop(owner, FILES)
    assert (await other.get(f"/imports/{made}")).status == 404
    assert (await announce(other, made, "a.md", 1)).status == 404
    assert await (await other.get("/imports")).json() == []
