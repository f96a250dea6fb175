"""What an admin changed in the browser stays through re-imports, until the folder says something else."""

import shutil
import time
from pathlib import Path
from typing import Any

from academy import write_tree
from cast import Person
from courses.importing.folders import bring_in, by_path

from lms_box.box import Box
from lms_box.courses.folder.importing import preview_folder
from lms_box.courses.folder.options import ImportOptions

FILES: dict[str, bytes | str] = {
    "README.md": "# Knots\n\nFirst.",
    "01 Start/01 Bowline.md": "# Bowline",
    "01 Start/02 Hitch.md": "# Hitch",
    "01 Start/03 Bend.md": "# Bend",
    "02 More/01 Splice.md": "# Splice",
}
BOWLINE, HITCH, BEND, SPLICE = list(FILES)[1:]
DELETED = "it was deleted in the browser, and has not changed since"
CUES = "1\n00:00:01,000 --> 00:00:02,000\nAhoy\n"


def wait_until_past(moment_ns: int) -> None:
    """The clock of file systems is coarse."""
    while time.time_ns() <= moment_ns:
        pass


async def page(person: Person, course_id: object) -> dict[str, Any]:
    found: dict[str, Any] = await (await person.get(f"/courses/{course_id}")).json()
    return found


def outline(shown: dict[str, Any]) -> list[tuple[str, list[str]]]:
    return [(section["title"], [one["title"] for one in section["contents"]]) for section in shown["sections"]]


async def change(person: Person, path: str, **fields: Any) -> None:
    answer = await person.ask("PATCH", path, json=fields)
    assert answer.status == 200, await answer.text()


async def arrange(person: Person, course: object, shown: dict[str, Any], *order: tuple[str, list[str]]) -> None:
    ids = {one["title"]: one["id"] for section in shown["sections"] for one in section["contents"]}
    sections = {section["title"]: section["id"] for section in shown["sections"]}
    wanted = [{"id": sections.get(title), "title": title, "contents": [ids[one] for one in titles]} for title, titles in order]
    answer = await person.ask("PUT", f"/courses/{course}/order", json={"sections": wanted})
    assert answer.status == 200, await answer.text()


async def test_edits_in_the_browser_stay(box: Box, owner: Person, tmp_path: Path) -> None:
    folder = write_tree(tmp_path / "Knots", FILES)
    made = await bring_in(box, folder)
    course, ids = made["course_id"], {path: one["id"] for path, one in by_path(made).items()}
    await change(owner, f"/courses/{course}", title="Ropes", description="By hand.", category="Sea")
    await change(owner, f"/contents/{ids[HITCH]}", title="The hitch", description="Round a pole.")
    await change(owner, f"/contents/{ids[BEND]}", is_archived=True)
    await arrange(owner, course, await page(owner, course), ("Begin", ["The hitch"]), ("More", ["Splice", "Bowline"]))
    before = await page(owner, course)
    preview = await preview_folder(box, ImportOptions(folder=folder))
    assert preview.plan.document()["edits"] == [
        {"path": None, "field": "order", "winner": "browser"},
        {"path": HITCH, "field": "title", "winner": "browser"},
        {"path": BEND, "field": "is_archived", "winner": "browser"},
        {"path": None, "field": "title of the section “Begin”", "winner": "browser"},
        {"path": None, "field": "title", "winner": "browser"},
        {"path": None, "field": "description", "winner": "browser"},
    ]
    for _ in range(2):
        again = await bring_in(box, folder)
        assert again["changes"]["unchanged"] == (BOWLINE, HITCH, BEND, SPLICE)
        assert await page(owner, course) == before
    assert {path: one["id"] for path, one in by_path(again).items()} == ids


async def test_what_the_folder_says_later_counts(box: Box, owner: Person, tmp_path: Path) -> None:
    folder = write_tree(tmp_path / "Knots", FILES)
    made = await bring_in(box, folder)
    course, ids = made["course_id"], {path: one["id"] for path, one in by_path(made).items()}
    for path in (BOWLINE, HITCH):
        await change(owner, f"/contents/{ids[path]}", title=f"By hand: {path}")
    await change(owner, f"/courses/{course}", title="Ropes", description="By hand.")
    await bring_in(box, folder)
    (folder / BOWLINE).rename(folder / "01 Start/01 The bowline.md")
    write_tree(folder, {"01 Start/01 The bowline.md": "Bowline, of other bytes", "README.md": "# Knots\n\nSecond."})
    (folder / "01 Start/01 The bowline.md").write_text("# Bowline")
    shown = await page(owner, (await bring_in(box, folder))["course_id"])
    assert outline(shown)[0] == ("Start", ["The bowline", f"By hand: {HITCH}", "Bend"])
    assert (shown["title"], shown["description"]) == ("Ropes", "Second.")
    write_tree(folder, {"course.toml": 'title = "Said"\n[[sections]]\ntitle = "Start"\n[[sections.contents]]\n'
                        f'path = "{HITCH}"\ntitle = "Said too"\n'})  # fmt: skip
    shown = await page(owner, (await bring_in(box, folder))["course_id"])
    assert (shown["title"], outline(shown)[0]) == ("Said", ("Start", ["Said too", "The bowline", "Bend"]))
    await change(owner, f"/courses/{course}", title="By hand again")
    shown = await page(owner, (await bring_in(box, folder))["course_id"])
    assert shown["title"] == "By hand again", "course.toml says what it said before"


