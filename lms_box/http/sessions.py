"""Who is asking: what a request carries to say so, and whether a page of another site made it."""

from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Literal, Protocol
from urllib.parse import urlsplit

from aiohttp import web

from lms_box.box import Box
from lms_box.config import Settings
from lms_box.errors import Forbidden
from lms_box.viewer import Viewer

COOKIE = "lms_session"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Credentials:
    kind: Literal["cookie", "bearer"]
    token: str


class Identify(Protocol):
    """Accounts' answer, handed over by the app: this room knows no people."""

    async def identify(self, box: Box, credentials: Credentials) -> Viewer | None:
        """None for credentials that are not, or no longer, anybody's."""

    def recall(self, box: Box, credentials: Credentials) -> Viewer | None:
        """As `identify`, where it needs no database; None too where that has to be asked."""


IDENTIFY: web.AppKey[Identify] = web.AppKey("identify")


def credentials_of(request: web.Request) -> Credentials | None:
    """A bearer token where one is sent, else the browser's session cookie."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return Credentials("bearer", token.strip())
    cookie = request.cookies.get(COOKIE)
    return Credentials("cookie", cookie) if cookie else None


def refuse_other_sites(request: web.Request, settings: Settings) -> None:
    """A write that a page of another site caused is refused; clients that are no browser send neither header."""
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if origin in settings.server.cors_origins and request.cookies.get(COOKIE) is None:
        return
    if site is not None:
        allowed = site in ("same-origin", "none")
    else:
        allowed = origin is None or _is_own(origin, request, settings)
    if not allowed:
        raise Forbidden("This request came from a page of another site, so it was not carried out.", code="cross_site")


def _is_own(origin: str, request: web.Request, settings: Settings) -> bool:
    if settings.server.public_url:
        return origin == settings.server.public_url
    try:
        return urlsplit(origin).netloc == request.headers.get("Host")
    except ValueError:
        return False


def session_cookie(value: str, *, seconds: int, secure: bool) -> str:
    """A Set-Cookie line; seconds = 0 removes the cookie."""
    flags = "; Secure" if secure else ""
    return f"{COOKIE}={value}; Max-Age={seconds}; Path=/; HttpOnly; SameSite=Lax{flags}"


def is_secure(request: web.Request, settings: Settings) -> bool:
    """Whether the browser reaches the box by https, also through a trusted proxy."""
    if settings.server.public_url:
        return settings.server.public_url.startswith("https://")
    if is_trusted(request.remote, settings):
        return request.headers.get("X-Forwarded-Proto", "").strip() == "https"
    return request.scheme == "https"


def address_of(request: web.Request, settings: Settings) -> str:
    """The client's address: the nearest one that is not a trusted proxy's."""
    lines = ",".join(request.headers.getall("X-Forwarded-For", []))  # some proxies add a line of their own
    hops = [hop.strip() for hop in lines.split(",") if hop.strip()]
    address = request.remote or ""
    while hops and is_trusted(address, settings):
        address = hops.pop()
    return address


def is_trusted(address: str | None, settings: Settings) -> bool:
    if not settings.server.trusted_proxies:
        return False
    try:
        found = ip_address(address or "")
    except ValueError:
        return False
    return any(found in ip_network(proxy, strict=False) for proxy in settings.server.trusted_proxies)
