"""The real hls.js, Shaka and dash.js play a long film from a folder and from a bucket, and seek far in it; so does ffprobe."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browser.conftest import PASSWORDS, until
from command import Serving, Shell
from media.material import make_clip
from playwright.async_api import Browser, Page
from seaweed import allow_pages, environment_of

from lms_box.config import Storage

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one Chromium for all

HERE = Path(__file__).parent
PLAYERS = {
    "hls.js": HERE.parents[1] / "web" / "node_modules" / "hls.js" / "dist" / "hls.min.js",
    "Shaka": HERE / "players" / "shaka.js",
    "Shaka, HLS": HERE / "players" / "shaka.js",
    "dash.js": HERE / "players" / "dash.js",
}
SHAKA = "window.player = new shaka.Player(); await player.attach(video);"
LOAD = {
    "hls.js": "(urls) => { window.player = new Hls(); player.loadSource(urls.hls); player.attachMedia(video); }",
    "Shaka": f"async (urls) => {{ {SHAKA} await player.load(urls.dash); }}",
    "Shaka, HLS": f"async (urls) => {{ {SHAKA} await player.load(urls.hls); }}",
    "dash.js": "(urls) => { const player = dashjs.MediaPlayer().create(); player.initialize(video, urls.dash, false); }",
}
STAGE = "() => { document.body.innerHTML = '<video id=video muted></video>'; }"
PLAY_FROM = "(second) => { video.muted = true; video.currentTime = second; return video.play(); }"
CHOOSE_CAPTIONS = {
    "hls.js": "() => { player.subtitleTrack = 0; return player.subtitleTracks.map((track) => track.name); }",
    "Shaka, HLS": """() => {
        const tracks = player.getTextTracks();
        player.selectTextTrack(tracks[0]);
        return tracks.map((track) => track.label);
    }""",
}
CUES = """() => [...video.textTracks].flatMap((track) =>
    [...(track.cues || [])].map((cue) => [cue.startTime, cue.endTime, cue.text]))"""
HAS_CUES = f"() => ({CUES})().length > 0"
IS_LOADED = "() => video.readyState >= 1"
IS_PAST = "(second) => !video.error && !video.seeking && video.currentTime > second && video.currentTime < second + 30"
OLGA = "olga@example.org"
LENGTH = 120.0
VTT = "WEBVTT\n\n00:00.500 --> 00:04.000\nLight comes in.\n"
SAMPLES = Path(os.environ.get("LMS_SAMPLES") or HERE.parents[2] / "shared" / "samples")
LECTURE = SAMPLES / "courses" / "video-course"


@dataclass(frozen=True)
class Cinema:
    serving: Serving
    content_id: str
    elsewhere: str | None
    """The site of the bytes, where it is not the box."""


@pytest.fixture(scope="session", params=["local", "s3"])
def cinema(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cinema]:
    folder, data = tmp_path_factory.mktemp("folders") / "Long", tmp_path_factory.mktemp("cinema")
    folder.mkdir()
    make_clip(folder / "01 Long.mp4", seconds=LENGTH, rate=5, every=10, size=(160, 90), sample_rate=8000, channels=1)
    (folder / "01 Long.en.vtt").write_text(VTT, "utf-8")
    storage = request.getfixturevalue("store").settings() if request.param == "s3" else None
    with _school(storage, folder, data) as cinema:
        yield cinema


@pytest.fixture(scope="session")
def lecture(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cinema]:
    """The longest recording of the samples, 29 minutes."""
    found = sorted(LECTURE.rglob("*ecture*.mp4"), key=lambda path: path.stat().st_size) if LECTURE.is_dir() else []
    if not found:
        pytest.skip("the samples are not here: their lecture is not played")
    folder, data = tmp_path_factory.mktemp("folders") / "Lecture", tmp_path_factory.mktemp("hall")
    folder.mkdir()
    shutil.copyfile(found[-1], folder / "01 Lecture.mp4")
    with _school(None, folder, data) as cinema:
        yield cinema


@contextmanager
def _school(storage: Storage | None, folder: Path, data: Path) -> Iterator[Cinema]:
    """A served box with the film of a folder; its admin may play it."""
    if storage is not None:
        asyncio.run(allow_pages(storage, data, "*", ["Content-Length", "Content-Range", "ETag"]))
    shell = Shell(data, environment_of(storage) if storage else {})
    added = shell.run("user", "add", OLGA, "--role", "admin", "--password-stdin", stdin=PASSWORDS[OLGA])
    assert added.code == 0, added.err
    made = shell.run("course", "import", str(folder), "--publish", "--wait", "--json")
    assert made.code == 0, made.err
    (content,) = made.json["contents"]
    assert content["status"] == "ready", content
    with shell.serving("--no-jobs") as serving:
        yield Cinema(serving, content["id"], storage.endpoint if storage else None)


async def _open(browser: Browser, cinema: Cinema) -> tuple[Page, dict[str, str]]:
    """A page of the box that may run what the test brings, and where the film is."""
    context = await browser.new_context(bypass_csp=True)
    page = await context.new_page()
    await page.goto(f"{cinema.serving.address}/health")
    said = {"email": OLGA, "password": PASSWORDS[OLGA]}
    signed_in = await page.request.post(f"{cinema.serving.address}/api/v1/auth/login", data=said)
    assert signed_in.ok, await signed_in.text()
    shown = await (await page.request.get(f"{cinema.serving.address}/api/v1/contents/{cinema.content_id}/playback")).json()
    return page, {"hls": shown["hls_url"], "dash": shown["dash_url"], "length": str(shown["duration"])}


async def _load(page: Page, name: str, urls: dict[str, str]) -> None:
    if not PLAYERS[name].is_file():
        pytest.skip(f"{name} is not here: `python web/build_site.py players` brings it")
    await page.add_script_tag(path=PLAYERS[name])
    await page.evaluate(STAGE)
    await page.evaluate(LOAD[name], urls)
    await until(page, IS_LOADED)


async def _play(page: Page, name: str, urls: dict[str, str]) -> None:
    await _load(page, name, urls)
    length = float(urls["length"])
    for second in (0.0, length - 20, 30.0, length / 2):
        await page.evaluate(PLAY_FROM, second)
        await until(page, IS_PAST, second + 0.5)


@pytest.mark.parametrize("name", PLAYERS)
async def test_plays_and_seeks_far(browser: Browser, cinema: Cinema, name: str) -> None:
    page, urls = await _open(browser, cinema)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await _play(page, name, urls)
    await page.context.close()
    films = [url for url in asked if urlsplit(url).path.endswith(".mp4")]
    assert films
    site = cinema.elsewhere or cinema.serving.address
    assert [url for url in films if not url.startswith(f"{site}/")] == [], "every byte comes from where it lies"
    media = [url for url in asked if url.startswith(f"{cinema.serving.address}/media/")]
    if cinema.elsewhere:
        assert {Path(urlsplit(url).path).suffix for url in media} <= {".m3u8", ".mpd", ".vtt"}


@pytest.mark.parametrize("name", CHOOSE_CAPTIONS)
async def test_shows_the_captions_of_the_playlist(browser: Browser, cinema: Cinema, name: str) -> None:
    page, urls = await _open(browser, cinema)
    await _load(page, name, urls)
    assert await page.evaluate(CHOOSE_CAPTIONS[name]) == ["English"]
    await page.evaluate(PLAY_FROM, 0.0)
    await until(page, HAS_CUES)
    assert await page.evaluate(CUES) == [[0.5, 4, "Light comes in."]]
    await page.context.close()


@pytest.mark.deep
@pytest.mark.parametrize("name", PLAYERS)
async def test_plays_the_lecture(browser: Browser, lecture: Cinema, name: str) -> None:
    page, urls = await _open(browser, lecture)
    await _play(page, name, urls)
    await page.context.close()


async def test_ffprobe_reads_every_manifest(browser: Browser, cinema: Cinema) -> None:
    """FFmpeg follows addresses as a native player does."""
    if shutil.which("ffprobe") is None:
        pytest.skip("there is no ffprobe on this machine")
    page, urls = await _open(browser, cinema)
    await page.context.close()
    # FFmpeg puts the addresses of a DASH manifest back into XML unescaped, and so cannot follow signed ones.
    for kind in ("hls", "dash") if cinema.elsewhere is None else ("hls",):
        address = f"{cinema.serving.address}{urls[kind]}"
        shown = "format=duration:stream=codec_type"
        command = ["ffprobe", "-v", "error", "-show_entries", shown, "-of", "default=nw=1:nk=1", address]
        ran = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False, timeout=120)
        assert (ran.returncode, ran.stderr) == (0, ""), kind
        *found, duration = ran.stdout.split()
        assert {"audio", "video"} <= set(found) <= {"audio", "video", "subtitle"}, kind  # older ones do not see the captions
        assert abs(float(duration) - LENGTH) < 1, kind
