"""The API's description to look at, by Swagger UI and Redoc, both served from the box itself."""

from pathlib import Path

from aiohttp import web

from lms_box.errors import NotFound

FOLDER = Path(__file__).parent / "api_docs"
DESCRIPTION = "/api/openapi.json"
NOT_BUILT = "The viewers of the API are not there. Install lms_box with ./install.sh, or run web/build_site.py."
TYPES = {".js": "text/javascript", ".css": "text/css", ".txt": "text/plain"}

SWAGGER = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>lms_box API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
<div id="api"></div>
<script src="/api/docs/swagger-ui.js"></script>
<script src="/api/docs/start.js"></script>
</html>
"""
START = f"""SwaggerUIBundle({{
  url: '{DESCRIPTION}',
  dom_id: '#api',
  deepLinking: true,
  validatorUrl: null,
}});
"""
REDOC = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>lms_box API</title>
<link rel="icon" href="data:,">
<redoc spec-url="{DESCRIPTION}"></redoc>
<script src="/api/docs/redoc.js"></script>
</html>
"""
POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
)
SWAGGER_POLICY = POLICY + "style-src 'self'"
# Redoc writes its styles into the page and searches in a worker made of a blob.
REDOC_POLICY = POLICY + "style-src 'self' 'unsafe-inline'; worker-src blob:"


async def show_swagger(_request: web.Request) -> web.Response:
    return _page(SWAGGER, SWAGGER_POLICY)


async def show_redoc(_request: web.Request) -> web.Response:
    return _page(REDOC, REDOC_POLICY)


async def show_start(_request: web.Request) -> web.Response:
    return web.Response(text=START, content_type="text/javascript", headers={"Cache-Control": "no-cache"})


async def show_part(request: web.Request) -> web.StreamResponse:
    """A file of the viewers; where a compressed copy stands beside it, that one is sent."""
    path = FOLDER / request.match_info["name"]
    if path.suffix not in TYPES or not path.is_file():
        raise NotFound("There is nothing at this address.")
    return web.FileResponse(path, headers={"Content-Type": TYPES[path.suffix], "Cache-Control": "no-cache"})


def _page(text: str, policy: str) -> web.Response:
    if not FOLDER.is_dir():
        return web.Response(status=503, text=NOT_BUILT)
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-cache"}
    return web.Response(text=text, content_type="text/html", charset="utf-8", headers=headers)


PAGES = [
    web.get("/api/docs", show_swagger),
    web.get("/api/redoc", show_redoc),
    web.get("/api/docs/start.js", show_start),
    web.get("/api/docs/{name:[\\w.-]+}", show_part),
]
