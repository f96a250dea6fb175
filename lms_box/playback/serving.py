"""The bytes behind signed links: handed out by the box, or pointed to where they are stored; no database is asked."""

import re
import time
from collections import OrderedDict
from functools import partial
from posixpath import basename, splitext
from urllib.parse import quote

from aiohttp import web

from lms_box.box import Box
from lms_box.errors import Invalid, NotFound
from lms_box.http.conditional import etag_of, is_known
from lms_box.http.pieces import Address, answer_with_file
from lms_box.http.routing import BOX
from lms_box.http.signed import Grant, Links
from lms_box.http.windows import WINDOW_SECONDS, window_end
from lms_box.playback.rewriting import Spoken, caption_playlist, point_elsewhere, with_captions
from lms_box.storage.base import Window
from lms_box.storage.types import type_of

LINKS = web.AppKey("links", Links)
PUBLIC = "public, max-age=31536000, immutable"
PRIVATE = "private, max-age=21600, immutable"
MOVED = "private, max-age=3600"
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""A file of a stranger that is opened by itself may be looked at, and run nothing."""
TEXTS = frozenset({".m3u8", ".mpd", ".vtt", ".json"})
"""What pages read beside the bytes; the box hands it out itself, with addresses for the bytes put in."""
MOST_TEXTS = 256
LONGEST_KEPT_TEXT = 512 * 1024
MOST_CAPTIONS = 40
CAPTION = re.compile(r"([A-Za-z0-9-]{1,35}):([\w.=-]+)/((?:\w[\w. -]*/)*\w[\w. -]*\.vtt)")


class Texts:
    """The last manifests that were read from a store elsewhere: they never change."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, str] = OrderedDict()

    async def read(self, box: Box, key: str) -> str:
        text = self._kept.get(key)
        if text is None:
            text = (await box.storage.read(key)).decode()
            if len(text) <= LONGEST_KEPT_TEXT:
                self._kept[key] = text
        else:
            self._kept.move_to_end(key)
        if len(self._kept) > MOST_TEXTS:
            self._kept.popitem(last=False)
        return text


TEXTS_READ = web.AppKey("texts", Texts)


async def serve_signed(request: web.Request) -> web.StreamResponse:
    """The bytes behind a signed link, by sendfile, with ranges and conditions."""
    grant = request.app[LINKS].read(request.match_info["token"], at=time.time())
    name = request.match_info["name"]
    if name.endswith(".vtt.m3u8"):
        return await _serve_caption_playlist(request, grant, name.removesuffix(".m3u8"))
    key = _key_of(grant, name)
    if request.app[BOX].storage.origin is not None:
        return await _serve_from_elsewhere(request, grant, key, name)
    if _asks_for_captions(request, name):
        return await _serve_master(request, key)
    return _serve_file(request, key, _headers(name, PRIVATE), until=grant.expires)


async def serve_public(request: web.Request) -> web.StreamResponse:
    """Course pictures and faces: under names that nobody can guess, and no secret."""
    name = request.match_info["name"]
    storage, end = request.app[BOX].storage, window_end(time.time())
    address = storage.address(f"public/{name}", window=window_until(end))
    if address is not None:
        return _moved(address)
    return _serve_file(request, f"public/{name}", _headers(name, PUBLIC), until=end)


def window_until(end: int) -> Window:
    """The two windows that a link lives in."""
    return Window(end - 2 * WINDOW_SECONDS, end)


async def _serve_from_elsewhere(request: web.Request, grant: Grant, key: str, name: str) -> web.Response:
    box, window = request.app[BOX], window_until(grant.expires)
    if splitext(name)[1] in TEXTS and grant.build != grant.asset:
        if _asks_for_captions(request, name):
            return await _serve_master(request, key)
        folder = key.removesuffix(basename(key))
        text = await _read_text(request, key)
        address = partial(box.storage.address, window=window)
        return _text(request, point_elsewhere(text, name, lambda file: str(address(f"{folder}{file}"))), name)
    try:
        address_of_file = box.storage.address(key, window=window, title=request.query.get("name"))
    except Invalid:
        raise NotFound("There is nothing at this address.") from None
    return _moved(str(address_of_file))


def _asks_for_captions(request: web.Request, name: str) -> bool:
    return name.endswith(".m3u8") and "captions" in request.query


async def _serve_master(request: web.Request, key: str) -> web.Response:
    """With the captions that the link names, each by a signed link of its own."""
    text = await _read_text(request, key)
    captions = _captions_of(request)
    return _text(request, with_captions(text, captions, seconds=_seconds_of(request)), key)


async def _serve_caption_playlist(request: web.Request, grant: Grant, name: str) -> web.Response:
    await _read_text(request, _key_of(grant, name))
    return _text(request, caption_playlist(quote(basename(name)), seconds=_seconds_of(request)), "captions.m3u8")


async def _read_text(request: web.Request, key: str) -> str:
    try:
        return await request.app[TEXTS_READ].read(request.app[BOX], key)
    except (Invalid, NotFound):
        raise NotFound("There is nothing at this address.") from None


def _captions_of(request: web.Request) -> list[Spoken]:
    captions = []
    for said in request.query["captions"].split(",")[:MOST_CAPTIONS]:
        found = CAPTION.fullmatch(said)
        if found is None:
            raise NotFound("There is nothing at this address.")
        request.app[LINKS].read(found[2], at=time.time())
        captions.append(Spoken(found[1], f"../{found[2]}/{quote(found[3])}"))
    return captions


def _seconds_of(request: web.Request) -> float:
    try:
        seconds = float(request.query.get("seconds", ""))
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < 10_000_000:  # neither is what is no number
        raise NotFound("There is nothing at this address.")
    return seconds


def _text(request: web.Request, text: str, name: str) -> web.Response:
    body = text.encode()
    headers = {**_headers(name, PRIVATE), "ETag": etag_of(body)}
    if is_known(request, headers["ETag"]):
        return web.Response(status=304, headers=headers)
    return web.Response(body=body, headers=headers)


def _moved(address: str) -> web.Response:
    return web.Response(status=302, headers={"Location": address, "Cache-Control": MOVED, "Referrer-Policy": "no-referrer"})


def _headers(name: str, cache: str) -> dict[str, str]:
    return {
        "Cache-Control": cache,
        "Content-Type": type_of(name),
        "Content-Security-Policy": SANDBOX,
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def _serve_file(request: web.Request, key: str, headers: dict[str, str], *, until: float) -> web.StreamResponse:
    if title := request.query.get("name"):
        kind = "attachment" if headers["Content-Type"] == "application/octet-stream" else "inline"
        headers["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(title, safe='')}"
    try:
        path = request.app[BOX].storage.local_path(key)
    except Invalid:  # an address that leads out of the folder, or is no name at all
        path = None
    answer = answer_with_file(request, Address(path, headers, until)) if path else None
    if answer is None:
        raise NotFound("There is nothing at this address.")
    return answer


def _key_of(grant: Grant, name: str) -> str:
    """A grant for a build opens that build's folder; one whose build is the asset itself opens the original."""
    if grant.build != grant.asset:
        return f"assets/{grant.asset}/{grant.build}/{name}"
    if "/" in name or not name.startswith("source"):
        raise NotFound("There is nothing at this address.")
    return f"assets/{grant.asset}/{name}"


FILES = [
    web.get("/media/public/{name:[0-9a-f-]{1,64}\\.webp}", serve_public),
    web.get("/media/{token}/{name:.+}", serve_signed),
]
