"""Progress reports share transactions (group commit): each is answered when the one that holds it is durable."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import CTE, Uuid, column, select, update, values
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.courses.tables import Asset, Content, Course
from lms_box.db.base import now
from lms_box.db.engine import Database, insert_into
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
Key = tuple[UUID, UUID]
"""Learner and content: the primary key of a progress."""


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

    course_id: UUID
    course_title: str
    is_open: bool
    threshold: int
    extent: Extent


Verdict = tuple[Report, _Context | LmsError]
"""What it is judged by, or why it is refused."""
Outcome = Seen | LmsError
Waiting = tuple[Report, asyncio.Future[Seen]]


class Reports:
    """The door's queue: `submit` returns once what it was given is durable."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._waiting: asyncio.Queue[Waiting | None] = asyncio.Queue(WAITING)

    async def submit(self, *, learner: Viewer, content_id: UUID, told: ProgressReport) -> Seen:
        """Raises Unavailable when too many wait, NotFound and Forbidden as the content's own rules say."""
        answer: asyncio.Future[Seen] = asyncio.get_running_loop().create_future()
        try:
            self._waiting.put_nowait((Report(learner, content_id, told, now()), answer))
        except asyncio.QueueFull:
            raise Unavailable("Too much is being written right now. Send this again in a moment.") from None
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
            together = [first]
            while len(together) < TOGETHER and not self._waiting.empty():
                following = self._waiting.get_nowait()
                if following is None:
                    self._waiting.put_nowait(None)
                    break
                together.append(following)
            await self._write(together)

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
            async with self._db.glancing() as session:
                verdicts = await judge_reports(session, reports)
            async with self._db.writing() as session:
                return list(await keep_reports(session, verdicts))
        except IntegrityError:
            if len(reports) == 1:
                return [NotFound("There is no such content.")]
            return [outcome for report in reports for outcome in await self._outcomes([report])]
        except Exception as error:  # noqa: BLE001 -- whatever it was, those who wait for it have to hear it
            return [error] * len(reports)


async def judge_reports(session: AsyncSession, reports: Sequence[Report]) -> list[Verdict]:
    """In two statements, whatever their number; the verdicts stand in the order of the reports."""
    contexts = await _contexts(session, {report.content_id for report in reports})
    enrolled = await _enrolled(session, reports, contexts)
    return [(report, _judged(report, contexts.get(report.content_id), enrolled)) for report in reports]


async def keep_reports(session: AsyncSession, verdicts: Sequence[Verdict]) -> list[Outcome]:
    """In a handful of statements, too; the outcomes stand in the order of the reports."""
    keys = sorted({report.key for report, judged in verdicts if isinstance(judged, _Context)})
    before = await _seen(session, keys)
    seen = dict(before)
    outcomes: list[Outcome] = []
    for report, judged in verdicts:
        if isinstance(judged, _Context):
            seen[report.key] = add_report(
                seen[report.key],
                report.told,
                extent=judged.extent,
                threshold=judged.threshold,
                received=report.received,
            )
        outcomes.append(seen[report.key] if isinstance(judged, _Context) else judged)
    await _store(session, {key: seen[key] for key in keys})
    await note_weeks(session, done=_done_by_learner(before, seen))
    return outcomes


def _done_by_learner(before: dict[Key, Seen], after: dict[Key, Seen]) -> dict[UUID, int]:
    """How many contents each learner finished just now; who says nothing new of this week is left out."""
    done: dict[UUID, int] = {}
    for (learner_id, content_id), seen in after.items():
        was = before[learner_id, content_id]
        if is_news(was, seen):
            done[learner_id] = done.get(learner_id, 0) + is_finished(was, seen)
    return done


async def _contexts(session: AsyncSession, content_ids: set[UUID]) -> dict[UUID, _Context]:
    query = (
        select(
            Content.id,
            Content.course_id,
            Course.title,
            Course.status,
            Content.is_archived,
            Course.completion_threshold,
            Content.type,
            Asset.duration,
            Asset.page_count,
        )
        .join(Course, Course.id == Content.course_id)
        .join(Asset, Asset.id == Content.asset_id)
        .where(Content.id.in_(content_ids))
    )
    return {
        row.id: _Context(
            row.course_id,
            row.title,
            row.status == "published" and not row.is_archived,
            row.completion_threshold,
            extent_of(row.type, duration=row.duration, page_count=row.page_count),
        )
        for row in await session.execute(query)
    }


async def _enrolled(session: AsyncSession, reports: Sequence[Report], contexts: dict[UUID, _Context]) -> set[Key]:
    """Pairs of learner and course."""
    asked = {(one.learner.id, contexts[one.content_id].course_id) for one in reports if one.content_id in contexts}
    if not asked:
        return set()
    pairs = _pairs(asked)
    is_asked = (Enrollment.user_id == pairs.c.first) & (Enrollment.course_id == pairs.c.second)
    rows = await session.execute(select(Enrollment.user_id, Enrollment.course_id).join(pairs, is_asked))
    return {(user_id, course_id) for user_id, course_id in rows}


def _judged(report: Report, context: _Context | None, enrolled: set[Key]) -> _Context | LmsError:
    if context is None or not (context.is_open or report.learner.is_admin):
        return NotFound("There is no such content.")
    if (report.learner.id, context.course_id) not in enrolled:
        return Forbidden(f"Enroll in “{context.course_title}” first.", code="not_enrolled")
    return context


async def _seen(session: AsyncSession, keys: Sequence[Key]) -> dict[Key, Seen]:
    """What is known under each key, its row made where there was none, and locked in the order of the keys."""
    found = await _locked(session, keys)
    if missing := [key for key in keys if key not in found]:
        rows = [{"user_id": user_id, "content_id": content_id, "watched": []} for user_id, content_id in missing]
        await session.execute(insert_into(session, Progress).values(rows).on_conflict_do_nothing())
        found |= await _locked(session, missing)
    return found


def _pairs(wanted: Collection[Key]) -> CTE:
    """To be joined with: then each is found by an index. For `(a, b) IN (…)` SQLite reads the whole table."""
    return values(column("first", Uuid), column("second", Uuid), name="pairs").data(list(wanted)).cte("pairs")


async def _locked(session: AsyncSession, keys: Sequence[Key]) -> dict[Key, Seen]:
    if not keys:
        return {}
    pairs = _pairs(keys)
    columns = (
        Progress.position,
        Progress.position_at,
        Progress.watched,
        Progress.percentage,
        Progress.completed,
        Progress.completed_at,
        Progress.updated_at,
    )
    query = (
        select(Progress.user_id, Progress.content_id, *columns)
        .join(pairs, (Progress.user_id == pairs.c.first) & (Progress.content_id == pairs.c.second))
        .order_by(Progress.user_id, Progress.content_id)
        .with_for_update(of=Progress)
    )
    return {(user_id, content_id): Seen(*values) for user_id, content_id, *values in await session.execute(query)}


async def _store(session: AsyncSession, seen: dict[Key, Seen]) -> None:
    rows = [{"user_id": user_id, "content_id": content_id, **asdict(one)} for (user_id, content_id), one in seen.items()]
    if rows:
        await session.execute(update(Progress), rows)
