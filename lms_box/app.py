"""Composition: the only module that knows every room."""

from collections.abc import AsyncIterator
from functools import cache
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Middleware

from lms_box import __version__
from lms_box.accounts import routes as accounts
from lms_box.accounts.identify import Identification
from lms_box.box import Box
from lms_box.courses import routes as courses
from lms_box.courses.staging import routes as staging
from lms_box.courses.uploads import routes as uploads
from lms_box.courses.uploads.resumable import collecting
from lms_box.courses.uploads.tus import add_tus_headers
from lms_box.http import job_doors, settings_doors
from lms_box.http.api_pages import PAGES
from lms_box.http.bodies import JSON_BODY_BYTES
from lms_box.http.cors import invite
from lms_box.http.doors import answer_in_one_shape, door_of, expect_nothing
from lms_box.http.headers import add_headers
from lms_box.http.health import HEALTH
from lms_box.http.kept import KEPT, KeptAnswers
from lms_box.http.limits import RATE_LIMITS, RateLimits
from lms_box.http.messages import View
from lms_box.http.openapi import describe
from lms_box.http.pieces import ADDRESSES, Addresses
from lms_box.http.routing import BOX, Call, Needs, Route
from lms_box.http.sessions import IDENTIFY
from lms_box.http.signed import Links
from lms_box.http.site import Pages
from lms_box.learning import routes as learning
from lms_box.learning.export import export_enrollments, export_progress
from lms_box.learning.reports import Reports
from lms_box.learning.service import is_enrolled
from lms_box.media import process
from lms_box.notes import routes as notes
from lms_box.notes.service import recent_notes
from lms_box.playback import routes as playback
from lms_box.playback import serving
from lms_box.work import connect_jobs

API = "/api/v1"
ANY_PAGE = "/{path:(?!(?:api|media)(?:/|$)).*}"
"""Were the doors' addresses among the pages', the wrong method there would be answered as no such address."""


class SiteView(View):
    name: str
    registration: str
    public_catalogue: bool


async def show_site(call: Call) -> SiteView:
    """What pages need to know before anybody has signed in."""
    settings = call.box.settings
    return SiteView(
        name=settings.site.name,
        registration=settings.auth.registration,
        public_catalogue=settings.site.public_catalogue,
    )


ROUTES = [
    Route(method="GET", path="/site", handler=show_site, needs=Needs.NOBODY, returns=SiteView),
    *accounts.ROUTES,
    *courses.ROUTES,
    *uploads.ROUTES,
    *staging.ROUTES,
    *playback.ROUTES,
    *learning.ROUTES,
    *notes.ROUTES,
    *job_doors.ROUTES,
    *settings_doors.ROUTES,
]


def create_app(box: Box, *, pages: Pages | None = None) -> web.Application:
    others = box.settings.server.cors_origins
    middlewares: list[Middleware] = [*([invite(others)] if others else []), answer_in_one_shape]
    app = web.Application(middlewares=middlewares, client_max_size=JSON_BODY_BYTES)
    app[RATE_LIMITS] = RateLimits(box.settings.limits)
    connect_jobs(box)  # the doors of jobs cancel and retry, also where no work is done
    app[BOX] = box
    app[KEPT] = KeptAnswers()
    app[ADDRESSES] = Addresses()
    app[IDENTIFY] = Identification()
    app[serving.LINKS] = Links(box.secret)
    app[serving.TEXTS_READ] = serving.Texts()
    app[playback.IS_ENROLLED] = is_enrolled
    app[learning.RECENT_NOTES] = recent_notes
    app[learning.REPORTS] = Reports(box.db)
    app.cleanup_ctx.extend([_watch_revisions, _write_reports, _collect_uploads])
    app.on_cleanup.append(_dismiss_reserve)
    app[accounts.EXPORTERS] = {
        "enrollments": export_enrollments,
        "progress": export_progress,
        "notes": notes.export_mine,
    }
    app.router.add_routes([_door(route) for route in ROUTES])
    site = box.settings.site
    pages = pages or Pages(name=site.name, media=box.storage.origin, public=site.public_catalogue)
    app.router.add_routes([*serving.FILES, *_plain_routes(), web.get(ANY_PAGE, pages.show)])
    app.on_response_prepare.extend([add_headers, add_tus_headers])
    return app


def _door(route: Route) -> web.RouteDef:
    """What may be got may also be asked about with HEAD."""
    path, door = f"{API}{_address(route.path)}", door_of(route)
    if route.method == "GET":
        return web.get(path, door, expect_handler=expect_nothing)
    return web.route(route.method, path, door, expect_handler=expect_nothing)


def _address(path: str) -> str:
    """A word that has an address of its own is no id: `/notes/courses` takes what it has itself, and nothing of a note's."""
    room, _, last = path.rpartition("/")
    if not last.startswith("{"):
        return path
    beside = {route.path.removeprefix(f"{room}/") for route in ROUTES if route.path.startswith(f"{room}/")}
    words = "|".join(word for word in beside if not {"{", "/"} & set(word))
    return f"{room}/{{{last.strip('{}')}:(?!(?:{words})$)[^/]+}}" if words else path


async def _watch_revisions(app: web.Application) -> AsyncIterator[None]:
    async with app[BOX].revisions.watching():
        yield


async def _write_reports(app: web.Application) -> AsyncIterator[None]:
    async with app[learning.REPORTS].working():
        yield


async def _collect_uploads(app: web.Application) -> AsyncIterator[None]:
    async with collecting(app[BOX]):
        yield


async def _dismiss_reserve(_app: web.Application) -> None:
    await process.reserve.dismiss()


def describe_api() -> dict[str, Any]:
    return describe(ROUTES, prefix=API, title="lms_box", version=__version__)


def _plain_routes() -> list[web.RouteDef]:
    description = cache(describe_api)  # made when first asked for: it takes longer than the rest of the start

    async def show_description(_request: web.Request) -> web.Response:
        response = web.json_response(description())
        response.enable_compression()
        return response

    return [web.get("/api/openapi.json", show_description), *HEALTH, *PAGES]
