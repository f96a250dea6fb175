"""The files of the checkout, as the rules of the house read them."""

import ast
import subprocess
from functools import cache
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
NOT_OURS = {".git", ".venv", "node_modules", "site", "build", "dist", "__pycache__", ".svelte-kit", ".hypothesis"}
WRITTEN = {".py", ".ts", ".js", ".svelte", ".css", ".html", ".sh", ".md", ".toml", ".json", ".service", ".conf", ".csv", ""}


@cache
def files() -> tuple[Path, ...]:
    """Every file that is or would be in git; relative to the checkout."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=REPO, capture_output=True, check=False)
    if listed.returncode == 0:
        names = [Path(name) for name in listed.stdout.decode().split("\0") if name]
        return tuple(name for name in names if (REPO / name).is_file())
    found = (path.relative_to(REPO) for path in REPO.rglob("*") if path.is_file())
    return tuple(path for path in found if not NOT_OURS & set(path.parts) and not path.parts[0].endswith("_cache"))


def python_files(*folders: str) -> list[Path]:
    return [path for path in files() if path.suffix == ".py" and (not folders or path.parts[0] in folders)]


def written_files() -> list[Path]:
    """What people write: no pictures, fonts, lock files and material for tests."""
    return [path for path in files() if path.suffix in WRITTEN and path.name != "package-lock.json"]


@cache
def text_of(path: Path) -> str:
    return (REPO / path).read_text("utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(text_of(path), str(path))
