"""`lms course`, `lms job`, `lms db` and `lms doctor` as an owner types them: results, exit codes, one line of what is wrong."""

from pathlib import Path
from uuid import uuid4

import pytest
from academy import write_tree
from command import Shell
from courses.importing.folders import clip, write_course


@pytest.fixture
def media(session_folder: Path) -> Path:
    folder = session_folder / "clips"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path / "data")


def fails(shell: Shell, *words: str) -> str:
    ran = shell.run(*words)
    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1), ran
    assert "Traceback" not in ran.err
    return ran.err


def test_a_course_from_a_folder_to_its_end(shell: Shell, media: Path, tmp_path: Path) -> None:
    folder = write_course(tmp_path / "Sailing", media)
    planned = shell.run("course", "import", str(folder), "--dry-run", "--json")
    assert (planned.code, planned.json["changes"]["added"][0]) == (0, "01 Start/01 Welcome.mp4")
    assert "▶ Welcome  01 Welcome.mp4  0:0" in shell.run("course", "import", str(folder), "--dry-run").out
    assert shell.run("course", "list", "--json").json == []
    made = shell.run("course", "import", str(folder), "--publish", "--wait", "--json")
    assert (made.code, made.err) == (0, "")
    assert {content["status"] for content in made.json["contents"]} == {"ready"}
    course = made.json["course_id"]
    assert [(one["id"], one["status"]) for one in shell.run("course", "list", "--json").json] == [(course, "published")]
    assert {job["state"] for job in shell.run("job", "list", "--all", "--json").json} == {"done"}
    again = shell.run("course", "import", str(folder), "--wait")
    assert (again.code, again.err) == (0, "")
    assert "Brought up to date" in again.out
    assert "4 unchanged" in again.out
    assert shell.run("course", "archive", course, "--json").json["status"] == "archived"
    assert "Bowline" in shell.run("course", "show", course).out
    (folder / "02 Knots/01 Bowline.mp4").unlink()
    unsure = shell.run("course", "import", str(folder), "--prune")
    assert unsure.code == 1
    assert "02 Knots/01 Bowline.mp4" in unsure.err, "what would go is named"
    assert shell.run("course", "show", course, "--json").json["content_count"] == 4
    assert shell.run("course", "import", str(folder), "--prune", "--yes").code == 0
    assert shell.run("course", "delete", course).code == 1
    assert shell.run("course", "delete", course, "--yes", "--json").json == {"id": course, "deleted": True}
    assert "no such course" in fails(shell, "course", "show", course)


def test_a_folder_that_holds_only_an_archive_says_what_to_do(shell: Shell, tmp_path: Path) -> None:
    folder = write_tree(tmp_path / "Downloads", {"Sailing.zip": "PK"})
    assert "but Sailing.zip: import that file by itself" in fails(shell, "course", "import", str(folder))


def test_files_that_fail_are_told_and_fail_nothing_else(shell: Shell, media: Path, tmp_path: Path) -> None:
    folder = write_tree(tmp_path / "Mixed", {"01 Fine.mp4": clip(media), "02 Broken.mp4": clip(media)[:3000], ".hidden": "x"})
    made = shell.run("course", "import", str(folder), "--wait", "--json")
    assert made.code == 0
    assert {one["path"]: one["status"] for one in made.json["contents"]} == {"01 Fine.mp4": "ready", "02 Broken.mp4": "failed"}
    assert made.err.startswith("02 Broken.mp4: ")
    assert [one["path"] for one in made.json["ignored"]] == [".hidden"]
    (failed,) = shell.run("job", "list", "--json").json
    broken = made.json["contents"][1]
    assert (failed["state"], failed["error"], failed["error_code"]) == ("failed", broken["error"], broken["error_code"])
    assert broken["error_code"] == "recording_damaged"
    assert (failed["attempts"], failed["seconds_left"], failed["run_after"]) == (1, None, None)
    assert shell.run("job", "retry", failed["id"], "--json").json["state"] == "queued"
    assert shell.run("job", "cancel", failed["id"], "--json").json["state"] == "cancelled"
    assert "cancelled" in fails(shell, "job", "cancel", failed["id"])


def test_says_in_one_line_what_is_wrong(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    write_tree(tmp_path, {"a file": "x", "one/sheet.md": "# One"})
    assert "There is no folder" in fails(shell, "course", "import", str(tmp_path / "gone"))
    assert "is not a folder" in fails(shell, "course", "import", str(tmp_path / "a file"))
    assert "nothing to import" in fails(shell, "course", "import", str(tmp_path / "empty"), "--json")
    assert "There is no course" in fails(shell, "course", "import", str(tmp_path / "one"), "--course", str(uuid4()))
    assert "no such job" in fails(shell, "job", "retry", str(uuid4()))
    assert shell.run("course", "list", "--json").json == []
    for words in (
        ("course", "import"),
        ("course", "show", "7"),
        ("course", "import", "x", "--link", "--copy"),
        ("course", "go"),
    ):
        ran = shell.run(*words)
        assert (ran.code, ran.out) == (2, ""), words
    (tmp_path / "data file").touch()
    assert "cannot be written" in fails(Shell(tmp_path / "data file"), "course", "list")


def test_an_import_goes_well_beside_a_running_server(shell: Shell, media: Path, tmp_path: Path) -> None:
    folder = write_tree(tmp_path / "Sailing", {"01 Welcome.mp4": clip(media), "02 Words.md": "# Words"})
    with shell.serving() as server:
        made = shell.run("course", "import", str(folder), "--publish", "--wait", "--json")
        assert (made.code, made.err) == (0, "")
        assert {content["status"] for content in made.json["contents"]} == {"ready"}
        assert server.stop() == 0


def test_the_database_and_the_checkup(shell: Shell) -> None:
    assert shell.run("db", "current", "--json").json["current"] is None
    upgraded = shell.run("db", "upgrade", "--json").json
    assert (upgraded["before"], upgraded["now"]) == (None, shell.run("db", "current", "--json").json["head"])
    assert "already" in shell.run("db", "upgrade").out
    findings = shell.run("doctor", "--json")
    words = {one["what"]: one for one in findings.json}
    assert findings.code == (0 if all(one["ok"] for one in findings.json) else 1)
    assert words["database"]["ok"]
    assert words["data directory"]["ok"]
    broken = Shell(shell.data_dir, {"LMS_SERVER__PORT": "many"}).run("doctor", "--json")
    assert (broken.code, broken.json[0]["ok"]) == (1, False)
    assert "LMS_SERVER__PORT" in broken.json[0]["words"]
    assert shell.run("--version").out.startswith("lms_box ")
