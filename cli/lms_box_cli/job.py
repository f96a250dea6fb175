"""`lms job`: the background work."""

from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from lms_box_cli.shell import AsJson, out_console, print_json, say, with_box

if TYPE_CHECKING:
    from lms_box.box import Box
    from lms_box.jobs.messages import JobFacts

app = typer.Typer(help="The background work: what runs, how far it is, what failed and why.", no_args_is_help=True)


@app.command("list")
def list_jobs(
    ctx: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="Also what is done.")] = False,
    as_json: AsJson = False,
) -> None:
    """What runs, what waits in the order of its turns, and what failed."""

    async def work(box: "Box") -> "list[JobFacts]":
        from lms_box.jobs.service import list_jobs as find

        async with box.db.reading() as session:
            alive = box.owner.is_alive
            return await find(session, states=() if every else ("running", "queued", "failed"), is_alive=alive)

    jobs = with_box(ctx, work)
    if as_json:
        print_json([_with_time_left(job) for job in jobs])
    elif jobs:
        _draw(jobs)
    else:
        say("There is nothing to do.")


@app.command()
def retry(ctx: typer.Context, job_id: UUID, as_json: AsJson = False) -> None:
    """Try a failed or cancelled job again."""

    async def work(box: "Box") -> "JobFacts":
        from lms_box.jobs.service import retry_job
        from lms_box.work import connect_jobs

        connect_jobs(box)
        async with box.db.writing() as session:
            return await retry_job(session, job_id=job_id)

    _tell(with_box(ctx, work), as_json=as_json)


@app.command()
def cancel(ctx: typer.Context, job_id: UUID, as_json: AsJson = False) -> None:
    """Stop a job that waits or runs."""

    async def work(box: "Box") -> "JobFacts":
        from lms_box.jobs.service import cancel_job
        from lms_box.work import connect_jobs

        connect_jobs(box)
        async with box.db.writing() as session:
            return await cancel_job(session, job_id=job_id)

    _tell(with_box(ctx, work), as_json=as_json)


def _tell(job: "JobFacts", *, as_json: bool) -> None:
    if as_json:
        print_json(job)
    else:
        say(f"{job.title}: {'being cancelled' if job.cancel_requested else job.state}.")


def _draw(jobs: "list[JobFacts]") -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in ("state", "kind", "done", "stage", "left", "what", "id"):
        table.add_column(heading)
    for job in jobs:
        table.add_row(_state(job), job.kind, f"{job.progress:.0%}", _stage(job), _left(job), job.title, str(job.id))
    out_console().print(table)


def _state(job: "JobFacts") -> str:
    return "waiting" if job.is_interrupted else job.state


def _stage(job: "JobFacts") -> str:
    """What it is doing, or why it does nothing."""
    if job.state == "queued" and job.run_after is not None:
        return f"again at {job.run_after.astimezone():%H:%M}: {job.error}"
    if job.is_interrupted:
        return "interrupted; begun anew by lms serve"
    return job.error or (job.stage if job.state == "running" else "")


def _left(job: "JobFacts") -> str:
    seconds = _seconds_left(job)
    if seconds is None:
        return ""
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _with_time_left(job: "JobFacts") -> "dict[str, Any]":
    from dataclasses import asdict

    return {**asdict(job), "seconds_left": _seconds_left(job)}


def _seconds_left(job: "JobFacts") -> float | None:
    from lms_box.db.base import now

    return job.seconds_left(now())
