"""The tools that read all of the code, each with nothing to say."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from house.sources import REPO, files


def run(*command: str) -> None:
    """The tools stand beside the Python that runs the tests."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    environment = {**os.environ, "PATH": path, "PYTHONPATH": f"{REPO}{os.pathsep}{REPO / 'cli'}"}
    done = subprocess.run(command, cwd=REPO, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_walls_between_rooms_stand() -> None:
    run("lint-imports", "--no-cache")


def test_ruff_finds_nothing() -> None:
    run("ruff", "check", "--quiet")


def test_the_types_are_right() -> None:
    run("mypy")


def test_shellcheck_finds_nothing() -> None:
    if shutil.which("shellcheck") is None:
        pytest.skip("shellcheck is not installed")
    run("shellcheck", "install.sh", ".ci/run", *(str(path) for path in files() if path.suffix == ".sh"))
