"""What playback does later: builds what can be played of an asset, and publishes it whole or not at all."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from posixpath import basename
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.box import Box
from lms_box.courses import assets
from lms_box.courses.tables import Asset, Caption, Content
from lms_box.db.base import new_id
from lms_box.errors import NotFound
from lms_box.jobs.messages import ClaimedJob, JobFacts, JobFailed, Report
from lms_box.media import process
from lms_box.media.failures import MediaFailed
from lms_box.media.messages import Build, Built, Kind, Options
from lms_box.playback.service import add_build
from lms_box.storage import pending

CRASHES = frozenset({"crashed", "out_of_memory", "stuck", "too_slow"})
"""Failures that may have been chance: they are tried once more."""


@dataclass(frozen=True, slots=True)
class BuildPlan:
    """All that a build needs to know, read in one transaction before it starts."""

    asset_id: UUID
    key: str
    name: str
    kind: Kind
    language: str | None


async def build_asset(box: Box, job: ClaimedJob, report: Report) -> None:
    """Reads its plan, works without a database, records its result; an asset that is gone needs no build."""
    async with box.db.writing() as session:
        plan = await _plan(session, job.subject)
        if plan is None:
            return
        await assets.set_asset_state(session, asset_id=plan.asset_id, status="processing")
    build_id = new_id()
    try:
        await _record(box, plan, build_id, await _build(box, plan, build_id, report))
    except BaseException:
        await pending.discard(box.db, box.storage, prefixes=[_prefix(plan.asset_id, build_id)])
        raise


async def _record(box: Box, plan: BuildPlan, build_id: UUID, built: Built) -> None:
    async with box.db.writing() as session:
        if await session.get(Asset, plan.asset_id, with_for_update=True) is None:
            raise JobFailed("What this was for has been removed meanwhile.")
        await pending.settle(session, prefixes=[_prefix(plan.asset_id, build_id)])
        await add_build(session, build_id=build_id, asset_id=plan.asset_id, built=built)
        pages = built.pages.count if built.pages else None
        await assets.set_asset_facts(session, asset_id=plan.asset_id, duration=built.duration, page_count=pages)
        await assets.set_asset_state(session, asset_id=plan.asset_id, status="ready")


async def hear_of_build(session: AsyncSession, job: JobFacts) -> None:
    """The asset says how its build stands, in the transaction that decides it."""
    if job.state == "queued":
        await assets.set_asset_state(session, asset_id=job.subject, status="pending")
    elif job.state in ("failed", "cancelled"):
        reason = job.error or "Its preparation was cancelled. Start it again to make it playable."
        await assets.set_asset_state(session, asset_id=job.subject, status="failed", error=reason)


async def _build(box: Box, plan: BuildPlan, build_id: UUID, report: Report) -> Built:
    prefix = _prefix(plan.asset_id, build_id)
    with box.storage.scratch(box.owner.name) as folder:
        async with _fetched(box, plan.key) as source:
            built = await _run(_request(box, plan, source, folder), report)
        await pending.announce(box.db, owner=box.owner.name, prefixes=[prefix])
        await box.storage.publish(folder, prefix)
    return built


@asynccontextmanager
async def _fetched(box: Box, key: str) -> AsyncIterator[Path]:
    async with AsyncExitStack() as stack:
        try:
            source = await stack.enter_async_context(box.storage.fetched(key))
        except NotFound:
            raise JobFailed("The stored file is missing. Import the course again.") from None
        yield source


async def _run(request: Build, report: Report) -> Built:
    try:
        return await process.run(request, on_progress=lambda progress: report(progress.done, progress.step))
    except MediaFailed as failure:
        raise JobFailed(failure.reason, retry=failure.code in CRASHES) from None


def _request(box: Box, plan: BuildPlan, source: Path, folder: Path) -> Build:
    options = Options(preset=box.settings.media.preset, language=plan.language)
    return Build(source=source, name=plan.name, kind=plan.kind, into=folder, options=options)


async def _plan(session: AsyncSession, asset_id: UUID) -> BuildPlan | None:
    asset = await session.get(Asset, asset_id)
    if asset is None:
        return None
    path = await session.scalar(select(Content.path).where(Content.asset_id == asset_id).limit(1))
    caption = await session.scalar(select(Caption).where(Caption.asset_id == asset_id).limit(1))
    name = path or (caption.path if caption else asset.key)
    return BuildPlan(asset.id, asset.key, basename(name), asset.kind, caption.language if caption else None)  # type: ignore[arg-type]  # the table keeps kinds as text


def _prefix(asset_id: UUID, build_id: UUID) -> str:
    return f"{assets.prefix_of(asset_id)}/{build_id}"


JOBS = {"build": build_asset}
TOLD = {"build": hear_of_build}
