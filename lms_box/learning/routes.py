"""The doors of learning."""

from collections.abc import Callable, Sequence
from urllib.parse import quote

from aiohttp import web
from sqlalchemy import Connection

from lms_box.accounts.service import get_user
from lms_box.courses.service import get_course
from lms_box.http.routing import Answer, Call, Needs, Page, Route
from lms_box.learning import learners, service
from lms_box.learning.messages import (
    Continue,
    CourseOfLearner,
    CourseProgress,
    Dashboard,
    EnrollmentView,
    LearnerQuery,
    LearnerView,
    OverviewView,
    ProgressReport,
    ProgressView,
)
from lms_box.learning.overview import overview_numbers
from lms_box.learning.reports import Reports
from lms_box.learning.roll import write_roll
from lms_box.learning.views import view_course_progress, view_dashboard, view_enrollment, view_place, view_progress
from lms_box.viewer import Viewer

RecentNotes = Callable[..., Sequence[object]]
"""`(connection, *, learner_id)`: notes is a room beside this one, so the app hands its answer over."""
REPORTS = web.AppKey("reports", Reports)
RECENT_NOTES: web.AppKey[RecentNotes] = web.AppKey("recent_notes")


async def enroll(call: Call) -> Answer:
    """Take a course; taking it again answers the same enrollment."""
    async with call.box.db.writing() as session:
        course_id = call.id_of("course_id")
        is_new = await service.enroll(session, learner=call.me, course_id=course_id)
        connection = await session.connection()
        standing = await connection.run_sync(service.standing_in, learner=call.me, course_id=course_id)
    return Answer(view_enrollment(standing), status=201 if is_new else 200)


async def leave(call: Call) -> None:
    """Leave a course; progress is kept."""
    async with call.box.db.writing() as session:
        await service.leave(session, learner=call.me, course_id=call.id_of("course_id"))


async def list_enrollments(call: Call) -> list[EnrollmentView]:
    """The courses I am in, the last enrolled first."""
    shelf = await call.box.db.glance(service.my_courses, learner=call.me)
    return [view_enrollment(standing) for standing in shelf]


async def show_course_progress(call: Call) -> CourseProgress:
    """How far I am in a course, content by content."""
    course_id = call.id_of("course_id")
    return view_course_progress(await call.box.db.glance(service.standing_in, learner=call.me, course_id=course_id))


async def report_progress(call: Call, *, body: ProgressReport) -> ProgressView:
    """Tell what was watched; answered once it is durable."""
    content_id = call.id_of("content_id")
    seen = await call.request.app[REPORTS].submit(learner=call.me, content_id=content_id, told=body)
    return view_progress(content_id, seen)


async def show_dashboard(call: Call) -> Dashboard:
    """Where I left off, my courses with their progress, and my last notes."""
    return await call.box.db.glance(_dashboard, call.me, call.request.app[RECENT_NOTES])


def _dashboard(connection: Connection, me: Viewer, recent_notes: RecentNotes) -> Dashboard:
    shelf = service.my_courses(connection, learner=me)
    return view_dashboard(shelf, _place(connection, shelf), recent_notes(connection, learner_id=me.id))


def _place(connection: Connection, shelf: Sequence[service.CourseStanding]) -> Continue | None:
    found = service.place_to_go_on(shelf)
    content = service.shown_at(connection, found[1]) if found else None
    return view_place(*found, content) if found and content else None


async def show_overview(call: Call) -> OverviewView:
    """The whole box at a glance."""
    async with call.box.db.reading() as session:
        numbers = await overview_numbers(session)
    return OverviewView(**numbers, storage_free=call.box.storage.free())


async def list_learners(call: Call, *, query: LearnerQuery) -> Page:
    """Who is in a course, and how far."""
    async with call.box.db.reading() as session:
        course = await get_course(session, course_id=call.id_of("course_id"))
        rows, total = await learners.list_learners(session, course_id=course.id, query=query)
    return Page(rows, total, query.skip, query.limit)


async def export_learners(call: Call) -> web.Response:
    """Everybody in a course and how far, as a CSV file for spreadsheets."""
    async with call.box.db.reading() as session:
        course = await get_course(session, course_id=call.id_of("course_id"))
        rows = await learners.every_learner(session, course_id=course.id)
    name = quote(f"{course.title}.csv", safe="")
    return web.Response(
        text=write_roll(rows),
        content_type="text/csv",
        charset="utf-8",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Cache-Control": "private, no-store"},
    )


async def list_courses_of(call: Call) -> list[CourseOfLearner]:
    """The courses that somebody is in, and how far."""
    async with call.box.db.reading() as session:
        user = await get_user(session, user_id=call.id_of("id"))
        return await learners.courses_of(session, user_id=user.id)


ENROLLMENT = "/courses/{course_id}/enrollment"
ROUTES = [
    Route(method="POST", path=ENROLLMENT, handler=enroll, returns=EnrollmentView, status=201, repeatable=True),
    Route(method="DELETE", path=ENROLLMENT, handler=leave),
    Route(method="GET", path="/enrollments", handler=list_enrollments, returns=list[EnrollmentView]),
    Route(method="GET", path="/courses/{course_id}/progress", handler=show_course_progress, returns=CourseProgress),
    Route(
        method="PUT",
        path="/contents/{content_id}/progress",
        handler=report_progress,
        body=ProgressReport,
        returns=ProgressView,
    ),
    Route(method="GET", path="/dashboard", handler=show_dashboard, returns=Dashboard),
    Route(
        method="GET",
        path="/courses/{course_id}/learners",
        handler=list_learners,
        needs=Needs.ADMIN,
        query=LearnerQuery,
        returns=list[LearnerView],
    ),
    Route(
        method="GET",
        path="/courses/{course_id}/learners/export",
        handler=export_learners,
        needs=Needs.ADMIN,
        media_type="text/csv",
    ),
    Route(
        method="GET",
        path="/users/{id}/courses",
        handler=list_courses_of,
        needs=Needs.ADMIN,
        returns=list[CourseOfLearner],
    ),
    Route(method="GET", path="/admin/overview", handler=show_overview, needs=Needs.ADMIN, returns=OverviewView),
]
