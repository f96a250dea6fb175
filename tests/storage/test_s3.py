"""What can go wrong with a store elsewhere, in words that help, and nothing half-made left; and what browsers may read."""

import asyncio
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from seaweed import FULL, READER, Key, Store
from storage.proxy import Proxy, proxied, refusal

from lms_box.errors import Invalid, LmsError, NotFound, Unavailable
from lms_box.storage import parts, s3
from lms_box.storage.base import Window
from lms_box.storage.s3 import S3Storage
from lms_box.storage.signing import Signer

ME = "here-1-2-3"
WINDOW = Window(0, 7 * 24 * 3600)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path / "media"
    made.mkdir()
    return made


@pytest.fixture
async def storage(store: Store, root: Path) -> AsyncIterator[S3Storage]:
    async with S3Storage(store.settings(), root, owner=ME) as opened:
        yield opened


@pytest.fixture
async def proxy(store: Store) -> AsyncIterator[Proxy]:
    async with proxied(store.port) as made:
        yield made


@pytest.fixture
async def far(store: Store, proxy: Proxy, root: Path) -> AsyncIterator[S3Storage]:
    """The same store at the other end of the proxy; it is not waited for long."""
    async with S3Storage(store.settings(endpoint=proxy.endpoint), root, owner=ME, patience=0.2) as opened:
        yield opened


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    path.write_bytes(os.urandom(3 * parts.PART + 1000))
    return path


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "note.txt"
    path.write_bytes(b"hello")
    return path


async def unfinished(storage: S3Storage) -> list[str]:
    found = await (await storage._connected()).list_multipart_uploads(Bucket=storage._bucket)
    return sorted(upload["Key"] for upload in found.get("Uploads", ()))


async def ask_everything(storage: S3Storage, note: Path, folder: Path) -> list[LmsError]:
    """What each thing that can be asked of a store raises."""
    asked = [
        storage.take("a", note, how="copy"),
        storage.publish(folder, "build"),
        storage.read("a"),
        storage.size("a"),
        storage.keys(""),
        storage.remove("a"),
        storage.sweep(lambda _: False),
        storage.check(),
    ]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    return [answer for answer in answers if isinstance(answer, LmsError)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "made"
    made.mkdir()
    (made / "v.mp4").write_bytes(b"v")
    return made


@pytest.mark.parametrize(("mood", "words"), [("down", "cannot be reached, or hung up"), ("slow", "takes too long to answer")])
async def test_says_that_a_store_does_not_answer(
    proxy: Proxy, far: S3Storage, note: Path, folder: Path, mood: str, words: str
) -> None:
    proxy.mood = mood  # type: ignore[assignment]  # one of its moods
    raised = await ask_everything(far, note, folder)
    assert [error.code for error in raised] == ["storage_down"] * 8
    assert all(words in error.detail and proxy.endpoint in error.detail for error in raised), raised


async def test_says_that_nobody_is_at_an_address(store: Store, root: Path, note: Path, folder: Path) -> None:
    async with S3Storage(store.settings(endpoint="http://127.0.0.1:9"), root, owner=ME) as storage:
        raised = await ask_everything(storage, note, folder)
    assert [error.code for error in raised] == ["storage_down"] * 8


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"key": Key(FULL.access_key, "not the secret of this key")}, "does not accept the key"),
        ({"key": Key("nobody", "not a key of this store")}, "does not accept the key"),
        ({"bucket": "no-such-bucket"}, "has no bucket “no-such-bucket”"),
    ],
)
async def test_says_why_a_store_refuses(
    store: Store, root: Path, note: Path, folder: Path, settings: dict[str, object], words: str
) -> None:
    async with S3Storage(store.settings(**settings), root, owner=ME) as storage:  # type: ignore[arg-type]  # given by name
        raised = [error for error in await ask_everything(storage, note, folder) if not isinstance(error, NotFound)]
    assert len(raised) >= 3  # to HEAD a store answers no reason but its number
    assert {error.code for error in raised} == {"storage_refused"}
    assert any(words in error.detail for error in raised)
    assert any("[storage]" in error.detail for error in raised)


