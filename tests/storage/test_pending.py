"""Files whose row never came are found and removed, and no others."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from lms_box.db.engine import Database
from lms_box.storage import pending
from lms_box.storage.base import Storage
from lms_box.storage.local import LocalStorage
from lms_box.storage.s3 import S3Storage


@pytest.fixture(params=["local", "s3"])
async def storage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Storage]:
    if request.param == "local":
        yield await fill(LocalStorage(tmp_path / "media", owner="here-1-2-3"), tmp_path)
        return
    async with S3Storage(request.getfixturevalue("store").settings(), tmp_path / "media", owner="here-1-2-3") as opened:
        yield await fill(opened, tmp_path)


async def fill(made: Storage, tmp_path: Path) -> Storage:
    """One file under each of "dead", "alive", "far" and "settled"."""
    (tmp_path / "film.mp4").write_bytes(b"film")
    for name in ("dead", "alive", "far", "settled"):
        await made.take(f"assets/{name}/source.mp4", tmp_path / "film.mp4", how="copy")
    return made


async def test_removes_only_what_the_dead_had_begun(db: Database, storage: Storage) -> None:
    fates = {"dead": False, "alive": True, "far": None}
    for name in fates:
        await pending.announce(db, owner=name, prefixes=[f"assets/{name}"])
    await pending.announce(db, owner="dead", prefixes=["assets/settled", "assets/never begun"])
    async with db.writing() as session:
        await pending.settle(session, prefixes=["assets/settled"])
    for _ in range(2):
        await pending.sweep(db, storage, is_alive=fates.__getitem__)
        kept = [key.split("/")[1] for key in await storage.keys("assets")]
        assert kept == ["alive", "far", "settled"]


async def test_takes_back_what_did_not_come_to_be(db: Database, storage: Storage) -> None:
    await pending.announce(db, owner="alive", prefixes=["assets/alive"])
    await pending.discard(db, storage, prefixes=["assets/alive"])
    assert not await storage.exists("assets/alive/source.mp4")
    await pending.sweep(db, storage, is_alive=lambda _: False)
    assert await storage.exists("assets/dead/source.mp4")
