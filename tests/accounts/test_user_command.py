"""`lms user`: what an owner types, what is answered, and how it ends when something is wrong."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from lms_box_cli.main import app

PASSWORD = "a quiet word"


class Shell:
    """An owner at a terminal, with a data directory of their own."""

    def __init__(self, folder: Path) -> None:
        self._environ = {"LMS_DATA_DIR": str(folder / "data"), "LMS_SERVER__PUBLIC_URL": "https://lms.example"}

    def run(self, *words: str, stdin: str = "") -> Result:
        return CliRunner().invoke(app, ["user", *words], input=stdin, env=self._environ)

    def json(self, *words: str, stdin: str = "") -> Any:
        done = self.run(*words, "--json", stdin=stdin)
        assert (done.exit_code, done.stderr) == (0, "")
        return json.loads(done.stdout)

    def fails(self, *words: str, stdin: str = "") -> str:
        done = self.run(*words, stdin=stdin)
        assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
        assert "Traceback" not in done.stderr
        return done.stderr


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def test_adds_changes_and_removes_people(shell: Shell) -> None:
    ada = shell.json("add", "ada@example.org", "--name", "Ada", "--role", "admin", "--password-stdin", stdin=f"{PASSWORD}\n")
    assert {"email": "ada@example.org", "name": "Ada", "role": "admin", "is_active": True, "link": None}.items() <= ada.items()
    bob = shell.json("add", "Bob@home.local")
    assert bob["link"].startswith("https://lms.example/set-password#")
    assert [user["email"] for user in shell.json("list")] == ["ada@example.org", "Bob@home.local"]
    assert shell.json("show", "bob@HOME.local")["id"] == bob["id"]
    assert shell.json("set-role", "bob@home.local", "admin")["role"] == "admin"
    assert shell.json("disable", "ada@example.org")["is_active"] is False
    assert shell.json("enable", "ada@example.org")["is_active"] is True
    assert shell.json("set-password", "ada@example.org", "--password-stdin", stdin="another word")["link"] is None
    assert shell.json("set-password", "ada@example.org")["link"]
    assert shell.json("delete", "ada@example.org", "--yes")["email"] == "ada@example.org"
    assert "only admin" in shell.fails("delete", "bob@home.local", "--yes")
    assert "only admin" in shell.fails("set-role", "bob@home.local", "user")
    words = shell.run("list").stdout
    assert "Bob@home.local" in words
    assert "ada@example.org" not in words


def test_says_in_one_line_what_is_wrong(shell: Shell, tmp_path: Path) -> None:
    assert "no address" in shell.fails("add", "no address")
    assert "at least 8" in shell.fails("add", "ada@example.org", "--password-stdin", stdin="short\n")
    assert shell.json("list") == []
    shell.json("add", "ada@example.org")
    assert "already" in shell.fails("add", "ADA@example.org")
    assert "no user eve@example.org" in shell.fails("disable", "eve@example.org")
    assert "no file" in shell.fails("import", str(tmp_path / "nowhere.csv"))
    assert shell.run("add").exit_code == 2
    assert shell.run("set-role", "ada@example.org", "owner").exit_code == 2


def test_adds_all_people_of_a_list_or_none(shell: Shell, tmp_path: Path) -> None:
    shell.json("add", "ada@example.org")
    roster = tmp_path / "class.csv"
    roster.write_text("email,name,password\nbob@example.org,Bob,a quiet word\nnobody,,\n", "utf-8")
    assert "Line 3" in shell.fails("import", str(roster))
    assert len(shell.json("list")) == 1
    roster.write_text("email,name,password\nbob@example.org,Bob,a quiet word\nADA@example.org,,\neve@example.org,,\n", "utf-8")
    found = {person["email"]: (person["result"], bool(person["link"])) for person in shell.json("import", str(roster))}
    assert found == {
        "bob@example.org": ("added", False),
        "ada@example.org": ("exists", False),
        "eve@example.org": ("added", True),
    }
    assert {person["result"] for person in shell.json("import", str(roster))} == {"exists"}
