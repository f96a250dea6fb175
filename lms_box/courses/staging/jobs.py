"""What is done later with a folder that came through the browser: it becomes a course by the same way as any other."""

import asyncio
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.box import Box
from lms_box.courses.folder.document import Plan
from lms_box.courses.folder.importing import import_folder
from lms_box.courses.folder.intake import Step
from lms_box.courses.folder.options import ImportOptions
from lms_box.courses.staging.files import folder_of, remove_staged_folder
from lms_box.courses.staging.messages import Application
from lms_box.courses.staging.service import JOB, hear_of_import, note_applied
from lms_box.courses.staging.tables import StagedImport
from lms_box.errors import LmsError
from lms_box.jobs.messages import ClaimedJob, JobFailed, Report


async def apply_import(box: Box, job: ClaimedJob, report: Report) -> None:
    """Run again after a kill, it goes on where the course is: made, or not begun."""
    async with box.db.reading() as session:
        staged = await session.get(StagedImport, job.subject)
    if staged is None:
        raise JobFailed("What this was for has been removed meanwhile.")
    if staged.status != "applied":
        await _import(box, staged, report)
    await asyncio.to_thread(remove_staged_folder, box, staged.id)


async def _import(box: Box, staged: StagedImport, report: Report) -> None:
    def show(step: Step) -> None:
        report(step.bytes / max(step.all_bytes, 1), step.path[-60:])

    try:
        await import_folder(box, options_of(box, staged), on_step=show)
    except LmsError as error:
        raise JobFailed(error.detail) from None


def options_of(box: Box, staged: StagedImport, application: Application | None = None) -> ImportOptions:
    wanted = application or Application.model_validate(staged.wanted)
    return ImportOptions(
        folder=folder_of(box, staged.id),
        course_id=staged.course_id,
        publish=wanted.publish,
        prune=wanted.prune,
        how="borrow",
        name=staged.name,
        wishes=wanted.plan,
        keep_path=False,
        in_transaction=partial(_note, staged.id, created=staged.course_id is None),
    )


async def _note(import_id: UUID, session: AsyncSession, course_id: UUID, plan: Plan, *, created: bool) -> None:
    await note_applied(session, import_id=import_id, course_id=course_id, created=created, plan=plan)


JOBS = {JOB: apply_import}
TOLD = {JOB: hear_of_import}
