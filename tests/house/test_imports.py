"""What a process loads: the server stays small, and `lms --help` answers at once."""

import json
import os
import subprocess
import sys

from house.sources import REPO

ONLY_IN_CHILDREN = {"av", "pypdf", "pptx", "PIL", "pypdfium2", "markdown_it", "nh3", "pysubs2", "charset_normalizer"}
ONLY_WHEN_NEEDED = {"alembic", "asyncpg"}
SERVER = """
import importlib, json, pkgutil, sys
import lms_box.app, lms_box_cli
for module in pkgutil.iter_modules(lms_box_cli.__path__):
    if module.name != "__main__":
        importlib.import_module(f"lms_box_cli.{module.name}")
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""
HELP = """
import contextlib, io, json, sys
from lms_box_cli.main import main
sys.argv = ["lms", "--help"]
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    main()
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def loaded_by(program: str) -> set[str]:
    environment = {**os.environ, "PYTHONPATH": f"{REPO}{os.pathsep}{REPO / 'cli'}"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


def test_the_server_opens_no_strangers_files() -> None:
    assert loaded_by(SERVER) & (ONLY_IN_CHILDREN | ONLY_WHEN_NEEDED) == set()


def test_help_loads_nothing_heavy() -> None:
    assert loaded_by(HELP) & {"aiohttp", "sqlalchemy", "pydantic", "huey", *ONLY_IN_CHILDREN, *ONLY_WHEN_NEEDED} == set()
