"""How long an uploaded film takes to playable from its last byte on, over HTTP as anybody sends it, beside copying it."""

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from aiohttp import ClientSession

from bench.http.servers import free_port, running
from bench.media import LECTURE_MINUTES, made, make_film, repeat, row

LMS = [sys.executable, "-m", "lms_box_cli"]
EMAIL, PASSWORD = "olga@example.org", "seven green doors"
CHUNK = 1 << 20
MINUTE = 60


@dataclass
class Times:
    """Seconds; `answered` and `playable` from the last byte on, which went at `last`."""

    copying: float = 0.0
    sending: float = 0.0
    last: float = 0.0
    answered: float = 0.0
    playable: float = 0.0

    @property
    def ratio(self) -> float:
        return self.playable / (1.5 * self.copying + 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument(
        "--film", type=Path, help="an MP4 of ten minutes, H.264 and AAC; else one is made, with the program ffmpeg"
    )
    parser.add_argument("--folder", type=Path, help="on which disk; the system's temporary folder if left out")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lms-bench-", dir=chosen.folder) as name:
        folder = Path(name)
        film = chosen.film or lecture(folder)
        runs = [once(film, folder / str(number)) for number in range(chosen.runs)]
    for times in runs:
        print(
            f"copied in {times.copying:5.2f} s, sent in {times.sending:5.2f} s; from the last byte on,"
            f" answered in {times.answered:5.2f} s and playable in {times.playable:5.2f} s"
        )
    row("uploaded, to 1.5 x copying and a second", median(times.ratio for times in runs), 1.0)


def lecture(folder: Path) -> Path:
    minute = made(folder / "minute.mp4", lambda path: make_film(path, seconds=MINUTE, rate=5_000_000))
    return made(folder / "lecture.mp4", lambda path: repeat(minute, path, LECTURE_MINUTES))


def once(film: Path, folder: Path) -> Times:
    """On a server that was just started, so that it knows nothing of the film."""
    folder.mkdir()
    times = Times(copying=copy(film, folder / "copy.mp4"))
    settings = {"LMS_DATA_DIR": str(folder / "data"), "LMS_AUTH__SECRET_KEY": "k" * 40, "LMS_LIMITS__ENABLED": "false"}
    add = [*LMS, "user", "add", EMAIL, "--role", "admin", "--password-stdin"]
    others = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
    subprocess.run(add, env={**others, **settings}, input=PASSWORD, text=True, check=True, stdout=subprocess.DEVNULL)
    port = free_port()
    with running([*LMS, "serve", "--port", str(port)], settings, port):
        asyncio.run(upload(f"http://127.0.0.1:{port}/api/v1/", film, times))
    shutil.rmtree(folder)
    return times


def copy(film: Path, target: Path) -> float:
    began = time.perf_counter()
    shutil.copyfile(film, target)
    copying = time.perf_counter() - began
    target.unlink()
    return copying


async def upload(api: str, film: Path, times: Times) -> None:
    async with ClientSession(api, headers={"Tus-Resumable": "1.0.0"}, raise_for_status=True) as client:
        client.headers["Authorization"] = f"Bearer {await sign_in(client)}"
        place = await announce(client, film)
        content = await send(client, place, film, times)
        while not await is_playable(client, content):  # noqa: ASYNC110 -- the API says so to nobody who does not ask
            await asyncio.sleep(0.02)
        times.playable = time.perf_counter() - times.last


async def announce(client: ClientSession, film: Path) -> str:
    async with client.post("courses", json={"title": "Pottery"}) as answer:
        course = (await answer.json())["id"]
    said = f"filename {in_base64(film.name)},course_id {in_base64(course)}"
    beginning = {"Upload-Length": str(film.stat().st_size), "Upload-Metadata": said}
    async with client.post("upload/tus", headers=beginning) as answer:
        return answer.headers["Location"]


async def send(client: ClientSession, place: str, film: Path, times: Times) -> str:
    """The content that it has become."""
    began = time.perf_counter()

    async def pieces() -> AsyncIterator[bytes]:
        with film.open("rb") as file:
            while piece := file.read(CHUNK):
                yield piece
                times.last = time.perf_counter()

    sending = {
        "Upload-Offset": "0",
        "Content-Type": "application/offset+octet-stream",
        "Content-Length": str(film.stat().st_size),
    }
    async with client.patch(place, data=pieces(), headers=sending) as answer:
        times.sending, times.answered = times.last - began, time.perf_counter() - times.last
        return answer.headers["X-Content-Id"]


async def sign_in(client: ClientSession) -> str:
    async with client.post("auth/login", json={"email": EMAIL, "password": PASSWORD}) as answer:
        return str((await answer.json())["access_token"])


async def is_playable(client: ClientSession, content: str) -> bool:
    async with client.get(f"contents/{content}") as answer:
        told = await answer.json()
    if told["status"] == "failed":
        sys.exit(f"The film cannot be played: {told['error']}")
    return bool(told["status"] == "ready")


def in_base64(text: str) -> str:
    return b64encode(text.encode()).decode()


if __name__ == "__main__":
    main()
