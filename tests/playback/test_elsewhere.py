"""Media in a bucket, the whole way: imported, uploaded, built, played from there, and gone with the course."""

import re
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from academy import Lesson, add_course, build, contents_of, stored_keys
from aiohttp import FormData
from aiohttp.test_utils import TestClient
from cast import Person
from command import Shell
from media.material import make_clip, make_picture
from seaweed import Store, environment_of

from lms_box.box import Box
from lms_box.config import Settings, load_settings
from lms_box.config import Storage as StorageSettings
from lms_box.http.headers import page_policy
from lms_box.work import connect_jobs, work_off

Client = TestClient[Any, Any]
FILM = bytes(range(256)) * 40
HLS = '#EXTM3U\n#EXT-X-MAP:URI="v.mp4",BYTERANGE="700@0"\n#EXTINF:4.000000,\n#EXT-X-BYTERANGE:500@700\nv.mp4\n#EXT-X-ENDLIST\n'
MASTER = '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS="avc1"\nv.m3u8\n'
MPD = "<MPD><Representation><BaseURL>v.mp4</BaseURL></Representation></MPD>"
BOARD = "WEBVTT\n\n00:00.000 --> 00:10.000\nboard.webp#xywh=0,0,160,90\n"
FILES = {
    "master.m3u8": MASTER.encode(), "v.m3u8": HLS.encode(), "manifest.mpd": MPD.encode(), "board.vtt": BOARD.encode(),
    "v.mp4": FILM, "poster.webp": b"RIFF", "board.webp": b"RIFF",
}  # fmt: skip


@pytest.fixture
def in_bucket(store: Store) -> StorageSettings:
    return store.settings()


@pytest.fixture
def settings(tmp_path: Path, database_url: str, in_bucket: StorageSettings) -> Settings:
    environ = {"LMS_DATABASE__URL": database_url, "LMS_AUTH__SECRET_KEY": "k" * 40, **environment_of(in_bucket)}
    return load_settings(data_dir=tmp_path / "data", environ=environ)


async def fetch(client: Client, address: str) -> tuple[int, bytes]:
    """Of the box, or of the store as a browser without any credentials."""
    ask = client.session.get(address) if address.startswith("http") else client.get(address, allow_redirects=False)
    async with ask as answer:
        return answer.status, await answer.read()


async def test_players_get_every_byte_from_the_store(box: Box, client: Client, learner: Person, store: Store) -> None:
    course = await add_course(box, "Sailing", [Lesson("Knots", data=FILM)])
    await learner.ask("POST", f"/courses/{course}/enrollment")
    (content_id,) = await contents_of(box, course)
    made = {"hls": "master.m3u8", "dash": "manifest.mpd", "poster": "poster.webp", "storyboard": "board.vtt"}
    await build(box, content_id, FILES, **made)
    shown = await (await learner.get(f"/contents/{content_id}/playback")).json()
    status, master = await fetch(client, shown["hls_url"])
    assert (status, master.decode()) == (200, MASTER)
    folder = shown["hls_url"].rpartition("/")[0]
    _, playlist = await fetch(client, f"{folder}/v.m3u8")
    addresses = set(re.findall(r"http[^\s\"]+", playlist.decode()))
    assert len(addresses) == 1, "one address for a rendition"
    assert playlist.decode().replace(addresses.copy().pop(), "v.mp4") == HLS
    _, manifest = await fetch(client, shown["dash_url"])
    _, board = await fetch(client, shown["storyboard_url"])
    addresses |= {found.replace("&amp;", "&") for found in re.findall(r"<BaseURL>(.*?)</BaseURL>", manifest.decode())}
    (sprite,) = re.findall(r"http[^#]+(?=#xywh=0,0,160,90)", board.decode())
    assert len(addresses) == 1
    for address, data in (
        (addresses.pop(), FILM),
        (sprite, b"RIFF"),
        (shown["poster_url"], b"RIFF"),
        (shown["source_url"], FILM),
    ):
        assert address.startswith(f"{store.endpoint}/"), address
        assert await fetch(client, address) == (200, data)
    for name in ("v.mp4", "board.webp"):
        assert (await fetch(client, f"{folder}/{name}"))[0] == 302
    for path in ("gone.m3u8", "..%2F..%2Fx.vtt", "%2Fetc%2Fpasswd", "v.mp4%00"):
        assert (await fetch(client, f"{folder}/{path}"))[0] == 404, path


