"""Streams a file of this machine into an S3 store: hashed on the way, in parts when it is long, whole or not at all."""

import asyncio
import hashlib
import os
from collections.abc import Coroutine, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from lms_box.errors import Unavailable
from lms_box.storage.base import Taken
from lms_box.storage.reading import opened, readable, require_same
from lms_box.storage.refusals import Missing, Place
from lms_box.storage.threads import in_thread

Result = TypeVar("Result")
PART = 5 * 1024 * 1024
"""The least that the protocol allows, but for the last one."""
MOST_PARTS = 9_000
"""The protocol allows 10,000; a file that grows while it is read is noticed before that."""


@dataclass(slots=True)
class Sender:
    """Everything that a process sends shares `room`: so many parts are in memory at a time, whoever sends them."""

    client: Any
    place: Place
    room: asyncio.Semaphore
    patience: float
    """Seconds for a part: the library waits for answers no longer than it is told, and for ever to get rid of its bytes."""

    async def send(self, key: str, source: Path, *, media_type: str, cache: str) -> Taken:
        """Raises Invalid when the source cannot be read or changes meanwhile."""
        with opened(source) as descriptor:
            before = os.fstat(descriptor)
            reading = _Reading(descriptor, source, max(PART, before.st_size // MOST_PARTS + 1))
            about = {"Bucket": self.place.bucket, "Key": key}
            described = {**about, "ContentType": media_type, "CacheControl": cache}
            if before.st_size < reading.part:
                async with self.room:
                    data = await reading.next()
                    require_same(before, os.fstat(descriptor), source, reading.size)
                    await self._put(described, data)
            else:
                await self._send_parts(about, described, reading, before)
        return Taken(reading.size, reading.digest.hexdigest())

    async def _put(self, described: dict[str, Any], data: bytes) -> None:
        with self.place.asked("write"):
            async with asyncio.timeout(self.patience):
                await self.client.put_object(**described, Body=data)

    async def _send_parts(
        self, about: dict[str, Any], described: dict[str, Any], reading: "_Reading", before: os.stat_result
    ) -> None:
        with self.place.asked("write"):
            begun = await self.client.create_multipart_upload(**described)
            upload = {**about, "UploadId": begun["UploadId"]}
            try:
                parts = await self._send_all(upload, reading)
                require_same(before, os.fstat(reading.descriptor), reading.source, reading.size)
                await self.client.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
            except BaseException:
                await asyncio.shield(self._abort(upload))
                raise

    async def _send_all(self, upload: dict[str, Any], reading: "_Reading") -> list[dict[str, Any]]:
        tasks: list[asyncio.Task[dict[str, Any]]] = []
        try:
            while True:
                await self.room.acquire()
                data = await self._next(reading)
                if not data:
                    return list(await asyncio.gather(*tasks))
                tasks.append(asyncio.create_task(self._send_part(upload, len(tasks) + 1, data)))
                _raise_first(tasks)
        except BaseException:
            await _stop(tasks)
            raise

    async def _next(self, reading: "_Reading") -> bytes:
        """With room taken, which a part keeps until it is sent; at the end and in trouble it is given back."""
        data = b""
        try:
            data = await reading.next()
        finally:
            if not data:
                self.room.release()
        return data

    async def _send_part(self, upload: dict[str, Any], number: int, data: bytes) -> dict[str, Any]:
        try:
            async with asyncio.timeout(self.patience):
                sent = await self.client.upload_part(**upload, PartNumber=number, Body=data)
        finally:
            self.room.release()
        return {"PartNumber": number, "ETag": sent["ETag"]}

    async def _abort(self, upload: dict[str, Any]) -> None:
        """What a store that is down keeps of it is swept later."""
        with suppress(Unavailable, Missing), self.place.asked("remove unfinished uploads"):
            await self.client.abort_multipart_upload(**upload)


@dataclass(slots=True)
class _Reading:
    """A file read part by part, in threads."""

    descriptor: int
    source: Path
    part: int
    size: int = 0
    digest: Any = field(default_factory=hashlib.sha256)

    async def next(self) -> bytes:
        return await in_thread(lambda _: self._read())

    def _read(self) -> bytes:
        data = bytearray()
        with readable(self.source):
            while len(data) < self.part and (piece := os.read(self.descriptor, self.part - len(data))):
                data += piece
        self.digest.update(data)
        self.size += len(data)
        return bytes(data)


async def all_or_none(work: Iterable[Coroutine[Any, Any, Result]]) -> list[Result]:
    """The first that fails stops the others, and has stopped them before it is heard of."""
    tasks = [asyncio.create_task(each) for each in work]
    try:
        return list(await asyncio.gather(*tasks))
    except BaseException:
        await _stop(tasks)
        raise


def _raise_first(tasks: Iterable["asyncio.Task[Any]"]) -> None:
    for task in tasks:
        if task.done():
            task.result()


async def _stop(tasks: Iterable["asyncio.Task[Any]"]) -> None:
    stopping = list(tasks)
    for task in stopping:
        task.cancel()
    await asyncio.gather(*stopping, return_exceptions=True)
