"""The doors of resumable uploads: tus 1.0 with creation, expiration, termination and checksum."""

import base64
import re
from binascii import Error
from collections.abc import AsyncIterator
from contextlib import nullcontext
from email.utils import format_datetime
from io import FileIO

from aiohttp import web
from pydantic import ValidationError

from lms_box.config import Settings
from lms_box.courses.service import get_course
from lms_box.courses.staging.service import allowed_open_import
from lms_box.courses.tables import Section
from lms_box.courses.uploads.checksums import ALGORITHMS, Checksum
from lms_box.courses.uploads.keeping import coming
from lms_box.courses.uploads.messages import AnnouncingHeaders, PieceHeaders, TusHeaders, TusMetadata
from lms_box.courses.uploads.resumable import (
    LIFETIME,
    allowed_upload,
    alone,
    append_piece,
    collect_abandoned,
    finish_upload,
    path_of,
    remove_upload,
)
from lms_box.courses.uploads.tables import Upload
from lms_box.db.base import now
from lms_box.errors import Conflict, Invalid, Malformed, Precondition, Unsupported
from lms_box.http.bodies import BROKEN_LINE, line_broke, patient, too_large
from lms_box.http.problems import invalid_fields
from lms_box.http.routing import Call, Needs, Route
from lms_box.storage.space import require_room

VERSION = "1.0.0"
BATCH = 1024 * 1024
PIECE_TYPE = "application/offset+octet-stream"
NUMBER = re.compile(r"[0-9]{1,100}")


async def show_protocol(call: Call) -> web.Response:
    """What this server understands of tus."""
    headers = {
        "Tus-Extension": "creation,expiration,termination,checksum",
        "Tus-Max-Size": str(call.box.settings.limits.upload_bytes),
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }
    return web.Response(status=204, headers=headers)


async def begin_upload(call: Call) -> web.Response:
    """Announce a file; its pieces go to the address in `Location`."""
    _check_version(call.request)
    said = call.request.headers.get("Upload-Metadata", "")
    metadata = _metadata(said)
    size = _size(call, may_be_empty=metadata.import_id is not None)
    await collect_abandoned(call.box)
    require_room(call.box.storage.free(), size, metadata.filename or "The file")
    async with call.box.db.writing() as session:
        if metadata.import_id is not None:
            await allowed_open_import(session, user_id=call.me.id, import_id=metadata.import_id, to_write=True)
        if metadata.course_id is not None:
            await get_course(session, course_id=metadata.course_id)
        if metadata.section_id is not None:
            section = await session.get(Section, metadata.section_id)
            if section is None or section.course_id != metadata.course_id:
                raise Invalid("This course has no such section.", code="unknown_section")
        upload = Upload(
            user_id=call.me.id,
            size=size,
            name=metadata.filename,
            title=metadata.title,
            course_id=metadata.course_id,
            section_id=metadata.section_id,
            import_id=metadata.import_id,
            path=metadata.path or "",
            said=said,
            expires_at=now() + LIFETIME,
        )
        session.add(upload)
        await session.flush()
    if size == 0:
        await _keep_empty(call, upload)
    location = f"{call.request.path}/{upload.id}"
    return web.Response(status=201, headers={"Location": location, "Upload-Expires": _expires(upload)})


async def _keep_empty(call: Call, upload: Upload) -> None:
    """No piece will come of it."""
    path = path_of(call.box, upload.id)
    with alone(path):
        await finish_upload(call.box, upload, None)


async def show_upload(call: Call) -> web.Response:
    """How much of an upload has come."""
    _check_version(call.request)
    upload = await _allowed(call)
    headers = {**_state(upload), "Upload-Length": str(upload.size), "Cache-Control": "no-store"}
    return web.Response(headers=headers | ({"Upload-Metadata": upload.said} if upload.said else {}))


async def receive_piece(call: Call) -> web.Response:
    """Take the next piece; with the last one the file becomes a content, if a course was named."""
    _check_version(call.request)
    if call.request.content_type != PIECE_TYPE:
        raise Unsupported(f"Send the piece as {PIECE_TYPE}.")
    checksum = Checksum.parse(call.request.headers.get("Upload-Checksum"))
    upload = await _allowed(call)
    _check_offset(call.request, upload)
    if upload.received < upload.size:
        with alone(path_of(call.box, upload.id)) as file:
            upload = await _allowed(call)  # another request may have been at work until now
            _check_offset(call.request, upload)
            await _take_in(call, upload, file, checksum)
        upload = await _allowed(call)
    return web.Response(status=204, headers=_state(upload))


async def _take_in(call: Call, upload: Upload, file: FileIO, checksum: Checksum | None) -> None:
    async with coming(upload.size) if upload.import_id is None else nullcontext():
        received, digest = await append_piece(call.box, upload, file, _batches(call.request), checksum)
        if received == upload.size:
            await finish_upload(call.box, upload, digest)


async def end_upload(call: Call) -> None:
    """Give an upload up."""
    _check_version(call.request)
    upload = await _allowed(call)
    if upload.received < upload.size:
        with alone(path_of(call.box, upload.id)):
            await remove_upload(call.box, upload.id)
    else:
        await remove_upload(call.box, upload.id)


