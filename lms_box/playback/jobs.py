"""What playback does later: builds what can be played of an asset, and publishes it whole or not at all."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from posixpath import basename
from typing import cast
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.box import Box
from lms_box.courses import assets
from lms_box.courses.tables import Asset, Caption, Content
from lms_box.db.base import new_id, now
from lms_box.errors import NotFound, Unavailable
from lms_box.http.windows import links_ended
from lms_box.jobs.messages import NO_REASON, ClaimedJob, JobFacts, JobFailed, JobWaits, Report, Why
from lms_box.media import process
from lms_box.media.failures import MediaFailed
from lms_box.media.messages import Build, Built, Kind, Options, Stage
from lms_box.playback.ladders import has_another_ladder, space_for, want_ladder, want_ladders_anew
from lms_box.playback.service import add_build, build_prefix, newest_build, newest_builds, remove_replaced_builds
from lms_box.storage import pending
from lms_box.storage.space import require_room

CRASHES = frozenset({"crashed", "killed", "no_result", "out_of_memory", "stuck", "took_too_long"})
"""Failures that may have been chance: they are tried once more."""
CANCELLED = Why("Its preparation was cancelled. Start it again to make it playable.", code="cancelled")
RESERVE = 100_000_000
"""Bytes that stay free for the database and everything else."""
WAIT_FOR_ROOM = 600.0
PAGE = 200

Record = Callable[[AsyncSession, Built], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class BuildPlan:
    """All that a build needs to know, read in one transaction before it starts."""

    asset_id: UUID
    key: str
    size: int
    name: str
    kind: Kind
    language: str | None
    stage: Stage


async def build_asset(box: Box, job: ClaimedJob, report: Report) -> None:
    """Makes the least that plays well; an asset that is gone needs no build."""
    async with box.db.writing() as session:
        plan = await _plan(session, job.subject, "playable")
        if plan is None:
            return
        await assets.set_asset_state(session, asset_id=plan.asset_id, status="processing")
    require_room(box.storage.free(), plan.size + RESERVE, plan.name)

    async def record(session: AsyncSession, built: Built) -> None:
        pages = built.pages.count if built.pages else None
        await assets.set_asset_facts(session, asset_id=plan.asset_id, duration=built.duration, page_count=pages)
        await assets.set_asset_state(session, asset_id=plan.asset_id, status="ready")
        await assets.put_in_place(session, asset_id=plan.asset_id)
        if built.ladder_wanted:
            await want_ladder(session, asset_id=job.subject, title=job.title, course_id=job.line, place=job.place)

    await _build_and_publish(box, plan, report, record)


async def build_ladder(box: Box, job: ClaimedJob, report: Report) -> None:
    """Makes every rung of what plays already, and takes its place; without it nothing would be lost."""
    async with box.db.reading() as session:
        plan = await _plan(session, job.subject, "ladder")
        plays = await newest_build(session, asset_id=job.subject)
    sides = box.settings.media.ladder
    if plan is None or plays is None:
        return
    if not plays[1].ladder_wanted and not has_another_ladder(plays[1], sides=sides):  # made before the box was killed
        return
    try:
        require_room(box.storage.free(), space_for(plays[1], sides=sides) + RESERVE, plan.name)
    except Unavailable as full:
        raise JobWaits(full.detail, code=full.code, seconds=WAIT_FOR_ROOM) from None

    async def record(_session: AsyncSession, _built: Built) -> None:
        """The asset is as ready as it was."""

    await _build_and_publish(box, plan, report, record)


async def _build_and_publish(box: Box, plan: BuildPlan, report: Report, record: Record) -> None:
    """Works without a database, then records all of it in one transaction, or takes back what it stored."""
    build_id = new_id()
    prefix = build_prefix(plan.asset_id, build_id)
    try:
        built, size = await _build(box, plan, prefix, report)
        async with box.db.writing() as session:
            await _require_asset(session, plan.asset_id)
            await pending.settle(session, prefixes=[prefix])
            await add_build(session, build_id=build_id, asset_id=plan.asset_id, built=built, size=size)
            await record(session, built)
    except BaseException:
        await pending.discard(box.db, box.storage, prefixes=[prefix])
        raise


async def _require_asset(session: AsyncSession, asset_id: UUID) -> None:
    """It is there, and stays for the transaction."""
    if await session.get(Asset, asset_id, with_for_update=True) is None:
        raise JobFailed("What this was for has been removed meanwhile.", code="removed_meanwhile")


async def hear_of_build(session: AsyncSession, job: JobFacts) -> None:
    """The asset says how its build stands, in the transaction that decides it."""
    if job.state == "queued":
        await assets.set_asset_state(session, asset_id=job.subject, status="pending")
        await assets.say_why_not(session, asset_id=job.subject, why=NO_REASON)
    elif job.state in ("failed", "cancelled"):
        why = job.why if job.error else CANCELLED
        await assets.set_asset_state(session, asset_id=job.subject, status="failed", why=why)
        await assets.say_why_not(session, asset_id=job.subject, why=why)


async def _build(box: Box, plan: BuildPlan, prefix: str, report: Report) -> tuple[Built, int]:
    """What was made, and the bytes of its files."""
    with box.storage.scratch(box.owner.name) as folder:
        async with _fetched(box, plan.key) as source:
            built = await _run(_request(box, plan, source, folder), report)
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        await pending.announce(box.db, owner=box.owner.name, prefixes=[prefix])
        await box.storage.publish(folder, prefix)
    return built, size


@asynccontextmanager
async def _fetched(box: Box, key: str) -> AsyncIterator[Path]:
    async with AsyncExitStack() as stack:
        try:
            source = await stack.enter_async_context(box.storage.fetched(key))
        except NotFound:
            raise JobFailed("The stored file is missing. Import the course again.", code="file_missing") from None
        yield source


async def _run(request: Build, report: Report) -> Built:
    try:
        return await process.run(request, on_progress=lambda progress: report(progress.done, progress.step))
    except MediaFailed as failure:
        raise JobFailed(failure.reason, code=failure.code, retry=failure.code in CRASHES) from None


def _request(box: Box, plan: BuildPlan, source: Path, folder: Path) -> Build:
    media = box.settings.media
    options = Options(stage=plan.stage, rungs=media.ladder, encoder=media.encoder, preset=media.preset, language=plan.language)
    return Build(source=source, name=plan.name, kind=plan.kind, into=folder, options=options)


async def _plan(session: AsyncSession, asset_id: UUID, stage: Stage) -> BuildPlan | None:
    asset = await session.get(Asset, asset_id)
    if asset is None:
        return None
    shown = or_(Content.asset_id == asset_id, Content.next_asset_id == asset_id)
    path = await session.scalar(select(Content.path).where(shown).limit(1))
    caption = await session.scalar(select(Caption).where(Caption.asset_id == asset_id).limit(1))
    name = path or (caption.path if caption else asset.key)
    language = caption.language if caption else None
    return BuildPlan(asset.id, asset.key, asset.size, basename(name), cast("Kind", asset.kind), language, stage)


async def renew_ladders(box: Box) -> None:
    """Films that have the ladder of other settings get that of these."""
    page = await _page_of_builds(box, None)
    while page:
        outdated = [
            asset_id
            for asset_id, plays in page
            if not plays.ladder_wanted and has_another_ladder(plays, sides=box.settings.media.ladder)
        ]
        if outdated:
            async with box.db.writing() as session:
                await want_ladders_anew(session, assets=outdated)
        page = await _page_of_builds(box, page[-1][0])


async def _page_of_builds(box: Box, after: UUID | None) -> list[tuple[UUID, Built]]:
    async with box.db.reading() as session:
        return await newest_builds(session, after=after, limit=PAGE)


async def collect(box: Box, *, at: datetime | None = None) -> None:
    """Removes what was replaced so long ago that no link to it is left, and what killed processes had begun to store."""
    at = at or now()
    await tidy(box)
    async with box.db.writing() as session:
        prefixes = await remove_replaced_builds(session, replaced_before=links_ended(at))
        prefixes += await assets.remove_unused_assets(session, at=at)
        assets.remove_after_commit(session, box, prefixes)


async def tidy(box: Box) -> None:
    """Removes what killed processes had begun to store."""
    await pending.sweep(box.db, box.storage, is_alive=box.owner.is_alive)
    await box.storage.sweep(box.owner.is_alive)


JOBS = {"build": build_asset, "ladder": build_ladder}
AWAITED = ("build",)
"""What makes a content ready; the rest is left to a server."""
TOLD = {"build": hear_of_build}
