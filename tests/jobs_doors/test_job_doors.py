"""The doors of background work: who may look and act, and what they see."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from cast import Person

from lms_box.box import Box
from lms_box.courses.tables import Asset
from lms_box.db.base import new_id, now
from lms_box.jobs import service
from lms_box.jobs.messages import State
from lms_box.jobs.tables import Job

FIELDS = {
    "id", "kind", "title", "state", "is_interrupted", "priority", "progress", "stage", "error", "error_code",
    "attempts", "seconds_left", "queued_at", "run_after", "started_at", "finished_at",
}  # fmt: skip
NOTHING = "018f0000-0000-7000-8000-000000000000"


async def add(box: Box, title: str, state: State = "queued", **fields: Any) -> UUID:
    async with box.db.writing() as session:
        job = await service.add_job(session, kind="build", subject=new_id(), title=title)
        stored = await session.get_one(Job, job.id)
        stored.state = state
        for name, value in fields.items():
            setattr(stored, name, value)
    return job.id


async def test_lists_what_runs_then_what_waits_then_what_ended(owner: Person, box: Box) -> None:
    await add(box, "failed", "failed", error="It is broken.", error_code="pdf_damaged", finished_at=now())
    await add(box, "second")
    await add(box, "first", priority=1)
    await add(
        box, "running", "running", progress=0.25, stage="720p", started_at=now() - timedelta(seconds=60), owner=box.owner.name
    )
    answer = await owner.get("/jobs")
    jobs = await answer.json()
    assert [job["title"] for job in jobs] == ["running", "first", "second", "failed"]
    assert (answer.headers["X-Total-Count"], set(jobs[0])) == ("4", FIELDS)
    assert jobs[0]["seconds_left"] == pytest.approx(180, rel=0.5)
    assert [(job["error"], job["error_code"]) for job in jobs] == [(None, None)] * 3 + [("It is broken.", "pdf_damaged")]
    answer = await owner.get("/jobs?state=queued&skip=1&limit=1")
    assert [job["title"] for job in await answer.json()] == ["second"]
    assert answer.headers["X-Total-Count"] == "2"
    for query in ("?state=lost", "?limit=0", "?skip=-1", "?kind=build"):
        assert (await owner.get(f"/jobs{query}")).status == 422, query


async def test_says_which_job_lost_its_process_and_leaves_it(owner: Person, box: Box) -> None:
    lease = now() + timedelta(seconds=20)
    job = await add(box, "of a killed server", "running", progress=0.5, started_at=now(), lease_expires_at=lease)
    for holder, gone in [(box.owner.name, False), (f"{box.owner.name}0", True)]:
        async with box.db.writing() as session:
            (await session.get_one(Job, job)).owner = holder
        (told,) = await (await owner.get("/jobs")).json()
        assert (told["state"], told["is_interrupted"], told["seconds_left"] is None) == ("running", gone, gone)
        async with box.db.reading() as session:
            assert (await session.get_one(Job, job)).owner == holder


async def test_cancels_and_tries_again(owner: Person, box: Box) -> None:
    job = await add(box, "film")
    for action, status, state, code in [
        ("retry", 409, "queued", "job_not_ended"),
        ("cancel", 200, "cancelled", None),
        ("cancel", 409, "cancelled", "job_ended"),
        ("retry", 200, "queued", None),
    ]:
        answer = await owner.ask("POST", f"/jobs/{job}/{action}")
        body = await answer.json()
        assert (answer.status, body.get("code")) == (status, code), (action, body)
        if status == 200:
            assert (body["id"], body["state"]) == (str(job), state)
        async with box.db.reading() as session:
            assert (await service.get_job(session, job_id=job)).state == state


async def test_says_so_at_the_asset_when_its_build_is_cancelled(owner: Person, box: Box) -> None:
    async with box.db.writing() as session:
        asset = Asset(sha256="a" * 64, key="k", size=1, kind="video", media_type="video/mp4", status="pending")
        session.add(asset)
        await session.flush()
        job = await service.add_job(session, kind="build", subject=asset.id, title="film")
    for action, status, code in (("cancel", "failed", "cancelled"), ("retry", "pending", None)):
        assert (await owner.ask("POST", f"/jobs/{job.id}/{action}")).status == 200
        async with box.db.reading() as session:
            stored = await session.get_one(Asset, asset.id)
            assert (stored.status, stored.error_code) == (status, code)


async def test_is_for_admins(client: Any, owner: Person, learner: Person, box: Box) -> None:
    job = await add(box, "a private title")
    for method, path in (("GET", "/jobs"), ("POST", f"/jobs/{job}/retry"), ("POST", f"/jobs/{job}/cancel")):
        answer = await learner.ask(method, path)
        assert (answer.status, (await answer.json())["code"]) == (403, "admins_only")
        assert "private" not in await answer.text()
        assert (await client.request(method, f"/api/v1{path}")).status == 401
    for path in (f"/jobs/{NOTHING}/retry", f"/jobs/{NOTHING}/cancel", "/jobs/1/retry"):
        assert (await owner.ask("POST", path)).status == 404, path
    async with box.db.reading() as session:
        assert (await service.get_job(session, job_id=job)).state == "queued"
