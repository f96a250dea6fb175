"""From rows to what learners see of their learning; pure."""

from collections.abc import Sequence
from uuid import UUID

from lms_box.courses.views import Totals, view_content, view_course
from lms_box.learning.messages import (
    Continue,
    CourseOnShelf,
    CourseProgress,
    Dashboard,
    EnrollmentView,
    ProgressView,
    RecentNote,
)
from lms_box.learning.service import CourseStanding
from lms_box.learning.tables import Enrollment, Progress
from lms_box.learning.watching import Seen


def view_progress(content_id: UUID, seen: Seen | Progress | None) -> ProgressView:
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
        contents=[view_progress(content.id, progress) for content, _, progress in standing.contents],
    )


def view_enrollment(enrollment: Enrollment, standing: CourseStanding) -> EnrollmentView:
    finished = [row.updated_at for _, _, row in standing.contents if row] if standing.is_completed else []
    return EnrollmentView(
        course_id=enrollment.course_id,
        enrolled_at=enrollment.enrolled_at,
        completed_at=max(finished, default=None),
        progress_percentage=standing.percentage,
    )


def view_dashboard(shelf: list[CourseStanding], notes: Sequence[object]) -> Dashboard:
    return Dashboard(
        continue_=_continue(shelf),
        courses=[_on_shelf(standing) for standing in shelf],
        notes=[RecentNote.model_validate(note) for note in notes],
    )


def _on_shelf(standing: CourseStanding) -> CourseOnShelf:
    open_ones = (content.id for content, _, progress in standing.contents if not (progress and progress.completed))
    return CourseOnShelf(
        course=view_course(standing.course, _totals(standing)),
        progress_percentage=standing.percentage,
        completed=standing.is_completed,
        next_content_id=next(open_ones, None),
        done=standing.done,
        total=len(standing.contents),
    )


def _continue(shelf: list[CourseStanding]) -> Continue | None:
    """The content touched last; when it is done, the next open one, from there on and then from the start."""
    touched = [
        (progress.updated_at, standing, index)
        for standing in shelf
        for index, (_, _, progress) in enumerate(standing.contents)
        if progress
    ]
    for _, standing, index in sorted(touched, key=lambda row: row[0], reverse=True):
        for content, asset, progress in (*standing.contents[index:], *standing.contents[:index]):
            if not (progress and progress.completed):
                return Continue(
                    course=view_course(standing.course, _totals(standing)),
                    content=view_content(content, asset, ()),
                    progress=view_progress(content.id, progress),
                )
    return None


def _totals(standing: CourseStanding) -> Totals:
    return Totals(len(standing.contents), sum(asset.duration or 0.0 for _, asset, _ in standing.contents))
