"""Progress as players report it: what counts, what is merged, and what is never taken away."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from academy import Lesson, add_course, contents_of, page
from cast import Person

from lms_box.box import Box

NOW = datetime.now(UTC)


def at(seconds: float) -> str:
    return (NOW + timedelta(seconds=seconds)).isoformat()


@pytest.fixture
async def course(box: Box) -> UUID:
    return await add_course(
        box,
        "Sailing",
        [
            Lesson("Knots", duration=100.0),
            page("The sheet", pages=10),
            Lesson("The text", type="document", duration=None),
            Lesson("Not measured yet", duration=None, status="pending"),
        ],
    )


@pytest.fixture
async def lessons(box: Box, course: UUID, learner: Person) -> list[UUID]:
    await learner.ask("POST", f"/courses/{course}/enrollment")
    return await contents_of(box, course)


async def put(person: Person, content_id: UUID, **report: Any) -> dict[str, Any]:
    answer = await person.ask("PUT", f"/contents/{content_id}/progress", json=report)
    found: dict[str, Any] = await answer.json()
    assert answer.status == 200, found
    return found


def told(found: dict[str, Any]) -> tuple[float, list[list[float]], float, bool]:
    return found["position"], found["watched"], found["progress_percentage"], found["completed"]


async def test_every_report_adds_to_the_ones_before(learner: Person, course: UUID, lessons: list[UUID]) -> None:
    film = lessons[0]
    steps: list[tuple[dict[str, Any], tuple[float, list[list[float]], float, bool]]] = [
        ({"position": 30, "watched": [[0, 30]]}, (30, [[0, 30]], 30.0, False)),
        ({"position": 99}, (99, [[0, 30]], 30.0, False)),
        ({"position": 1e9, "watched": [[98, 1e9]]}, (100, [[0, 30], [98, 100]], 32.0, False)),
        ({"position": 5, "watched": [[0, 5]]}, (5, [[0, 30], [98, 100]], 32.0, False)),
        ({"watched": [[30, 88]]}, (5, [[0, 88], [98, 100]], 90.0, True)),
        ({"position": 0, "watched": [[0, 10]]}, (0, [[0, 88], [98, 100]], 90.0, True)),
        ({"completed": False}, (0, [[0, 88], [98, 100]], 90.0, False)),
        ({"watched": [[0, 10]]}, (0, [[0, 88], [98, 100]], 90.0, False)),
        ({"completed": True}, (0, [[0, 88], [98, 100]], 90.0, True)),
    ]
    for report, expected in steps:
        assert told(await put(learner, film, **report)) == expected, report
    whole = await (await learner.get(f"/courses/{course}/progress")).json()
    assert [one["content_id"] for one in whole["contents"]] == [str(one) for one in lessons]
    assert whole["progress_percentage"] == 25.0
    assert whole["completed"] is False
    assert whole["contents"][1]["updated_at"] is None


async def test_completes_at_the_courses_own_threshold(
    owner: Person, learner: Person, course: UUID, lessons: list[UUID]
) -> None:
    changed = await owner.ask("PATCH", f"/courses/{course}", json={"completion_threshold": 50})
    assert changed.status == 200
    assert (await put(learner, lessons[0], watched=[[0, 49.9]]))["completed"] is False
    assert (await put(learner, lessons[0], watched=[[0, 50]]))["completed"] is True


async def test_pages_count_from_one_and_both_ends(learner: Person, lessons: list[UUID]) -> None:
    assert told(await put(learner, lessons[1], position=3, watched=[[1, 3]])) == (3, [[1, 3]], 30.0, False)
    assert told(await put(learner, lessons[1], position=99, watched=[[4, 99]])) == (10, [[1, 10]], 100.0, True)
    assert told(await put(learner, lessons[2], position=1, watched=[[1, 1]])) == (1, [[1, 1]], 100.0, True)
    assert told(await put(learner, lessons[3], position=40, watched=[[0, 40]])) == (40, [[0, 40]], 0.0, False)


async def test_an_older_report_adds_what_was_watched_and_moves_nothing(learner: Person, lessons: list[UUID]) -> None:
    film = lessons[0]
    await put(learner, film, position=50, watched=[[40, 50]], at=at(-60))
    assert told(await put(learner, film, position=10, watched=[[0, 10]], at=at(-120)))[:2] == (50, [[0, 10], [40, 50]])
    await put(learner, film, position=20, at=at(3600))  # a clock that goes ahead counts as now
    assert (await put(learner, film, position=30))["position"] == 30


async def test_two_devices_at_once_lose_nothing(learner: Person, lessons: list[UUID]) -> None:
    """Also when both are the first."""
    parts = [[start, start + 10] for start in range(0, 80, 10)]
    await asyncio.gather(*(put(learner, lessons[0], watched=[part]) for part in parts))
    assert (await put(learner, lessons[0], position=1))["watched"] == [[0, 80]]


async def test_two_clicks_are_one_enrollment(course: UUID, learner: Person) -> None:
    answers = await asyncio.gather(*(learner.ask("POST", f"/courses/{course}/enrollment") for _ in range(4)))
    assert sorted(answer.status for answer in answers) == [200, 200, 200, 201]
    assert len(await (await learner.get("/enrollments")).json()) == 1


async def test_leaving_keeps_what_was_seen(learner: Person, course: UUID, lessons: list[UUID]) -> None:
    await put(learner, lessons[0], position=30, watched=[[0, 30]])
    assert (await learner.ask("DELETE", f"/courses/{course}/enrollment")).status == 204
    refused = await learner.ask("PUT", f"/contents/{lessons[0]}/progress", json={"position": 1})
    assert (refused.status, (await refused.json())["code"]) == (403, "not_enrolled")
    assert (await (await learner.get("/enrollments")).json()) == []
    assert (await learner.ask("POST", f"/courses/{course}/enrollment")).status == 201
    back = await (await learner.get(f"/courses/{course}/progress")).json()
    assert told(back["contents"][0]) == (30, [[0, 30]], 30.0, False)


NO_REPORTS: list[dict[str, Any]] = [
    {},
    {"position": -1},
    {"position": "soon"},
    {"watched": [[0]]},
    {"watched": [[0, 1, 2]]},
    {"watched": [[-1, 5]]},
    {"watched": [[0, 1e300]]},
    {"watched": [[0, 1]] * 1001},
    {"position": 1, "at": "2026-01-01T00:00:00"},
    {"position": 1, "at": "yesterday"},
    {"position": 1, "at": 1700000000},
    {"position": 1, "at": "0001-01-01T00:00:00+14:00"},
    {"position": 1, "at": "9999-12-31T23:59:59-14:00"},
    {"position": "1"},
    {"completed": 1},
    {"position": 1, "percentage": 100},
    {"completed": None},
]


async def test_refuses_what_is_no_report_and_stores_nothing(learner: Person, course: UUID, lessons: list[UUID]) -> None:
    for report in NO_REPORTS:
        answer = await learner.ask("PUT", f"/contents/{lessons[0]}/progress", json=report)
        assert (answer.status, (await answer.json())["code"]) == (422, "invalid"), report
    shown = await (await learner.get(f"/courses/{course}/progress")).json()
    assert shown["contents"][0]["updated_at"] is None