async def test_the_later_of_two_changes_counts(box: Box, owner: Person, tmp_path: Path) -> None:
    folder = write_tree(tmp_path / "Knots", FILES)
    course = (made := await bring_in(box, folder))["course_id"]
    (folder / HITCH).rename(folder / "01 Start/02 Half hitch.md")
    wait_until_past((folder / "01 Start/02 Half hitch.md").stat().st_ctime_ns)
    await change(owner, f"/contents/{by_path(made)[HITCH]['id']}", title="By hand")
    shown = await page(owner, (await bring_in(box, folder))["course_id"])
    assert outline(shown)[0] == ("Start", ["Bowline", "By hand", "Bend"])
    assert shown["id"] == str(course)


async def test_what_was_deleted_in_the_browser_stays_away_until_it_changes(box: Box, owner: Person, tmp_path: Path) -> None:
    folder = write_tree(tmp_path / "Knots", FILES)
    made = by_path(first := await bring_in(box, folder))
    assert (await owner.ask("DELETE", f"/contents/{made[SPLICE]['id']}")).status == 204
    for _ in range(2):
        again = await bring_in(box, folder)
        assert SPLICE not in by_path(again)
        reasons = {one["path"]: one["reason"] for one in again["ignored"]}
        assert reasons == {SPLICE: DELETED}
        assert [title for title, _ in outline(await page(owner, first["course_id"]))] == ["Start"]
    renamed = "02 More/03 Long splice.md"
    (folder / SPLICE).rename(folder / renamed)
    for _ in range(2):
        again = await bring_in(box, folder)
        assert {one["path"]: one["reason"] for one in again["ignored"]} == {renamed: DELETED}
    write_tree(folder, {renamed: "# Splice\n\nOnce more."})
    assert renamed in by_path(await bring_in(box, folder))


async def test_a_copy_of_a_lesson_that_moved_is_none_that_was_deleted(box: Box, tmp_path: Path) -> None:
    folder = write_tree(tmp_path / "Knots", FILES)
    await bring_in(box, folder)
    for name in ("03 Long splice.md", "04 Short splice.md"):
        shutil.copy2(folder / SPLICE, folder / "02 More" / name)
    (folder / SPLICE).unlink()
    again = await bring_in(box, folder)
    assert (len(again["changes"]["moved"]), len(again["changes"]["added"])) == (1, 1)


async def test_captions_that_were_deleted_stay_away_until_they_change(box: Box, owner: Person, tmp_path: Path) -> None:
    films: dict[str, bytes | str] = {
        "01 Film.mp4": b"no film",
        "01 Film.en.srt": CUES,
        "01 Film.de.srt": f"{CUES}\n",
        "02 Other.md": "# x",
    }
    folder = write_tree(tmp_path / "Films", films)
    film = by_path(await bring_in(box, folder))["01 Film.mp4"]
    (english,) = [one for one in await (await owner.get(f"/contents/{film['id']}/captions")).json() if one["language"] == "en"]
    assert (await owner.ask("DELETE", f"/contents/{film['id']}/captions/{english['id']}")).status == 204
    write_tree(folder, {"02 Other.md": "# changed"})
    (folder / "01 Film.de.srt").rename(folder / "01 Film.fr.srt")
    for _ in range(2):
        again = await bring_in(box, folder)
        assert [one["language"] for one in by_path(again)["01 Film.mp4"]["captions"]] == ["fr"]
        assert again["ignored"] == [{"path": "01 Film.en.srt", "reason": DELETED, "code": "deleted"}]
    write_tree(folder, {"01 Film.en.srt": CUES.replace("Ahoy", "Ahoy there")})
    assert len(by_path(await bring_in(box, folder))["01 Film.mp4"]["captions"]) == 2


async def test_lessons_added_by_hand_keep_their_place(box: Box, owner: Person, tmp_path: Path) -> None:
    folder = write_tree(tmp_path / "Knots", FILES)
    course = (await bring_in(box, folder))["course_id"]
    start = (await page(owner, course))["sections"][0]["id"]
    draft = {"title": "By hand", "text": "# x", "section_id": start}
    assert (await owner.ask("POST", f"/courses/{course}/contents", json=draft)).status == 201
    write_tree(folder, {"01 Start/04 Clove.md": "# Clove", "01 Start/00 Why.md": "# Why"})
    shown = await page(owner, (await bring_in(box, folder))["course_id"])
    assert outline(shown) == [("Start", ["Why", "Bowline", "Hitch", "Bend", "By hand", "Clove"]), ("More", ["Splice"])]
    (folder / BEND).unlink()
    shown = await page(owner, (await bring_in(box, folder))["course_id"])
    assert outline(shown)[0] == ("Start", ["Why", "Bowline", "Hitch", "By hand", "Clove"])


async def test_which_course_a_folder_is_its_id_says(box: Box, tmp_path: Path) -> None:
    folder = write_tree(tmp_path / "Knots", FILES)
    first = await bring_in(box, folder)
    copy = write_tree(tmp_path / "Elsewhere", {**FILES, "course.toml": f'id = "{first["course_id"]}"'})
    moved = await bring_in(box, copy)
    assert (moved["course_id"], moved["created"], len(moved["changes"]["unchanged"])) == (first["course_id"], False, 4)
    named = "018f0000-0000-7000-8000-000000000007"
    write_tree(copy, {"course.toml": f'id = "{named}"'})
    other = await bring_in(box, copy)
    assert (str(other["course_id"]), other["created"]) == (named, True)
    assert (await bring_in(box, folder))["created"] is True, "the first course lives where its copy was, and was given up there"
