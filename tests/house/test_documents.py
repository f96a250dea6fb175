"""What is documented is there, and what is there is documented."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from house.sources import REPO, python_files, text_of, tree_of
from typer.main import get_command

from lms_box.app import ROUTES, describe_api
from lms_box.config import SECTIONS
from lms_box.http.problems import CODES
from lms_box.media.failures import FailureCode
from lms_box_cli.config import example_file
from lms_box_cli.main import app

README = text_of(Path("README.md"))
ERRORS = text_of(Path("docs/errors.md"))


def commands() -> Iterator[tuple[str, str]]:
    """(group or "", name) of every command that is not hidden."""
    for name, command in getattr(get_command(app), "commands", {}).items():
        below = getattr(command, "commands", None)
        if below is None:
            yield "", name
        for one in below or {}:
            yield name, one


def error_codes() -> set[str]:
    """Every code that can leave the box."""
    found = {*CODES.values(), *get_args(FailureCode)}
    for path in python_files("lms_box"):
        found |= {code for node in ast.walk(tree_of(path)) for code in _codes(node)}
    return found


def _codes(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call):
        values = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
    elif isinstance(node, ast.ClassDef):
        assigned = (part for part in node.body if isinstance(part, ast.Assign | ast.AnnAssign))
        values = [part.value for part in assigned if part.value and ast.unparse(part).startswith("code")]
    else:
        values = []
    yield from (value.value for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str))


def test_the_example_file_is_what_the_settings_say() -> None:
    assert text_of(Path("lms.example.toml")) == example_file() + "\n", "lms config example > lms.example.toml"


def test_every_setting_says_what_it_means() -> None:
    fields = {f"{name}.{key}": field for name, kind in SECTIONS.items() for key, field in kind.model_fields.items()}
    assert [name for name, field in fields.items() if not field.description] == []


@pytest.mark.parametrize("section", list(SECTIONS))
def test_every_section_stands_in_the_configuration(section: str) -> None:
    assert f"`[{section}]`" in text_of(Path("docs/configuration.md"))


@pytest.mark.parametrize(("group", "name"), list(commands()))
def test_every_command_stands_in_the_readme(group: str, name: str) -> None:
    whole = f"lms {group} {name}".replace("  ", " ")
    in_table = [line for line in README.splitlines() if f"lms {group} " in line or line.startswith("| change people")]
    assert whole in README or any(f"`{name}`" in line for line in in_table)


def test_every_command_says_what_it_does() -> None:
    silent = [
        f"{name} {one}"
        for name, group in getattr(get_command(app), "commands", {}).items()
        for one, command in (getattr(group, "commands", None) or {"": group}).items()
        if not command.help
    ]
    assert silent == []


def test_every_error_code_is_listed() -> None:
    assert sorted(code for code in error_codes() if f"| `{code}` |" not in ERRORS) == []


def test_every_listed_error_code_is_used() -> None:
    assert sorted(set(re.findall(r"^\| `(\w+)` \|", ERRORS, re.MULTILINE)) - error_codes()) == []


@pytest.mark.parametrize("section", ["Folders", "Files in storage", "Why something could not be done later"])
def test_why_a_job_failed_is_said_in_german(section: str) -> None:
    (rows,) = re.findall(rf"^## {section}\n(.*?)(?=^## |\Z)", ERRORS, re.MULTILINE | re.DOTALL)
    codes = re.findall(r"^\| `(\w+)` \|", rows, re.MULTILINE)
    said = re.findall(r"^\t(\w+): '", text_of(Path("web/src/lib/words/de/refusals.ts")), re.MULTILINE)
    assert codes
    assert sorted(set(codes) - set(said)) == []


def test_what_a_setting_is_for_is_said_in_german() -> None:
    settings = {f"{name}.{key}" for name, section in SECTIONS.items() for key in section.model_fields}
    said = re.findall(r"^\t'([a-z_.]+)': '", text_of(Path("web/src/lib/words/de/settings.ts")), re.MULTILINE)
    assert sorted(said) == sorted(settings)


def test_every_route_is_described() -> None:
    described = {
        (method.upper(), path) for path, doors in describe_api()["paths"].items() for method in doors if method != "parameters"
    }
    assert sorted({(route.method, f"/api/v1{route.path}") for route in ROUTES} - described) == []


def test_every_dependency_says_what_it_is_for() -> None:
    project = tomllib.loads(text_of(Path("pyproject.toml")))
    wanted = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    wanted += [one for extra in project["project"]["optional-dependencies"].values() for one in extra]
    names = {re.split(r"[\[<>=; ]", one)[0] for one in wanted} - {"lms_box"}
    listed = {name for line in text_of(Path("CONTRIBUTING.md")).splitlines() if line.startswith("| ")
              for name in line.split("|")[1].strip().split(", ")}  # fmt: skip
    assert sorted(names - listed) == []


def test_no_install_brings_what_no_test_has_run_with() -> None:
    project = tomllib.loads(text_of(Path("pyproject.toml")))["project"]
    extras = project["optional-dependencies"]
    assert [one for one in [*project["dependencies"], *extras["postgresql"], *extras["s3"]] if ",<" not in one] == []


def test_every_folder_is_on_the_map() -> None:
    rooms = {f"`lms_box/{path.parts[1]}/`" for path in python_files("lms_box") if len(path.parts) > 2}
    beside = {f"`{name}/`" for name in ("web", "tests", "bench", "deploy", "docs")}
    assert sorted(room for room in rooms | beside if room not in text_of(Path("ARCHITECTURE.md"))) == []


def test_links_between_documents_lead_somewhere() -> None:
    documents = [Path("README.md"), Path("CONTRIBUTING.md"), Path("ARCHITECTURE.md"), *sorted((REPO / "docs").glob("*.md"))]
    broken = [
        f"{document.name}: {target}"
        for document in documents
        for target in re.findall(r"(?<!!)\[[^\]]+\]\(([^)#:]+)\)", (REPO / document).read_text("utf-8"))
        if not ((REPO / document).parent / target).exists()
    ]
    assert broken == []
