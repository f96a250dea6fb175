"""Progress reports share transactions (group commit): each is answered when the one that holds it is durable."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.exc import IntegrityError

from lms_box.courses.tables import Asset, Content, Course
from lms_box.db.base import now
from lms_box.db.engine import Database, insert_into
from lms_box.db.pairs import pairs
from lms_box.errors import Forbidden, LmsError, NotFound, Unavailable
from lms_box.learning.extent import Extent, extent_of
from lms_box.learning.messages import ProgressReport
from lms_box.learning.tables import Enrollment, Progress
from lms_box.learning.watching import Seen, add_report
from lms_box.learning.weeks import is_finished, is_news, note_weeks
from lms_box.viewer import Viewer

WAITING = 5_000
"""Reports that may wait; beyond that the box says so instead of promising what it cannot keep."""
TOGETHER = 200
LINGER = 0.002
"""Seconds to wait for as many as came together last time: one that is written alone costs as much as all of them."""
Key = tuple[UUID, UUID]
"""Learner and content: the primary key of a progress."""
KEYS = pairs("keys")
# Made once: to build these takes longer than to run them.
CONTEXTS = (
    select(
        *(KEYS.c.first, KEYS.c.second, Course.title, Course.status, Course.completion_threshold),
        *(Content.is_archived, Content.type, Asset.duration, Asset.page_count, Enrollment.enrolled_at),
    )
    .select_from(KEYS)
    .join(Content, Content.id == KEYS.c.second)
    .join(Course, Course.id == Content.course_id)
    .join(Asset, Asset.id == Content.asset_id)
    .outerjoin(Enrollment, (Enrollment.user_id == KEYS.c.first) & (Enrollment.course_id == Content.course_id))
)
SEEN = (Progress.position, Progress.position_at, Progress.watched, Progress.percentage, Progress.completed)
SEEN_BEFORE = (
    select(Progress.user_id, Progress.content_id, *SEEN, Progress.completed_at, Progress.updated_at)
    .join(KEYS, (Progress.user_id == KEYS.c.first) & (Progress.content_id == KEYS.c.second))
    .order_by(Progress.user_id, Progress.content_id)
    .with_for_update(of=Progress)
)
KEEP = update(Progress).where(Progress.user_id == bindparam("learner"), Progress.content_id == bindparam("content"))


@dataclass(frozen=True, slots=True)
class Report:
    learner: Viewer
    content_id: UUID
    told: ProgressReport
    received: datetime

    @property
    def key(self) -> Key:
        return self.learner.id, self.content_id


@dataclass(frozen=True, slots=True)
class _Context:
    """What a report is judged by."""

    course_title: str
    is_open: bool
    is_enrolled: bool
    threshold: int
    extent: Extent


Outcome = Seen | LmsError
"""What is seen now, or why the report is refused."""
Waiting = tuple[Report, asyncio.Future[Seen]]


class Reports:
    """The door's queue: `submit` returns once what it was given is durable."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._waiting: asyncio.Queue[Waiting | None] = asyncio.Queue(WAITING)
        self._expected = 0
        self._all_here = asyncio.Event()

    async def submit(self, *, learner: Viewer, content_id: UUID, told: ProgressReport) -> Seen:
        """Raises Unavailable when too many wait, NotFound and Forbidden as the content's own rules say."""
        answer: asyncio.Future[Seen] = asyncio.get_running_loop().create_future()
        try:
            self._waiting.put_nowait((Report(learner, content_id, told, now()), answer))
        except asyncio.QueueFull:
            raise Unavailable("Too much is being written right now. Send this again in a moment.") from None
        if self._waiting.qsize() >= self._expected:
            self._all_here.set()
        return await answer

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Writes while the block lasts, and before it ends what is still waiting."""
        writer = asyncio.create_task(self._write_until_told())
        try:
            yield
        finally:
            await self._waiting.put(None)
            await writer

    async def _write_until_told(self) -> None:
        while (first := await self._waiting.get()) is not None:
            await self._linger()
            together = [first]
            while len(together) < TOGETHER and not self._waiting.empty():
                following = self._waiting.get_nowait()
                if following is None:
                    self._waiting.put_nowait(None)
                    break
                together.append(following)
            self._expected = len(together) - 1  # beside the first
            await self._write(together)

    async def _linger(self) -> None:
        if self._waiting.qsize() >= self._expected:
            return
        self._all_here.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(LINGER):
                await self._all_here.wait()

    async def _write(self, waiting: Sequence[Waiting]) -> None:
        outcomes = await self._outcomes([report for report, _ in waiting])
        for (_, answer), outcome in zip(waiting, outcomes, strict=True):
            if answer.done():
                continue
            if isinstance(outcome, BaseException):
                answer.set_exception(outcome)
            else:
                answer.set_result(outcome)

    async def _outcomes(self, reports: Sequence[Report]) -> list[Seen | Exception]:
        """A report that fails its transaction (its content was just deleted) is tried apart from its neighbours."""
        try:
            return list(await self._db.jot(keep_reports, reports))
        except IntegrityError:
            if len(reports) == 1:
                return [NotFound("There is no such content.")]
            return [outcome for report in reports for outcome in await self._outcomes([report])]
        except Exception as error:  # noqa: BLE001 -- whatever it was, those who wait for it have to hear it
            return [error] * len(reports)


def keep_reports(connection: Connection, reports: Sequence[Report]) -> list[Outcome]:
    """In a handful of statements, whatever their number; the outcomes stand in the order of the reports."""
    contexts = _contexts(connection, sorted({report.key for report in reports}))
    verdicts = [(report, _judged(report, contexts.get(report.key))) for report in reports]
    keys = sorted({report.key for report, judged in verdicts if isinstance(judged, _Context)})
    before = _seen(connection, keys)
    after = dict(before)
    outcomes = [_added(after, report, judged) for report, judged in verdicts]
    _store(connection, after)
    note_weeks(connection, done=_done_by_learner(before, after))
    return outcomes


def _added(seen: dict[Key, Seen], report: Report, judged: _Context | LmsError) -> Outcome:
    """The same learner may have reported twice: the second adds to what the first has said."""
    if isinstance(judged, LmsError):
        return judged
    seen[report.key] = now_seen = add_report(
        seen[report.key], report.told, extent=judged.extent, threshold=judged.threshold, received=report.received
    )
    return now_seen


def _done_by_learner(before: dict[Key, Seen], after: dict[Key, Seen]) -> dict[UUID, int]:
    """How many contents each learner finished just now; who says nothing new of this week is left out."""
    done: dict[UUID, int] = {}
    for (learner_id, content_id), seen in after.items():
        was = before[learner_id, content_id]
        if is_news(was, seen):
            done[learner_id] = done.get(learner_id, 0) + is_finished(was, seen)
    return done


def _contexts(connection: Connection, keys: Sequence[Key]) -> dict[Key, _Context]:
    return {
        (row.first, row.second): _Context(
            row.title,
            row.status == "published" and not row.is_archived,
            row.enrolled_at is not None,
            row.completion_threshold,
            extent_of(row.type, duration=row.duration, page_count=row.page_count),
        )
        for row in connection.execute(CONTEXTS, {"keys": keys})
    }


def _judged(report: Report, context: _Context | None) -> _Context | LmsError:
    if context is None or not (context.is_open or report.learner.is_admin):
        return NotFound("There is no such content.")
    if not context.is_enrolled:
        return Forbidden(f"Enroll in “{context.course_title}” first.", code="not_enrolled")
    return context


def _seen(connection: Connection, keys: Sequence[Key]) -> dict[Key, Seen]:
    """What is known under each key, its row made where there was none, and locked in the order of the keys."""
    found = _locked(connection, keys)
    if missing := [key for key in keys if key not in found]:
        rows = [{"user_id": user_id, "content_id": content_id, "watched": []} for user_id, content_id in missing]
        connection.execute(insert_into(connection, Progress).on_conflict_do_nothing(), rows)
        found |= _locked(connection, missing)
    return found


def _locked(connection: Connection, keys: Sequence[Key]) -> dict[Key, Seen]:
    if not keys:
        return {}
    rows = connection.execute(SEEN_BEFORE, {"keys": keys})
    return {(user_id, content_id): Seen(*columns) for user_id, content_id, *columns in rows}


def _store(connection: Connection, seen: dict[Key, Seen]) -> None:
    if seen:
        rows = [
            {"learner": learner_id, "content": content_id, **one.columns()} for (learner_id, content_id), one in seen.items()
        ]
        connection.execute(KEEP, rows)
