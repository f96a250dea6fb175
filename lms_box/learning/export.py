"""What learning keeps about somebody, for themselves to take along."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.courses.tables import Content, Course
from lms_box.learning.tables import Enrollment, Progress


async def export_enrollments(session: AsyncSession, user_id: UUID) -> Any:
    rows = await session.execute(
        select(Enrollment, Course.title)
        .join(Course, Course.id == Enrollment.course_id)
        .where(Enrollment.user_id == user_id)
        .order_by(Enrollment.enrolled_at)
    )
    return [
        {"course_id": str(row.course_id), "course": title, "enrolled_at": row.enrolled_at.isoformat()} for row, title in rows
    ]


async def export_progress(session: AsyncSession, user_id: UUID) -> Any:
    rows = await session.execute(
        select(Progress, Content.title)
        .join(Content, Content.id == Progress.content_id)
        .where(Progress.user_id == user_id)
        .order_by(Progress.updated_at, Progress.content_id)
    )
    return [_progress(row, title) for row, title in rows]


def _progress(row: Progress, title: str) -> dict[str, Any]:
    return {
        "content_id": str(row.content_id),
        "content": title,
        "position": row.position,
        "watched": row.watched,
        "progress_percentage": row.percentage,
        "completed": row.completed,
        "updated_at": row.updated_at.isoformat(),
    }
