"""The doors for a folder dropped in the browser: gather its files, see the plan, change it, apply it."""

import asyncio
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.config import Settings
from lms_box.courses.staging import service
from lms_box.courses.staging.files import checked_path, keep_staged, make_staged_folder, remove_staged_folder, staged_files
from lms_box.courses.staging.folders import preview_staged
from lms_box.courses.staging.messages import (
    Application,
    ComingFile,
    ImportDraft,
    ImportPage,
    ImportResult,
    ImportView,
    PlanDraft,
    PlanView,
    StagedFile,
    StagedUpload,
)
from lms_box.courses.staging.tables import StagedImport
from lms_box.http.multipart import receive_form
from lms_box.http.routing import Call, Needs, Route
from lms_box.jobs.messages import JobFacts
from lms_box.jobs.service import find_jobs_of
from lms_box.storage.space import require_room

PLAN_BYTES = 8 * 1024 * 1024
"""Of a plan: it may name every file of a very large folder."""


async def begin_import(call: Call, *, body: ImportDraft) -> ImportPage:
    """Make an empty place for a folder's files. They come through `/upload/tus` with `import_id` and `path` in their metadata.

    Nobody having come back to it for a day, it is forgotten.
    """
    async with call.box.db.writing() as session:
        staged = await service.add_import(session, user_id=call.me.id, draft=body)
        make_staged_folder(call.box, staged.id)
    return ImportPage(**_fields(staged, None), files=[], bytes=0)


async def list_imports(call: Call) -> list[ImportView]:
    """My imports, newest first."""
    async with call.box.db.reading() as session:
        mine = await service.list_imports(session, user_id=call.me.id)
        jobs = {job.subject: job for job in await find_jobs_of(session, subjects=[one.id for one in mine])}
    return [ImportView(**_fields(one, jobs.get(one.id))) for one in mine]


async def show_import(call: Call) -> ImportPage:
    """How an import stands, with the files that are here whole: a drop that was interrupted sends the others."""
    async with call.box.db.reading() as session:
        staged = await service.allowed_import(session, user_id=call.me.id, import_id=call.id_of("import_id"))
        job = await _job_of(session, staged)
    files = await asyncio.to_thread(staged_files, call.box, staged.id)
    return ImportPage(**_fields(staged, job), files=files, bytes=sum(file.size for file in files))


async def add_import_file(call: Call) -> StagedFile:
    """Add one file whole; large ones are better sent through `/upload/tus`."""
    box = call.box
    require_room(box.storage.free(), call.request.content_length or 0, "The file")
    staged = await _open(call)
    with box.storage.scratch(box.owner.name) as folder:
        form = await receive_form(call.request, into=folder, most=box.settings.limits.upload_bytes)
        path, file = checked_path(form.checked(StagedUpload).path), form.get_file()
        await asyncio.to_thread(keep_staged, box, staged.id, path, file.path)
    return StagedFile(path=path, size=file.size)


async def show_import_plan(call: Call) -> PlanView:
    """How the folder is understood as a course, and what it would change in the course that it is."""
    return await _plan(call, Application())


async def change_import_plan(call: Call, *, body: PlanDraft) -> PlanView:
    """The plan with what a person wants otherwise, and of files still to be sent; nothing is kept of it until it is applied."""
    return await _plan(call, body, body.coming)


async def apply_import(call: Call, *, body: Application) -> ImportView:
    """Make the course, or bring it up to date, in the background; `GET` says how far it is."""
    staged = await _open(call)
    await preview_staged(call.box, staged, body)  # what cannot be followed is refused at once
    async with call.box.db.writing() as session:
        staged, job = await service.begin_applying(
            session, user_id=call.me.id, import_id=call.id_of("import_id"), application=body
        )
    return ImportView(**_fields(staged, job))


async def remove_import(call: Call) -> None:
    """Forget an import and its files; a course that it has become stays."""
    import_id = call.id_of("import_id")
    async with call.box.db.writing() as session:
        await service.remove_import(session, user_id=call.me.id, import_id=import_id)
    await asyncio.to_thread(remove_staged_folder, call.box, import_id)


async def _open(call: Call) -> StagedImport:
    async with call.box.db.writing() as session:
        import_id = call.id_of("import_id")
        return await service.allowed_open_import(session, user_id=call.me.id, import_id=import_id, to_write=True)


async def _plan(call: Call, application: Application, coming: Sequence[ComingFile] = ()) -> PlanView:
    staged = await _open(call)
    for one in coming:
        checked_path(one.path)
    preview = await preview_staged(call.box, staged, application, coming)
    return PlanView.model_validate(preview.plan.document())


async def _job_of(session: AsyncSession, staged: StagedImport) -> JobFacts | None:
    jobs = await find_jobs_of(session, subjects=[staged.id])
    return jobs[-1] if jobs else None


def _fields(staged: StagedImport, job: JobFacts | None) -> dict[str, object]:
    return {
        "id": staged.id,
        "name": staged.name,
        "course_id": staged.course_id,
        "status": staged.status,
        "error": staged.error,
        "error_code": staged.error_code,
        "progress": 1.0 if staged.status == "applied" else job.progress if job else 0.0,
        "stage": job.stage if job else "",
        "result": ImportResult(**staged.result) if staged.result else None,
        "created_at": staged.created_at,
        "expires_at": staged.expires_at,
    }


def _most(settings: Settings) -> int:
    return settings.limits.upload_bytes


def _plan_bytes(_: Settings) -> int:
    return PLAN_BYTES


ADMIN = Needs.ADMIN
ONE = "/imports/{import_id}"
ROUTES = [
    Route(method="GET", path="/imports", handler=list_imports, needs=ADMIN, returns=list[ImportView]),
    Route(method="POST", path="/imports", handler=begin_import, needs=ADMIN, body=ImportDraft, returns=ImportPage, status=201),
    Route(method="GET", path=ONE, handler=show_import, needs=ADMIN, returns=ImportPage),
    Route(method="DELETE", path=ONE, handler=remove_import, needs=ADMIN),
    Route(
        method="POST",
        path=f"{ONE}/files",
        handler=add_import_file,
        needs=ADMIN,
        form=StagedUpload,
        takes=_most,
        returns=StagedFile,
        status=201,
        counted=False,
    ),
    Route(method="GET", path=f"{ONE}/plan", handler=show_import_plan, needs=ADMIN, returns=PlanView),
    Route(
        method="POST",
        path=f"{ONE}/plan",
        handler=change_import_plan,
        needs=ADMIN,
        body=PlanDraft,
        takes=_plan_bytes,
        returns=PlanView,
    ),
    Route(
        method="POST",
        path=f"{ONE}/apply",
        handler=apply_import,
        needs=ADMIN,
        body=Application,
        takes=_plan_bytes,
        returns=ImportView,
    ),
]
