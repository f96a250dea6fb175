"""`lms doctor` asks an S3 store as the box, and as a browser on the box's pages."""

import asyncio
from pathlib import Path

import pytest
from command import Shell
from seaweed import READER, Key, Store, allow_pages, environment_of

from lms_box.config import Storage, load_settings
from lms_box_cli.store_checkup import examine_storage

PAGES = "https://learn.example.org"


def examine(storage: Storage, folder: Path) -> str | None:
    environ = {**environment_of(storage), "LMS_SERVER__PUBLIC_URL": PAGES}
    return examine_storage(load_settings(data_dir=folder, environ=environ))


@pytest.mark.parametrize(
    ("origin", "exposed", "words"),
    [
        (PAGES, ["Content-Length", "Content-Range", "ETag"], None),
        ("https://other.example.org", ["Content-Length", "Content-Range", "ETag"], f"does not let pages of {PAGES} read it"),
        (PAGES, ["ETag"], "hides content-length, content-range"),
    ],
)
def test_says_whether_pages_may_read(store: Store, tmp_path: Path, origin: str, exposed: list[str], words: str | None) -> None:
    storage = store.settings()
    asyncio.run(allow_pages(storage, tmp_path, origin, exposed))
    found = examine(storage, tmp_path)
    assert (found is None) if words is None else (words in (found or "")), found


def test_says_that_the_key_may_not_write(store: Store, tmp_path: Path) -> None:
    assert "does not allow this key to write" in (examine(store.settings(READER), tmp_path) or "")


def test_is_one_of_the_findings(store: Store, tmp_path: Path) -> None:
    shell = Shell(tmp_path, environment_of(store.settings(Key("nobody", "not a key of this store"))))
    ran = shell.run("doctor", "--json")
    (found,) = [finding for finding in ran.json if finding["what"] == "storage"]
    assert (ran.code, found["ok"]) == (1, False)
    assert "does not accept the key" in found["words"]
