"""`lms config show` and `lms config example`."""

import json
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lms_box.config import SECTIONS, load_settings
from lms_box_cli.config import app, example_file
from lms_box_cli.shell import Globals

SECRET = "a-key-of-forty-characters-that-none-sees"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "lms.toml").write_text(f"[auth]\nsecret_key = '{SECRET}'\n[server]\nport = 9000\n", "utf-8")
    return tmp_path


def shown(home: Path, *arguments: str) -> str:
    options = Globals(config=None, data_dir=home, debug=False)
    done = CliRunner().invoke(app, ["show", *arguments], obj=options)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_show_tells_the_file_and_the_values(home: Path) -> None:
    text = shown(home)
    assert f"# From {home / 'lms.toml'}" in text
    assert tomllib.loads(text)["server"]["port"] == 9000


def test_show_as_json_is_one_document(home: Path) -> None:
    document = json.loads(shown(home, "--json"))
    assert document["file"] == str(home / "lms.toml")
    assert document["data_dir"] == str(home)
    assert set(SECTIONS) < set(document)


@pytest.mark.parametrize("arguments", [[], ["--json"]])
def test_show_hides_secrets(home: Path, arguments: list[str]) -> None:
    text = shown(home, *arguments)
    assert SECRET not in text
    assert "secret_key" in text


def test_a_wrong_file_is_one_line_and_exit_code_1(home: Path) -> None:
    (home / "lms.toml").write_text("[server]\nprot = 1\n", "utf-8")
    done = CliRunner().invoke(app, ["show"], obj=Globals(config=None, data_dir=home, debug=False))
    assert done.exit_code == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1


def test_the_example_as_json_is_the_defaults(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["example", "--json"])
    assert json.loads(done.stdout) == load_settings(data_dir=tmp_path, environ={}).model_dump(mode="json")


def test_the_example_as_it_stands_changes_nothing() -> None:
    assert all(section == {} for section in tomllib.loads(example_file()).values())


def test_the_example_uncommented_says_the_defaults(tmp_path: Path) -> None:
    lines = [line.removeprefix("#") if not line.startswith("# ") else "" for line in example_file().splitlines()]
    given = [line for line in lines if not line.endswith('= ""')]
    (tmp_path / "lms.toml").write_text("\n".join(given), "utf-8")
    (tmp_path / "none").mkdir()
    found = load_settings(data_dir=tmp_path, environ={})
    assert found.model_dump() == load_settings(data_dir=tmp_path / "none", environ={}).model_dump()


def test_the_example_has_every_setting() -> None:
    text = example_file()
    keys = [key for section in SECTIONS.values() for key in section.model_fields]
    assert [key for key in keys if f"\n#{key} =" not in text] == []
