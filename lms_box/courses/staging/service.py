"""The rules of folders that come through the browser: whose they are, and what may be done to them when."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.courses.service import get_course
from lms_box.courses.staging.messages import Application, ImportDraft, ImportResult
from lms_box.courses.staging.tables import StagedImport
from lms_box.db.base import now
from lms_box.errors import Conflict, NotFound
from lms_box.jobs.messages import NO_REASON, JobFacts, Why
from lms_box.jobs.service import add_job, cancel_jobs_of

if TYPE_CHECKING:
    from lms_box.courses.folder.document import Plan

LIFETIME = timedelta(hours=24)
SOON = 20
CANCELLED = Why("It was cancelled. Apply it again when you like.", code="cancelled")
JOB = "import"


async def add_import(session: AsyncSession, *, user_id: UUID, draft: ImportDraft) -> StagedImport:
    if draft.course_id is not None:
        await get_course(session, course_id=draft.course_id)
    staged = StagedImport(user_id=user_id, name=draft.name, course_id=draft.course_id, expires_at=now() + LIFETIME)
    session.add(staged)
    await session.flush()
    return staged


async def list_imports(session: AsyncSession, *, user_id: UUID) -> Sequence[StagedImport]:
    """Newest first."""
    mine = select(StagedImport).where(StagedImport.user_id == user_id, StagedImport.expires_at > now())
    return (await session.scalars(mine.order_by(StagedImport.id.desc()))).all()


async def allowed_import(session: AsyncSession, *, user_id: UUID, import_id: UUID, to_write: bool = False) -> StagedImport:
    """One's own, while it is remembered."""
    staged = await session.get(StagedImport, import_id, with_for_update=to_write)
    if staged is None or staged.user_id != user_id or staged.expires_at <= now():
        raise NotFound("There is no such import.")
    return staged


async def allowed_open_import(session: AsyncSession, *, user_id: UUID, import_id: UUID, to_write: bool = False) -> StagedImport:
    """One that still takes files and plans; each visit keeps it for another day."""
    staged = await allowed_import(session, user_id=user_id, import_id=import_id, to_write=to_write)
    if staged.status in ("applying", "applied"):
        raise Conflict(f"This import is {staged.status} already.", code="import_not_open")
    if to_write:
        staged.expires_at = now() + LIFETIME
    return staged


async def begin_applying(
    session: AsyncSession, *, user_id: UUID, import_id: UUID, application: Application
) -> tuple[StagedImport, JobFacts]:
    staged = await allowed_open_import(session, user_id=user_id, import_id=import_id, to_write=True)
    _say(staged, "applying")
    staged.wanted = application.model_dump(mode="json", exclude_unset=True)
    await session.flush()
    return staged, await add_job(session, kind=JOB, subject=staged.id, title=staged.name, priority=SOON)


async def note_applied(session: AsyncSession, *, import_id: UUID, course_id: UUID, created: bool, plan: "Plan") -> None:
    staged = await session.get_one(StagedImport, import_id, with_for_update=True)
    changes = {name: len(getattr(plan.changes, name)) for name in ("added", "changed", "moved", "removed", "unchanged")}
    result = ImportResult(created=created, ignored=len(plan.ignored), **changes)
    staged.status, staged.course_id, staged.result = "applied", course_id, result.model_dump()
    staged.expires_at = now() + LIFETIME


async def hear_of_import(session: AsyncSession, job: JobFacts) -> None:
    """What did not become a course may be mended and applied again."""
    staged = await session.get(StagedImport, job.subject, with_for_update=True)
    if staged is None or staged.status == "applied":
        return
    if job.state == "queued":
        _say(staged, "applying")
    else:
        _say(staged, "failed", job.why if job.error else CANCELLED)
        staged.expires_at = now() + LIFETIME


def _say(staged: StagedImport, status: str, why: Why = NO_REASON) -> None:
    staged.status, (staged.error, staged.error_code) = status, why


async def remove_import(session: AsyncSession, *, user_id: UUID, import_id: UUID) -> None:
    """Also while it is being applied: the work stops."""
    staged = await allowed_import(session, user_id=user_id, import_id=import_id, to_write=True)
    await cancel_jobs_of(session, subjects=[staged.id])
    await session.delete(staged)
    await session.flush()


async def forget_expired(session: AsyncSession) -> None:
    gone = StagedImport.expires_at <= now(), StagedImport.status != "applying"
    await session.execute(delete(StagedImport).where(*gone))


async def known_imports(session: AsyncSession) -> set[UUID]:
    return set(await session.scalars(select(StagedImport.id)))
