"""What plays is made better later: by a server, behind what nobody can play yet, and nothing is lost when that fails."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from academy import Lesson, add_course, build, contents_of, stored_keys
from aiohttp.test_utils import TestClient
from cast import Person
from courses.importing.folders import bring_in, check_no_orphans
from media.material import make_clip
from sqlalchemy import select

from lms_box.box import Box
from lms_box.config import Media
from lms_box.courses.tables import Asset, Content
from lms_box.db.base import now
from lms_box.jobs import service
from lms_box.jobs.messages import ClaimedJob, JobFacts, JobWaits
from lms_box.learning.tables import Enrollment
from lms_box.media import process
from lms_box.media.failures import MediaFailed
from lms_box.media.messages import Build, Built, Options, Rendition
from lms_box.playback import jobs as playback
from lms_box.playback.ladders import ANEW, COMES_NEXT, LATER, space_for
from lms_box.playback.tables import Build as StoredBuild
from lms_box.storage.local import LocalStorage
from lms_box.work import follow_learners, work_off, working

Client = TestClient[Any, Any]
Run = Callable[..., Awaitable[Built]]
FILM = Rendition(
    name="720p",
    file="720p.mp4",
    type="video",
    codecs="avc1",
    bandwidth=1,
    average_bandwidth=1,
    duration=60.0,
    width=1280,
    height=720,
)


async def jobs_of(box: Box, kind: str = "ladder") -> list[JobFacts]:
    async with box.db.reading() as session:
        return await service.list_jobs(session, kinds=(kind,))


async def ended(box: Box, kind: str = "ladder") -> JobFacts:
    """The only job of its kind, when it has ended or waits once more."""
    async with asyncio.timeout(60):
        while True:
            (job,) = await jobs_of(box, kind)
            if job.finished_at or job.run_after:
                return job
            await asyncio.sleep(0.05)


async def asset_of(box: Box, content_id: UUID) -> Asset:
    async with box.db.reading() as session:
        return await session.get_one(Asset, (await session.get_one(Content, content_id)).asset_id)


async def builds(box: Box) -> list[UUID]:
    async with box.db.reading() as session:
        return list(await session.scalars(select(StoredBuild.id).order_by(StoredBuild.id)))


@pytest.fixture
def film(tmp_path: Path) -> Path:
    folder = tmp_path / "Course"
    folder.mkdir()
    make_clip(folder / "film.mp4", seconds=1.0, size=(860, 484), rate=10, every=10)
    return folder


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Options]:
    """No child processes: what they would be asked for, in order."""
    asked: list[Options] = []

    async def run(request: Build, **_: Any) -> Built:
        asked.append(request.options)
        (request.into / "720p.mp4").write_bytes(b"a film")
        wanted = request.options.stage == "playable"
        ladder, side = request.options.rungs, FILM.height
        built = Built(duration=60.0, renditions=(FILM,), hls="master.m3u8", ladder=ladder, short_side=side)
        return replace(built, ladder_wanted=wanted)

    monkeypatch.setattr(process, "run", run)
    return asked


@pytest.fixture
async def lesson(box: Box, made: list[Options]) -> UUID:
    """A lesson whose film plays already and waits for its ladder."""
    course = await add_course(box, "Sailing", [Lesson("Knots", status="pending")])
    (content_id,) = await contents_of(box, course)
    asset = await asset_of(box, content_id)
    async with box.db.writing() as session:
        await service.add_job(session, kind="build", subject=asset.id, title="Knots", line=course, place=0)
    await work_off(box, [asset.id], lambda _: None)
    assert made.pop().stage == "playable"
    return content_id


async def test_takes_the_place_of_what_plays_while_old_links_last(box: Box, client: Client, owner: Person, film: Path) -> None:
    outcome = await bring_in(box, film, wait=True, publish=True)
    (content,) = outcome["contents"]
    assert (content["status"], len(await builds(box))) == ("ready", 1)
    assert [job.state for job in await jobs_of(box)] == ["queued"]
    before = await (await owner.get(f"/contents/{content['id']}/playback")).json()
    async with working(box):
        job = await ended(box)
    assert (job.state, job.error, (await asset_of(box, content["id"])).status) == ("done", None, "ready")
    old, new = await builds(box)
    after = await (await owner.get(f"/contents/{content['id']}/playback")).json()
    assert before["hls_url"] != after["hls_url"]
    for shown in (before, after):
        assert (await client.get(shown["hls_url"])).status == 200
    assert (await (await client.get(after["hls_url"])).text()).count("#EXT-X-STREAM-INF") >= 1

    await playback.collect(box, at=now() + timedelta(hours=12))
    assert await builds(box) == [old, new]
    await playback.collect(box, at=now() + timedelta(hours=12, minutes=11))
    assert await builds(box) == [new]
    assert (await client.get(before["hls_url"])).status == 404
    assert (await client.get(after["hls_url"])).status == 200
    assert not [key for key in await stored_keys(box) if str(old) in key]
    await check_no_orphans(box)


async def test_asks_for_what_is_configured(box: Box, made: list[Options], lesson: UUID) -> None:
    media = Media.model_validate({"ladder": [720, 360], "encoder": "h264_nvenc", "preset": "fast"})
    object.__setattr__(box, "settings", box.settings.model_copy(update={"media": media}))
    asset = await asset_of(box, lesson)
    await playback.build_ladder(box, ClaimedJob(asset.id, "ladder", asset.id, "Knots", 1), lambda *_: None)
    assert made == [Options(stage="ladder", rungs=(720, 360), encoder="h264_nvenc", preset="fast")]
    await playback.build_ladder(box, ClaimedJob(asset.id, "ladder", asset.id, "Knots", 2), lambda *_: None)
    assert len(made) == 1, "what is made already was made again"


def set_ladder(box: Box, *sides: int) -> None:
    media = Media.model_validate({"ladder": sides})
    object.__setattr__(box, "settings", box.settings.model_copy(update={"media": media}))


@pytest.mark.usefixtures("lesson")
async def test_another_ladder_is_made_after_everything_else(box: Box, made: list[Options]) -> None:
    set_ladder(box, 1080, 720)
    await playback.renew_ladders(box)
    assert [job.priority for job in await jobs_of(box)] == [LATER], "it waits for its first one"
    async with working(box):
        await ended(box)
    set_ladder(box, 2160, 720)
    await playback.renew_ladders(box)
    assert [job.state for job in await jobs_of(box)] == ["done"], "this film has the same rungs in both"

    set_ladder(box, 720, 240)
    await playback.renew_ladders(box)
    await playback.renew_ladders(box)
    await follow_learners(box)
    (waiting,) = [job for job in await jobs_of(box) if job.state == "queued"]
    assert (waiting.priority, waiting.title) == (ANEW, "Knots")
    await playback.build_ladder(box, ClaimedJob(waiting.subject, "ladder", waiting.subject, "", 1), lambda *_: None)
    assert [options.rungs for options in made] == [(1080, 720), (720, 240)]
    async with box.db.writing() as session:
        await service.cancel_job(session, job_id=waiting.id)
    await playback.renew_ladders(box)
    assert [job.state for job in await jobs_of(box) if job.state == "queued"] == []
    set_ladder(box, 720, 480)
    await playback.renew_ladders(box)
    assert [job.state for job in await jobs_of(box) if job.state == "queued"] == [], "somebody did not want it"


@pytest.mark.parametrize("trouble", ["broken", "removed"])
async def test_a_failure_leaves_what_plays(box: Box, lesson: UUID, monkeypatch: pytest.MonkeyPatch, trouble: str) -> None:
    asset = await asset_of(box, lesson)

    async def run(request: Build, **_: Any) -> Built:
        if trouble == "broken":
            raise MediaFailed("The picture breaks off.", "picture_damaged")
        async with box.db.writing() as session:
            await session.delete(await session.get_one(Content, lesson))
            await session.flush()
            await session.delete(await session.get_one(Asset, asset.id))
        (request.into / "720p.mp4").write_bytes(b"too late")
        return Built(renditions=(FILM,))

    monkeypatch.setattr(process, "run", run)
    playing = await builds(box)
    async with working(box):
        job = await ended(box)
    assert job.state == "failed"
    if trouble == "broken":
        assert job.why == ("The picture breaks off.", "picture_damaged")
        assert ((await asset_of(box, lesson)).status, await builds(box)) == ("ready", playing)
    assert not [key for key in await stored_keys(box) if key.count("/") == 3 and not key.startswith(f"assets/{asset.id}/")]
    assert len({key.split("/")[2] for key in await stored_keys(box) if key.count("/") == 3}) == 1


@pytest.mark.usefixtures("made")
async def test_waits_for_room_and_a_first_build_says_so(box: Box, lesson: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LocalStorage, "free", lambda _: playback.RESERVE + 1000)
    asset = await asset_of(box, lesson)
    claimed = ClaimedJob(asset.id, "ladder", asset.id, "Knots", 1)
    with pytest.raises(JobWaits, match=r"There is not enough space: “0 lesson.mp4” needs \d+ MB"):
        await playback.build_ladder(box, claimed, lambda *_: None)
    async with working(box):
        assert (await ended(box)).state == "queued"
    monkeypatch.setattr(LocalStorage, "free", lambda _: 1000)
    async with box.db.writing() as session:
        again = await service.add_job(session, kind="build", subject=asset.id, title="Knots")
    async with working(box):
        job = await ended_again(box, again.id)
    assert "not enough space" in (job.error or "")


async def ended_again(box: Box, job_id: UUID) -> JobFacts:
    async with asyncio.timeout(60):
        while True:
            async with box.db.reading() as session:
                job = await service.get_job(session, job_id=job_id)
            if job.error:
                return job
            await asyncio.sleep(0.05)


def test_knows_how_much_room_a_ladder_may_need() -> None:
    seconds, rungs, sound = 60, 2_500_000 + 1_000_000, 200_000
    assert space_for(Built(renditions=(FILM,)), sides=(1080, 720, 480)) == seconds * (rungs + sound) // 8
    heavy = replace(FILM, copied=True, average_bandwidth=3_000_000)
    assert space_for(Built(renditions=(heavy,)), sides=(720,)) == seconds * (2_500_000 + 3_000_000 + sound) // 8
    assert space_for(Built(), sides=(720,)) == 0


async def test_what_learners_come_to_next_goes_first(box: Box, learner: Person) -> None:
    taken, other = [
        await add_course(box, title, [Lesson(f"{title} {number}") for number in range(8)]) for title in ("taken", "other")
    ]
    async with box.db.writing() as session:
        for course in (other, taken):
            for place, content_id in enumerate(await contents_of(box, course)):
                content = await session.get_one(Content, content_id)
                await service.add_job(
                    session,
                    kind="ladder",
                    subject=content.asset_id,
                    title=content.title,
                    priority=LATER,
                    line=course,
                    place=place,
                )
        session.add(Enrollment(user_id=learner.user.id, course_id=taken))
    lessons = await contents_of(box, taken)
    await learner.ask("PUT", f"/contents/{lessons[4]}/progress", json={"position": 1.0})
    await follow_learners(box)
    queue = [(job.title, job.priority) for job in await jobs_of(box)]
    assert queue[:4] == [(f"taken {number}", COMES_NEXT) for number in (4, 5, 6, 7)]
    assert queue[4:8] == [(title, LATER) for title in ("other 0", "taken 0", "other 1", "taken 1")]
    await learner.ask("PUT", f"/contents/{lessons[0]}/progress", json={"position": 1.0})
    await follow_learners(box)
    assert [job.title for job in await jobs_of(box)][:5] == [f"taken {number}" for number in range(5)]


async def test_a_command_leaves_ladders_to_a_server(box: Box, made: list[Options], lesson: UUID) -> None:
    asset = await asset_of(box, lesson)
    await work_off(box, [asset.id], lambda _: None)
    assert made == []
    (job,) = await jobs_of(box)
    assert (job.state, job.priority) == ("queued", LATER)


async def test_shows_what_the_newest_build_has(box: Box, learner: Person) -> None:
    course = await add_course(box, "Rowing", [Lesson("Oars", is_preview=True)])
    (content_id,) = await contents_of(box, course)
    for name in ("old", "new"):
        files = {f"{name}.vtt": b"WEBVTT\n", f"{name}-chapters.vtt": b"WEBVTT\n"}
        await build(box, content_id, files, storyboard=f"{name}.vtt", chapters=f"{name}-chapters.vtt")
    shown = await (await learner.get(f"/contents/{content_id}/playback")).json()
    assert shown["storyboard_url"].endswith("/new.vtt")
    assert shown["chapters_url"].endswith("/new-chapters.vtt")
