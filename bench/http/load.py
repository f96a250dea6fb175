"""A small load generator: so many connections that each send their next request when the last one is answered."""

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import cycle

CONNECTIONS = 16


@dataclass(frozen=True)
class Request:
    path: str
    method: str = "GET"
    token: str | None = None
    body: object = None
    etag: str | None = None

    def encode(self) -> bytes:
        data = b"" if self.body is None else json.dumps(self.body).encode()
        lines = [f"{self.method} {self.path} HTTP/1.1", "Host: bench"]
        lines += [f"Authorization: Bearer {self.token}"] if self.token else []
        lines += [f"If-None-Match: {self.etag}"] if self.etag else []
        lines += ["Content-Type: application/json", f"Content-Length: {len(data)}"] if data else []
        return "\r\n".join([*lines, "", ""]).encode() + data


@dataclass(frozen=True)
class Measured:
    per_second: float
    p99: float
    """In seconds."""


class _Connection(asyncio.Protocol):
    def __init__(self, requests: Iterator[bytes], expected: bytes, taken: list[float], ended: "asyncio.Future[None]") -> None:
        self._requests, self._expected, self._taken, self._ended = requests, expected, taken, ended
        self._buffer, self._left, self._is_over = b"", 0, False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        if self._left:
            self._left -= len(data)
        else:
            self._buffer += data
            if (head := self._buffer.find(b"\r\n\r\n")) < 0:
                return
            self._left = _length(self._buffer[:head].lower()) - (len(self._buffer) - head - 4)
            self._check(self._buffer[:head])
        if self._left <= 0:
            self._taken.append(time.perf_counter() - self._sent)
            self._send()

    def connection_lost(self, error: Exception | None) -> None:
        if not self._ended.done():
            self._ended.set_exception(error or ConnectionError("the server closed the connection"))

    def stop(self) -> None:
        self._is_over = True

    def _check(self, head: bytes) -> None:
        if head[9:12] != self._expected and not self._ended.done():
            self._ended.set_exception(ValueError(f"expected {self._expected.decode()}: {head.decode()}"))

    def _send(self) -> None:
        self._buffer, self._left = b"", 0
        if not self._is_over:
            self._sent = time.perf_counter()
            self._transport.write(next(self._requests))
        elif not self._ended.done():
            self._ended.set_result(None)
            self._transport.close()


def _same(connection: _Connection) -> _Connection:
    return connection


def _length(head: bytes) -> int:
    start = head.find(b"content-length:")
    return int(head[start + 15 :].split(b"\r\n", 1)[0]) if start >= 0 else 0


async def measure(
    port: int, requests: Sequence[Request], *, seconds: float, expected: int = 200, connections: int = CONNECTIONS
) -> Measured:
    """Raises ValueError for an answer of another status."""
    encoded, taken = [request.encode() for request in requests], list[float]()
    loop = asyncio.get_running_loop()
    ends = [loop.create_future() for _ in range(connections)]
    made = []
    begun = time.perf_counter()
    for number, end in enumerate(ends):
        start = number * len(encoded) // connections
        turn = cycle(encoded[start:] + encoded[:start])
        connection = _Connection(turn, str(expected).encode(), taken, end)
        await loop.create_connection(partial(_same, connection), "127.0.0.1", port)
        made.append(connection)
    for connection in made:
        loop.call_later(seconds, connection.stop)
    await asyncio.gather(*ends)
    elapsed = time.perf_counter() - begun
    return Measured(len(taken) / elapsed, sorted(taken)[len(taken) * 99 // 100])


async def send_once(port: int, requests: Sequence[Request]) -> list[bytes]:
    """All of them at once, each on a connection of its own; the heads of the answers."""

    async def send(request: Request) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request.encode())
        head = await reader.readuntil(b"\r\n\r\n")
        writer.close()
        return head

    return await asyncio.gather(*(send(request) for request in requests))
