"""Conditional requests: what the client knows already, and what it believes to replace."""

import hashlib

from aiohttp import web
from pydantic import BaseModel

from lms_box.errors import Precondition
from lms_box.http.compression import plain_tag


def etag_of(body: bytes) -> str:
    """A strong ETag: the same bytes, the same tag."""
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def is_known(request: web.Request, etag: str) -> bool:
    given = request.headers.get("If-None-Match")
    if given is None or given == etag:  # most send none, or the one that they were given
        return given is not None
    tags = _tags(request, "If-None-Match")
    return "*" in tags or plain_tag(etag) in (plain_tag(tag.removeprefix("W/")) for tag in tags)


def is_named(request: web.Request, etag: str) -> bool:
    """If-Match names this state, or any."""
    return not {"*", etag}.isdisjoint(_tags(request, "If-Match"))


def check_match(request: web.Request, current: BaseModel) -> None:
    """Raises Precondition when the writer names another state (If-Match) than the one that is stored."""
    tags = [plain_tag(tag) for tag in _tags(request, "If-Match")]
    if tags and "*" not in tags and etag_of(current.model_dump_json(by_alias=True).encode()) not in tags:
        raise Precondition("Someone changed this in the meantime. Load it again and repeat your change.")


def _tags(request: web.Request, name: str) -> list[str]:
    return [tag for part in request.headers.getall(name, []) for tag in (one.strip() for one in part.split(",")) if tag]
