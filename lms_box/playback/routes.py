"""The doors of playback: what there is to play of a content, at signed addresses."""

import time
from posixpath import basename, splitext
from uuid import UUID

from aiohttp import web

from lms_box.courses.tables import Asset, Content
from lms_box.http.routing import Call, Needs, Route
from lms_box.playback import service
from lms_box.playback.messages import PlaybackView
from lms_box.playback.serving import LINKS
from lms_box.playback.views import Playable, Signing, view_playback

IS_ENROLLED: web.AppKey[service.IsEnrolled] = web.AppKey("is_enrolled")
NOBODY = UUID(int=0)


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


def _signing(call: Call) -> Signing:
    """A visitor at a preview gets links of their own, under the id of nobody."""
    learner = call.viewer.id if call.viewer else NOBODY
    return Signing(call.request.app[LINKS], call.box.storage, learner, time.time())


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
