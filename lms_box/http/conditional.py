"""Conditional requests: what the client knows already, and what it believes to replace."""

import hashlib

from aiohttp import web

from lms_box.errors import Precondition
from lms_box.http.compression import plain_tag
from lms_box.http.messages import View


def etag_of(body: bytes) -> str:
    """A strong ETag: the same bytes, the same tag."""
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def tag_of(view: object, body: bytes) -> str:
    """The ETag of an answer. Where the box makes some of it by itself, its first half names the rest, for `check_match`."""
    tag = etag_of(body)
    return f"{_state(view)}.{tag[1:]}" if isinstance(view, View) and view.made else tag


def is_known(request: web.Request, etag: str) -> bool:
    given = request.headers.get("If-None-Match")
    if given is None or given == etag:  # most send none, or the one that they were given
        return given is not None
    tags = _tags(request, "If-None-Match")
    return "*" in tags or plain_tag(etag) in (plain_tag(tag.removeprefix("W/")) for tag in tags)


def is_named(request: web.Request, etag: str) -> bool:
    """If-Match names this state, or any."""
    return not {"*", etag}.isdisjoint(_tags(request, "If-Match"))


def check_match(request: web.Request, current: View) -> None:
    """Raises Precondition when the writer names another state (If-Match) than the one that is stored.

    What the box made meanwhile is nobody's change: a lesson that has become ready stands in no one's way.
    """
    tags = _tags(request, "If-Match")
    named = {plain_tag(tag).removesuffix('"').partition(".")[0] for tag in tags}
    if tags and "*" not in tags and _state(current) not in named:
        raise Precondition("Someone changed this in the meantime. Load it again and repeat your change.")


def _state(view: View) -> str:
    """What people have written, as the beginning of a tag: a quotation mark and letters."""
    return etag_of(view.model_dump_json(by_alias=True, exclude=view.made).encode()).removesuffix('"')


def _tags(request: web.Request, name: str) -> list[str]:
    return [tag for part in request.headers.getall(name, []) for tag in (one.strip() for one in part.split(",")) if tag]