async def test_a_key_that_may_only_read_reads(store: Store, storage: S3Storage, root: Path, note: Path, film: Path) -> None:
    await storage.take("a/note.txt", note, how="copy")
    async with S3Storage(store.settings(READER, bucket=storage._bucket), root, owner=ME) as reading:
        assert await reading.read("a/note.txt") == b"hello"
        assert await reading.keys("") == ["a/note.txt"]
        for forbidden in (reading.take("b", note, how="copy"), reading.take("b", film, how="copy"), reading.check()):
            with pytest.raises(Unavailable, match=r"does not allow this key to write in “bucket-\d+”\. Give it that right"):
                await forbidden
        with pytest.raises(Unavailable, match="does not allow this key"):
            await reading.remove("a/note.txt")
    assert await storage.keys("") == ["a/note.txt"]


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (507, "InsufficientStorage", "is full. Make room there"),
        (403, "QuotaExceeded", "is full. Make room there"),
        (503, "SlowDown", "is too busy"),
        (403, "RequestTimeTooSkewed", "clock is wrong"),
        (500, "InternalError", "failed (InternalError: said so)"),
    ],
)
async def test_says_what_else_a_store_answers(
    proxy: Proxy, far: S3Storage, note: Path, status: int, code: str, words: str
) -> None:
    proxy.mood, proxy.refusal = "refusing", refusal(status, code)
    with pytest.raises(Unavailable) as refused:
        await far.take("a", note, how="copy")
    assert words in refused.value.detail
    assert note.exists()


