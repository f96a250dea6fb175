"""A line to a store that can be cut, stopped, or answered in the store's place."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Literal

Mood = Literal["open", "down", "slow", "cut", "refusing"]


class Proxy:
    """Passes bytes on while its mood is "open"."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.mood: Mood = "open"
        self.refusal = b""
        self.asked = 0
        self.endpoint = ""
        self._lines: set[asyncio.StreamWriter] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._lines.add(writer)
        with suppress(OSError):
            await self._answer(reader, writer)
        self._lines.discard(writer)
        writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.mood == "down":
            return
        if self.mood == "slow":
            await reader.read()  # until the other side has had enough
        elif self.mood == "refusing":
            await self._refuse(reader, writer)
        else:
            await self._join(reader, writer)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            await asyncio.gather(self._pass(reader, back, counted=True), self._pass(there, writer))
        finally:
            back.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counted: bool = False) -> None:
        passed = 0
        while data := await reader.read(65536):
            self.asked += counted and data.startswith((b"GET", b"PUT", b"POST", b"HEAD", b"DELETE"))
            passed += len(data)
            writer.write(data)
            await writer.drain()
            if self.mood == "cut" and not counted and passed > 1024 * 1024:
                writer.transport.abort()
                return
        writer.write_eof()

    async def _refuse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                if b"expect: " not in head and b"content-length: " in head:
                    await reader.readexactly(int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0]))
                writer.write(self.refusal)
                await writer.drain()
                if b"expect: " in head:
                    return

    def close(self) -> None:
        for line in self._lines:
            line.transport.abort()


def refusal(status: int, code: str) -> bytes:
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>said so</Message></Error>".encode()
    head = f"HTTP/1.1 {status} No\r\nContent-Type: application/xml\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


@asynccontextmanager
async def proxied(port: int) -> AsyncIterator[Proxy]:
    proxy = Proxy(port)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.endpoint = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield proxy
    finally:
        server.close()
        proxy.close()
