"""The pages: one application built from web/, handed out for every address that is no other door's."""

import json
import re
from pathlib import Path
from typing import Self

from aiohttp import web

from lms_box.errors import NotFound
from lms_box.http.compression import compress
from lms_box.http.conditional import etag_of, is_known
from lms_box.http.headers import page_policy

SITE = Path(__file__).parent.parent / "site"
IMMUTABLE = "public, max-age=31536000, immutable"
NOT_BUILT = "The pages are not built. Install lms_box with ./install.sh, or run `npm run build` in web/."


class Preloads:
    """What each page needs beside `index.html`, named in its `Link` header so that all of it comes at once.

    Without it the browser would learn of each file only from the one before.
    """

    def __init__(self, needed: dict[str, list[str]]) -> None:
        plain_first = sorted(needed, key=lambda route: route.count("["))  # /courses/folder before /courses/[id]
        self._links = [(_pattern_of(route), ", ".join(map(_link, needed[route]))) for route in plain_first]

    @classmethod
    def of_site(cls, folder: Path, index: bytes) -> Self:
        """As the build says it, without what the page itself names."""
        told = folder / "preloads.json"
        needed: dict[str, list[str]] = json.loads(told.read_bytes()) if told.is_file() else {}
        return cls({route: [file for file in files if file.encode() not in index] for route, files in needed.items()})

    def header_for(self, path: str) -> dict[str, str]:
        found = next((links for pattern, links in self._links if pattern.fullmatch(path)), "")
        return {"Link": found} if found else {}


def _pattern_of(route: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\[\w+\\\]", "[^/]+", re.escape(route)) + "/?")


def _link(file: str) -> str:
    """Asked for as the page's own loader asks, else the browser would take neither for the other."""
    return f"</{file}>; rel=" + ("preload; as=style; crossorigin" if file.endswith(".css") else "modulepreload")


class Pages:
    """Serves index.html for pages and the built files beside it; the folder is read once, at start.

    `media` is the site of the bytes, when it is another.
    """

    def __init__(self, folder: Path = SITE, *, media: str | None = None) -> None:
        self._folder = folder
        index = folder / "index.html"
        self._index = index.read_bytes() if index.is_file() else None
        self._policy = page_policy(self._index or b"", media=media)
        self._preloads = Preloads.of_site(folder, self._index or b"")
        self._files = frozenset(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())

    async def show(self, request: web.Request) -> web.StreamResponse:
        path = request.path.lstrip("/")
        if path in self._files and path != "index.html":
            return self._file(path)
        if path.startswith("_app/"):  # a page of an older version asks for a file of its own
            raise NotFound("There is nothing at this address.")
        return self._page(request)

    def _file(self, path: str) -> web.StreamResponse:
        cache = IMMUTABLE if path.startswith("_app/immutable/") else "no-cache"
        return web.FileResponse(self._folder / path, headers={"Cache-Control": cache})

    def _page(self, request: web.Request) -> web.Response:
        if self._index is None:
            return web.Response(status=503, text=NOT_BUILT)
        headers = {"Content-Security-Policy": self._policy, "Cache-Control": "no-cache", "ETag": etag_of(self._index)}
        headers.update(self._preloads.header_for(request.path))
        if is_known(request, headers["ETag"]):
            return web.Response(status=304, headers=headers)
        body = compress(request, self._index, headers)
        return web.Response(body=body, content_type="text/html", charset="utf-8", headers=headers)
