"""What is done later with a folder that came through the browser: it becomes a course by the same way as any other."""

import asyncio
from typing import TYPE_CHECKING

from lms_box.box import Box
from lms_box.courses.staging.files import remove_staged_folder
from lms_box.courses.staging.folders import import_staged
from lms_box.courses.staging.service import JOB, hear_of_import
from lms_box.courses.staging.tables import StagedImport
from lms_box.errors import LmsError
from lms_box.jobs.messages import ClaimedJob, JobFailed, Report

if TYPE_CHECKING:
    from lms_box.courses.folder.intake import Step


async def apply_import(box: Box, job: ClaimedJob, report: Report) -> None:
    """Run again after a kill, it goes on where the course is: made, or not begun."""
    async with box.db.reading() as session:
        staged = await session.get(StagedImport, job.subject)
    if staged is None:
        raise JobFailed("What this was for has been removed meanwhile.", code="removed_meanwhile")
    if staged.status != "applied":
        await _import(box, staged, report)
    await asyncio.to_thread(remove_staged_folder, box, staged.id)


async def _import(box: Box, staged: StagedImport, report: Report) -> None:
    def show(step: "Step") -> None:
        report(step.bytes / max(step.all_bytes, 1), step.path[-60:])

    try:
        await import_staged(box, staged, on_step=show)
    except LmsError as error:
        raise JobFailed(error.detail, code=error.code) from None


JOBS = {JOB: apply_import}
TOLD = {JOB: hear_of_import}
