"""The HTTP server: aiohttp's, with the parser's own refusals in the API's shape."""

import asyncio
import errno
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, BinaryIO, cast

from aiofastnet import Transport, patch_loop
from aiohttp import web
from aiohttp.http import RawRequestMessage, StreamWriter
from aiohttp.streams import EMPTY_PAYLOAD
from aiohttp.web_protocol import RequestHandler

from lms_box.errors import Unavailable
from lms_box.http.headers import OF_THE_API, new_request_id
from lms_box.http.pieces import OpenFile, Piece
from lms_box.http.problems import problem_of_status
from lms_box.http.shortcut import Shortcut

LONGEST_LINE = 8190
SHUTDOWN_SECONDS = 10.0
BACKLOG = 1024
IDLE_SECONDS = 150.0
"""So long a line may go without a whole request; proxies in front close theirs sooner (nginx after 60, Caddy after 120)."""


class _Protocol(RequestHandler):
    __slots__ = ("_rest", "_shortcut")

    def __init__(self, server: "_Server", *, shortcut: Shortcut, **options: Any) -> None:
        super().__init__(server, **options)
        self._shortcut = shortcut
        self._rest: asyncio.Future[None] | None = None

    def data_received(self, data: bytes) -> None:
        """Answers at once what is kept: to wake the task that waits for the next request takes longer than the answer."""
        waiter, self._waiter = self._waiter, None  # so that what arrives does not wake it yet
        super().data_received(data)
        self._waiter = waiter
        if waiter is None or waiter.done():
            return
        while self._messages and self._is_answered(*self._messages[0]):
            self._messages.popleft()
        if self._messages:
            waiter.set_result(None)

    def _is_answered(self, message: Any, payload: Any) -> bool:
        """Not while the client does not read, and not what only that task ends: a full queue, a wish for another protocol."""
        is_free = not (self._paused or self._buffer_paused or self._upgraded or self._close or self._force_close)
        if not is_free or payload is not EMPTY_PAYLOAD or not isinstance(message, RawRequestMessage):
            return False
        assert self._request_factory
        assert self._parser
        assert self.transport
        assert self._task_handler
        writer = StreamWriter(self, self._loop)
        request = self._request_factory(message, payload, self, writer, self._task_handler)
        assert isinstance(request, web.Request)
        found = self._shortcut.find(request)
        if found is None:
            return False
        self._parser.message_consumed()
        self._next_keepalive_close_time = self._loop.time() + self._keepalive_timeout
        if found.piece is None:
            self.transport.write(found.data)
        else:
            self._send(found.data, found.piece)
        return True

    def _send(self, head: bytes, piece: Piece) -> None:
        """What the client does not take at once stands in the transport's queue, before whatever is written next."""
        transport = self.transport
        assert isinstance(transport, Transport)
        transport.write(head)
        rest = _begin(transport, piece) if piece.length else None
        if rest is None:
            piece.file.close()
        else:
            self._rest = rest
            rest.add_done_callback(partial(_let_go, piece.file))

    async def shutdown(self, timeout: float | None = 15.0) -> None:  # noqa: ASYNC109 -- as aiohttp calls it
        """What is still being sent is waited for, as for a handler that is at work."""
        if self._rest is not None:
            await asyncio.wait([self._rest], timeout=timeout)
        await super().shutdown(timeout)

    def handle_error(
        self, request: web.BaseRequest, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> web.StreamResponse:
        """aiohttp would answer in text/plain and repeat what was sent."""
        del message
        if status >= 500:
            self.log_exception("request failed before a handler saw it", exc_info=exc)
        if request.writer.output_size > 0:
            raise ConnectionError("the answer had begun")
        request_id = new_request_id()
        response = problem_of_status(status, request_id)
        response.headers.update({**OF_THE_API, "X-Request-Id": request_id})
        response.headers["Server"] = "lms_box"  # else aiohttp tells its version
        response.force_close()
        return response


def _begin(transport: Transport, piece: Piece) -> asyncio.Future[None] | None:
    try:
        return transport.sendfile(cast("BinaryIO", piece.file), piece.start, piece.length)
    except (OSError, RuntimeError):  # the client has left, and the transport closes itself
        return None


def _let_go(file: OpenFile, sent: asyncio.Future[None]) -> None:
    """Also of a client that has left, of which nobody need hear."""
    file.close()
    if not sent.cancelled():
        sent.exception()


class _Server(web.Server):
    def __init__(self, made: web.Server, shortcut: Shortcut) -> None:
        super().__init__(made.request_handler, request_factory=made.request_factory, loop=made._loop, **made._kwargs)  # noqa: SLF001 -- aiohttp has no public place to choose the protocol
        self._shortcut = shortcut

    def __call__(self) -> RequestHandler:
        return _Protocol(self, shortcut=self._shortcut, loop=self._loop, **self._kwargs)


class Runner(web.AppRunner):
    """Runs the application under the server above."""

    def __init__(self, app: web.Application, **options: Any) -> None:
        super().__init__(
            app,
            access_log=None,
            shutdown_timeout=SHUTDOWN_SECONDS,
            keepalive_timeout=IDLE_SECONDS,
            max_line_size=LONGEST_LINE,
            max_field_size=LONGEST_LINE,
            **options,
        )

    async def _make_server(self) -> web.Server:
        _hasten(asyncio.get_running_loop())
        return _Server(await super()._make_server(), Shortcut(self.app))


def _hasten(loop: asyncio.AbstractEventLoop) -> None:
    """asyncio's own transports take a third longer for the bytes of films.

    Pipes to child processes stay asyncio's: aiofastnet's complain when the collector lets go of them in another thread.
    """
    pipes = {name: getattr(loop, name) for name in ("connect_read_pipe", "connect_write_pipe")}
    patch_loop(loop)
    for name, connect in pipes.items():
        setattr(loop, name, connect)


@asynccontextmanager
async def serving(app: web.Application, listener: socket.socket) -> AsyncIterator[None]:
    """Answers on the listener while the block lasts; requests under way then get some seconds to end."""
    runner = Runner(app)
    await runner.setup()
    try:
        await web.SockSite(runner, listener, backlog=BACKLOG).start()
        yield
    finally:
        await runner.cleanup()


def open_listener(host: str, port: int) -> socket.socket:
    """Raises Unavailable when the port is taken or the address is not this machine's."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except OSError as error:
        raise Unavailable(_cannot_listen(host, port, error)) from None


def address_of_listener(listener: socket.socket) -> tuple[str, int]:
    host, port = listener.getsockname()[:2]
    return host, port


def _cannot_listen(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use. Choose another with --port, or stop the program that has it."
    return f"Cannot listen on {host}, port {port}: {error.strerror or error}. Choose others with --host and --port."
