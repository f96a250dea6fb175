"""How fast the box hands out the bytes of films beside nginx; prints the ratios of one run."""

import argparse
import asyncio
import os
import random
import resource
import selectors
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, product
from pathlib import Path
from statistics import median
from uuid import UUID

from bench.http.servers import box as serving
from bench.http.servers import free_port, running
from lms_box.box import open_box
from lms_box.config import load_settings
from lms_box.http.signed import Links
from lms_box.playback.service import build_prefix

CONNECTIONS = 16
FILM = 256 * 1024 * 1024
SIZES = {"2 MB ranges": 2_000_000, "64 KiB segments": 65_536}
TARGETS = {"2 MB ranges": "at least 0.9 x nginx", "64 KiB segments": "at least 5,000 in a second"}
SECRET = "a secret for measuring, of no use elsewhere"  # noqa: S105 -- it opens nothing
ASSET, BUILD, LEARNER = (UUID(int=number) for number in (1, 2, 3))
# Without tcp_nopush: with it, nginx holds the end of a segment back until the delayed acknowledgement, 40 ms later.
NGINX = """
daemon off; master_process off; worker_processes 1; pid {folder}/pid; error_log {folder}/errors;
events {{ worker_connections 64; }}
http {{
  sendfile on; access_log off; keepalive_requests 1000000000; types {{ video/mp4 mp4; }}
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ listen 127.0.0.1:{port}; location / {{ root {root}; }} }}
}}
"""


@dataclass(frozen=True)
class Client:
    at_once: int
    flags: int = 0


# Browsers read piece by piece. One that has the kernel throw all away costs next to nothing itself: the harder measure.
CLIENTS = {"read": Client(64 * 1024), "thrown away": Client(4 * 1024 * 1024, socket.MSG_TRUNC)}


@dataclass(frozen=True)
class Side:
    name: str
    port: int
    path: str
    pid: int


