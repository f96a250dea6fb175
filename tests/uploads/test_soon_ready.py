"""Little is left to do after the last byte: what has come is hashed already, and a process is ready for a film."""

import base64
import hashlib
from collections import OrderedDict
from typing import Any
from uuid import UUID

import pytest
from cast import Person
from media.family import children
from uploads.pieces import TEXT, begin, contents, offset_of, send

from lms_box.box import Box
from lms_box.courses.uploads import digests, keeping, resumable
from lms_box.errors import Unavailable

MORE = b"# Glazing\n\nThin.\n"


async def test_is_not_read_again_when_all_of_it_came_here(
    owner: Person, box: Box, course: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resumable, "fingerprint", None)
    path, waiting = await begin(owner, filename="a.md", course_id=course), await begin(owner, len(MORE), filename="b.md")
    for start in range(0, len(TEXT), 700):
        assert (await send(owner, path, TEXT[start : start + 700], start))[0] == 204
    assert (await send(owner, waiting, MORE, 0))[0] == 204
    made = {"upload_id": waiting.rpartition("/")[2]}
    assert (await owner.ask("POST", f"/courses/{course}/contents", json=made)).status == 201
    assert [sha256 for _, _, sha256 in await contents(box)] == [hashlib.sha256(text).hexdigest() for text in (TEXT, MORE)]


@pytest.mark.parametrize("known", ["nothing", "the first piece"])
async def test_is_read_when_some_of_it_came_elsewhere(
    owner: Person, box: Box, course: UUID, known: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await begin(owner, course_id=course)
    assert (await send(owner, path, TEXT[:1000], 0))[0] == 204
    here = digests._counted.copy()
    assert (await send(owner, path, TEXT[1000:2000], 1000))[0] == 204
    monkeypatch.setattr(digests, "_counted", here if known != "nothing" else OrderedDict())
    assert (await send(owner, path, TEXT[2000:], 2000))[0] == 204
    assert [sha256 for _, _, sha256 in await contents(box)] == [hashlib.sha256(TEXT).hexdigest()]


async def test_what_was_not_counted_is_in_no_digest(
    owner: Person, box: Box, course: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same place in the file gets other bytes after a piece that was not the one sent, and after an end that failed."""
    path = await begin(owner, course_id=course)
    assert (await send(owner, path, TEXT[:1000], 0))[0] == 204
    wrong = {"Upload-Checksum": f"sha1 {base64.b64encode(bytes(20)).decode()}"}
    assert (await send(owner, path, b"x" * 1000, 1000, **wrong))[0] == 460
    with monkeypatch.context() as full:
        full.setattr(box.storage, "publish", full_disk)
        assert await send(owner, path, b"x" * (len(TEXT) - 1000), 1000) == (503, "disk_full")
    assert await offset_of(owner, path) == 1000
    assert (await send(owner, path, TEXT[1000:], 1000))[0] == 204
    assert [sha256 for _, _, sha256 in await contents(box)] == [hashlib.sha256(TEXT).hexdigest()]


async def full_disk(*_: object) -> None:
    raise Unavailable("The disk is full.", code="disk_full")


async def test_nothing_stands_by_when_the_server_has_stopped(owner: Person, client: Any, course: UUID) -> None:
    size = keeping.LARGE
    path = await begin(owner, size, course_id=course)
    assert (await send(owner, path, bytes(1000), 0))[0] == 204
    assert len(children()) == 1
    await client.close()
    assert children() == set()


async def test_nobody_stands_by_for_what_is_small(owner: Person, course: UUID) -> None:
    path = await begin(owner, course_id=course)
    assert (await send(owner, path, TEXT, 0))[0] == 204
    assert children() == set()
