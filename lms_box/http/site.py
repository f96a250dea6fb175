"""The pages: one application built from web/, handed out for every address that is no other door's."""

from pathlib import Path

from aiohttp import web

from lms_box.errors import NotFound
from lms_box.http.compression import compress
from lms_box.http.conditional import etag_of, is_known
from lms_box.http.headers import page_policy

SITE = Path(__file__).parent.parent / "site"
IMMUTABLE = "public, max-age=31536000, immutable"
NOT_BUILT = "The pages are not built. Install lms_box with ./install.sh, or run `npm run build` in web/."


class Pages:
    """Serves index.html for pages and the built files beside it; the folder is read once, at start.

    `media` is the site of the bytes, when it is another.
    """

    def __init__(self, folder: Path = SITE, *, media: str | None = None) -> None:
        self._folder = folder
        index = folder / "index.html"
        self._index = index.read_bytes() if index.is_file() else None
        self._policy = page_policy(self._index or b"", media=media)
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
        if is_known(request, headers["ETag"]):
            return web.Response(status=304, headers=headers)
        body = compress(request, self._index, headers)
        return web.Response(body=body, content_type="text/html", charset="utf-8", headers=headers)
