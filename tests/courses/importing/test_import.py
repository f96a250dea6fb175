"""From a folder to a course, and again: what is added, what stays itself, and what is said of what fails."""

import os
import shutil
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from academy import stored_keys, write_tree
from aiohttp.test_utils import TestClient
from cast import Person
from courses.importing.folders import bring_in, by_path, check_no_orphans, clip, count, cover, write_course
from media.material import make_clip
from sqlalchemy import select

from lms_box.box import Box
from lms_box.courses.tables import Asset, Attachment, Caption, Content, Course, Section
from lms_box.errors import Invalid, LmsError, NotFound, Unavailable
from lms_box.playback.jobs import tidy
from lms_box.storage.base import Taken
from lms_box.storage.tables import PendingWrite

Client = TestClient[Any, Any]
WELCOME, WORDS, BOWLINE, AGAIN = (
    "01 Start/01 Welcome.mp4",
    "01 Start/02 Words.md",
    "02 Knots/01 Bowline.mp4",
    "02 Knots/02 Welcome again.mp4",
)


@pytest.fixture
def folder(tmp_path: Path, media: Path) -> Path:
    return write_course(tmp_path / "Sailing", media)


async def page(person: Person, course_id: object) -> dict[str, Any]:
    found: dict[str, Any] = await (await person.get(f"/courses/{course_id}")).json()
    return found


async def test_makes_a_course_that_plays_and_the_same_again_changes_nothing(
    box: Box, client: Client, owner: Person, folder: Path
) -> None:
    made = await bring_in(box, folder, wait=True, publish=True)
    assert (made["title"], made["created"], made["cover"], made["description"]) == ("Sailing", True, "cover.png", "README.md")
    assert [(one["path"], one["title"], one["type"], one["section"], one["status"]) for one in made["contents"]] == [
        (WELCOME, "Welcome", "video", "Start", "ready"),
        (WORDS, "Words", "document", "Start", "ready"),
        (BOWLINE, "Bowline", "video", "Knots", "ready"),
        (AGAIN, "Welcome again", "video", "Knots", "ready"),
    ]
    assert made["contents"][0]["captions"] == [{"path": "01 Start/01 Welcome.en.srt", "language": "en"}]
    assert await count(box, Asset) == 5, "the two films with the same bytes are two contents and one asset"
    shown = await page(owner, made["course_id"])
    assert (shown["description"], shown["status"], shown["content_count"], shown["duration"]) == (
        "For beginners.", "published", 4, 1,
    )  # fmt: skip
    assert (await client.get(shown["thumbnail_url"])).status == 200
    playing = await (await owner.get(f"/contents/{made['contents'][0]['id']}/playback")).json()
    assert [caption["language"] for caption in playing["captions"]] == ["en"]
    master = await client.get(playing["hls_url"])
    assert "#EXT-X-STREAM-INF" in await master.text()
    await check_no_orphans(box)

    keys = await stored_keys(box)
    again = await bring_in(box, folder, publish=True)
    assert again["created"] is False
    assert again["changes"] == {
        "added": (),
        "changed": (),
        "moved": (),
        "removed": (),
        "unchanged": (WELCOME, WORDS, BOWLINE, AGAIN),
    }
    assert again["contents"] == made["contents"]
    assert await page(owner, made["course_id"]) == shown, "attachments, captions and the picture keep their addresses too"
    assert await stored_keys(box) == keys
    await check_no_orphans(box)


async def test_chapters_beside_a_film_win_over_those_inside_it_and_change_with_their_file(
    box: Box, client: Client, owner: Person, tmp_path: Path
) -> None:
    chapters = "WEBVTT\n\n00:00.000 --> 00:00.500\nA hole & a lens\n\n00:00.500 --> 00:01.000\nA picture\n"
    folder = write_tree(tmp_path / "Light", {"1 Light.en.srt": "1\n00:00:00,000 --> 00:00:01,000\nHello\n"})
    make_clip(folder / "1 Light.mp4", seconds=1, size=(160, 90), chapters={0: "Inside"})
    write_tree(folder, {"1 Light.chapters.en.vtt": chapters})
    (shown,) = (await bring_in(box, folder, wait=True, publish=True))["contents"]
    assert shown["captions"] == [
        {"path": "1 Light.en.srt", "language": "en"},
        {"path": "1 Light.chapters.en.vtt", "language": "en", "kind": "chapters"},
    ]

    async def chapters_told() -> str:
        playing = await (await owner.get(f"/contents/{shown['id']}/playback")).json()
        assert [caption["language"] for caption in playing["captions"]] == ["en"]
        return await (await client.get(playing["chapters_url"])).text()

    told = await chapters_told()
    assert "00:00:00.000 --> 00:00:00.500\nA hole &amp; a lens\n" in told
    assert "Inside" not in told
    write_tree(folder, {"1 Light.chapters.en.vtt": chapters.replace("A picture", "A camera")})
    await bring_in(box, folder, wait=True)
    told = await chapters_told()
    assert "A camera" in told
    assert "A picture" not in told
    (folder / "1 Light.chapters.en.vtt").unlink()
    await bring_in(box, folder, wait=True)
    assert "Inside" in await chapters_told()
    await check_no_orphans(box)