@dataclass(frozen=True)
class Measured:
    per_second: float
    cpu: float
    """Seconds of the server's processor for a thousand answers."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each measurement")
    parser.add_argument("--runs", type=int, default=5, help="of which the median counts")
    given = parser.parse_args()
    print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory(prefix="lms-") as name:
        film = asyncio.run(fill(Path(name) / "data"))
        with nginx(Path(name), film) as theirs, box(Path(name) / "data") as ours:
            for (what, size), client in product(SIZES.items(), CLIENTS):
                compare(what, size, client, (ours, theirs), given.seconds, given.runs)
    print(f"load of the machine after: {os.getloadavg()[0]:.1f}")


def compare(what: str, size: int, client: str, sides: tuple[Side, Side], seconds: float, runs: int) -> None:
    """In turns, so that what else the machine does falls on both."""
    found: dict[str, list[Measured]] = {side.name: [] for side in sides}
    shares = []
    for _ in range(runs):
        for side in sides:
            measured, share = measure(side, size, client, seconds)
            found[side.name].append(measured)
            shares.append(share)
    print(f"\n{what}, {client}, {CONNECTIONS} connections ({TARGETS[what]}); the client was busy {median(shares):.0%}")
    rates = {name: median(each.per_second for each in all_) for name, all_ in found.items()}
    works = {name: median(each.cpu for each in all_) for name, all_ in found.items()}
    for name, rate in rates.items():
        print(f"  {name:6} {rate:9,.0f} in a second {rate * size / 1e6:8,.0f} MB/s {works[name]:8.3f} s of processor for 1,000")
    ratios = [ours.per_second / theirs.per_second for ours, theirs in zip(*found.values(), strict=True)]
    print(f"  the box is at {rates['box'] / rates['nginx']:.2f} x nginx (runs {', '.join(f'{one:.2f}' for one in ratios)})")


def measure(side: Side, size: int, client: str, seconds: float) -> tuple[Measured, float]:
    requests, expected = requests_for(side, size)
    connections = [Connection(side.port, requests, expected, CLIENTS[client]) for _ in range(CONNECTIONS)]
    drive(connections, 0.3)
    for each in connections:
        each.answers = 0
    cpu, own, begun = processor(side.pid), resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    drive(connections, seconds)
    took, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF)
    answers = sum(each.answers for each in connections)
    worked = processor(side.pid) - cpu
    for each in connections:
        each.socket.close()
    busy = (after.ru_utime + after.ru_stime - own.ru_utime - own.ru_stime) / took
    return Measured(answers / took, 1000 * worked / max(answers, 1)), busy


def requests_for(side: Side, size: int) -> tuple[list[bytes], int]:
    """Prepared once; what each is answered with, head and all, is as long as the first answer was."""
    chosen = random.Random(7)  # noqa: S311 -- the same places for both
    starts = [chosen.randrange(100_000_000, FILM - size) for _ in range(512)]
    requests = [
        f"GET {side.path} HTTP/1.1\r\nHost: bench\r\nRange: bytes={start}-{start + size - 1}\r\n\r\n".encode()
        for start in starts
    ]
    with socket.create_connection(("127.0.0.1", side.port)) as door:
        door.sendall(requests[0])
        data = b""
        while b"\r\n\r\n" not in data:
            data += door.recv(65536)
    head = data.partition(b"\r\n\r\n")[0]
    if not head.startswith(b"HTTP/1.1 206") or f"content-length: {size}".encode() not in head.lower():
        raise SystemExit(f"{side.name} answered {head!r}")
    return requests, len(head) + 4 + size


class Connection:
    """Sends its next request when the last one is answered."""

    def __init__(self, port: int, requests: list[bytes], expected: int, client: Client) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._requests = cycle(random.sample(requests, len(requests)))
        self._expected, self.left = expected, 0
        self._buffer, self._flags = bytearray(client.at_once), client.flags | socket.MSG_DONTWAIT
        self.answers = 0

    def send(self) -> None:
        self.left += self._expected
        self.socket.sendall(next(self._requests))

    def receive(self) -> None:
        count = self.socket.recv_into(self._buffer, len(self._buffer), self._flags)
        if not count:
            raise SystemExit("the server hung up")
        self.left -= count
        if not self.left:
            self.answers += 1
            self.send()


def drive(connections: list[Connection], seconds: float) -> None:
    until = time.perf_counter() + seconds
    with selectors.DefaultSelector() as selector:
        for each in connections:
            selector.register(each.socket, selectors.EVENT_READ, each)
            if each.left == 0:
                each.send()
        while time.perf_counter() < until:
            for key, _ in selector.select():
                key.data.receive()


def processor(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def fill(data: Path) -> Path:
    """A film in the box's storage, and where it lies."""
    settings = load_settings(data_dir=data, environ={"LMS_AUTH__SECRET_KEY": SECRET})
    async with open_box(settings) as opened:
        with opened.storage.scratch(opened.owner.name) as folder:
            with (folder / "v.mp4").open("wb") as file:
                for _ in range(FILM // (1024 * 1024)):
                    file.write(os.urandom(1024 * 1024))
            await opened.storage.publish(folder, build_prefix(ASSET, BUILD))
        path = opened.storage.local_path(f"{build_prefix(ASSET, BUILD)}/v.mp4")
    assert path
    return path


@contextmanager
def box(data: Path) -> Iterator[Side]:
    token = Links(SECRET).token(learner=LEARNER, asset=ASSET, build=BUILD, at=time.time())
    with serving(data, f"sqlite:///{data / 'lms.db'}", secret=SECRET) as (port, pid):
        yield Side("box", port, f"/media/{token}/v.mp4", pid)


@contextmanager
def nginx(folder: Path, film: Path) -> Iterator[Side]:
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if found is None:
        raise SystemExit("there is no nginx to measure beside: install it (Debian: apt install nginx-light)")
    port = free_port()
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, root=film.parent))
    with running([found, "-p", str(folder), "-c", str(folder / "nginx.conf")], {}, port, stderr=subprocess.DEVNULL) as pid:
        yield Side("nginx", port, "/v.mp4", pid)


if __name__ == "__main__":
    main()
