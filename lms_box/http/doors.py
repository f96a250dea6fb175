"""From a request to a handler and back: every route passes through the one door made here."""

import logging
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from pydantic import TypeAdapter

from lms_box.box import Box
from lms_box.config import Settings
from lms_box.errors import Forbidden, LmsError, SignedOut
from lms_box.http.bodies import JSON_BODY_BYTES, invite_body, read_body, read_query
from lms_box.http.compression import compress
from lms_box.http.conditional import is_known, tag_of
from lms_box.http.headers import new_request_id
from lms_box.http.kept import KEPT, Kept, Key
from lms_box.http.limits import HEADERS, RATE_LIMITS, check_count, neighbourhood
from lms_box.http.problems import problem_of, problem_of_status
from lms_box.http.routing import BOX, Answer, Call, Needs, Page, Route
from lms_box.http.sessions import IDENTIFY, address_of, credentials_of, refuse_other_sites
from lms_box.viewer import Viewer

log = logging.getLogger(__name__)
WebHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]
REQUEST_ID = web.RequestKey("request_id", str)
TAGGED = ("GET", "PUT", "PATCH")
"""What changes something answers with what it is now: its tag lets the next change name it, without another look."""


def door_of(route: Route) -> WebHandler:
    """The web handler of a route: who, what, handler, answer; what goes wrong becomes a problem."""

    async def handle(request: web.Request) -> web.StreamResponse:
        call = await _admit(request, route)
        return await (_recall(call, route, answer) if route.cached else answer(call))

    async def answer(call: Call) -> web.StreamResponse:
        request = call.request
        most = route.takes(call.box.settings) if route.takes else JSON_BODY_BYTES
        await invite_body(request, most=most)
        given = {}
        if route.body is not None:
            given["body"] = await read_body(request, route.body, most=most)
        if route.query is not None:
            given["query"] = read_query(request, route.query)
        return _respond(request, route, await route.handler(call, **given))

    return handle


async def expect_nothing(_request: web.Request) -> None:
    """aiohttp would ask for the body of `Expect: 100-continue` before anybody has looked whether it is wanted."""


@web.middleware
async def answer_in_one_shape(request: web.Request, handler: WebHandler) -> web.StreamResponse:
    """Gives every request its id, and every failure under /api and /media the one shape of a problem."""
    request_id = request[REQUEST_ID] = new_request_id()
    try:
        response = await handler(request)
    except LmsError as error:
        response = problem_of(error, request_id)
    except web.HTTPException as error:
        response = error if error.status < 400 else problem_of_status(error.status, request_id)
        response.headers.update({name: error.headers[name] for name in ("Allow",) if name in error.headers})
    except Exception:
        log.exception("request %s failed: %s %s", request_id, request.method, request.match_info.route.resource)
        response = problem_of_status(500, request_id)
    if not response.prepared:
        response.headers["X-Request-Id"] = request_id
        response.headers.update(request.get(HEADERS, {}))
    return response


async def _admit(request: web.Request, route: Route) -> Call:
    box = request.app[BOX]
    credentials = credentials_of(request)
    if credentials is None or credentials.kind == "cookie":
        refuse_other_sites(request, box.settings)
    viewer = await request.app[IDENTIFY].identify(box, credentials) if credentials else None
    if viewer is None and credentials and credentials.kind == "bearer" and route.needs is not Needs.NOBODY:
        raise SignedOut("This access token is not valid any more. Refresh it, or sign in again.", code="invalid_token")
    if route.counted:
        counted = request.app[RATE_LIMITS].count(who=knocker_of(request, viewer, box.settings), what=route.label)
        if counted is not None:
            check_count(request, counted)
    check_needs(route.needs, viewer, box)
    return Call(request, box, viewer)


async def _recall(call: Call, route: Route, answer: Callable[[Call], Awaitable[web.StreamResponse]]) -> web.StreamResponse:
    """What was answered before, unless something has changed since in what the route's answers are made of."""
    request, kept = call.request, call.request.app[KEPT]
    assert route.cached
    revision = call.box.revisions.of(route.cached)
    key = Key.of(request, call.viewer)
    found = kept.find(revision, key) if revision is not None else None
    if found is None:
        response = await answer(call)
        if not isinstance(response, web.Response) or response.status != 200:
            return response
        found = Kept.of(response, route)
        if revision is not None:
            kept.keep(revision, key, found)
    return found.answer(request)


def knocker_of(request: web.Request, viewer: Viewer | None, settings: Settings) -> str:
    """Whom the rate limits count: a person, or where nobody is signed in an address."""
    return str(viewer.id) if viewer else neighbourhood(address_of(request, settings))


def check_needs(needs: Needs, viewer: Viewer | None, box: Box) -> None:
    if needs is Needs.NOBODY or (needs is Needs.CATALOGUE and box.settings.site.public_catalogue):
        return
    if viewer is None:
        raise SignedOut("Please sign in first.")
    if needs is Needs.ADMIN and not viewer.is_admin:
        raise Forbidden("Only admins may do this.", code="admins_only")


def _respond(request: web.Request, route: Route, given: Any) -> web.StreamResponse:
    if isinstance(given, web.StreamResponse):
        return given
    answer = given if isinstance(given, Answer) else Answer(given)
    headers = dict(answer.headers or {})
    view = answer.view
    if isinstance(view, Page):
        headers |= _paging(request, view)
        view = view.items
    if route.returns is None:
        return web.Response(status=answer.status or 204, headers=headers)
    body = _writer_of(route.returns).dump_json(view, by_alias=True)
    status = answer.status or route.status
    headers.setdefault("Cache-Control", "private, no-cache" if route.method == "GET" else "no-store")
    if route.method in TAGGED and status == 200:
        headers["ETag"] = tag_of(view, body)
    if route.method == "GET" and status == 200:
        if not route.cached and is_known(request, headers["ETag"]):
            return web.Response(status=304, headers=headers)
        body = compress(request, body, headers)
    return web.Response(status=status, body=body, content_type="application/json", charset="utf-8", headers=headers)


@cache
def _writer_of(returns: Any) -> TypeAdapter[Any]:
    """Made when the first answer of its kind is written: the start need not wait for all of them."""
    return TypeAdapter(returns)


def _paging(request: web.Request, page: Page) -> dict[str, str]:
    links = []
    if page.skip > 0:
        links.append(_link(request, page, max(0, page.skip - page.limit), "prev"))
    if page.skip + page.limit < page.total:
        links.append(_link(request, page, page.skip + page.limit, "next"))
    return {"X-Total-Count": str(page.total)} | ({"Link": ", ".join(links)} if links else {})


def _link(request: web.Request, page: Page, skip: int, relation: str) -> str:
    query = {**request.query, "skip": str(skip), "limit": str(page.limit)}
    return f'<{request.path}?{urlencode(query)}>; rel="{relation}"'
