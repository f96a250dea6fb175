"""The doors of playback: what there is to play, and the bytes behind signed links."""

import time
from pathlib import Path
from posixpath import basename, splitext
from urllib.parse import quote
from uuid import UUID

from aiohttp import web

from lms_box.courses.tables import Asset, Content
from lms_box.errors import Invalid, NotFound
from lms_box.http.routing import BOX, Call, Needs, Route
from lms_box.http.signed import Grant, Links
from lms_box.playback import service
from lms_box.playback.files import SANDBOX
from lms_box.playback.messages import PlaybackView
from lms_box.playback.views import Playable, Signing, view_playback
from lms_box.storage.base import Storage
from lms_box.storage.types import type_of

LINKS = web.AppKey("links", Links)
IS_ENROLLED: web.AppKey[service.IsEnrolled] = web.AppKey("is_enrolled")
NOBODY = UUID(int=0)
PUBLIC = "public, max-age=31536000, immutable"
PRIVATE = "private, max-age=21600, immutable"


async def show_playback(call: Call) -> PlaybackView:
    """Signed addresses of all that can be played or read of a content."""
    async with call.box.db.reading() as session:
        content, asset = await service.playable_content(
            session, viewer=call.viewer, content_id=call.id_of("content_id"), is_enrolled=call.request.app[IS_ENROLLED]
        )
        build = await service.newest_build(session, asset_id=asset.id)
        captions = await service.caption_builds(session, content_id=content.id)
    return view_playback(Playable(content, asset, build, captions), _signing(call), file_name=_file_name(content, asset))


async def show_content_file(call: Call) -> web.Response:
    """Redirects to the signed address of the original."""
    async with call.box.db.reading() as session:
        content, asset = await service.playable_content(
            session, viewer=call.viewer, content_id=call.id_of("content_id"), is_enrolled=call.request.app[IS_ENROLLED]
        )
    return _redirect(_signing(call).source(asset, title=_file_name(content, asset)))


async def show_attachment_file(call: Call) -> web.Response:
    """Redirects to the signed address of an attachment."""
    async with call.box.db.reading() as session:
        attachment, asset = await service.playable_attachment(
            session,
            viewer=call.viewer,
            attachment_id=call.id_of("attachment_id"),
            is_enrolled=call.request.app[IS_ENROLLED],
        )
    return _redirect(_signing(call).source(asset, title=basename(attachment.path)))


async def serve_signed(request: web.Request) -> web.StreamResponse:
    """The bytes behind a signed link, by sendfile, with ranges and conditions; no database is asked."""
    grant = request.app[LINKS].read(request.match_info["token"], at=time.time())
    name = request.match_info["name"]
    return _serve(request, _key_of(grant, name), name, PRIVATE)


async def serve_public(request: web.Request) -> web.StreamResponse:
    """Course pictures and faces: under names that nobody can guess, and no secret."""
    name = request.match_info["name"]
    return _serve(request, f"public/{name}", name, PUBLIC)


def _serve(request: web.Request, key: str, name: str, cache: str) -> web.StreamResponse:
    path = _find_file(request.app[BOX].storage, key)
    if path is None:
        raise NotFound("There is nothing at this address.")
    _check_range(request, path.stat().st_size)
    headers = {
        "Cache-Control": cache,
        "Content-Type": type_of(name),
        "Content-Security-Policy": SANDBOX,
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if title := request.query.get("name"):
        kind = "attachment" if headers["Content-Type"] == "application/octet-stream" else "inline"
        headers["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(title, safe='')}"
    return web.FileResponse(path, headers=headers)


def _find_file(storage: Storage, key: str) -> Path | None:
    try:
        path = storage.local_path(key)
    except Invalid:  # an address that leads out of the folder, or is no name at all
        return None
    return path if path and path.is_file() else None


def _check_range(request: web.Request, size: int) -> None:
    """aiohttp would refuse these too, but without a word."""
    if "If-Range" in request.headers:
        return
    try:
        start = request.http_range.start
    except ValueError:
        raise web.HTTPRequestRangeNotSatisfiable from None
    if start is not None and start >= max(size, 1):
        raise web.HTTPRequestRangeNotSatisfiable


def _key_of(grant: Grant, name: str) -> str:
    """A grant for a build opens that build's folder; one whose build is the asset itself opens the original."""
    if grant.build != grant.asset:
        return f"assets/{grant.asset}/{grant.build}/{name}"
    if "/" in name or not name.startswith("source"):
        raise NotFound("There is nothing at this address.")
    return f"assets/{grant.asset}/{name}"


def _signing(call: Call) -> Signing:
    """A visitor at a preview gets links of their own, under the id of nobody."""
    learner = call.viewer.id if call.viewer else NOBODY
    return Signing(call.request.app[LINKS], learner, time.time())


def _file_name(content: Content, asset: Asset) -> str:
    return basename(content.path) if content.path else f"{content.title}{splitext(asset.key)[1]}"


def _redirect(address: str) -> web.Response:
    return web.Response(status=302, headers={"Location": address, "Cache-Control": "private, no-store"})


WHERE = {"Location": "the signed address"}
ROUTES = [
    Route(
        method="GET",
        path="/contents/{content_id}/playback",
        handler=show_playback,
        needs=Needs.CATALOGUE,
        returns=PlaybackView,
    ),
    Route(
        method="GET",
        path="/contents/{content_id}/file",
        handler=show_content_file,
        needs=Needs.CATALOGUE,
        status=302,
        says=WHERE,
    ),
    Route(
        method="GET",
        path="/attachments/{attachment_id}/file",
        handler=show_attachment_file,
        needs=Needs.CATALOGUE,
        status=302,
        says=WHERE,
    ),
]
FILES = [
    web.get("/media/public/{name:[0-9a-f-]+\\.webp}", serve_public),
    web.get("/media/{token}/{name:.+}", serve_signed),
]
