"""Answers that many people read the same, kept as bytes for as long as what they were made of has not changed."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from aiohttp import web

from lms_box.http.conditional import is_known

MOST_BYTES = 16 * 2**20
OF_304 = frozenset({"ETag", "Cache-Control", "Vary", "Link", "X-Total-Count"})
OVERHEAD = 1_000
"""Bytes that an answer takes beside its body, roughly."""


class Key(NamedTuple):
    """What an answer depends on beside the revision."""

    address: str
    """Path and query as they were sent."""
    is_admin: bool
    is_gzip: bool


@dataclass(frozen=True, slots=True)
class Kept:
    body: bytes
    headers: dict[str, str]
    """With the ETag."""

    @classmethod
    def of(cls, response: web.Response) -> Self:
        assert isinstance(response.body, bytes)
        return cls(response.body, dict(response.headers))

    def answer(self, request: web.Request) -> web.Response:
        if is_known(request, self.headers["ETag"]):
            return web.Response(status=304, headers={name: self.headers[name] for name in self.headers if name in OF_304})
        return web.Response(body=self.body, headers=self.headers)


@dataclass(slots=True)
class KeptAnswers:
    """Of one revision at a time; the least used make room."""

    _revision: int = -1
    _answers: OrderedDict[Key, Kept] = field(default_factory=OrderedDict)
    _bytes: int = 0

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
        self._answers[key] = kept
        self._bytes += _size(key, kept)
        while self._bytes > MOST_BYTES:
            self._bytes -= _size(*self._answers.popitem(last=False))


def _size(key: Key, kept: Kept) -> int:
    return len(key.address) + len(kept.body) + OVERHEAD


KEPT = web.AppKey("kept", KeptAnswers)
