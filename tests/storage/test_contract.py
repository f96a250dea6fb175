"""What every storage promises, asked of each."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import get_args

import pytest

from lms_box.errors import Conflict, Invalid, NotFound
from lms_box.storage.base import How, Storage, Window
from lms_box.storage.local import LocalStorage
from lms_box.storage.s3 import S3Storage

BYTES = bytes(range(256)) * 400
LONG = BYTES * 120  # more than one chunk, and more than one part
ME = "here-1-2-3"

BACKENDS = ("local", "s3")

BAD_KEYS = [
    "", "/", "/etc/passwd", "..", "a/../b", "./a", "a//b", "a/", "a\\b", "a\0b", "a\nb", "C:/x", "a/\udc80", "é" * 200,
    "x/" * 600 + "x", "incoming", "incoming/here/file",
]  # fmt: skip


@pytest.fixture(params=BACKENDS)
async def storage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Storage]:
    (tmp_path / "media").mkdir()
    if request.param == "local":
        yield LocalStorage(tmp_path / "media", owner=ME)
        return
    settings = request.getfixturevalue("store").settings()
    async with S3Storage(settings, tmp_path / "media", owner=ME) as opened:
        yield opened


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "01 Intro.mp4"
    path.write_bytes(BYTES)
    return path


async def read(storage: Storage, key: str) -> bytes:
    async with storage.fetched(key) as path:
        return await asyncio.to_thread(path.read_bytes)


class TestTake:
    @pytest.mark.parametrize("how", get_args(How))
    async def test_keeps_the_bytes_and_says_what_they_are(self, storage: Storage, source: Path, how: How) -> None:
        taken = await storage.take("assets/a/source.mp4", source, how=how)
        assert (taken.size, taken.sha256) == (len(BYTES), hashlib.sha256(BYTES).hexdigest())
        assert await storage.size("assets/a/source.mp4") == len(BYTES)
        assert await read(storage, "assets/a/source.mp4") == BYTES
        assert source.exists() is (how != "move")

    async def test_keeps_a_long_file(self, storage: Storage, tmp_path: Path) -> None:
        (tmp_path / "long").write_bytes(LONG)
        taken = await storage.take("long", tmp_path / "long", how="copy")
        assert (taken.size, taken.sha256) == (len(LONG), hashlib.sha256(LONG).hexdigest())
        assert await read(storage, "long") == LONG

    async def test_takes_an_empty_file(self, storage: Storage, tmp_path: Path) -> None:
        (tmp_path / "empty").touch()
        assert (await storage.take("empty", tmp_path / "empty", how="reflink")).size == 0
        assert await storage.exists("empty")

    async def test_takes_what_a_link_leads_to(self, storage: Storage, source: Path, tmp_path: Path) -> None:
        for how in get_args(How):
            link = tmp_path / f"by {how}"
            link.symlink_to(source)
            await storage.take(f"taken/{how}", link, how=how)
            assert await read(storage, f"taken/{how}") == BYTES
        assert source.exists()

    async def test_a_later_change_of_the_source_is_none_of_the_copy(self, storage: Storage, source: Path) -> None:
        await storage.take("kept", source, how="reflink")
        source.write_bytes(b"changed")
        assert await read(storage, "kept") == BYTES

    async def test_replaces_what_was_there(self, storage: Storage, source: Path) -> None:
        await storage.take("kept", source, how="copy")
        source.write_bytes(b"newer")
        await storage.take("kept", source, how="copy")
        assert await read(storage, "kept") == b"newer"

    async def test_the_same_file_many_times_at_once(self, storage: Storage, source: Path) -> None:
        taken = await asyncio.gather(*(storage.take(f"many/{n}", source, how="copy") for n in range(10)))
        assert len(set(taken)) == 1
        assert len(await storage.keys("many")) == 10

    @pytest.mark.parametrize(
        ("wrong", "code"), [("missing", "file_vanished"), ("folder", "not_a_file"), ("pipe", "not_a_file")]
    )
    async def test_names_what_cannot_be_taken(self, storage: Storage, tmp_path: Path, wrong: str, code: str) -> None:
        (tmp_path / "folder").mkdir()
        os.mkfifo(tmp_path / "pipe")
        for how in get_args(How):
            with pytest.raises(Invalid, match=wrong) as refused:
                await storage.take("kept", tmp_path / wrong, how=how)
            assert refused.value.code == code
        assert await storage.keys("") == []

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
    async def test_names_what_may_not_be_read(self, storage: Storage, source: Path) -> None:
        source.chmod(0)
        with pytest.raises(Invalid, match=r"01 Intro\.mp4.*cannot be read"):
            await storage.take("kept", source, how="copy")


class TestRead:
    async def test_gives_the_whole_or_a_part(self, storage: Storage, source: Path) -> None:
        await storage.take("a/film.mp4", source, how="copy")
        end = len(BYTES)
        rows = [(0, -1), (0, 10), (10, 10), (end - 5, -1), (end - 5, 99), (1, 0), (end, -1), (end + 9, 10)]
        for start, size in rows:
            expected = BYTES[start:] if size < 0 else BYTES[start : start + size]
            assert await storage.read("a/film.mp4", start=start, size=size) == expected, (start, size)

    async def test_gives_an_empty_file(self, storage: Storage, tmp_path: Path) -> None:
        (tmp_path / "empty").touch()
        await storage.take("empty", tmp_path / "empty", how="copy")
        assert await storage.read("empty") == b""
        assert await read(storage, "empty") == b""

    @pytest.mark.parametrize("key", ["none", "a", "a/b/c", "a/b/c/d"])
    async def test_says_that_nothing_is_there(self, storage: Storage, source: Path, key: str) -> None:
        await storage.take("a/b", source, how="copy")
        with pytest.raises(NotFound):
            await storage.read(key)
        with pytest.raises(NotFound):
            async with storage.fetched(key):
                pass


class TestPublish:
    async def test_is_there_as_a_whole(self, storage: Storage) -> None:
        with storage.scratch(ME) as folder:
            (folder / "master.m3u8").write_text("#EXTM3U")
            (folder / "pictures").mkdir()
            (folder / "pictures" / "a.webp").write_bytes(BYTES)
            await storage.publish(folder, "assets/a/build")
        assert await storage.keys("assets/a/build") == ["assets/a/build/master.m3u8", "assets/a/build/pictures/a.webp"]
        assert await read(storage, "assets/a/build/pictures/a.webp") == BYTES

    async def test_does_not_touch_what_is_published(self, storage: Storage) -> None:
        for text in ("first", "second"):
            with storage.scratch(ME) as folder:
                (folder / "a").write_text(text)
                if text == "first":
                    await storage.publish(folder, "build")
                else:
                    with pytest.raises(Conflict):
                        await storage.publish(folder, "build")
        assert await read(storage, "build/a") == b"first"

    @pytest.mark.parametrize("what", ["link", "pipe"])
    async def test_refuses_what_is_no_file(self, storage: Storage, what: str) -> None:
        with storage.scratch(ME) as folder:
            if what == "link":
                (folder / what).symlink_to("/etc/passwd")
            else:
                os.mkfifo(folder / what)
            (folder / "a").touch()
            with pytest.raises(Invalid, match=what):
                await storage.publish(folder, "build")
        assert await storage.keys("") == []


class TestKeys:
    async def test_says_what_is_there(self, storage: Storage, source: Path) -> None:
        for key in ("a/b/c", "a/b2", "a/b/a", "ab"):
            await storage.take(key, source, how="copy")
        assert await storage.keys("") == ["a/b/a", "a/b/c", "a/b2", "ab"]
        assert await storage.keys("a/b") == ["a/b/a", "a/b/c"]
        assert await storage.keys("ab") == ["ab"]
        assert await storage.keys("none") == []
        assert await storage.exists("a/b/c")
        assert not await storage.exists("a/b")
        assert not await storage.exists("a/b/c/d")

    @pytest.mark.parametrize("key", ["none", "a", "a/b/c"])
    async def test_has_no_size_for_what_is_no_file(self, storage: Storage, source: Path, key: str) -> None:
        await storage.take("a/b", source, how="copy")
        with pytest.raises(NotFound):
            await storage.size(key)

    async def test_removes_a_key_or_all_below_it_and_nothing_beside(self, storage: Storage, source: Path) -> None:
        for key in ("a/b/c", "a/b/d", "a/b2", "ab"):
            await storage.take(key, source, how="copy")
        await storage.remove("a/b")
        assert await storage.keys("") == ["a/b2", "ab"]
        await storage.remove("a/b2")
        await storage.remove("none/at/all")
        await storage.remove("ab/below a file")
        assert await storage.keys("") == ["ab"]

    async def test_removes_while_others_add(self, storage: Storage, source: Path) -> None:
        async def add_and_remove(number: int) -> None:
            for _ in range(3):
                await storage.take(f"shared/{number}", source, how="copy")
                await storage.remove(f"shared/{number}")

        await asyncio.gather(*(add_and_remove(number) for number in range(4)))
        assert await storage.keys("") == []

    @pytest.mark.parametrize("key", BAD_KEYS)
    async def test_refuses_what_is_no_key(self, storage: Storage, source: Path, key: str) -> None:
        with pytest.raises(Invalid) as refused:
            await storage.take(key, source, how="copy")
        assert refused.value.code == "bad_key"
        for asked in (storage.exists, storage.size, storage.remove, storage.read):
            with pytest.raises(Invalid):
                await asked(key)
        with pytest.raises(Invalid):
            storage.local_path(key)
        with pytest.raises(Invalid):
            storage.address(key, window=Window(0, 1))

    @pytest.mark.parametrize("key", ["a", "01 Einführung…mp4", ".hidden", "a/..b/c..", "日本/第1章.mp4", "a b/%2e%2e"])
    async def test_takes_any_other_name(self, storage: Storage, source: Path, key: str) -> None:
        await storage.take(key, source, how="copy")
        assert await storage.keys("") == [key]


class TestScratch:
    async def test_is_a_new_empty_folder_that_goes(self, storage: Storage) -> None:
        with storage.scratch(ME) as one, storage.scratch(ME) as other:
            assert one != other
            assert not list(one.iterdir())
            (one / "half").touch()
            assert await storage.keys("") == []
        assert not one.exists()

    async def test_what_the_dead_left_is_swept_away(self, storage: Storage) -> None:
        fates = {"dead": False, "alive": True, "far": None}
        for name in fates:
            with suppress(ZeroDivisionError), storage.scratch(name) as folder:
                folder.rename(folder.with_name("kept"))  # as if the process had been killed
                raise ZeroDivisionError
        await storage.sweep(fates.__getitem__)
        left = {name for name in fates if (folder.parent.parent / name).exists()}
        assert left == {"alive", "far"}

    async def test_can_be_tried_and_is_left_as_it_was(self, storage: Storage) -> None:
        await storage.check()
        assert await storage.keys("") == []

    async def test_knows_how_much_is_free(self, storage: Storage, source: Path) -> None:
        await storage.take("a", source, how="copy")
        assert storage.free() > 0
