"""The short way of a kept answer: from memory to the socket, past the router, the middlewares and headers put together anew."""

import secrets
from collections.abc import Awaitable, Callable

from aiohttp import HttpVersion11, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.helpers import rfc822_formatted_time

from lms_box.errors import LmsError
from lms_box.http.conditional import is_known
from lms_box.http.doors import check_needs, knocker_of
from lms_box.http.headers import BEHIND_TLS
from lms_box.http.kept import KEPT, Kept, Key
from lms_box.http.limits import RATE_LIMITS
from lms_box.http.routing import BOX, Route
from lms_box.http.sessions import IDENTIFY, credentials_of, is_secure
from lms_box.viewer import Viewer

TLS_LINE = ": ".join(BEHIND_TLS) + "\r\n"


class Shortcut:
    """Asks of a request what its door would. Whatever is not plain goes the long way: the door refuses, and keeps answers."""

    def __init__(self, app: web.Application, long_way: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> None:
        self._box, self._limits = app[BOX], app[RATE_LIMITS]
        self._kept, self._people = app[KEPT], app[IDENTIFY]
        self._long_way = long_way
        # Where pages of other sites may read, each is told something else.
        self._is_open = not self._box.settings.server.cors_origins

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        return self._find(request) or await self._long_way(request)

    def _find(self, request: web.Request) -> "_Written | None":
        is_plain = self._is_open and request.method == "GET" and request.keep_alive and request.version == HttpVersion11
        route = self._kept.find_route(request) if is_plain else None
        if route is None:
            return None
        credentials = credentials_of(request)
        viewer = self._people.recall(self._box, credentials) if credentials else None
        if credentials is not None and viewer is None:
            return None
        found = self._find_for(viewer, route, request)
        return self._counted(request, viewer, found) if found else None

    def _find_for(self, viewer: Viewer | None, route: Route, request: web.Request) -> Kept | None:
        try:
            check_needs(route.needs, viewer, self._box)
        except LmsError:
            return None
        assert route.cached
        revision = self._box.revisions.of(route.cached)
        return None if revision is None else self._kept.find(revision, Key.of(request, viewer))

    def _counted(self, request: web.Request, viewer: Viewer | None, kept: Kept) -> "_Written | None":
        who, what = knocker_of(request, viewer, self._box.settings), kept.route.label
        if self._limits.is_reached(who=who, what=what):
            return None
        lines = [f"{name}: {value}\r\n" for name, value in self._limits.count(request, who=who, what=what).items()]
        tls = TLS_LINE if is_secure(request, self._box.settings) else ""
        changing = f"X-Request-Id: {secrets.token_hex(8)}\r\nDate: {rfc822_formatted_time()}\r\n{tls}{''.join(lines)}\r\n"
        if is_known(request, kept.headers["ETag"]):
            return _Written(304, kept.head_of_304 + changing.encode("ascii"))
        return _Written(200, kept.head + changing.encode("ascii") + kept.body)


class _Written(web.StreamResponse):
    """An answer that is bytes already, from its first line on."""

    def __init__(self, status: int, whole: bytes) -> None:
        super().__init__(status=status)
        self._whole = whole

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter:
        self._keep_alive = True
        writer = self._payload_writer = request.writer
        await writer.write(self._whole)
        await writer.drain()  # a client that does not read is not written to any further
        return writer
