"""Hands out files of this machine: the whole or a part, with conditions, past the threads that aiohttp's own way takes."""

import asyncio
import os
import stat
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from functools import lru_cache
from pathlib import Path
from typing import Self

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter

from lms_box.http.conditional import is_known, is_named

SMALL = 256 * 1024
"""Up to here a piece is read and written at once; above, the kernel sends it by itself."""
AT_ONCE = getattr(os, "RWF_NOWAIT", None)


@dataclass(slots=True)
class OpenFile:
    descriptor: int
    size: int
    mtime_ns: int

    @classmethod
    def at(cls, path: Path) -> Self | None:
        """None when there is no file. To open one that lies on a disk of this machine takes less than to ask a thread."""
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            return None
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            os.close(descriptor)
            return None
        return cls(descriptor, found.st_size, found.st_mtime_ns)

    @property
    def etag(self) -> str:
        return f'"{self.mtime_ns:x}-{self.size:x}"'

    def close(self) -> None:
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1

    def __del__(self) -> None:
        """An answer that nobody waited for is never sent."""
        self.close()


def answer_with_file(request: web.Request, path: Path, headers: dict[str, str]) -> web.StreamResponse | None:
    """None when there is no such file. Raises HTTPRequestRangeNotSatisfiable and HTTPPreconditionFailed."""
    file = OpenFile.at(path)
    if file is None:
        return None
    try:
        answer = _answer(request, file, headers)
    except BaseException:
        file.close()
        raise
    if not isinstance(answer, Piece):
        file.close()
    return answer


def _answer(request: web.Request, file: OpenFile, headers: dict[str, str]) -> web.StreamResponse:
    about = {**headers, "ETag": file.etag, "Last-Modified": _in_words(file.mtime_ns // 10**9)}
    about["Accept-Ranges"] = "bytes"
    if not _is_wanted(request, file):
        raise web.HTTPPreconditionFailed
    if _is_known(request, file):
        return web.Response(status=304, headers=about)
    if not _is_part(request, file):
        return Piece(file, 0, file.size, status=200, headers=about)
    start, count = _part(request, file)
    about["Content-Range"] = f"bytes {start}-{start + count - 1}/{file.size}"
    return Piece(file, start, count, status=206, headers=about)


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


def _part(request: web.Request, file: OpenFile) -> tuple[int, int]:
    """Where to begin, and how much."""
    try:
        asked = request.http_range
    except ValueError:
        raise web.HTTPRequestRangeNotSatisfiable from None
    start, stop, _ = asked.indices(file.size)
    if start >= file.size or stop <= start:
        raise web.HTTPRequestRangeNotSatisfiable
    return start, stop - start


class Piece(web.StreamResponse):
    """A part of an open file, that is closed when it is sent."""

    _send_headers_immediately = False
    """The head goes out with the first bytes."""

    def __init__(self, file: OpenFile, start: int, count: int, *, status: int, headers: dict[str, str]) -> None:
        super().__init__(status=status, headers=headers)
        self.content_length = count
        self._file, self._offset, self._length = file, start, count

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        try:
            writer = await super().prepare(request)
            assert writer
            if request.method != "HEAD" and self._length:
                await self._send(request, writer)
            await super().write_eof()
        finally:
            self._file.close()
        return writer

    async def _send(self, request: web.BaseRequest, writer: AbstractStreamWriter) -> None:
        if self._length <= SMALL:
            await writer.write(_read_at_once(self._file, self._offset, self._length) or await self._read())
            return
        transport = request.transport
        if transport is None:
            raise ConnectionResetError("the client has left")
        writer.send_headers()
        with os.fdopen(self._file.descriptor, "rb", closefd=False) as file:
            await asyncio.get_running_loop().sendfile(transport, file, self._offset, self._length)

    async def _read(self) -> bytes:
        return await asyncio.to_thread(os.pread, self._file.descriptor, self._length, self._offset)


def _read_at_once(file: OpenFile, start: int, count: int) -> bytearray | None:
    """What the kernel has in memory; None when a disk would have to be waited for."""
    if AT_ONCE is None:
        return None
    buffer = bytearray(count)
    try:
        return buffer if os.preadv(file.descriptor, [buffer], start, AT_ONCE) == count else None
    except OSError:  # not there yet, or a file system that cannot say
        return None
