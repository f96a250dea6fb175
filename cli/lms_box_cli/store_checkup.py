"""What `lms doctor` finds out about an S3 store: whether it can be used, and whether browsers may read from it."""

import asyncio
import time
import urllib.error
import urllib.request
from email.message import Message

from lms_box.config import Settings
from lms_box.errors import LmsError
from lms_box.storage.base import Storage, Window
from lms_box.storage.opening import open_storage

SECONDS = 10
EXPOSED = ("content-length", "content-range", "etag")
"""Beyond these, players of other makers read nothing; ours needs the first two."""


def examine_storage(settings: Settings) -> str | None:
    """What is wrong, with what to do; None when all is well."""
    return asyncio.run(_examine(settings))


async def _examine(settings: Settings) -> str | None:
    async with open_storage(settings, owner="lms-doctor") as storage:
        try:
            await storage.check()
        except LmsError as error:
            return error.detail
        return await asyncio.to_thread(_ask_as_a_browser, settings, storage) if storage.origin else None


def _ask_as_a_browser(settings: Settings, storage: Storage) -> str | None:
    """By CORS a store says which pages may read it: asked with a question before, and told with the answer."""
    page = settings.server.public_url or f"http://{settings.server.host}:{settings.server.port}"
    address = storage.address("public/none.webp", window=Window(int(time.time()) - 60, int(time.time()) + 600))
    assert address
    asking = {"Origin": page, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "range"}
    try:
        before = _headers_of(urllib.request.Request(address, method="OPTIONS", headers=asking))  # noqa: S310 -- the owner's own store
        told = _headers_of(urllib.request.Request(address, headers={"Origin": page}))  # noqa: S310 -- the same
    except OSError as error:
        return f"browsers cannot reach {storage.origin} ({error}); look at [storage] endpoint and public_url"
    if not _allows(before, page) or not _allows(told, page):
        return f"{storage.origin} does not let pages of {page} read it: allow that by CORS (docs/deployment.md says how)"
    exposed = {name.strip().lower() for name in told.get("Access-Control-Expose-Headers", "").split(",")}
    missing = [name for name in EXPOSED if name not in exposed and "*" not in exposed]
    return f"{storage.origin} hides {', '.join(missing)} from pages: expose them by CORS" if missing else None


def _headers_of(request: urllib.request.Request) -> Message:
    """Of whatever it answers: that there is no such file is no matter."""
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 -- the owner's own store
            return answer.headers  # type: ignore[no-any-return]  # urllib leaves it open
    except urllib.error.HTTPError as error:
        with error:
            return error.headers


def _allows(headers: Message, page: str) -> bool:
    return headers.get("Access-Control-Allow-Origin") in ("*", page)
