"""Answers that many people read the same, kept as bytes for as long as what they were made of has not changed."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from aiohttp import web

from lms_box.http.compression import takes_gzip
from lms_box.http.conditional import is_known
from lms_box.http.headers import OF_THE_API, lines_of
from lms_box.http.routing import Route
from lms_box.viewer import Viewer

MOST_BYTES = 16 * 2**20
OF_304 = frozenset({"ETag", "Cache-Control", "Vary", "Link", "X-Total-Count"})
OVERHEAD = 2_000
"""Bytes that an answer takes beside its body, roughly."""


class Key(NamedTuple):
    """What an answer depends on beside the revision."""

    address: str
    """Path and query as they were sent."""
    is_admin: bool
    is_gzip: bool

    @classmethod
    def of(cls, request: web.Request, viewer: Viewer | None) -> Self:
        return cls(request.raw_path, viewer is not None and viewer.is_admin, takes_gzip(request))


@dataclass(frozen=True, slots=True)
class Kept:
    body: bytes
    headers: dict[str, str]
    """With the ETag."""
    route: Route
    head: bytes
    """The beginning of the answer as it is sent: what differs from one to the next is to follow, then an empty line."""
    head_of_304: bytes

    @classmethod
    def of(cls, response: web.Response, route: Route) -> Self:
        assert isinstance(response.body, bytes)
        headers = dict(response.headers)
        full = {**headers, "Content-Length": str(len(response.body))}
        return cls(response.body, headers, route, _head("200 OK", full), _head("304 Not Modified", _of_304(headers)))

    def answer(self, request: web.Request) -> web.Response:
        if is_known(request, self.headers["ETag"]):
            return web.Response(status=304, headers=_of_304(self.headers))
        return web.Response(body=self.body, headers=self.headers)


@dataclass(slots=True)
class KeptAnswers:
    """Of one revision at a time; the least used make room."""

    _revision: int = -1
    _answers: OrderedDict[Key, Kept] = field(default_factory=OrderedDict)
    _bytes: int = 0

    def find_route(self, key: Key) -> Route | None:
        """The route of an address of which an answer is kept, to whomever it may be given."""
        found = self._answers.get(key) or self._answers.get(key._replace(is_admin=not key.is_admin))
        return found.route if found else None

    def find(self, revision: int, key: Key) -> Kept | None:
        if revision != self._revision:
            return None
        if found := self._answers.get(key):
            self._answers.move_to_end(key)
        return found

    def keep(self, revision: int, key: Key, kept: Kept) -> None:
        """`revision` is the one from before the answer was made: a change in between is then not missed."""
        if revision < self._revision:
            return
        if revision > self._revision:
            self._answers.clear()
            self._revision, self._bytes = revision, 0
        self._drop(key)  # two that asked at once both made it
        self._answers[key] = kept
        self._bytes += _size(key, kept)
        while self._bytes > MOST_BYTES:
            self._drop(next(iter(self._answers)))

    def _drop(self, key: Key) -> None:
        if found := self._answers.pop(key, None):
            self._bytes -= _size(key, found)


def _size(key: Key, kept: Kept) -> int:
    return len(key.address) + len(kept.body) + OVERHEAD


def _of_304(headers: dict[str, str]) -> dict[str, str]:
    return {name: headers[name] for name in headers if name in OF_304}


def _head(status: str, headers: dict[str, str]) -> bytes:
    return f"HTTP/1.1 {status}\r\n{lines_of({**headers, **OF_THE_API})}".encode()


KEPT = web.AppKey("kept", KeptAnswers)
