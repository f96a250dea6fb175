"""A server killed (`kill -9`) while many report and upload at once: what was answered is there, and nothing is half there."""

import asyncio
import base64
import hashlib
import io
import random
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest
from academy import add_course, contents_of, page
from aiohttp import ClientError, ClientResponse, ClientSession, FormData
from cast import introduce
from command import Serving, Shell, kill
from courses.importing.folders import check_no_orphans
from sqlalchemy import select

from lms_box.box import Box, open_box
from lms_box.config import Settings, load_settings
from lms_box.courses.uploads.tables import Upload
from lms_box.db.base import now
from lms_box.learning.tables import Enrollment

TUS = {"Tus-Resumable": "1.0.0"}
PIECE = {**TUS, "Content-Type": "application/offset+octet-stream"}
PAGES = 40


@dataclass
class Told:
    """What the server had answered before it was gone."""

    pages: dict[tuple[str, UUID], set[int]] = field(default_factory=dict)
    """Seen pages, by the learner's token and the content."""
    contents: dict[str, str] = field(default_factory=dict)
    """The hash of what was sent, by the id of what it has become."""
    offsets: dict[str, int] = field(default_factory=dict)
    """How much of an upload is kept, by its address."""
    answers: int = 0


@dataclass
class Crowd:
    """Learners who report, and an admin who uploads, all at once."""

    owner: str
    learners: list[str]
    course: UUID
    lessons: list[UUID]
    told: Told = field(default_factory=Told)
    sent: set[str] = field(default_factory=set)

    def everybody(self, client: ClientSession, address: str, many: int) -> list[Coroutine[Any, Any, None]]:
        """So many reports, and a fifth as many uploads of each kind, in an order that is no order."""
        doing = [self._report(client, address) for _ in range(many)]
        doing += [self._upload(client, address) for _ in range(many // 5)]
        doing += [self._upload_in_pieces(client, address) for _ in range(many // 5)]
        random.shuffle(doing)
        return doing

    async def _report(self, client: ClientSession, address: str) -> None:
        who, lesson, seen = random.choice(self.learners), random.choice(self.lessons), random.randint(1, PAGES)  # noqa: S311 -- no secret
        told = {"position": seen, "watched": [[seen, seen]]}
        url = f"{address}/api/v1/contents/{lesson}/progress"
        async with client.put(url, json=told, headers=bearer(who)) as answer:
            await self._heard(answer)
            self.told.pages.setdefault((who, lesson), set()).add(seen)

    async def _upload(self, client: ClientSession, address: str) -> None:
        data = self._file()
        form = FormData({"course_id": str(self.course)})
        form.add_field("file", io.BytesIO(data), filename="firing.bin")
        async with client.post(f"{address}/api/v1/upload/content", data=form, headers=bearer(self.owner)) as answer:
            self.told.contents[(await self._heard(answer))["id"]] = hashlib.sha256(data).hexdigest()

    async def _upload_in_pieces(self, client: ClientSession, address: str) -> None:
        data, headers = self._file(), bearer(self.owner)
        said = f"filename {in_base64('firing.bin')},course_id {in_base64(str(self.course))}"
        beginning = {**headers, **TUS, "Upload-Length": str(len(data)), "Upload-Metadata": said}
        async with client.post(f"{address}/api/v1/upload/tus", headers=beginning) as answer:
            await self._heard(answer)
            path = answer.headers["Location"]
        self.told.offsets[path] = 0
        half = len(data) // 2
        for start, piece in ((0, data[:half]), (half, data[half:])):
            given = {**headers, **PIECE, "Upload-Offset": str(start)}
            async with client.patch(f"{address}{path}", data=io.BytesIO(piece), headers=given) as answer:
                await self._heard(answer)
                self.told.offsets[path] = int(answer.headers["Upload-Offset"])
                if made := answer.headers.get("X-Content-Id"):
                    self.told.contents[made] = hashlib.sha256(data).hexdigest()

    def _file(self) -> bytes:
        data = random.randbytes(random.randint(1_000, 300_000))  # noqa: S311 -- no secret
        self.sent.add(hashlib.sha256(data).hexdigest())
        return data

    async def _heard(self, answer: ClientResponse) -> Any:
        text = await answer.read()
        assert answer.ok, (answer.status, text)
        self.told.answers += 1
        return await answer.json() if text else None


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def in_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.fixture
def shell(tmp_path: Path, database_url: str) -> Shell:
    return Shell(tmp_path / "data", {"LMS_DATABASE__URL": database_url, "LMS_LIMITS__ENABLED": "false"})


@pytest.fixture
def settings(shell: Shell) -> Settings:
    """As the server has them, its own secret among them."""
    return load_settings(data_dir=shell.data_dir, environ=shell.environ)


@pytest.fixture
async def crowd(settings: Settings) -> Crowd:
    async with open_box(settings) as box:
        course = await add_course(box, "Pottery", [page(f"Sheet {number}", PAGES) for number in range(5)])
        nowhere = cast("Any", None)  # they are asked for over a real line
        owner = await introduce(box, nowhere, "Olga Owner", role="admin")
        learners = [await introduce(box, nowhere, f"Learner{number} Of-Many") for number in range(8)]
        async with box.db.writing() as session:
            session.add_all(Enrollment(user_id=one.user.id, course_id=course) for one in learners)
        return Crowd(owner.token, [one.token for one in learners], course, await contents_of(box, course))


async def test_what_was_answered_is_there(shell: Shell, settings: Settings, crowd: Crowd) -> None:
    await kill_amid(shell, crowd, many=40)
    await check(shell, settings, crowd)


@pytest.mark.deep
async def test_what_was_answered_is_there_kill_after_kill(shell: Shell, settings: Settings, crowd: Crowd) -> None:
    for _ in range(5):
        await kill_amid(shell, crowd, many=200)
        await check(shell, settings, crowd)


async def kill_amid(shell: Shell, crowd: Crowd, *, many: int) -> None:
    """The server is gone when about a third of what is asked at once has been answered."""
    enough = crowd.told.answers + many // 2
    with shell.serving() as served:
        async with ClientSession() as client:
            doing = [asyncio.create_task(one) for one in crowd.everybody(client, served.address, many)]
            while crowd.told.answers < enough and not all(one.done() for one in doing):
                await asyncio.wait([one for one in doing if not one.done()], return_when=asyncio.FIRST_COMPLETED)
            await asyncio.to_thread(kill, served.process)
            failed = [one for one in await asyncio.gather(*doing, return_exceptions=True) if one is not None]
    assert failed, "all was answered before the server was gone"
    assert [one for one in failed if not isinstance(one, ClientError)] == []


async def check(shell: Shell, settings: Settings, crowd: Crowd) -> None:
    with shell.serving() as served:
        async with ClientSession() as client:
            for token in crowd.learners:
                await _check_progress(client, served, crowd, token)
            await _check_contents(client, served, crowd)
            await _check_offsets(client, served, crowd)
        assert served.stop() == 0
    async with open_box(settings) as box:
        await check_no_orphans(box)
        await _check_unfinished(box)


async def _check_progress(client: ClientSession, served: Serving, crowd: Crowd, token: str) -> None:
    url = f"{served.address}/api/v1/courses/{crowd.course}/progress"
    async with client.get(url, headers=bearer(token)) as answer:
        shown = (await answer.json())["contents"]
    for one in shown:
        seen = {number for first, last in one["watched"] for number in range(int(first), int(last) + 1)}
        assert crowd.told.pages.get((token, UUID(one["content_id"])), set()) <= seen


async def _check_contents(client: ClientSession, served: Serving, crowd: Crowd) -> None:
    """Each has the bytes that were sent, and none has a part of them."""
    url, headers = f"{served.address}/api/v1/courses/{crowd.course}", bearer(crowd.owner)
    async with client.get(url, headers=headers) as answer:
        made = [one for section in (await answer.json())["sections"] for one in section["contents"]]
    uploaded = {one["id"]: one["file_url"] for one in made if UUID(one["id"]) not in crowd.lessons}
    assert set(crowd.told.contents) <= set(uploaded)
    for content_id, path in uploaded.items():
        async with client.get(f"{served.address}{path}", headers=headers) as answer:
            digest = hashlib.sha256(await answer.read()).hexdigest()
        assert digest == crowd.told.contents.get(content_id, digest)
        assert digest in crowd.sent


async def _check_offsets(client: ClientSession, served: Serving, crowd: Crowd) -> None:
    for path, offset in crowd.told.offsets.items():
        async with client.head(f"{served.address}{path}", headers={**bearer(crowd.owner), **TUS}) as answer:
            assert (answer.status, int(answer.headers["Upload-Offset"]) >= offset) == (200, True), path


async def _check_unfinished(box: Box) -> None:
    """The only files that lie about are uploads that their senders may still go on with, as long as is counted at least."""
    async with box.db.reading() as session:
        uploads = (await session.scalars(select(Upload))).all()
    waiting = {str(one.id): one.received for one in uploads if one.content_id is None}
    assert all(one.expires_at > now() for one in uploads)
    folder = box.settings.data_dir / "uploads"
    lying = {path.name: path.stat().st_size for path in folder.glob("*")}
    assert set(lying) <= set(waiting)
    assert all(lying[name] >= waiting[name] for name in lying)
    assert all(name in lying for name, received in waiting.items() if received)
    incoming = box.settings.data_dir / "media" / "incoming"
    assert [path for path in incoming.rglob("*") if path.is_file()] == []
