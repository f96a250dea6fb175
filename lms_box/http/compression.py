"""Sends long answers compressed to those who take them so."""

import gzip
import re

from aiohttp import web

WORTH_IT = 1024
"""Bytes; below, the headers and the time cost more than it saves."""
LEVEL = 5
GZIP = re.compile(r"(?:^|,)\s*gzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", re.IGNORECASE)
SUFFIX = '-gzip"'


def compress(request: web.Request, body: bytes, headers: dict[str, str]) -> bytes:
    """The body as it is to be sent; `headers` are told. Of a strong ETag each form has its own."""
    if len(body) < WORTH_IT:
        return body
    headers["Vary"] = "Accept-Encoding"
    if not takes_gzip(request):
        return body
    headers["Content-Encoding"] = "gzip"
    if "ETag" in headers:
        headers["ETag"] = headers["ETag"][:-1] + SUFFIX
    return gzip.compress(body, LEVEL, mtime=0)


def takes_gzip(request: web.Request) -> bool:
    return GZIP.search(request.headers.get("Accept-Encoding", "")) is not None


def plain_tag(tag: str) -> str:
    """The ETag of the same thing uncompressed."""
    return tag[: -len(SUFFIX)] + '"' if tag.endswith(SUFFIX) else tag
