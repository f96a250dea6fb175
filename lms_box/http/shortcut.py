"""The short way of kept answers and known files: no router, no middlewares, no headers put together anew."""

import time
from http import HTTPStatus
from typing import NamedTuple

from aiohttp import HttpVersion11, web
from aiohttp.helpers import rfc822_formatted_time

from lms_box.errors import LmsError
from lms_box.http.conditional import is_known
from lms_box.http.doors import check_needs, knocker_of
from lms_box.http.headers import BEHIND_TLS, lines_of, new_request_id
from lms_box.http.kept import KEPT, Kept, Key
from lms_box.http.limits import RATE_LIMITS, Counted
from lms_box.http.pieces import ADDRESSES, AT_ONCE, Address, Piece
from lms_box.http.routing import BOX, Route
from lms_box.http.sessions import IDENTIFY, credentials_of, is_secure
from lms_box.viewer import Viewer

LIMIT_LINES = "".join(f"{name}: %d\r\n" for name in Counted(0, 0, 0).headers)
TLS_LINE = ": ".join(BEHIND_TLS) + "\r\n"
STATUS_LINES = {status: f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n" for status in (200, 206, 304)}


class Found(NamedTuple):
    """The whole answer from its first line on, for a connection that stays open."""

    data: bytes
    piece: Piece | None = None
    """What follows of a file."""


class Shortcut:
    """Asks of a request what its door would. What is not plain goes the long way: there it is refused, or kept for the next."""

    def __init__(self, app: web.Application) -> None:
        self._box, self._limits = app[BOX], app[RATE_LIMITS]
        self._kept, self._people, self._addresses = app[KEPT], app[IDENTIFY], app[ADDRESSES]
        # Where pages of other sites may read, each is told something else.
        self._is_open = not self._box.settings.server.cors_origins

    def find(self, request: web.Request) -> Found | None:
        if not (self._is_open and request.keep_alive and request.version == HttpVersion11):
            return None
        if request.method not in ("GET", "HEAD"):
            return None
        address = self._addresses.find(request.raw_path, at=time.time())
        if address is not None:
            return self._find_piece(request, address)
        return self._find_kept(request) if request.method == "GET" else None

    def _find_piece(self, request: web.Request, address: Address) -> Found | None:
        try:
            piece = address.find_piece(request)
        except web.HTTPException:
            return None
        if piece is None or piece.length > AT_ONCE or not (piece.length == 0 or piece.file.is_in_memory(piece.start)):
            return None
        head = f"{STATUS_LINES[piece.status]}{address.lines}{lines_of(piece.headers)}{self._changing(request)}"
        return Found(head.encode("ascii"), piece)

    def _find_kept(self, request: web.Request) -> Found | None:
        key = Key.of(request, None)
        route = self._kept.find_route(key)
        if route is None:
            return None
        credentials = credentials_of(request)
        viewer = self._people.recall(self._box, credentials) if credentials else None
        if credentials is not None and viewer is None:
            return None
        found = self._find_for(viewer, route, Key.of(request, viewer) if viewer else key)
        return self._counted(request, viewer, found) if found else None

    def _find_for(self, viewer: Viewer | None, route: Route, key: Key) -> Kept | None:
        try:
            check_needs(route.needs, viewer, self._box)
        except LmsError:
            return None
        assert route.cached
        revision = self._box.revisions.of(route.cached)
        return None if revision is None else self._kept.find(revision, key)

    def _counted(self, request: web.Request, viewer: Viewer | None, kept: Kept) -> Found | None:
        counted = self._limits.count(who=knocker_of(request, viewer, self._box.settings), what=kept.route.label)
        if counted is None:
            limits = ""
        elif counted.left >= 0:
            limits = LIMIT_LINES % counted
        else:
            return None
        changing = f"{limits}{self._changing(request)}".encode("ascii")
        if is_known(request, kept.headers["ETag"]):
            return Found(kept.head_of_304 + changing)
        return Found(kept.head + changing + kept.body)

    def _changing(self, request: web.Request) -> str:
        """What differs from one answer to the next, and the empty line."""
        tls = TLS_LINE if is_secure(request, self._box.settings) else ""
        return f"X-Request-Id: {new_request_id()}\r\nDate: {rfc822_formatted_time()}\r\n{tls}\r\n"
