"""A folder that came through the browser, as the importer takes it."""

from base64 import b64decode
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.box import Box
from lms_box.courses.folder.options import ImportOptions
from lms_box.courses.folder.scan import coming_fact
from lms_box.courses.staging.files import folder_of
from lms_box.courses.staging.messages import Application, ComingFile
from lms_box.courses.staging.service import note_applied
from lms_box.courses.staging.tables import StagedImport

if TYPE_CHECKING:
    from lms_box.courses.folder.document import Plan
    from lms_box.courses.folder.importing import Preview
    from lms_box.courses.folder.intake import Step


async def preview_staged(
    box: Box, staged: StagedImport, application: Application, coming: Sequence[ComingFile] = ()
) -> "Preview":
    """As if the files that are coming were here."""
    from lms_box.courses.folder.importing import preview_folder  # here, so that the server starts without its many modules

    facts = tuple(coming_fact(one.path, size=one.size, head=b64decode(one.head)) for one in coming)
    return await preview_folder(box, replace(_options(box, staged, application), coming=facts))


async def import_staged(box: Box, staged: StagedImport, *, on_step: "Callable[[Step], None]") -> None:
    """As it was last asked for."""
    from lms_box.courses.folder.importing import import_folder

    await import_folder(box, _options(box, staged, Application.model_validate(staged.wanted)), on_step=on_step)


def _options(box: Box, staged: StagedImport, wanted: Application) -> ImportOptions:
    return ImportOptions(
        folder=folder_of(box, staged.id),
        course_id=staged.course_id,
        publish=wanted.publish,
        prune=wanted.prune,
        keep=wanted.keep,
        how="borrow",
        name=staged.name,
        wishes=wanted.plan,
        keep_path=False,
        in_transaction=partial(_note, staged.id, created=staged.course_id is None),
    )


async def _note(import_id: UUID, session: AsyncSession, course_id: UUID, plan: "Plan", *, created: bool) -> None:
    await note_applied(session, import_id=import_id, course_id=course_id, created=created, plan=plan)
