"""From rows to what learners see of their learning; pure."""

from collections.abc import Sequence
from uuid import UUID

from lms_box.courses.views import Columns, Totals, view_content, view_course
from lms_box.learning.messages import (
    Continue,
    CourseOnShelf,
    CourseProgress,
    Dashboard,
    EnrollmentView,
    ProgressView,
    RecentNote,
)
from lms_box.learning.service import CourseStanding, Step
from lms_box.learning.watching import Seen


def view_progress(content_id: UUID, seen: Seen | None) -> ProgressView:
    """Of a content that was never opened: nothing seen yet."""
    seen = seen or Seen()
    return ProgressView(
        content_id=content_id,
        position=seen.position,
        watched=[(start, end) for start, end in seen.watched],
        progress_percentage=seen.percentage,
        completed=seen.completed,
        updated_at=seen.updated_at,
    )


def view_course_progress(standing: CourseStanding) -> CourseProgress:
    return CourseProgress(
        course_id=standing.course.id,
        progress_percentage=standing.percentage,
        completed=standing.is_completed,
        contents=[view_progress(step.content_id, step.seen) for step in standing.steps],
    )


def view_enrollment(standing: CourseStanding) -> EnrollmentView:
    """Completed with the last of its contents."""
    done = (step.seen.completed_at for step in standing.steps if step.seen and standing.is_completed)
    return EnrollmentView(
        course_id=standing.course.id,
        enrolled_at=standing.course.enrolled_at,
        completed_at=max((moment for moment in done if moment), default=None),
        progress_percentage=standing.percentage,
    )


def view_dashboard(shelf: list[CourseStanding], here: Continue | None, notes: Sequence[object]) -> Dashboard:
    return Dashboard(
        continue_=here,
        courses=[_on_shelf(standing) for standing in shelf],
        notes=[RecentNote.model_validate(note) for note in notes],
    )


def view_place(standing: CourseStanding, step: Step, content: Columns) -> Continue:
    return Continue(
        course=view_course(standing.course, _totals(standing)),
        content=view_content(content, content, ()),
        progress=view_progress(step.content_id, step.seen),
    )


def _on_shelf(standing: CourseStanding) -> CourseOnShelf:
    return CourseOnShelf(
        course=view_course(standing.course, _totals(standing)),
        progress_percentage=standing.percentage,
        completed=standing.is_completed,
        next_content_id=next((step.content_id for step in standing.steps if step.is_ahead), None),
        done=standing.done,
        total=len(standing.steps),
    )


def _totals(standing: CourseStanding) -> Totals:
    return Totals(len(standing.steps), sum(step.seconds or 0.0 for step in standing.steps))
