"""Lets pages of other sites use the API with a token, when the settings name them; never with the browser's cookie."""

from collections.abc import Collection

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"
TAKEN = (
    "Authorization, Content-Type, If-Match, If-None-Match, Tus-Resumable, Upload-Checksum, Upload-Length, Upload-Metadata, "
    "Upload-Offset"
)
SHOWN = (
    "ETag, Link, Location, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, Tus-Extension, Tus-Max-Size, "
    "Tus-Resumable, Tus-Version, Upload-Expires, Upload-Length, Upload-Metadata, Upload-Offset, X-Content-Id, X-Request-Id, "
    "X-Total-Count"
)
PREFLIGHT_SECONDS = "7200"


def invite(origins: Collection[str]) -> Middleware:
    """A middleware that answers these origins' questions, and says to them that they may read."""

    @web.middleware
    async def answer_other_sites(request: web.Request, handler: Handler) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        is_invited = origin in origins and request.path.startswith("/api/")
        if is_invited and request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            response: web.StreamResponse = web.Response(status=204, headers=_preflight())
        else:
            response = await handler(request)
        if not response.prepared:
            response.headers.add("Vary", "Origin")
            if is_invited and origin:
                response.headers["Access-Control-Allow-Origin"] = origin
                response.headers["Access-Control-Expose-Headers"] = SHOWN
        return response

    return answer_other_sites


def _preflight() -> dict[str, str]:
    return {
        "Access-Control-Allow-Methods": METHODS,
        "Access-Control-Allow-Headers": TAKEN,
        "Access-Control-Max-Age": PREFLIGHT_SECONDS,
    }
