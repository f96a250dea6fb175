"""Hands out files of this machine: the whole or a part, with conditions; the kernel sends them by itself."""

import asyncio
import os
import re
import stat
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter

from lms_box.http.conditional import is_known, is_named
from lms_box.http.headers import OF_THE_API, lines_of

AT_ONCE = 4 * 2**20
"""Bytes that are sent to one client before another has its turn."""
MOST_ADDRESSES = 4096
RANGE = re.compile(r"bytes=(\d{0,1000})-(\d{0,1000})", re.ASCII | re.IGNORECASE)
"""One part, as browsers and players ask for it; what asks for more is refused."""
IN_MEMORY = getattr(os, "RWF_NOWAIT", None)


class OpenFile:
    """To open a file that lies on a disk of this machine takes less than to ask a thread."""

    __slots__ = ("_descriptor", "mtime_ns", "size")

    def __init__(self, path: Path) -> None:
        """Raises OSError when there is no file."""
        self._descriptor = -1
        self._descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a pipe would be waited for
        found = os.fstat(self._descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise FileNotFoundError(path)
        self.size, self.mtime_ns = found.st_size, found.st_mtime_ns

    @property
    def etag(self) -> str:
        return f'"{self.mtime_ns:x}-{self.size:x}"'

    def fileno(self) -> int:
        return self._descriptor

    def is_in_memory(self, offset: int) -> bool:
        """False when a disk would have to be waited for, which may be asleep; True too where the kernel cannot say."""
        if IN_MEMORY is None:
            return True
        try:
            os.preadv(self._descriptor, [bytearray(1)], offset, IN_MEMORY)
        except BlockingIOError:
            return False
        except OSError:  # a file system that cannot say
            return True
        return True

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __del__(self) -> None:
        """An answer that nobody waited for is never sent."""
        self.close()


class Piece(NamedTuple):
    """What a request is given of an open file: no bytes where it has them, or only asks about them."""

    file: OpenFile
    status: int
    start: int
    length: int
    headers: Mapping[str, str]
    """What they say of this file; the rest is known of its address."""


@dataclass(frozen=True)
class Address:
    """Where the file lies, and how long this address leads there (seconds since 1970)."""

    path: Path
    headers: Mapping[str, str]
    until: float

    @cached_property
    def lines(self) -> str:
        return lines_of({**OF_THE_API, **self.headers})

    def find_piece(self, request: web.Request) -> Piece | None:
        """None when there is no such file. Raises HTTPRequestRangeNotSatisfiable and HTTPPreconditionFailed."""
        try:
            file = OpenFile(self.path)
        except OSError:
            return None
        return _piece(request, file)


class Addresses:
    """Those that were last asked for, as they were sent: what is known of them need not be found out again."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Address] = OrderedDict()

    def find(self, raw_path: str, *, at: float) -> Address | None:
        found = self._known.get(raw_path)
        if found is None or found.until <= at:
            return None
        self._known.move_to_end(raw_path)
        return found

    def keep(self, raw_path: str, address: Address) -> None:
        self._known[raw_path] = address
        if len(self._known) > MOST_ADDRESSES:
            self._known.popitem(last=False)


ADDRESSES = web.AppKey("addresses", Addresses)


def answer_with_file(request: web.Request, address: Address) -> web.StreamResponse | None:
    """None when there is no such file; else the next request for it may take the short way."""
    piece = address.find_piece(request)
    if piece is None:
        return None
    request.app[ADDRESSES].keep(request.raw_path, address)
    return FileAnswer(piece, address)


def _piece(request: web.Request, file: OpenFile) -> Piece:
    about = {"ETag": file.etag, "Last-Modified": _in_words(file.mtime_ns // 10**9), "Accept-Ranges": "bytes"}
    if not _is_wanted(request, file):
        raise web.HTTPPreconditionFailed
    if _is_known(request, file):
        return Piece(file, 304, 0, 0, about)
    status, start, count = 200, 0, file.size
    if _is_part(request, file):
        status, (start, count) = 206, _part(request.headers["Range"], file.size)
        about["Content-Range"] = f"bytes {start}-{start + count - 1}/{file.size}"
    about["Content-Length"] = str(count)
    return Piece(file, status, start, count if request.method == "GET" else 0, about)


@lru_cache(maxsize=4096)
def _in_words(second: int) -> str:
    return formatdate(second, usegmt=True)


def _is_wanted(request: web.Request, file: OpenFile) -> bool:
    if "If-Match" in request.headers:
        return is_named(request, file.etag)
    since = request.if_unmodified_since
    return since is None or file.mtime_ns // 10**9 <= since.timestamp()


def _is_known(request: web.Request, file: OpenFile) -> bool:
    if "If-None-Match" in request.headers:
        return is_known(request, file.etag)
    since = request.if_modified_since
    return since is not None and file.mtime_ns // 10**9 <= since.timestamp()


def _is_part(request: web.Request, file: OpenFile) -> bool:
    """A part is asked for, and it is of this very file."""
    if "Range" not in request.headers or request.method != "GET":
        return False
    said = request.headers.get("If-Range")
    if said is None or said.strip() == file.etag:
        return True
    try:
        return int(parsedate_to_datetime(said).timestamp()) == file.mtime_ns // 10**9
    except ValueError:  # another tag
        return False


def _part(said: str, size: int) -> tuple[int, int]:
    """Where to begin, and how much. aiohttp's `http_range` says the same in four times the time."""
    found = RANGE.fullmatch(said)
    if found is None:
        raise web.HTTPRequestRangeNotSatisfiable
    first, last = found.groups()
    if first:
        start, stop = int(first), min(int(last) + 1, size) if last else size
    else:
        start, stop = max(0, size - int(last or 0)), size
    if start >= stop:
        raise web.HTTPRequestRangeNotSatisfiable
    return start, stop - start


class FileAnswer(web.StreamResponse):
    """Of an open file, that is closed when it is sent."""

    _send_headers_immediately = False
    """The head is not sent before the disk has answered."""

    def __init__(self, piece: Piece, address: Address) -> None:
        super().__init__(status=piece.status, headers={**address.headers, **piece.headers})
        self._piece = piece

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        try:
            writer = await super().prepare(request)
            assert writer
            if self._piece.length:
                await self._send(request, writer)
            await super().write_eof()
        finally:
            self._piece.file.close()
        return writer

    async def _send(self, request: web.BaseRequest, writer: AbstractStreamWriter) -> None:
        file, start, end = self._piece.file, self._piece.start, self._piece.start + self._piece.length
        if not file.is_in_memory(start):
            await asyncio.to_thread(os.pread, file.fileno(), 1, start)
        writer.send_headers()
        loop = asyncio.get_running_loop()
        for offset in range(start, end, AT_ONCE):
            transport = request.transport
            if transport is None or transport.is_closing():
                raise ConnectionResetError("the client has left")
            await loop.sendfile(transport, cast("BinaryIO", file), offset, min(AT_ONCE, end - offset))
            await asyncio.sleep(0)
