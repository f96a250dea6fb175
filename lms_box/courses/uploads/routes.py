"""The doors of uploads that come whole, and of contents made from what has come."""

import asyncio
import hashlib
from uuid import UUID

from lms_box.accounts import pictures
from lms_box.config import Settings
from lms_box.courses.messages import ContentView, Thumbnail
from lms_box.courses.service import get_course
from lms_box.courses.thumbnails import change_thumbnail
from lms_box.courses.uploads import caption_doors, tus
from lms_box.courses.uploads.digests import take_digest
from lms_box.courses.uploads.keeping import Received, coming, keeping
from lms_box.courses.uploads.messages import ContentDraft, ContentUpload, ThumbnailUpload, UploadedContent
from lms_box.courses.uploads.resumable import alone, get_finished, path_of, use_upload
from lms_box.courses.uploads.service import Placing, add_content, title_from
from lms_box.courses.uploads.tables import Upload
from lms_box.courses.views import view_content
from lms_box.errors import Invalid
from lms_box.http.multipart import receive_form
from lms_box.http.routing import Call, Needs, Route
from lms_box.storage.space import require_room


async def upload_content(call: Call) -> UploadedContent:
    """Add a file to a course; what it is, its bytes say."""
    size = call.request.content_length or 0
    require_room(call.box.storage.free(), size, "The file")
    async with coming(size):
        return await _take_in(call)


async def _take_in(call: Call) -> UploadedContent:
    box = call.box
    with box.storage.scratch(box.owner.name) as folder:
        form = await receive_form(call.request, into=folder, most=box.settings.limits.upload_bytes)
        said, file = form.checked(ContentUpload), form.get_file()
        if file.size == 0:
            raise Invalid("This file is empty.", code="empty_file")
        placing = Placing(said.course_id, said.section_id, said.title or title_from(file.name))
        view = await _add(call, Received(file.path, file.name, file.size, file.sha256), placing)
    return UploadedContent(id=view.id, url=view.file_url, status=view.status)


async def upload_thumbnail(call: Call) -> Thumbnail:
    """Make a small picture; with `course_id` it becomes that course's thumbnail.

    Without one, it waits for a course that names its address; if none does, it goes when the box starts again.
    """
    box = call.box
    with box.storage.scratch(box.owner.name) as folder:
        form = await receive_form(call.request, into=folder, most=pictures.MOST_BYTES)
        course_id = form.checked(ThumbnailUpload).course_id
        if course_id is not None:
            async with box.db.reading() as session:
                await get_course(session, course_id=course_id)
        key = await pictures.keep_picture(box, source=form.get_file().path, folder=folder)
    if course_id is not None:
        async with box.db.writing() as session:
            course = await get_course(session, course_id=course_id, to_write=True)
            await change_thumbnail(session, box, course=course, key=key)
    return Thumbnail(url=f"/media/{key}")


async def add_course_content(call: Call, *, body: ContentDraft) -> ContentView:
    """Add a content: of a finished upload, or of a text in Markdown."""
    course_id = call.id_of("course_id")
    async with call.box.db.reading() as session:
        await get_course(session, course_id=course_id)
    if body.upload_id is not None:
        return await _add_upload(call, body)
    assert body.text is not None
    data = body.text.encode()
    placing = Placing(course_id, body.section_id, body.title or "Untitled", body.description, body.is_preview)
    with call.box.storage.scratch(call.box.owner.name) as folder:
        path = folder / "text.md"
        await asyncio.to_thread(path.write_bytes, data)
        return await _add(call, Received(path, path.name, len(data), hashlib.sha256(data).hexdigest()), placing)


async def _add_upload(call: Call, body: ContentDraft) -> ContentView:
    """One request at a time uses an upload, and only once."""
    assert body.upload_id is not None
    path = path_of(call.box, body.upload_id)
    await _finished(call, body.upload_id)
    with alone(path):
        upload = await _finished(call, body.upload_id)
        title = body.title or upload.title or title_from(upload.name)
        placing = Placing(call.id_of("course_id"), body.section_id, title, body.description, body.is_preview)
        content, asset = await use_upload(call.box, upload, path, placing, take_digest(upload))
    return view_content(content, asset, ())


async def _finished(call: Call, upload_id: UUID) -> Upload:
    async with call.box.db.reading() as session:
        return await get_finished(session, user_id=call.me.id, upload_id=upload_id)


async def _add(call: Call, received: Received, placing: Placing) -> ContentView:
    async with keeping(call.box, received) as kept, call.box.db.writing() as session:
        content, asset = await add_content(session, placing=placing, kept=kept)
    return view_content(content, asset, ())


def _content_bytes(settings: Settings) -> int:
    return settings.limits.upload_bytes


def _picture_bytes(_settings: Settings) -> int:
    return pictures.MOST_BYTES


ADMIN = Needs.ADMIN
ROUTES = [
    Route(
        method="POST",
        path="/upload/content",
        handler=upload_content,
        needs=ADMIN,
        form=ContentUpload,
        takes=_content_bytes,
        returns=UploadedContent,
        status=201,
        counted=False,
    ),
    Route(
        method="POST",
        path="/upload/thumbnail",
        handler=upload_thumbnail,
        needs=ADMIN,
        form=ThumbnailUpload,
        takes=_picture_bytes,
        returns=Thumbnail,
        status=201,
        counted=False,
    ),
    Route(
        method="POST",
        path="/courses/{course_id}/contents",
        handler=add_course_content,
        needs=ADMIN,
        body=ContentDraft,
        returns=ContentView,
        status=201,
    ),
    *tus.ROUTES,
    *caption_doors.ROUTES,
]