async def add_tus_headers(request: web.Request, response: web.StreamResponse) -> None:
    if request.path.startswith("/api/v1/upload/tus"):
        response.headers.update({"Tus-Resumable": VERSION, "Tus-Version": VERSION})


async def _allowed(call: Call) -> Upload:
    async with call.box.db.reading() as session:
        return await allowed_upload(session, user_id=call.me.id, upload_id=call.id_of("upload_id"))


def _state(upload: Upload) -> dict[str, str]:
    """`X-Content-Id` names what the upload has become."""
    made = {"X-Content-Id": str(upload.content_id)} if upload.content_id else {}
    return {"Upload-Offset": str(upload.received), "Upload-Expires": _expires(upload), **made}


def _expires(upload: Upload) -> str:
    return format_datetime(upload.expires_at, usegmt=True)


def _check_version(request: web.Request) -> None:
    if request.headers.get("Tus-Resumable") != VERSION:
        raise Precondition(f"This is tus {VERSION}: say so in Tus-Resumable.", code="tus_version")


def _check_offset(request: web.Request, upload: Upload) -> None:
    offset = _number(request, "Upload-Offset")
    if offset != upload.received:
        raise Conflict(f"{upload.received} bytes are here, so the next piece begins there.", code="wrong_offset")
    length = request.content_length
    if length is not None and length > upload.size - upload.received:
        raise too_large(upload.size - upload.received, length)


def _size(call: Call, *, may_be_empty: bool) -> int:
    size = _number(call.request, "Upload-Length")
    most = call.box.settings.limits.upload_bytes
    if size > most:
        raise too_large(most, size)
    if size == 0 and not may_be_empty:
        raise Invalid("This file is empty.", code="empty_file")
    return size


def _number(request: web.Request, header: str) -> int:
    text = request.headers.get(header, "")
    if not NUMBER.fullmatch(text):
        raise Malformed(f"{header} must be a number of bytes.", code="malformed_header")
    return int(text)


def _metadata(said: str) -> TusMetadata:
    """Raises Malformed for what is no list of names with values in base64, Invalid for a course that is no id.

    What only the client understands may be any bytes.
    """
    if not said.isascii():
        raise Malformed("Upload-Metadata must be names and values in plain ASCII.", code="malformed_header")
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in said.split(","))):
        name, _, value = pair.partition(" ")
        try:
            raw = base64.b64decode(value, validate=True)
            if name in TusMetadata.model_fields and raw:
                found[name] = raw.decode("utf-8")
        except (Error, ValueError):
            raise Malformed("Upload-Metadata must be names with values in base64.", code="malformed_header") from None
    try:
        return TusMetadata.model_validate(found)
    except ValidationError as error:
        raise invalid_fields(error) from None


async def _batches(request: web.Request) -> AsyncIterator[bytes]:
    """What came before the line broke is given too."""
    batch, is_broken = bytearray(), False
    try:
        async for piece in patient(request.content.iter_any()):
            batch += piece
            if len(batch) >= BATCH:
                yield bytes(batch)
                batch.clear()
    except BROKEN_LINE:
        is_broken = True
    if batch:
        yield bytes(batch)
    if is_broken:
        raise line_broke()


def _most(settings: Settings) -> int:
    return settings.limits.upload_bytes


ADMIN = Needs.ADMIN
TUS = "/upload/tus"
ONE = f"{TUS}/{{upload_id}}"
LEFT = {"Upload-Offset": "bytes that are here", "Upload-Expires": "until when the rest may come"}
MADE = {"X-Content-Id": "the content that it has become"}
UNDERSTOOD = {
    "Tus-Version": "the versions of the protocol",
    "Tus-Extension": "its extensions",
    "Tus-Max-Size": "the most bytes of a file",
    "Tus-Checksum-Algorithm": "how a piece may be vouched for",
}
ROUTES = [
    Route(method="OPTIONS", path=TUS, handler=show_protocol, needs=Needs.NOBODY, status=204, says=UNDERSTOOD, counted=False),
    Route(
        method="POST",
        path=TUS,
        handler=begin_upload,
        needs=ADMIN,
        headers=AnnouncingHeaders,
        status=201,
        says={"Location": "where its pieces go", "Upload-Expires": LEFT["Upload-Expires"]},
        counted=False,
    ),
    Route(
        method="HEAD",
        path=ONE,
        handler=show_upload,
        needs=ADMIN,
        headers=TusHeaders,
        status=200,
        says={**LEFT, **MADE, "Upload-Length": "bytes of the whole file", "Upload-Metadata": "as it was announced"},
        counted=False,
    ),
    Route(
        method="PATCH",
        path=ONE,
        handler=receive_piece,
        needs=ADMIN,
        headers=PieceHeaders,
        taken_type=PIECE_TYPE,
        takes=_most,
        status=204,
        says={**LEFT, **MADE},
        counted=False,
    ),
    Route(method="DELETE", path=ONE, handler=end_upload, needs=ADMIN, headers=TusHeaders, counted=False),
]
