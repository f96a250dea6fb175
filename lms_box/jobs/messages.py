"""What passes between the jobs room and those who have something done later."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

State = Literal["queued", "running", "done", "failed", "cancelled"]
UNFINISHED: tuple[State, ...] = ("queued", "running")


class Why(NamedTuple):
    """Why something is not done: a sentence for people, and its code for who has words of their own for it."""

    words: str | None = None
    code: str | None = None


NO_REASON = Why()


@dataclass(frozen=True, slots=True)
class ClaimedJob:
    """What a running job knows of itself; `attempt` counts from 1."""

    id: UUID
    kind: str
    subject: UUID
    title: str
    attempt: int
    line: UUID | None = None
    place: int = 0


@dataclass(frozen=True, slots=True)
class JobFacts:
    """A job as it stands; `progress` is 0 to 1, `stage` a few words, `error` a sentence for people.

    One that `is_interrupted` runs no more: its process is gone, and it is begun anew once another looks after the queue.
    """

    id: UUID
    kind: str
    subject: UUID
    title: str
    state: State
    priority: int
    attempts: int
    progress: float
    stage: str
    error: str | None
    error_code: str | None
    cancel_requested: bool
    queued_at: datetime
    run_after: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    is_interrupted: bool = False

    @property
    def why(self) -> Why:
        return Why(self.error, self.error_code)

    def seconds_left(self, at: datetime) -> float | None:
        """A guess from what has been done so far; None when there is nothing to guess from."""
        if self.state != "running" or self.is_interrupted or self.started_at is None or self.progress < 0.02:
            return None
        return (at - self.started_at).total_seconds() * (1 - self.progress) / self.progress


class JobFailed(Exception):
    """Raised by a job to fail with a sentence for people and its code; `retry` when it may go better a second time."""

    def __init__(self, reason: str, *, code: str, retry: bool = False) -> None:
        super().__init__(reason)
        self.why = Why(reason, code)
        self.retry = retry


class JobWaits(Exception):
    """Raised by a job that cannot go on now, though nothing is wrong with it: it is begun again after so many seconds."""

    def __init__(self, reason: str, *, code: str, seconds: float) -> None:
        super().__init__(reason)
        self.why = Why(reason, code)
        self.seconds = seconds


Report = Callable[[float, str], None]
"""report(progress, stage): costs nothing and may be called as often as one likes; written at most once a second."""

RunJob = Callable[[ClaimedJob, Report], Awaitable[None]]
"""Does the work. It may be run again after a kill or a cancellation, so what it records has to be the same then."""

Told = Callable[[AsyncSession, JobFacts], Awaitable[None]]
"""Hears, in the same transaction, that a job of its kind failed, was cancelled or waits once more."""

Kinds = Mapping[str, RunJob]
IsAlive = Callable[[str], bool | None]
