"""How code is cut: small functions, short files, plain names, one sentence at the head of each module."""

import ast
import re
from pathlib import Path
from statistics import median

import pytest
from house.sources import REPO, files, python_files, text_of, tree_of, written_files

TOP_LEVEL = {
    "lms_box", "cli", "web", "tests", "pyproject.toml", "install.sh", "lms.example.toml", "README.md", "LICENSE",
    "CHANGELOG.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "bench", "deploy", "docs", ".ci", ".gitignore", ".editorconfig",
}  # fmt: skip
CODE = {".py", ".ts", ".js", ".svelte", ".sh"}
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
LONGER_FILES: dict[str, str] = {
    "web/src/lib/api/generated.ts": "generated from the API's description",
    "web/src/lib/words/en.ts": "every word of the pages, in one list to translate",
    "web/src/lib/words/de.ts": "every word of the pages, in German",
}
LONGER_FUNCTIONS: dict[str, str] = {}
UNSAID = {"utils", "util", "helpers", "helper", "common", "core", "manager", "managers", "misc"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(path: Path) -> list[Function]:
    return [node for node in ast.walk(tree_of(path)) if isinstance(node, Function)]


def length(function: Function) -> int:
    """From `def` to the last line."""
    assert function.end_lineno is not None, "parsed from text"
    return function.end_lineno - function.lineno + 1


def test_the_top_level_holds_what_belongs_there() -> None:
    assert {path.parts[0] for path in files()} - TOP_LEVEL == set()


def test_half_of_the_functions_are_short() -> None:
    lengths = [length(function) for path in python_files("lms_box", "cli") for function in functions(path)]
    assert median(lengths) <= 10


def test_long_functions_have_a_reason() -> None:
    long = {
        f"{path}:{function.name}"
        for path in python_files()
        for function in functions(path)
        if length(function) > LONGEST_FUNCTION and "migrations" not in path.parts
    }
    assert long - set(LONGER_FUNCTIONS) == set()


def test_long_files_have_a_reason() -> None:
    code = [path for path in files() if path.suffix in CODE]
    long = {str(path) for path in code if text_of(path).count("\n") > LONGEST_FILE}
    assert long - set(LONGER_FILES) == set()


def test_names_say_what_is_inside() -> None:
    assert [str(path) for path in files() if UNSAID & {Path(part).stem.lower() for part in path.parts}] == []


@pytest.mark.parametrize("path", python_files(), ids=str)
def test_a_module_begins_with_one_sentence(path: Path) -> None:
    said = ast.get_docstring(tree_of(path))
    assert said is not None, "it says nothing of what it is for"
    assert "\n\n" not in said
    assert said.endswith(".")


def test_nothing_is_left_open() -> None:
    marks = re.compile(r"(?:#|//|/\*|<!--)\s*(?:TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
    assert [str(path) for path in written_files() if marks.search(text_of(path))] == []


def test_what_is_silenced_says_why() -> None:
    silent = re.compile(r"#\s*(?:noqa(?!: [A-Z0-9, ]+(?: --|  #) \S)|type: ignore(?!\[[\w, -]+\]  # \S))")
    mine = Path(__file__).relative_to(REPO)
    assert [f"{path}" for path in python_files() if path != mine and silent.search(text_of(path))] == []


def test_no_registry_host_is_named() -> None:
    hosts = re.compile(r"\b(?:pypi|pythonhosted|npmjs|registry\.npm|yarnpkg|docker)\.(?:org|com|io)\b")
    mine = Path(__file__).relative_to(REPO)
    named = [path for path in files() if path.name == "package-lock.json" or path in written_files()]
    assert [str(path) for path in named if path != mine and hosts.search(text_of(path))] == []


def test_no_path_of_a_machine_is_named() -> None:
    paths = re.compile("/(?:wo" "rk|ro" "ot|far" "m|bash_" r"jobs)/|/home/\w+/|/Us" r"ers/\w+/")
    assert [str(path) for path in written_files() if paths.search(text_of(path))] == []