async def test_leaves_nothing_when_the_store_fails_in_the_middle(
    storage: S3Storage, film: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await storage._connected()
    send, sent = client.upload_part, []

    async def fail_later(**given: object) -> object:
        sent.append(given["PartNumber"])
        if given["PartNumber"] == 3:
            raise OSError("the line is gone")
        return await send(**given)

    monkeypatch.setattr(client, "upload_part", fail_later)
    with pytest.raises(Unavailable, match="hung up"):
        await storage.take("a/film.mp4", film, how="move")
    assert 3 in sent
    (folder / "long.mp4").write_bytes(film.read_bytes())
    with pytest.raises(Unavailable):
        await storage.publish(folder, "build")
    assert await storage.keys("") == []
    assert await unfinished(storage) == []
    assert film.exists()


async def test_a_cancelled_take_leaves_nothing(storage: S3Storage, film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client, begun = await storage._connected(), asyncio.Event()

    async def wait_for_ever(**_: object) -> object:
        begun.set()
        return await asyncio.get_running_loop().create_future()

    monkeypatch.setattr(client, "upload_part", wait_for_ever)
    taking = asyncio.create_task(storage.take("a/film.mp4", film, how="copy"))
    await begun.wait()
    taking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await taking
    assert await unfinished(storage) == []
    assert storage._room._value == s3.AT_A_TIME


@pytest.mark.parametrize("change", ["grows", "shrinks"])
async def test_notices_that_a_source_changes_while_it_is_read(
    storage: S3Storage, film: Path, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await storage._connected()
    send, changed = client.upload_part, list[str]()

    async def change_and_send(**given: object) -> object:
        if not changed:
            changed.append(change)
            os.truncate(film, film.stat().st_size + 10 if change == "grows" else parts.PART + 1)
        return await send(**given)

    monkeypatch.setattr(client, "upload_part", change_and_send)
    with pytest.raises(Invalid) as refused:
        await storage.take("a/film.mp4", film, how="copy")
    assert refused.value.code == "file_changed"
    assert await storage.keys("") == []
    assert await unfinished(storage) == []


async def test_a_line_that_breaks_while_reading_is_no_shorter_file(
    store: Store, proxy: Proxy, storage: S3Storage, root: Path, film: Path
) -> None:
    await storage.take("film.mp4", film, how="copy")
    proxy.mood = "cut"
    settings = store.settings(bucket=storage._bucket, endpoint=proxy.endpoint)
    async with S3Storage(settings, root, owner=ME, patience=5) as far:
        with pytest.raises(Unavailable, match="hung up"):
            await far.read("film.mp4")
        with pytest.raises(Unavailable, match="hung up"):
            async with far.fetched("film.mp4"):
                pass
    assert [path for path in root.rglob("*") if path.is_file()] == []


async def test_abandoned_uploads_go(storage: S3Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of a prefix with it; those of nobody once they are old."""
    client = await storage._connected()
    for key in ("assets/one/source.mp4", "assets/one", "assets/oneself/x", "assets/two/x"):
        await client.create_multipart_upload(Bucket=storage._bucket, Key=key)
    await storage.remove("assets/one")
    assert await unfinished(storage) == ["assets/oneself/x", "assets/two/x"]
    await storage.sweep(lambda _: None)
    assert len(await unfinished(storage)) == 2
    monkeypatch.setattr(s3, "ABANDONED", timedelta(days=-1))
    await storage.sweep(lambda _: None)
    assert await unfinished(storage) == []


def fetch(address: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=30) as answer:  # noqa: S310 -- loopback
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


@pytest.mark.parametrize("key", ["a/note.txt", "a/01 Einführung & mehr+?#.txt", "日本/~第1章.txt"])
async def test_a_signed_address_opens_one_file_for_a_while(storage: S3Storage, note: Path, key: str) -> None:
    await storage.take(key, note, how="copy")
    address = storage.address(key, window=_today(), title="Größe “1”.txt")
    status, headers, body = await asyncio.to_thread(fetch, address, Range="bytes=1-3")
    assert (status, body) == (206, b"ell")
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert headers["Cache-Control"].endswith("immutable")
    assert headers["Content-Disposition"] == f"inline; filename*=UTF-8''{quote('Größe “1”.txt')}"
    assert address == storage.address(key, window=_today(), title="Größe “1”.txt")
    ended = storage.address(key, window=Window(_today().start - 7200, _today().start - 3600))
    for wrong in (address.replace("note", "vote").replace("mehr", "meer").replace("1%E7", "2%E7"), ended, address[:-1] + "x"):
        assert (await asyncio.to_thread(fetch, wrong))[0] == 403, wrong


def _today() -> Window:
    start = int(time.time()) // 3600 * 3600
    return Window(start, start + 7200)


async def test_a_cdn_has_addresses_of_its_own(store: Store, root: Path) -> None:
    async with S3Storage(store.settings(public_url="https://cdn.example.org/box"), root, owner=ME) as storage:
        assert storage.address("a/ä.mp4", window=WINDOW, title="x") == "https://cdn.example.org/box/a/%C3%A4.mp4"
        assert storage.origin == "https://cdn.example.org"
    async with S3Storage(store.settings(), root, owner=ME) as storage:
        assert storage.origin == store.endpoint


def test_signs_as_the_protocols_own_example_says() -> None:
    """The example of “Authenticating Requests: Using Query Parameters” in Amazon's reference."""
    signer = Signer(
        "https://examplebucket.s3.amazonaws.com",
        "us-east-1",
        "AKIAIOSFODNN7EXAMPLE",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    )
    start = 1369353600
    address = signer.sign("/test.txt", window=Window(start, start + 86400))
    assert address.endswith("X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")
    far = signer.sign("/test.txt", window=Window(start, start + 10**9))
    assert "X-Amz-Expires=604800&" in far


async def test_local_storage_needs_nothing_of_s3() -> None:
    """In a process of its own, because this one has long imported it."""
    code = "import sys, lms_box.app; print([name for name in sys.modules if 'boto' in name or 'storage.s3' in name])"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    assert out.strip() == b"[]"
