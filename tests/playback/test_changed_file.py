"""A changed file is prepared while the old one plays; where that fails, the old one plays on and it is said why."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from academy import stored_keys
from aiohttp.test_utils import TestClient
from cast import Person
from courses.importing.folders import bring_in, check_no_orphans, clip, count

from lms_box.box import Box
from lms_box.courses.tables import Asset
from lms_box.db.base import now
from lms_box.http.signed import Grant, Links
from lms_box.jobs import service
from lms_box.playback.jobs import collect
from lms_box.playback.tables import Build

Client = TestClient[Any, Any]


@pytest.fixture
def film(tmp_path: Path, session_folder: Path) -> Path:
    """One film, that plays a second."""
    (tmp_path / "Course").mkdir()
    path = tmp_path / "Course" / "film.mp4"
    path.write_bytes(clip(session_folder))
    return path


def played(box: Box, shown: dict[str, Any]) -> Grant:
    """What a link opens; the link itself changes at six o'clock."""
    return replace(Links(box.secret).read(shown["hls_url"].split("/")[2], at=0), expires=0)


async def playback(person: Person, content_id: Any) -> dict[str, Any]:
    found: dict[str, Any] = await (await person.get(f"/contents/{content_id}/playback")).json()
    return found


async def test_the_old_file_plays_until_the_new_one_does(
    box: Box, client: Client, owner: Person, film: Path, session_folder: Path
) -> None:
    (content,) = (await bring_in(box, film.parent, wait=True))["contents"]
    before = await playback(owner, content["id"])
    keys = await stored_keys(box)

    film.write_bytes(clip(session_folder, 2.0))
    changed = await bring_in(box, film.parent)
    assert changed["changes"]["changed"] == ("film.mp4",)
    assert [(one["id"], one["status"], one["error"]) for one in changed["contents"]] == [(content["id"], "ready", None)]
    assert played(box, await playback(owner, content["id"])) == played(box, before)
    assert (await bring_in(box, film.parent))["changes"]["unchanged"] == ("film.mp4",)
    assert played(box, await playback(owner, content["id"])) == played(box, before)

    (ready,) = (await bring_in(box, film.parent, wait=True))["contents"]
    after = await playback(owner, content["id"])
    assert (ready["id"], ready["status"], round(before["duration"]), round(after["duration"])) == (content["id"], "ready", 1, 2)
    for shown in (before, after):
        for address in (shown["hls_url"], shown["source_url"]):
            assert (await client.get(address)).status == 200
    await check_no_orphans(box)

    await collect(box, at=now() + timedelta(hours=12))
    assert set(keys) < set(await stored_keys(box))
    await collect(box, at=now() + timedelta(hours=12, minutes=11))
    assert not set(keys) & set(await stored_keys(box))
    assert (await count(box, Asset), await count(box, Build)) == (1, 1)
    assert (await client.get(before["hls_url"])).status == 404
    assert played(box, await playback(owner, content["id"])) == played(box, after)
    await check_no_orphans(box)


async def test_the_old_file_plays_on_where_the_new_one_is_broken(box: Box, owner: Person, film: Path) -> None:
    good = film.read_bytes()
    (content,) = (await bring_in(box, film.parent, wait=True))["contents"]
    before = await playback(owner, content["id"])
    film.write_bytes(good[:3000])
    (broken,) = (await bring_in(box, film.parent, wait=True))["contents"]
    assert (broken["id"], broken["status"], broken["error"][-1]) == (content["id"], "ready", ".")
    shown = await (await owner.get(f"/contents/{content['id']}")).json()
    assert (
        (shown["error"], shown["error_code"])
        == (broken["error"], broken["error_code"])
        == (broken["error"], "recording_damaged")
    )
    assert played(box, await playback(owner, content["id"])) == played(box, before)
    async with box.db.writing() as session:
        (failed,) = await service.list_jobs(session, states=["failed"])
        await service.retry_job(session, job_id=failed.id)
    (again,) = (await bring_in(box, film.parent))["contents"]
    assert (again["status"], again["error"], again["error_code"]) == ("ready", None, None)

    film.write_bytes(good)
    (back,) = (await bring_in(box, film.parent, wait=True))["contents"]
    assert (back["id"], back["status"], back["error"]) == (content["id"], "ready", None)
    assert played(box, await playback(owner, content["id"])) == played(box, before)
    assert await count(box, Asset) == 1, "nobody ever had a link to what was broken"
    async with box.db.reading() as session:
        assert [job.state for job in await service.list_jobs(session, kinds=["build"])] == ["cancelled", "done"]
    await check_no_orphans(box)
