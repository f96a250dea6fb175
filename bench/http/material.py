"""The same courses, people and progress for both servers, as plain rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

SPACE = UUID("6a6f7572-6e65-7973-8000-6c6d735f626f")
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
CONTENTS = 10
"""In each course."""
TAKEN = 2
"""Courses that each person is in, with progress in every content."""
Row = dict[str, Any]


@dataclass(frozen=True)
class Material:
    """At size 1: 200 courses, 1,000 people, 20,000 rows of progress."""

    size: int = 1

    @property
    def course_ids(self) -> list[UUID]:
        return [uuid5(SPACE, f"course {number}") for number in range(200 * self.size)]

    @property
    def user_ids(self) -> list[UUID]:
        return [uuid5(SPACE, f"user {number}") for number in range(1000 * self.size)]

    def courses(self) -> Iterator[Row]:
        for number, course_id in enumerate(self.course_ids):
            yield {
                "id": course_id,
                "title": f"Course {number}: a walk through the subject",
                "description": "What it is about, for whom it is, and what one can do afterwards. " * 4,
                "instructor": f"Instructor {number % 17}",
                "difficulty": ("beginner", "intermediate", "advanced")[number % 3],
                "category": f"Category {number % 9}",
                "status": "published",
                "completion_threshold": 90,
                "created_at": START,
                "updated_at": START,
            }

    def sections(self) -> Iterator[Row]:
        for course_id in self.course_ids:
            yield {"id": section_of(course_id), "course_id": course_id, "title": "The whole course", "order_index": 0}

    def contents(self) -> Iterator[Row]:
        for course_id in self.course_ids:
            for index, content_id in enumerate(contents_of(course_id)):
                yield {
                    "id": content_id,
                    "course_id": course_id,
                    "section_id": section_of(course_id),
                    "type": "video",
                    "title": f"Lesson {index + 1}",
                    "description": "",
                    "order_index": index,
                    "is_preview": False,
                    "is_archived": False,
                    "created_at": START,
                    "updated_at": START,
                }

    def users(self) -> Iterator[Row]:
        for number, user_id in enumerate(self.user_ids):
            yield {"id": user_id, "email": email_of(number), "name": f"Person {number}", "role": "user", "is_active": True}

    def enrollments(self) -> Iterator[Row]:
        for number, user_id in enumerate(self.user_ids):
            for course_id in self.taken(number):
                yield {"user_id": user_id, "course_id": course_id, "enrolled_at": START}

    def progress(self) -> Iterator[Row]:
        for number, user_id in enumerate(self.user_ids):
            for course_id in self.taken(number):
                for index, content_id in enumerate(contents_of(course_id)):
                    yield {
                        "user_id": user_id,
                        "content_id": content_id,
                        "position": 60.0,
                        "watched": [[0.0, 60.0]] if index else [[0.0, 600.0]],
                        "percentage": 10.0 if index else 100.0,
                        "completed": not index,
                        "updated_at": START,
                    }

    def taken(self, number: int) -> list[UUID]:
        """The courses of the person with this number."""
        return [self.course_at(number * TAKEN + offset) for offset in range(TAKEN)]

    def course_at(self, index: int) -> UUID:
        return uuid5(SPACE, f"course {index % (200 * self.size)}")


def email_of(number: int) -> str:
    return f"person{number}@example.org"


def section_of(course_id: UUID) -> UUID:
    return uuid5(course_id, "section")


def contents_of(course_id: UUID) -> list[UUID]:
    return [uuid5(course_id, f"content {index}") for index in range(CONTENTS)]