async def test_pictures_and_originals_are_pointed_to(box: Box, client: Client, owner: Person, tmp_path: Path) -> None:
    course = await add_course(box, "Files", [Lesson("Größe.zip", type="file", name="x.zip", data=b"PK")])
    picture = FormData()
    picture.add_field("file", make_picture(tmp_path / "a.png").read_bytes(), filename="a.png")
    picture.add_field("course_id", str(course))
    answer = await owner.ask("POST", "/upload/thumbnail", data=picture)
    assert answer.status == 201, await answer.text()
    moved = await client.get((await answer.json())["url"], allow_redirects=False)
    assert moved.status == 302
    _, data = await fetch(client, moved.headers["Location"])
    assert data.startswith(b"RIFF")
    (content_id,) = await contents_of(box, course)
    moved = await owner.get(f"/contents/{content_id}/file")
    assert moved.status == 302
    async with client.session.get(moved.headers["Location"]) as original:
        assert original.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
        assert await original.read() == b"PK"


async def test_an_upload_is_built_and_goes_with_its_course(box: Box, owner: Person, tmp_path: Path) -> None:
    course = await add_course(box, "Sailing")
    form = FormData()
    form.add_field("course_id", str(course))
    form.add_field("file", make_clip(tmp_path / "film.mp4", seconds=2).read_bytes(), filename="film.mp4")
    answer = await owner.ask("POST", "/upload/content", data=form)
    assert answer.status == 201, await answer.text()
    content_id = (await answer.json())["id"]
    connect_jobs(box)
    (asset,) = {key.split("/")[1] for key in await stored_keys(box)}
    await work_off(box, [UUID(asset)], lambda _: None)
    shown = await (await owner.get(f"/contents/{content_id}/playback")).json()
    assert shown["hls_url"]
    assert shown["poster_url"].startswith("http")
    assert (await owner.ask("DELETE", f"/courses/{course}")).status == 204
    assert await stored_keys(box) == []


@pytest.fixture
def shell(tmp_path: Path, in_bucket: StorageSettings) -> Shell:
    return Shell(tmp_path / "data", environment_of(in_bucket))


def test_a_folder_is_imported_and_deleted_at_the_shell(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "Sailing"
    folder.mkdir()
    make_clip(folder / "01 Knots.mp4", seconds=2)
    (folder / "02 Words.md").write_text("# Words\n")
    make_picture(folder / "cover.png")
    made = shell.run("course", "import", str(folder), "--publish", "--wait", "--json")
    assert made.code == 0, made.err
    assert {content["status"] for content in made.json["contents"]} == {"ready"}
    assert [path for path in (shell.data_dir / "media").rglob("*") if path.is_file()] == []
    gone = shell.run("course", "delete", made.json["course_id"], "--yes")
    assert gone.code == 0, gone.err


def test_a_store_that_is_not_there_is_one_line(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "Sailing").mkdir()
    (tmp_path / "Sailing" / "Words.md").write_text("# Words\n")
    shell.environ["LMS_STORAGE__ENDPOINT"] = "http://127.0.0.1:9"
    ran = shell.run("course", "import", str(tmp_path / "Sailing"))
    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1), ran.err
    assert "http://127.0.0.1:9 cannot be reached" in ran.err


def test_pages_may_fetch_from_the_store_and_from_nowhere_else() -> None:
    policy = dict(part.split(" ", 1) for part in page_policy(b"", media="https://cdn.example.org").split("; "))
    assert {name for name, value in policy.items() if "https://cdn.example.org" in value} == {
        "connect-src",
        "img-src",
        "media-src",
    }
    assert "http" not in page_policy(b"")