async def test_follows_what_becomes_of_the_folder(box: Box, owner: Person, learner: Person, folder: Path, media: Path) -> None:
    made = by_path(first := await bring_in(box, folder, publish=True))
    course = first["course_id"]
    await learner.ask("POST", f"/courses/{course}/enrollment")
    await learner.ask("PUT", f"/contents/{made[BOWLINE]['id']}/progress", json={"position": 1, "watched": [[0, 1]]})
    before = await page(owner, course)

    (folder / "03 Later").mkdir()
    (folder / BOWLINE).rename(folder / "03 Later/07 The bowline.mp4")
    (folder / WELCOME).write_bytes(clip(media, 2.0))
    (folder / WORDS).unlink()
    (folder / "cover.png").write_bytes(cover(media, "red"))
    write_tree(folder, {"02 Knots/03 New.md": "# New\n\nSomething."})
    now = await bring_in(box, folder, publish=True)
    assert now["changes"] == {
        "added": ("02 Knots/03 New.md",),
        "changed": (WELCOME,),
        "moved": ("03 Later/07 The bowline.mp4",),
        "removed": (WORDS,),
        "unchanged": (AGAIN,),
    }
    found = by_path(now)
    assert found["03 Later/07 The bowline.mp4"]["id"] == made[BOWLINE]["id"]
    assert found["03 Later/07 The bowline.mp4"]["title"] == "The bowline"
    assert found[WELCOME]["id"] == made[WELCOME]["id"]
    assert found[AGAIN]["id"] == made[AGAIN]["id"]
    after = await page(owner, course)
    assert after["updated_at"] > before["updated_at"]
    assert after["thumbnail_url"] != before["thumbnail_url"]
    assert [section["title"] for section in after["sections"]] == ["Start", "Knots", "Later"]
    kept = await (await learner.get(f"/courses/{course}/progress")).json()
    assert {one["content_id"]: one["position"] for one in kept["contents"]}[str(made[BOWLINE]["id"])] == 1
    archived = await (await owner.get(f"/contents/{made[WORDS]['id']}")).json()
    assert archived["is_archived"] is True
    assert (await learner.get(f"/contents/{made[WORDS]['id']}")).status == 404

    write_tree(folder, {WORDS: "# Words\n\nBow and stern."})
    back = by_path(await bring_in(box, folder))
    assert back[WORDS]["id"] == made[WORDS]["id"], "what comes back is what it was"
    (folder / WORDS).unlink()
    await bring_in(box, folder, prune=True)
    assert (await owner.get(f"/contents/{made[WORDS]['id']}")).status == 404
    await check_no_orphans(box)


async def test_a_section_that_has_left_is_no_empty_heading(box: Box, owner: Person, folder: Path) -> None:
    made = await bring_in(box, folder)
    shutil.rmtree(folder / "02 Knots")
    await bring_in(box, folder)
    shown = await page(owner, made["course_id"])
    assert [(section["title"], len(section["contents"])) for section in shown["sections"]] == [("Start", 2)]
    assert await count(box, Content) == 4
    assert await count(box, Section) == 1


async def test_one_broken_film_keeps_no_other_from_playing(box: Box, media: Path, tmp_path: Path) -> None:
    files: dict[str, bytes | str] = {
        "01 Fine.mp4": clip(media),
        "02 Broken.mp4": clip(media)[:3000],
        "03 Text.mp4": "no film",
        "04 Empty.mp4": b"",
    }
    made = by_path(await bring_in(box, write_tree(tmp_path / "Mixed", files), wait=True))
    assert {path: one["status"] for path, one in made.items()}["01 Fine.mp4"] == "ready"
    for path, one in made.items():
        if path != "01 Fine.mp4":
            assert (one["status"], one["error"][-1]) == ("failed", "."), path
            assert "Traceback" not in one["error"]
    await check_no_orphans(box)


