"""An import is killed at any moment, again and again, while its folder changes: the same command ends in the right state."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from academy import write_tree
from command import Shell
from courses.importing.folders import check_no_orphans, count

from lms_box.box import open_box
from lms_box.config import load_settings
from lms_box.courses.tables import Asset, Content, Course


@pytest.fixture
def shell(tmp_path: Path, database_url: str) -> Shell:
    return Shell(tmp_path / "data", {"LMS_DATABASE__URL": database_url})


def start_and_kill(shell: Shell, command: list[str], seconds: float) -> None:
    process = subprocess.Popen(command, env=shell._environ(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


async def test_killed_at_random_moments(shell: Shell, tmp_path: Path, deep: bool) -> None:
    chance = random.Random(5)  # noqa: S311 -- the same moments each time, as far as the machine allows
    folder = write_tree(tmp_path / "Knots", {f"01 Start/{at:02} Knot.md": f"# {at}" for at in range(10)})
    command = [sys.executable, "-m", "lms_box_cli", "course", "import", str(folder)]
    started = time.monotonic()
    first = shell.run("course", "import", str(folder), "--json")
    whole = time.monotonic() - started
    for at in range(50 if deep else 10):
        write_tree(folder, {f"02 More/{at:02} New.md": f"# new {at}", f"01 Start/{at % 10:02} Knot.md": f"# changed {at}"})
        start_and_kill(shell, command, chance.uniform(0.3, 1.0) * whole)
    last = shell.run("course", "import", str(folder), "--json")
    assert (last.code, last.err) == (0, "")
    files = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.md"))
    assert [one["path"] for one in last.json["contents"]] == files
    ids = {one["path"]: one["id"] for one in last.json["contents"]}
    assert all(ids[one["path"]] == one["id"] for one in first.json["contents"]), "each lesson is the one that it was"
    environ = {"LMS_DATABASE__URL": shell.environ["LMS_DATABASE__URL"]}
    async with open_box(load_settings(data_dir=shell.data_dir, environ=environ)) as box:
        await check_no_orphans(box)
        assert (await count(box, Course), await count(box, Content)) == (1, len(files))
        assert await count(box, Asset) == len({path.read_text() for path in folder.rglob("*.md")})
