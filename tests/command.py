"""The command `lms` as a person uses it: run to its end, or serving until it is stopped or killed."""

import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PATIENCE = 60.0
HERE = Path(__file__).parent.parent


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Shell:
    """A person's shell with a data directory of its own."""

    data_dir: Path
    environ: dict[str, str] = field(default_factory=dict)

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "lms_box_cli", *words],
            env=self._environ(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *words: str, stdin: str = "") -> Ran:
        process = self.start(*words)
        out, err = process.communicate(stdin, timeout=10 * PATIENCE)
        return Ran(process.returncode, out, err)

    @contextmanager
    def serving(self, *words: str) -> Iterator["Serving"]:
        """A server on a free port; killed with all its children if the test has not stopped it."""
        process = self.start("serve", "--port", "0", *words)
        try:
            yield Serving(process, _address_in(process))
        finally:
            kill(process)

    def _environ(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
        paths = os.pathsep.join([str(HERE), str(HERE / "cli")])
        return {**kept, "LMS_DATA_DIR": str(self.data_dir), "PYTHONPATH": paths, **self.environ}


@dataclass(frozen=True)
class Serving:
    process: subprocess.Popen[str]
    address: str

    def stop(self) -> int:
        """As a service manager does: SIGTERM, and wait."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


def kill(process: subprocess.Popen[str]) -> None:
    """`kill -9`, and its pipes closed."""
    if process.poll() is None:
        process.kill()
    process.wait(PATIENCE)
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


def _address_in(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        ready, _, _ = select.select([process.stdout], [], [], 1.0)
        line = process.stdout.readline() if ready else ""
        if found := re.search(r"lms_box is at (http\S+)", line):
            return found[1]
        if process.poll() is not None:
            break
    kill_and_tell = process.stderr.read() if process.poll() is not None and process.stderr else ""
    raise AssertionError(f"the server did not start: {kill_and_tell}")
