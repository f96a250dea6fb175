"""A small load generator: so many connections that each send their next request when the last one is answered."""

import json
import re
import selectors
import socket
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle

# It shares the machine with what it measures, so it does little: bytes made beforehand go out, and of an answer only the
# status and the length are looked at.
CONNECTIONS = 16
PIECE = 2**18
PATIENCE = 60.0
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


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
    busy: float
    """The part of the time in which the generator itself was at work: near 1, it is what was measured."""


class Connection:
    """One client, its requests taken in turn. Raises ValueError for an answer of another status than the expected one."""

    def __init__(self, port: int, requests: Iterable[bytes], expected: int = 200) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.taken: list[float] = []
        """How long each answer took, in seconds."""
        self.head = b""
        """Of the last answer."""
        self.is_waiting = False
        self._requests: Iterator[bytes] = iter(requests)
        self._expected = str(expected).encode()
        self._left = 0

    def send(self) -> None:
        request = next(self._requests, None)
        self.is_waiting = request is not None
        if request is not None:
            self.head, self._sent = b"", time.perf_counter()
            self.socket.sendall(request)

    def receive(self) -> None:
        """When the answer is whole, the next request is sent."""
        data = self.socket.recv(PIECE)
        if not data:
            raise ConnectionError("the server closed the connection")
        self._left -= len(data)
        if not self.head:
            self._left = self._rest_of(data)
        if self._left <= 0:
            self.taken.append(time.perf_counter() - self._sent)
            self.send()

    def _rest_of(self, data: bytes) -> int:
        """How many bytes follow the first piece, in which servers send the whole head."""
        end = data.index(b"\r\n\r\n")
        self.head = data[:end]
        if data[9:12] != self._expected:
            raise ValueError(f"expected {self._expected.decode()}: {data.decode(errors='replace')}")
        length = LENGTH.search(self.head)
        return end + 4 + (int(length[1]) if length else 0) - len(data)


def measure(
    port: int, requests: Sequence[Request], *, seconds: float, expected: int = 200, during: Sequence[Connection] = ()
) -> Measured:
    """For as long as `during` wait for their answers, where there are some."""
    encoded = [request.encode() for request in requests]
    starts = (number * len(encoded) // CONNECTIONS for number in range(CONNECTIONS))
    counted = [Connection(port, cycle(encoded[start:] + encoded[:start]), expected) for start in starts]
    begun, worked = time.perf_counter(), time.process_time()
    exchange(counted, until=begun + seconds, during=during)
    elapsed, worked = time.perf_counter() - begun, time.process_time() - worked
    for connection in counted:
        connection.socket.close()
    taken = sorted(one for connection in counted for one in connection.taken)
    return Measured(len(taken) / elapsed, taken[len(taken) * 99 // 100], worked / elapsed)


def exchange(connections: Sequence[Connection], *, until: float = float("inf"), during: Sequence[Connection] = ()) -> None:
    """Until the time has come, one of `during` has nothing to do any more, or all is sent and answered."""
    with selectors.DefaultSelector() as selector:
        for connection in (*connections, *during):
            if not connection.is_waiting:
                connection.send()
            selector.register(connection.socket, selectors.EVENT_READ, connection)
        while time.perf_counter() < until and any(one.is_waiting for one in connections):
            if during and not any(one.is_waiting for one in during):
                return
            ready = selector.select(PATIENCE)
            if not ready:
                raise TimeoutError(f"no answer within {PATIENCE:.0f} seconds")
            for key, _ in ready:
                key.data.receive()
