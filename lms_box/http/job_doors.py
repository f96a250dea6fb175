"""The doors of background work, for admins: what waits, runs and failed, and what to do about it."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from lms_box.db.base import now
from lms_box.http.messages import ErrorCode, Message, Moment, View
from lms_box.http.routing import Call, Needs, Page, Route
from lms_box.jobs import service
from lms_box.jobs.messages import JobFacts, State


class JobView(View):
    id: UUID
    kind: str
    title: str
    state: State
    is_interrupted: bool = Field(description="of a running job: its process is gone, and another will begin it anew")
    priority: int = Field(description="the lower, the sooner")
    progress: float = Field(description="0 to 1")
    stage: str
    error: str | None
    error_code: ErrorCode
    attempts: int
    seconds_left: float | None = Field(description="a guess from what is done so far; null when there is nothing to guess from")
    queued_at: Moment
    run_after: Moment | None = Field(description="of a queued job that failed once or waits for something: not before then")
    started_at: Moment | None
    finished_at: Moment | None


class JobQuery(Message):
    state: State | None = None
    skip: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    limit: Annotated[int, Field(ge=1, le=100)] = 20


async def list_jobs(call: Call, *, query: JobQuery) -> Page:
    """Running ones first, then the queue in the order of its turns, then what has ended, newest first."""
    states = (query.state,) if query.state else ()
    async with call.box.db.reading() as session:
        total = await service.count_jobs(session, states=states)
        jobs = await service.list_jobs(
            session, states=states, skip=query.skip, limit=query.limit, is_alive=call.box.owner.is_alive
        )
    return Page([_view(job) for job in jobs], total, query.skip, query.limit)


async def retry_job(call: Call) -> JobView:
    """Try a failed or cancelled job again."""
    async with call.box.db.writing() as session:
        return _view(await service.retry_job(session, job_id=call.id_of("job_id")))


async def cancel_job(call: Call) -> JobView:
    """Cancel a job: at once when it waits, within about a second when it runs."""
    async with call.box.db.writing() as session:
        return _view(await service.cancel_job(session, job_id=call.id_of("job_id")))


def _view(job: JobFacts) -> JobView:
    left = job.seconds_left(now())
    fields = {name: getattr(job, name) for name in JobView.model_fields if name != "seconds_left"}
    return JobView(**fields, seconds_left=None if left is None else round(left, 1))


JOB = "/jobs/{job_id}"
ROUTES = [
    Route(method="GET", path="/jobs", handler=list_jobs, needs=Needs.ADMIN, query=JobQuery, returns=list[JobView]),
    Route(method="POST", path=f"{JOB}/retry", handler=retry_job, needs=Needs.ADMIN, returns=JobView),
    Route(method="POST", path=f"{JOB}/cancel", handler=cancel_job, needs=Needs.ADMIN, returns=JobView),
]
