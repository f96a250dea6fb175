"""`lms course`: from folders to courses, and what becomes of them."""

from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from lms_box_cli.shell import AsJson, fail, note, out_console, print_json, say, tell_of_import, with_box

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from lms_box.box import Box
    from lms_box.config import Settings
    from lms_box.courses.folder.importing import Imported, Preview
    from lms_box.courses.folder.options import ImportOptions
    from lms_box.courses.messages import CoursePage, CourseView

app = typer.Typer(help="Courses: import them from folders, publish, archive, delete.", no_args_is_help=True)
MOST_NAMED = 20
CourseId = Annotated[UUID, typer.Argument(help="The course's id; `lms course list` shows it.")]


@app.command("import")
def import_course(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(help="A folder of videos, slides and documents, or a .zip or .tar.gz of one.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show how the folder is understood, change nothing.")] = False,
    publish: Annotated[bool, typer.Option("--publish", help="Let learners see the course at once.")] = False,
    title: Annotated[str | None, typer.Option(help="The course's title, instead of the folder's name.")] = None,
    course: Annotated[UUID | None, typer.Option(help="The course that this folder is; without it the path tells.")] = None,
    link: Annotated[bool, typer.Option("--link", help="Hard-link the files: no copy, no space.")] = False,
    copy: Annotated[bool, typer.Option("--copy", help="Copy the files, also where they could share their bytes.")] = False,
    prune: Annotated[bool, typer.Option("--prune", help="Delete what left the folder, with its progress.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before deleting.")] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Return when every content is ready or has failed.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make a course of a folder, or bring it up to date; the same again changes nothing."""
    from lms_box.courses.folder.options import How, ImportOptions

    if link and copy:
        raise typer.BadParameter("say --link or --copy, not both")
    how: How = "link" if link else "copy" if copy else "reflink"
    options = ImportOptions(folder=folder, title=title, course_id=course, publish=publish, how=how, prune=prune)
    if dry_run:
        with_box(ctx, lambda box: _show_plan(box, options, as_json=as_json))
    else:
        work = partial(_import, options=options, wait=wait, sure=yes, as_json=as_json)
        with_box(ctx, work, beside=_child_standing_by if wait else None)


@app.command()
def watch(
    ctx: typer.Context,
    folders: Annotated[list[Path], typer.Argument(metavar="FOLDER…", help="Courses, or folders of courses.")],
) -> None:
    """Keep courses in step with their folders until stopped; `[library] folders` does the same while serving."""
    if missing := next((folder for folder in folders if not folder.is_dir()), None):
        fail(f"There is no folder {missing}.")

    async def work(box: "Box") -> None:
        import asyncio
        from contextlib import AsyncExitStack, suppress

        from lms_box.courses.folder.library import watching
        from lms_box.jobs.owner import find_consumers
        from lms_box.work import connect_jobs, working

        connect_jobs(box)
        async with AsyncExitStack() as stack:
            if not find_consumers(box.settings.data_dir / "run"):
                await stack.enter_async_context(working(box))
            await stack.enter_async_context(watching(box, folders, on_import=tell_of_import))
            note(f"Watching {', '.join(map(str, folders))}. Ctrl-C stops.")
            with suppress(asyncio.CancelledError):
                await asyncio.Event().wait()

    with_box(ctx, work)
    note("Stopped.")


@app.command("list")
def list_courses(ctx: typer.Context, as_json: AsJson = False) -> None:
    """All courses, drafts and archived ones too."""

    async def work(box: "Box") -> "list[CourseView]":
        from lms_box.courses.service import every_course
        from lms_box.courses.views import view_course

        async with box.db.reading() as session:
            return [view_course(course, totals) for course, totals in await every_course(session)]

    courses = with_box(ctx, work)
    if as_json:
        print_json(courses)
    else:
        for course in courses:
            say(f"{course.id}  {course.status:<9}  {course.content_count:>4} contents  {course.title}")
        if not courses:
            say("There is no course yet. `lms course import FOLDER` makes one.")


@app.command()
def show(ctx: typer.Context, course_id: CourseId, as_json: AsJson = False) -> None:
    """One course with its sections and contents."""
    page = with_box(ctx, lambda box: _page(box, course_id))
    if as_json:
        print_json(page)
        return
    say(f"{page.title} ({page.status}, {page.content_count} contents, {page.duration} min)")
    for section in page.sections:
        say(f"  {section.title or 'Contents'}")
        for content in section.contents:
            say(f"    {content.status:<10} {content.type:<12} {content.title}{f'  ({content.error})' if content.error else ''}")


@app.command()
def publish(ctx: typer.Context, course_id: CourseId, as_json: AsJson = False) -> None:
    """Let learners see a course."""
    _set_status(ctx, course_id, "published", as_json=as_json)


@app.command()
def archive(ctx: typer.Context, course_id: CourseId, as_json: AsJson = False) -> None:
    """Take a course off the catalogue; everything in it is kept."""
    _set_status(ctx, course_id, "archived", as_json=as_json)


@app.command()
def delete(
    ctx: typer.Context,
    course_id: CourseId,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Delete a course with its contents, media and everybody's progress in it."""
    page = with_box(ctx, lambda box: _page(box, course_id))
    if not yes and not typer.confirm(f"Delete “{page.title}” with its {page.content_count} contents for good?", err=True):
        fail("Nothing was deleted.")

    async def work(box: "Box") -> None:
        from lms_box.courses.assets import remove_after_commit
        from lms_box.courses.service import remove_course

        async with box.db.writing() as session:
            remove_after_commit(session, box, await remove_course(session, course_id=course_id))

    with_box(ctx, work)
    if as_json:
        print_json({"id": course_id, "deleted": True})
    else:
        say(f"“{page.title}” is deleted.")


