"""Headers that every answer carries, and the content policy of the pages."""

import base64
import hashlib
import re
from collections.abc import Mapping
from random import getrandbits

from aiohttp import web

from lms_box.http.routing import BOX
from lms_box.http.sessions import is_secure

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
WORKER_POLICY = "default-src 'self'; frame-ancestors 'none'"
"""The pages' worker asks the box for their files in their place."""
API_POLICY = "default-src 'none'; frame-ancestors 'none'"
OF_THE_API = {**ALWAYS, "Content-Security-Policy": API_POLICY}
BEHIND_TLS = ("Strict-Transport-Security", "max-age=31536000")
INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)


def legible(said: str) -> str:
    """What stands in a header may be any bytes; what is no text in UTF-8 cannot be stored, and becomes a question mark."""
    return said.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def new_request_id() -> str:
    """Names a request in the log, and is no secret: so it does not ask the kernel for its chance."""
    return f"{getrandbits(64):016x}"


def lines_of(headers: Mapping[str, str]) -> str:
    """As they are sent."""
    return "".join([f"{name}: {value}\r\n" for name, value in headers.items()])


def page_policy(index: bytes, *, media: str | None = None) -> str:
    """The content policy of the product's pages; the scripts that the built page carries are allowed by their hash.

    `media` is the site where the bytes of films and pictures lie, when it is another.
    """
    hashes = (base64.b64encode(hashlib.sha256(script).digest()).decode() for script in INLINE_SCRIPT.findall(index))
    elsewhere = f" {media}" if media else ""
    scripts = " ".join(["'self'", *(f"'sha256-{digest}'" for digest in hashes)])
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src {scripts}",
            "style-src 'self'",
            f"connect-src 'self'{elsewhere}",
            f"img-src 'self' data: blob:{elsewhere}",
            f"media-src 'self' blob:{elsewhere}",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    for name, value in OF_THE_API.items():
        response.headers.setdefault(name, value)
    response.headers.popall("Server", None)
    if is_secure(request, request.app[BOX].settings):
        response.headers.setdefault(*BEHIND_TLS)
