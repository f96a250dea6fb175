"""The short way of a kept answer: the bytes to send, without the router, the middlewares and headers put together anew."""

from aiohttp import HttpVersion11, web
from aiohttp.helpers import rfc822_formatted_time

from lms_box.errors import LmsError
from lms_box.http.conditional import is_known
from lms_box.http.doors import check_needs, knocker_of
from lms_box.http.headers import BEHIND_TLS, new_request_id
from lms_box.http.kept import KEPT, Kept, Key
from lms_box.http.limits import RATE_LIMITS, Counted
from lms_box.http.routing import BOX, Route
from lms_box.http.sessions import IDENTIFY, credentials_of, is_secure
from lms_box.viewer import Viewer

LIMIT_LINES = "".join(f"{name}: %d\r\n" for name in Counted(0, 0, 0).headers)
TLS_LINE = ": ".join(BEHIND_TLS) + "\r\n"


class Shortcut:
    """Asks of a request what its door would. What is not plain goes the long way: there it is refused, or kept for the next."""

    def __init__(self, app: web.Application) -> None:
        self._box, self._limits = app[BOX], app[RATE_LIMITS]
        self._kept, self._people = app[KEPT], app[IDENTIFY]
        # Where pages of other sites may read, each is told something else.
        self._is_open = not self._box.settings.server.cors_origins

    def find(self, request: web.Request) -> bytes | None:
        """The whole answer from its first line on, for a connection that stays open."""
        if not (self._is_open and request.method == "GET" and request.keep_alive and request.version == HttpVersion11):
            return None
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

    def _counted(self, request: web.Request, viewer: Viewer | None, kept: Kept) -> bytes | None:
        counted = self._limits.count(who=knocker_of(request, viewer, self._box.settings), what=kept.route.label)
        if counted is None:
            limits = ""
        elif counted.left >= 0:
            limits = LIMIT_LINES % counted
        else:
            return None
        tls = TLS_LINE if is_secure(request, self._box.settings) else ""
        changing = f"X-Request-Id: {new_request_id()}\r\nDate: {rfc822_formatted_time()}\r\n{limits}{tls}\r\n"
        if is_known(request, kept.headers["ETag"]):
            return kept.head_of_304 + changing.encode("ascii")
        return kept.head + changing.encode("ascii") + kept.body