async def test_refuses_in_words_what_is_no_course(box: Box, tmp_path: Path) -> None:
    write_tree(tmp_path, {"empty/.DS_Store": b"", "file.txt": "x"})
    (tmp_path / "nothing").mkdir()
    for name, kind, words in [
        ("gone", NotFound, "There is no folder"),
        ("file.txt", Invalid, "is not a folder"),
        ("nothing", Invalid, "There is nothing to import"),
        ("empty", Invalid, "There is nothing to import"),
    ]:
        with pytest.raises(kind, match=words):
            await bring_in(box, tmp_path / name)
    with pytest.raises(NotFound, match="There is no course"):
        await bring_in(box, tmp_path / "nothing" / "..", course_id=UUID(int=7))
    assert await count(box, Course) == 0
    await check_no_orphans(box)


class Full:
    """A disk that is full after the first file."""

    def __init__(self, error: BaseException) -> None:
        self.error = error
        self.taken = 0

    def install(self, box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
        take = box.storage.take

        async def limited(key: str, source: Path, *, how: Any) -> Taken:
            self.taken += 1
            if self.taken > 1:
                raise self.error
            return await take(key, source, how=how)

        monkeypatch.setattr(box.storage, "take", limited)


async def test_a_full_disk_leaves_everything_as_it_was(box: Box, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        Full(Unavailable("There is not enough space.", code="disk_full")).install(box, patch)
        with pytest.raises(LmsError, match="not enough space"):
            await bring_in(box, folder)
    assert await count(box, Course) == 0
    assert await stored_keys(box) == []
    await check_no_orphans(box)
    assert (await bring_in(box, folder))["created"] is True


async def test_a_stop_after_the_last_word_takes_nothing_back(
    box: Box, folder: Path, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files that the commit refers to stay, whatever happens after it."""
    await bring_in(box, folder)
    (folder / WELCOME).write_bytes(clip(media, 2.0))
    (folder / AGAIN).write_bytes(clip(media, 2.5))
    remove = box.storage.remove

    async def stopped(_prefix: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(box.storage, "remove", stopped)
    with pytest.raises(KeyboardInterrupt):
        await bring_in(box, folder)
    monkeypatch.setattr(box.storage, "remove", remove)
    async with box.db.reading() as session:
        keys = list(await session.scalars(select(Asset.key)))
    for key in keys:
        assert await box.storage.exists(key), key
    assert await count(box, PendingWrite) == 1, "the film that nobody refers to is remembered"
    monkeypatch.setattr(box.owner, "is_alive", lambda _: False)
    await tidy(box)
    await check_no_orphans(box)


async def test_unchanged_files_are_not_read_again(box: Box, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await bring_in(box, folder)
    for path in folder.rglob("*.mp4"):
        os.utime(path, (1, 1))
    assert len((await bring_in(box, folder))["changes"]["unchanged"]) == 4, "another time, the same bytes"

    async def never(*_: object, **__: object) -> Taken:
        raise AssertionError("it was taken again")

    monkeypatch.setattr(box.storage, "take", never)
    await bring_in(box, folder)
    assert (await count(box, Attachment), await count(box, Caption)) == (1, 1)


async def test_deleting_a_course_removes_only_what_nobody_needs(
    box: Box, owner: Person, folder: Path, media: Path, tmp_path: Path
) -> None:
    made = await bring_in(box, folder, wait=True)
    other = await bring_in(box, write_tree(tmp_path / "Other", {"01 The same film.mp4": clip(media)}))
    assert await count(box, Asset) == 5
    contents = by_path(made)
    assert (await owner.ask("DELETE", f"/contents/{contents[WELCOME]['id']}")).status == 204
    await check_no_orphans(box)
    assert await count(box, Asset) == 4, "its captions went, its film is still needed"
    assert (await owner.ask("DELETE", f"/courses/{made['course_id']}")).status == 204
    await check_no_orphans(box)
    assert await count(box, Asset) == 1
    shown = await page(owner, other["course_id"])
    assert shown["sections"][0]["contents"][0]["status"] == "ready"
    assert (await owner.ask("DELETE", f"/courses/{other['course_id']}")).status == 204
    assert await stored_keys(box) == []


async def test_work_on_what_was_deleted_ends_without_a_trace(box: Box, owner: Person, folder: Path) -> None:
    made = await bring_in(box, folder)
    assert (await owner.ask("DELETE", f"/courses/{made['course_id']}")).status == 204
    from lms_box.jobs.service import list_jobs

    async with box.db.reading() as session:
        assert {job.state for job in await list_jobs(session)} == {"cancelled"}
    assert await stored_keys(box) == []
