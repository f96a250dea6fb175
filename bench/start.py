"""How fast the box starts and how small it is: measured in a temporary data directory, with the targets beside."""

import argparse
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from pathlib import Path
from statistics import median

LMS = [sys.executable, "-m", "lms_box_cli"]
REST_SECONDS = 3.0  # the idle memory is that of a server whose start is over
FILM_SECONDS = 60


def main() -> None:
    parser = argparse.ArgumentParser(description="How fast the box starts and how small it is.")
    parser.add_argument("--runs", type=int, default=5)
    runs: int = parser.parse_args().runs
    with tempfile.TemporaryDirectory(prefix="lms-bench-") as folder:
        data = Path(folder) / "data"
        subprocess.run([*LMS, "db", "upgrade"], env=_environment(data), check=True, capture_output=True)
        memory = [_memory(data) for _ in range(runs)]
        rows = [
            ("start to the first 200 on /health", _median(runs, lambda: _start(data)), 1.5, "s"),
            ("idle memory, RSS of all processes", median(rss for rss, _ in memory), 100.0, "MiB"),
            ("idle memory, PSS (shared pages divided)", median(pss for _, pss in memory), 100.0, "MiB"),
            ("lms --help", _median(runs, lambda: _seconds([*LMS, "--help"], data)), 0.3, "s"),
            ("import --wait, longer than copying", _median(runs, lambda: _import(Path(folder))), 2.0, "s"),
        ]
    _print_table(rows)


def _print_table(rows: list[tuple[str, float, float, str]]) -> None:
    print(f"{'':42}{'measured':>12}{'target':>12}")
    for name, found, target, unit in rows:
        said = f"{found:.2f} {unit}" if found == found else "unknown"  # NaN where /proc tells no PSS
        print(f"{name:42}{said:>12}{f'{target:g} {unit}':>12}  {'' if not found > target else 'over'}".rstrip())


def _median(runs: int, measure: Callable[[], float]) -> float:
    return median(measure() for _ in range(runs))


def _environment(data: Path) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
    return {**ours, "LMS_DATA_DIR": str(data)}


def _seconds(command: list[str], data: Path) -> float:
    begin = time.perf_counter()
    subprocess.run(command, env=_environment(data), check=True, capture_output=True)
    return time.perf_counter() - begin


@contextmanager
def _serving(data: Path) -> Iterator[tuple[int, float]]:
    """(process id, seconds from its start to the first 200)."""
    port = _free_port()
    begin = time.perf_counter()
    server = subprocess.Popen(
        [*LMS, "serve", "--port", str(port)], env=_environment(data), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not _is_healthy(port):
            if server.poll() is not None:
                sys.exit("lms serve ended by itself; run it by hand to see why.")
            time.sleep(0.005)
        yield server.pid, time.perf_counter() - begin
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def _is_healthy(port: int) -> bool:
    with suppress(OSError, http.client.HTTPException):
        door = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        door.request("GET", "/health")
        return door.getresponse().status == http.HTTPStatus.OK
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _start(data: Path) -> float:
    with _serving(data) as (_, seconds):
        return seconds


def _memory(data: Path) -> tuple[float, float]:
    """(RSS, PSS) in MiB of an idle server and its children."""
    with _serving(data) as (server, _):
        time.sleep(REST_SECONDS)
        family = [server, *_children(server)]
        return sum(_rss(process) for process in family), sum(_pss(process) for process in family)


def _children(process: int) -> list[int]:
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], check=True, capture_output=True, text=True).stdout
    pairs = [tuple(map(int, line.split())) for line in listed.splitlines()]
    direct = [child for child, parent in pairs if parent == process]
    return [one for child in direct for one in (child, *_children(child))]


def _rss(process: int) -> float:
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(process)], check=False, capture_output=True, text=True).stdout
    return int(told or 0) / 1024


def _pss(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return float("nan")
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _import(folder: Path) -> float:
    """A fresh course of one film, into a fresh data directory, against copying the file."""
    course, data = folder / "course", folder / "import"
    shutil.rmtree(data, ignore_errors=True)
    film = course / "1 Film.mp4"
    if not film.exists():
        course.mkdir()
        _make_film(film)
    subprocess.run([*LMS, "db", "upgrade"], env=_environment(data), check=True, capture_output=True)
    begin = time.perf_counter()
    shutil.copyfile(film, folder / "copy.mp4")
    copying = time.perf_counter() - begin
    return _seconds([*LMS, "course", "import", str(course), "--wait"], data) - copying


def _make_film(target: Path) -> None:
    """H.264 and AAC, as browsers play it: bands that wander, and a tone."""
    import av

    width, height, rate = 1280, 720, 25
    band = bytes(range(16, 236)) * 20
    with av.open(str(target), "w") as container:
        picture = container.add_stream("libx264", rate=rate, options={"preset": "ultrafast", "g": str(4 * rate)})
        picture.width, picture.height, picture.pix_fmt = width, height, "yuv420p"
        sound = container.add_stream("aac", rate=48_000, layout="mono")
        for number in range(FILM_SECONDS * rate):
            frame = av.VideoFrame(width, height, "yuv420p")
            start = number % 220
            frame.planes[0].update(band[start : start + width] * height)
            for plane in frame.planes[1:]:
                plane.update(bytes([128]) * plane.buffer_size)
            frame.pts, frame.time_base = number, Fraction(1, rate)
            container.mux(picture.encode(frame))
        container.mux(picture.encode(None))
        for number in range(FILM_SECONDS * 48_000 // 1024):
            block = av.AudioFrame(format="s16", layout="mono", samples=1024)
            block.planes[0].update(bytes(2048))
            block.sample_rate, block.pts, block.time_base = 48_000, number * 1024, Fraction(1, 48_000)
            container.mux(sound.encode(block))
        container.mux(sound.encode(None))


if __name__ == "__main__":
    main()
