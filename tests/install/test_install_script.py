"""`./install.sh` as a person meets it when something is missing: one line that says what to do, and nothing changed."""

import os
import re
import subprocess
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
PYTHONS = ("python3.14", "python3.13", "python3.12", "python3.11", "python3", "python")
OLD = '#!/bin/sh\ncase "$2" in *print*) echo 3.9 ;; *) exit 1 ;; esac\n'
WITHOUT_VENV = '#!/bin/sh\ncase "$2" in *print*) echo 3.12 ;; *ensurepip*) exit 1 ;; esac\n'
FULL_DISK = "#!/bin/sh\necho Filesystem 1024-blocks Used Available\necho disk 9000000 8990000 10000\n"


def install(*arguments: str, tools: Path | None = None, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHON", "XDG_DATA_HOME"}}
    environment["PATH"] = os.pathsep.join([*([str(tools)] if tools else []), environment.get("PATH", os.defpath)])
    environment["HOME"] = str(home or REPO)
    return subprocess.run(
        [str(REPO / "install.sh"), *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    folder = tmp_path / "tools"
    folder.mkdir()
    return folder


def put(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(script, "utf-8")
    (folder / name).chmod(0o755)


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stderr.startswith("lms_box: ")
    assert done.stderr.count("\n") == 1
    return done.stderr


@pytest.mark.parametrize(
    "arguments", ["--frobnicate", "--prefix", "--prefix=", "--deep", "--demo --deep", "folder", "--test --prefix folder"]
)
def test_a_wrong_option_shows_the_usage(arguments: str) -> None:
    done = install(*arguments.split())
    assert done.returncode == 2
    assert "usage: ./install.sh" in done.stderr


def test_help_is_no_failure() -> None:
    done = install("--help")
    assert done.returncode == 0
    assert {"--prefix", "--demo", "--test", "--deep"} <= set(re.findall(r"--\w+", done.stdout))


def test_an_old_python_is_named_with_what_is_needed(tools: Path, tmp_path: Path) -> None:
    for name in PYTHONS:
        put(tools, name, OLD)
    words = refusal(install("--prefix", str(tmp_path / "there"), tools=tools))
    assert "Python 3.11 or newer is needed, 3.9 is here" in words
    assert "apt install" in words


def test_a_python_without_venv_says_which_package_is_missing(tools: Path, tmp_path: Path) -> None:
    for name in PYTHONS:
        put(tools, name, WITHOUT_VENV)
    assert "apt install python3.12-venv" in refusal(install("--prefix", str(tmp_path / "there"), tools=tools))


def test_a_full_disk_is_told_in_numbers(tools: Path, tmp_path: Path) -> None:
    put(tools, "df", FULL_DISK)
    words = refusal(install("--prefix", str(tmp_path / "there"), tools=tools))
    assert re.search(r"has 9 MiB free and \d+ are needed", words)
    assert list((tmp_path / "there").iterdir()) == []


def test_a_prefix_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    words = refusal(install("--prefix", str(tmp_path / "file" / "below")))
    assert "cannot be made" in words


def test_the_default_needs_a_home() -> None:
    environment = {name: value for name, value in os.environ.items() if name not in {"HOME", "XDG_DATA_HOME"}}
    done = subprocess.run([REPO / "install.sh"], env=environment, capture_output=True, text=True, check=False)
    assert "--prefix DIR" in refusal(done)


@pytest.mark.deep
def test_it_installs_upgrades_and_starts(tmp_path: Path) -> None:
    """Twice: the second finds the first."""
    prefix = tmp_path / "a folder"
    for _ in range(2):
        done = install("--prefix", str(prefix), home=tmp_path)
        assert done.returncode == 0, done.stderr
        told = subprocess.run([prefix / "bin" / "lms", "--version"], capture_output=True, text=True, check=True)
        assert told.stdout.startswith("lms_box ")


def test_ci_runs_what_a_contributor_runs() -> None:
    assert "./install.sh --test" in (REPO / ".ci" / "run").read_text("utf-8")


def test_the_readme_has_two_commands_for_a_fresh_machine() -> None:
    lines = (REPO / "README.md").read_text("utf-8").splitlines()
    assert [line.strip() for line in lines if line.startswith("    ./")] == ["./install.sh --demo", "./install.sh --test"]
