"""The doors of the catalogue."""

from sqlalchemy.ext.asyncio import AsyncSession

from lms_box.courses import service
from lms_box.courses.assets import remove_after_commit
from lms_box.courses.messages import (
    ContentChange,
    ContentView,
    CourseChange,
    CourseDraft,
    CourseOrder,
    CoursePage,
    CourseQuery,
    CourseView,
)
from lms_box.courses.tables import Course
from lms_box.courses.thumbnails import change_named_thumbnail
from lms_box.courses.views import Totals, view_attachment, view_content, view_course, view_course_page
from lms_box.db.triggers import CATALOGUE
from lms_box.http.conditional import check_match
from lms_box.http.routing import Call, Needs, Page, Route


async def list_courses(call: Call, *, query: CourseQuery) -> Page:
    """Published courses; for admins all of them."""
    async with call.box.db.reading() as session:
        rows, total = await service.list_courses(session, viewer=call.viewer, query=query)
    return Page([view_course(course, totals) for course, totals in rows], total, query.skip, query.limit)


async def show_course(call: Call) -> CoursePage:
    """The course with its sections and contents in order; the same for everybody."""
    async with call.box.db.reading() as session:
        course = await service.allowed_course(session, viewer=call.viewer, course_id=call.id_of("course_id"))
        return await _page(session, course)


async def add_course(call: Call, *, body: CourseDraft) -> CourseView:
    """Make an empty course."""
    async with call.box.db.writing() as session:
        course = await service.add_course(session, creator_id=call.me.id, draft=body)
        await change_named_thumbnail(session, call.box, course=course, draft=body)
        return view_course(course, Totals())


async def replace_course(call: Call, *, body: CourseDraft) -> CoursePage:
    """Say every field of a course anew."""
    return await _change(call, body)


async def change_course(call: Call, *, body: CourseChange) -> CoursePage:
    """Change the fields that are named."""
    return await _change(call, body)


async def remove_course(call: Call) -> None:
    """Remove a course with its contents and what was made of them."""
    async with call.box.db.writing() as session:
        prefixes = await service.remove_course(session, course_id=call.id_of("course_id"))
        remove_after_commit(session, call.box, prefixes)


async def arrange_course(call: Call, *, body: CourseOrder) -> CoursePage:
    """Put every content of a course where it belongs, in one call."""
    async with call.box.db.writing() as session:
        course = await _course_to_write(session, call)
        return await _page(session, await service.arrange_course(session, course_id=course.id, order=body))


async def show_content(call: Call) -> ContentView:
    """One content, for whoever may see its course."""
    async with call.box.db.reading() as session:
        return await _content(session, call)


async def change_content(call: Call, *, body: ContentChange) -> ContentView:
    """Change the fields that are named."""
    async with call.box.db.writing() as session:
        content_id = call.id_of("content_id")
        await service.get_content(session, content_id=content_id, to_write=True)
        check_match(call.request, await _content(session, call))
        await service.change_content(session, content_id=content_id, change=body)
        return await _content(session, call)


async def remove_content(call: Call) -> None:
    """Remove a content and, when nothing else uses its file, the file."""
    async with call.box.db.writing() as session:
        prefixes = await service.remove_content(session, content_id=call.id_of("content_id"))
        remove_after_commit(session, call.box, prefixes)


async def _change(call: Call, body: CourseDraft | CourseChange) -> CoursePage:
    async with call.box.db.writing() as session:
        course = await _course_to_write(session, call)
        await service.change_course(session, course_id=course.id, change=body)
        await change_named_thumbnail(session, call.box, course=course, draft=body)
        return await _page(session, course)


async def _course_to_write(session: AsyncSession, call: Call) -> Course:
    """Locked before it is compared with what the writer has seen: of two writers one is told."""
    course = await service.get_course(session, course_id=call.id_of("course_id"), to_write=True)
    check_match(call.request, await _page(session, course))
    return course


async def _content(session: AsyncSession, call: Call) -> ContentView:
    content, _, asset = await service.allowed_content(session, viewer=call.viewer, content_id=call.id_of("content_id"))
    attachments = await service.attachments_of(session, content_id=content.id)
    return view_content(content, asset, [view_attachment(*row) for row in attachments])


async def _page(session: AsyncSession, course: Course) -> CoursePage:
    return view_course_page(await service.course_rows(session, course=course))


ADMIN = Needs.ADMIN
COURSE = "/courses/{course_id}"
CONTENT = "/contents/{content_id}"
ROUTES = [
    Route(
        method="GET",
        path="/courses",
        handler=list_courses,
        needs=Needs.CATALOGUE,
        query=CourseQuery,
        returns=list[CourseView],
        cached=CATALOGUE,
    ),
    Route(
        method="POST",
        path="/courses",
        handler=add_course,
        needs=ADMIN,
        body=CourseDraft,
        returns=CourseView,
        status=201,
    ),
    Route(method="GET", path=COURSE, handler=show_course, needs=Needs.CATALOGUE, returns=CoursePage, cached=CATALOGUE),
    Route(method="PUT", path=COURSE, handler=replace_course, needs=ADMIN, body=CourseDraft, returns=CoursePage),
    Route(method="PATCH", path=COURSE, handler=change_course, needs=ADMIN, body=CourseChange, returns=CoursePage),
    Route(method="DELETE", path=COURSE, handler=remove_course, needs=ADMIN),
    Route(method="PUT", path=f"{COURSE}/order", handler=arrange_course, needs=ADMIN, body=CourseOrder, returns=CoursePage),
    Route(method="GET", path=CONTENT, handler=show_content, needs=Needs.CATALOGUE, returns=ContentView),
    Route(method="PATCH", path=CONTENT, handler=change_content, needs=ADMIN, body=ContentChange, returns=ContentView),
    Route(method="DELETE", path=CONTENT, handler=remove_content, needs=ADMIN),
]
