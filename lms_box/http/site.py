"""The pages: one application built from web/, handed out for every address that is no other door's."""

import html
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from aiohttp import web

from lms_box.errors import NotFound
from lms_box.http.compression import compress
from lms_box.http.conditional import etag_of, is_known
from lms_box.http.headers import WORKER_POLICY, page_policy
from lms_box.http.sessions import credentials_of

SITE = Path(__file__).parent.parent / "site"
Needed = dict[str, dict[Literal["files", "questions", "mine"], list[str]]]
"""By route, as the build tells it."""
NAME = ">lms_box<"
"""Where the built page says whose it is, in its title and at its head."""
WORKER = "service-worker.js"
IMMUTABLE = "public, max-age=31536000, immutable"
NOT_BUILT = "The pages are not built. Install lms_box with ./install.sh, or run `npm run build` in web/."


@dataclass(frozen=True, slots=True)
class _Needs:
    """Of the pages at one route, as `Link` values; in those of the questions stand names for what the address says.

    Where the catalogue is public anybody may ask `questions`, but only who is signed in `mine`.
    """

    route: re.Pattern[str]
    files: list[str]
    questions: list[str]
    mine: list[str]


class Preloads:
    """What each page needs beside `index.html`, named in its `Link` header so that all of it comes at once.

    Without it the browser would learn of each file only from the one before, and ask its first question when all have run.
    """

    def __init__(self, needed: Needed) -> None:
        plain_first = sorted(needed.items(), key=lambda one: one[0].count("["))  # /courses/folder before /courses/[id]
        self._pages = [
            _Needs(
                route=_pattern_of(route),
                files=[*map(_link, needs["files"])],
                questions=[*map(_question, needs["questions"])],
                mine=[*map(_question, needs["mine"])],
            )
            for route, needs in plain_first
        ]

    @classmethod
    def of_site(cls, folder: Path, index: bytes) -> Self:
        """As the build says it, without the style that the page itself names: it would come twice, asked for in two ways."""
        told = folder / "preloads.json"
        needed: Needed = json.loads(told.read_bytes()) if told.is_file() else {}
        for needs in needed.values():
            needs["files"] = [file for file in needs["files"] if not (file.endswith(".css") and file.encode() in index)]
        return cls(needed)

    def header_for(self, request: web.Request, *, public: bool) -> dict[str, str]:
        """`public` where the catalogue is open to all. Of an address with a query nobody knows here what it asks."""
        found = next(((page, match) for page in self._pages if (match := page.route.fullmatch(request.path))), None)
        if found is None:
            return {}
        page, match = found
        signed_in = credentials_of(request) is not None
        questions = page.questions if (public or signed_in) and not request.query_string else []
        asked = [question.format_map(match.groupdict()) for question in questions]
        links = page.files + asked + (page.mine if signed_in else [])
        return {"Link": ", ".join(links)} if links else {}


def _pattern_of(route: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\[(\w+)\\\]", r"(?P<\1>[\\w-]+)", re.escape(route)) + "/?", re.ASCII)


def _link(file: str) -> str:
    """Asked for as the page's own loader asks, else the browser would take neither for the other."""
    return f"</{file}>; rel=" + ("preload; as=style; crossorigin" if file.endswith(".css") else "modulepreload")


def _question(path: str) -> str:
    return f"</api/v1{path.replace('[', '{').replace(']', '}')}>; rel=preload; as=fetch; crossorigin"


class Pages:
    """Serves index.html for pages and the built files beside it; the folder is read once, at start.

    `name` is the site's; `media` the site of the bytes, when it is another; `public` where the catalogue is open to all.
    """

    def __init__(self, folder: Path = SITE, *, name: str = "lms_box", media: str | None = None, public: bool = False) -> None:
        self._folder, self._public = folder, public
        index = folder / "index.html"
        self._index = index.read_text("utf-8").replace(NAME, f">{html.escape(name)}<").encode() if index.is_file() else None
        self._etag = etag_of(self._index or b"")
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
        headers = {"Cache-Control": IMMUTABLE if path.startswith("_app/immutable/") else "no-cache"}
        if path == WORKER:
            headers["Content-Security-Policy"] = WORKER_POLICY
        return web.FileResponse(self._folder / path, headers=headers)

    def _page(self, request: web.Request) -> web.Response:
        if self._index is None:
            return web.Response(status=503, text=NOT_BUILT)
        headers = {"Content-Security-Policy": self._policy, "Cache-Control": "no-cache", "ETag": self._etag}
        headers.update(self._preloads.header_for(request, public=self._public))
        if is_known(request, self._etag):
            return web.Response(status=304, headers=headers)
        body = compress(request, self._index, headers)
        return web.Response(body=body, content_type="text/html", charset="utf-8", headers=headers)
