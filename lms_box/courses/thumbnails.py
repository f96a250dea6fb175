"""A course's picture: which one it shows, and what becomes of the one before."""

from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.box import Box
from lms_box.courses.assets import remove_after_commit
from lms_box.courses.messages import CourseChange, CourseDraft
from lms_box.courses.tables import Course
from lms_box.db.base import now
from lms_box.errors import Invalid
from lms_box.storage import pending
from lms_box.storage.tables import PendingWrite

MEDIA = "/media/"


async def change_thumbnail(session: AsyncSession, box: Box, *, course: Course, key: str | None) -> None:
    """Shows a picture that was uploaded and has no course yet, or none."""
    if key == course.thumbnail_key:
        return
    if key is not None and await session.get(PendingWrite, key) is None:
        words = "There is no such picture that waits for a course. Please upload it again."
        raise Invalid(words, code="unknown_picture", fields=(("thumbnail_url", "unknown_picture", words),))
    if course.thumbnail_key:
        remove_after_commit(session, box, [course.thumbnail_key])
    course.thumbnail_key, course.updated_at = key, now()
    if key is not None:
        await pending.settle(session, prefixes=[key])
    await session.flush()


async def change_named_thumbnail(session: AsyncSession, box: Box, *, course: Course, draft: CourseDraft | CourseChange) -> None:
    """Who says nothing of the picture leaves it; null takes it away."""
    if "thumbnail_url" in draft.model_fields_set:
        url = draft.thumbnail_url
        await change_thumbnail(session, box, course=course, key=url.removeprefix(MEDIA) if url else None)
