"""Storage in a bucket of an S3 store; unfinished work lies on this machine's disk, as with local storage."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote, urlsplit

from lms_box.config import Storage as StorageSettings
from lms_box.errors import Conflict, Invalid, NotFound, Unavailable
from lms_box.storage.base import INCOMING, How, IsAlive, Taken, Window, no_such_key, usable_key
from lms_box.storage.parts import Sender, all_or_none
from lms_box.storage.refusals import Missing, Place
from lms_box.storage.scratch import Scratch
from lms_box.storage.signing import Signer
from lms_box.storage.space import require_space, writable
from lms_box.storage.threads import in_thread
from lms_box.storage.types import type_of

IMMUTABLE = "max-age=31536000, immutable"
ABANDONED = timedelta(days=1)
"""An upload in parts that has not ended after this time will not."""
AT_A_TIME = 4
PATIENCES_FOR_A_PART = 20
CHUNK = 1024 * 1024


class S3Storage:
    """Opened with `async with`; the client is made when first needed."""

    def __init__(self, settings: StorageSettings, root: Path, *, owner: str, patience: float = 30.0) -> None:
        assert settings.bucket
        assert settings.access_key
        assert settings.secret_key
        self._settings = settings
        self._bucket = settings.bucket
        self._owner = owner
        self._patience = patience
        self._place = Place(settings.store, settings.bucket)
        self._signer = Signer(settings.store, settings.region, settings.access_key, settings.secret_key.get_secret_value())
        self._scratch = Scratch(root)
        self._stack = AsyncExitStack()
        self._connecting = asyncio.Lock()
        self._client: Any = None
        self._room = asyncio.Semaphore(AT_A_TIME)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def take(self, key: str, source: Path, *, how: How) -> Taken:
        """There is nothing to share or link: whatever `how` is, the bytes are sent."""
        usable_key(key)
        taken = await self._send(key, source)
        if how == "move":
            with suppress(OSError):  # it is kept; what is left of the source harms nobody
                source.unlink()
        return taken

    async def publish(self, folder: Path, prefix: str) -> None:
        usable_key(prefix)
        files = await in_thread(lambda _: _files_in(folder))
        if await self.keys(prefix):
            raise Conflict(f"Something is already stored under {prefix}.", code="key_taken")
        try:
            await all_or_none(self._send(f"{prefix}/{name}", folder / name) for name in files)
        except BaseException:
            with suppress(Unavailable):  # it was announced, so that it is removed later
                await asyncio.shield(self.remove(prefix))
            raise

    async def remove(self, prefix: str) -> None:
        usable_key(prefix)
        await self._abort_uploads(lambda upload: upload["Key"] == prefix or upload["Key"].startswith(f"{prefix}/"), prefix)
        await self._delete([prefix, *[key async for key, _ in self._listed(f"{prefix}/")]])

    async def exists(self, key: str) -> bool:
        try:
            await self.size(key)
        except NotFound:
            return False
        return True

    async def size(self, key: str) -> int:
        usable_key(key)
        try:
            with self._place.asked("read"):
                return int((await (await self._connected()).head_object(**self._about(key)))["ContentLength"])
        except Missing:
            raise no_such_key(key) from None

    async def keys(self, prefix: str) -> list[str]:
        if not prefix:
            return sorted([key async for key, _ in self._listed("")])
        itself = [prefix] if await self.exists(prefix) else []
        return sorted([*itself, *[key async for key, _ in self._listed(f"{prefix}/")]])

    async def read(self, key: str, *, start: int = 0, size: int = -1) -> bytes:
        usable_key(key)
        part = {} if (start, size) == (0, -1) else {"Range": f"bytes={start}-{'' if size < 0 else start + size - 1}"}
        if part and (size == 0 or start >= await self.size(key)):
            return b""  # what a store would refuse
        async with self._opened(key, **part) as answer:
            return bytes(await answer["Body"].read())

    @asynccontextmanager
    async def fetched(self, key: str) -> AsyncIterator[Path]:
        usable_key(key)
        with self._scratch.folder(self._owner) as folder:
            path = folder / key.rpartition("/")[2]
            async with self._opened(key) as answer:
                require_space(folder, answer["ContentLength"], path.name)
                await _write(answer["Body"], path, answer["ContentLength"])
            yield path

    def local_path(self, key: str) -> None:
        usable_key(key)

    def address(self, key: str, *, window: Window, title: str | None = None) -> str:
        usable_key(key)
        if self._settings.public_url:
            return f"{self._settings.public_url}/{quote(key)}"
        kind = "attachment" if type_of(key) == "application/octet-stream" else "inline"
        answer = {"response-content-disposition": f"{kind}; filename*=UTF-8''{quote(title, safe='')}"} if title else {}
        return self._signer.sign(f"/{self._bucket}/{key}", window=window, answer=answer)

    @property
    def origin(self) -> str:
        parts = urlsplit(self._settings.public_url or self._settings.store)
        return f"{parts.scheme}://{parts.netloc}"

    def scratch(self, owner: str) -> AbstractContextManager[Path]:
        return self._scratch.folder(owner)

    def free(self) -> int:
        return self._scratch.free()

    async def check(self) -> None:
        key = f"{INCOMING}/{self._owner}"
        with self._place.asked("write"):
            async with asyncio.timeout(PATIENCES_FOR_A_PART * self._patience):
                await (await self._connected()).put_object(**self._about(key), Body=b"ready?")
        async with self._opened(key) as answer:
            await answer["Body"].read()
        [_ async for _ in self._listed(f"{INCOMING}/")]
        await self._delete([key])

    async def sweep(self, is_alive: IsAlive) -> None:
        """Of an upload in parts nobody can tell whose it is, but that it is too old to be under way."""
        await in_thread(lambda _: self._scratch.sweep(is_alive))
        oldest = datetime.now(UTC) - ABANDONED
        await self._abort_uploads(lambda upload: upload["Initiated"] < oldest, "")

    async def _connected(self) -> Any:
        async with self._connecting:
            if self._client is None:
                made = await in_thread(lambda _: _new_client(self._settings, self._patience))
                self._client = await self._stack.enter_async_context(made)
        return self._client

    async def _send(self, key: str, source: Path) -> Taken:
        sender = Sender(await self._connected(), self._place, self._room, PATIENCES_FOR_A_PART * self._patience)
        audience = "public" if key.startswith("public/") else "private"
        return await sender.send(key, source, media_type=type_of(key), cache=f"{audience}, {IMMUTABLE}")

    @asynccontextmanager
    async def _opened(self, key: str, **how: str) -> AsyncIterator[Any]:
        try:
            with self._place.asked("read"):
                answer = await (await self._connected()).get_object(**self._about(key), **how)
                async with answer["Body"]:
                    yield answer
        except Missing:
            raise no_such_key(key) from None

    async def _listed(self, start: str) -> AsyncIterator[tuple[str, int]]:
        """Keys that begin so, with their sizes."""
        with self._place.asked("list"):
            pages = (await self._connected()).get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=start)
            async for page in pages:
                for found in page.get("Contents", ()):
                    if start or not found["Key"].startswith(f"{INCOMING}/"):
                        yield found["Key"], found["Size"]

    async def _delete(self, keys: list[str]) -> None:
        """One by one: not every store can delete many at once."""
        client, room = await self._connected(), asyncio.Semaphore(4 * AT_A_TIME)

        async def delete(key: str) -> None:
            async with room:
                with suppress(Missing), self._place.asked("delete"):
                    await client.delete_object(**self._about(key))

        await all_or_none(delete(key) for key in keys)

    async def _abort_uploads(self, is_meant: Any, start: str) -> None:
        client = await self._connected()
        with self._place.asked("list unfinished uploads"):
            pages = client.get_paginator("list_multipart_uploads").paginate(Bucket=self._bucket, Prefix=start)
            found = [upload async for page in pages for upload in page.get("Uploads", ()) if is_meant(upload)]
        for upload in found:
            with suppress(Missing), self._place.asked("remove unfinished uploads"):
                await client.abort_multipart_upload(**self._about(upload["Key"]), UploadId=upload["UploadId"])

    def _about(self, key: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": key}


def _new_client(settings: StorageSettings, patience: float) -> Any:
    """A second's work the first time: the library reads descriptions of every service."""
    try:
        from aiobotocore.config import AioConfig
    except ImportError:
        words = 'S3 needs the package aiobotocore beside lms_box: install it with pip, or set [storage] backend = "local".'
        raise Unavailable(words, code="storage_refused") from None
    assert settings.secret_key
    return _session().create_client(
        "s3",
        endpoint_url=settings.store,
        region_name=settings.region,
        aws_access_key_id=settings.access_key,
        aws_secret_access_key=settings.secret_key.get_secret_value(),
        config=AioConfig(
            connect_timeout=min(5.0, patience),
            read_timeout=patience,
            retries={"mode": "standard", "total_max_attempts": 3},
            max_pool_connections=8 * AT_A_TIME,
            s3={"addressing_style": "path"},
            request_checksum_calculation="when_required",  # younger than many stores
            response_checksum_validation="when_required",
        ),
    )


@cache
def _session() -> Any:
    """It keeps the descriptions that it has read."""
    from aiobotocore.session import get_session

    return get_session()


def _files_in(folder: Path) -> list[str]:
    inside = list(folder.rglob("*"))
    for path in inside:
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise Invalid(f"“{path.name}” is not a file.", code="not_a_file")
    return [path.relative_to(folder).as_posix() for path in inside if path.is_file()]


async def _write(stream: Any, path: Path, size: int) -> None:
    def write(chunk: bytes) -> None:
        with writable(path.parent, size, path.name), path.open("ab") as file:
            file.write(chunk)

    await asyncio.to_thread(path.touch)
    while chunk := await stream.read(CHUNK):
        await asyncio.to_thread(write, chunk)
