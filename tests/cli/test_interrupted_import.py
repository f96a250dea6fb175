"""An import that is stopped or killed in the middle: nothing is left behind, and run again it ends in the same state."""

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from command import Shell, kill
from courses.importing.folders import check_no_orphans, count, write_course

from lms_box.box import open_box
from lms_box.config import load_settings
from lms_box.courses.tables import Asset, Content, Course

HERE = Path(__file__).parent
PLACES = ["taking", "before", "after"]


@pytest.fixture
def folder(tmp_path: Path, session_folder: Path) -> Path:
    clips = session_folder / "clips"
    clips.mkdir(exist_ok=True)
    return write_course(tmp_path / "Sailing", clips)


@pytest.fixture
def shell(tmp_path: Path, database_url: str) -> Shell:
    return Shell(tmp_path / "data", {"LMS_DATABASE__URL": database_url})


@pytest.fixture
def standing_still(shell: Shell, folder: Path) -> Callable[[str], subprocess.Popen[str]]:
    """Starts an import and waits until it stands still at the place."""

    def start(place: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, str(HERE / "standing_still.py"), place, "course", "import", str(folder), "--json"],
            env=shell._environ(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        assert process.stderr
        line = process.stderr.readline()
        assert line == "standing still\n", line
        return process

    return start


async def counts(shell: Shell) -> tuple[int, int, int]:
    """Courses, contents and assets; every file is some row's and every row's file is there."""
    environ = {"LMS_DATABASE__URL": shell.environ["LMS_DATABASE__URL"]}
    async with open_box(load_settings(data_dir=shell.data_dir, environ=environ)) as box:
        await check_no_orphans(box)
        return await count(box, Course), await count(box, Content), await count(box, Asset)


@pytest.mark.parametrize("place", PLACES)
async def test_killed_and_run_again_it_is_as_if_never_killed(
    shell: Shell, folder: Path, standing_still: Callable[[str], subprocess.Popen[str]], place: str
) -> None:
    kill(standing_still(place))
    again = shell.run("course", "import", str(folder), "--json")
    assert (again.code, again.err) == (0, "")
    assert again.json["created"] is (place != "after")
    assert len(again.json["contents"]) == 4
    assert await counts(shell) == (1, 4, 5)


@pytest.mark.parametrize("place", PLACES)
async def test_ctrl_c_leaves_nothing_half_made(
    shell: Shell, standing_still: Callable[[str], subprocess.Popen[str]], place: str
) -> None:
    process = standing_still(place)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err.count("\n")) == (1, "", 1), err
    assert err.startswith("Stopped.")
    assert await counts(shell) == ((1, 4, 5) if place == "after" else (0, 0, 0))