@app.command("export")
def export_course(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is not there yet, or is empty.")],
    course: Annotated[UUID | None, typer.Option(help="The course's id; not needed where there is only one.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write a course as a folder with its files and a course.toml, that imports as the same course."""

    async def work(box: "Box") -> "tuple[UUID, int]":
        from lms_box.courses.folder.export import export_course as export
        from lms_box_cli.import_progress import ImportProgress

        course_id = course or await _only_course(box)
        with ImportProgress() as progress:
            return course_id, len((await export(box, course_id=course_id, into=folder, on_file=progress.show_file)).files)

    course_id, count = with_box(ctx, work)
    if as_json:
        print_json({"course_id": course_id, "folder": folder.absolute(), "files": count})
    else:
        say(f"{count} files and course.toml are in {folder}.")


async def _only_course(box: "Box") -> UUID:
    from lms_box.courses.service import every_course

    async with box.db.reading() as session:
        courses = await every_course(session)
    if len(courses) != 1:
        fail(f"There are {len(courses)} courses. Say which with --course; `lms course list` shows their ids.")
    return courses[0][0].id


def _set_status(ctx: typer.Context, course_id: UUID, status: str, *, as_json: bool) -> None:
    async def work(box: "Box") -> "CoursePage":
        from lms_box.courses.messages import CourseChange
        from lms_box.courses.service import change_course

        async with box.db.writing() as session:
            await change_course(session, course_id=course_id, change=CourseChange.model_validate({"status": status}))
        return await _page(box, course_id)

    page = with_box(ctx, work)
    if as_json:
        print_json(page)
    else:
        say(f"“{page.title}” is {status}.")


async def _page(box: "Box", course_id: UUID) -> "CoursePage":
    from lms_box.courses.service import course_rows, get_course
    from lms_box.courses.views import view_course_page

    async with box.db.reading() as session:
        return view_course_page(await course_rows(session, course=await get_course(session, course_id=course_id)))


async def _show_plan(box: "Box", options: "ImportOptions", *, as_json: bool) -> None:
    from lms_box.courses.folder.archives import opened_folder
    from lms_box.courses.folder.durations import measure
    from lms_box.courses.folder.importing import preview_folder
    from lms_box_cli.import_progress import ImportProgress
    from lms_box_cli.plan_tree import plan_tree

    async with opened_folder(box, options) as opened:
        preview = await preview_folder(box, opened)
        if as_json:
            print_json(preview.plan.document())
            return
        with ImportProgress() as progress:
            durations = await measure(box, preview, on_measured=progress.show_measured)
    out_console().print(plan_tree(preview.plan, durations))


@asynccontextmanager
async def _child_standing_by(settings: "Settings") -> "AsyncIterator[None]":
    """Starts the first recording's process at once, unless a server will do the work."""
    from lms_box.jobs.owner import find_consumers
    from lms_box.media.process import reserve

    if find_consumers(settings.data_dir / "run"):
        yield
        return
    async with reserve.expecting():
        yield


async def _import(box: "Box", options: "ImportOptions", *, wait: bool, sure: bool, as_json: bool) -> None:
    from lms_box.courses.folder.archives import opened_folder
    from lms_box.courses.folder.importing import import_folder, preview_folder
    from lms_box.courses.folder.outcome import outcome_of, unfinished_assets
    from lms_box.playback.jobs import tidy
    from lms_box.work import connect_jobs, work_off
    from lms_box_cli.import_progress import ImportProgress

    connect_jobs(box)
    await tidy(box)
    with ImportProgress() as progress:
        async with opened_folder(box, options) as opened:
            if options.prune and not sure:
                with progress.paused():
                    _ask_to_prune(await preview_folder(box, opened))
            imported = await import_folder(box, opened, on_step=progress.show_step)
        if wait:
            async with box.db.reading() as session:
                assets = await unfinished_assets(session, course_id=imported.course_id)
            await work_off(box, assets, progress.show_jobs)
    async with box.db.reading() as session:
        outcome = await outcome_of(session, imported=imported)
    if as_json:
        print_json(outcome)
    else:
        _summarise(imported, outcome)
    for content in outcome["contents"]:
        if content["error"]:
            note(f"{content['path']}: {content['error']}")


def _ask_to_prune(preview: "Preview") -> None:
    leaving = preview.plan.changes.removed
    for path in leaving[:MOST_NAMED]:
        note(f"  {path}")
    what = "the lesson above" if len(leaving) == 1 else f"{len(leaving)} lessons"
    if leaving and not typer.confirm(f"Delete {what} with everybody's progress and notes?", err=True):
        fail("Nothing was changed.")


def _summarise(imported: "Imported", outcome: "dict[str, list[dict[str, str]]]") -> None:
    changes, plan = imported.plan.changes, imported.plan
    say(f"{'Made' if imported.created else 'Brought up to date'}: “{plan.title}” ({imported.course_id})")
    counts = ", ".join(
        f"{len(paths)} {name}"
        for name, paths in (
            ("added", changes.added),
            ("changed", changes.changed),
            ("moved", changes.moved),
            ("removed", changes.removed),
            ("unchanged", changes.unchanged),
        )
        if paths
    )
    failed = sum(1 for content in outcome["contents"] if content["error"])
    say(f"  {counts or 'no contents'}; {len(plan.ignored)} files left out{f'; {failed} failed' if failed else ''}")
    for ignored in plan.ignored:
        note(f"  left out: {ignored.path} ({ignored.reason})")
