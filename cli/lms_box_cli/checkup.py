"""The checks behind `lms doctor`: each gives one finding, in words."""

import asyncio
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from lms_box.box import prepare_data_dir
from lms_box.config import Settings, load_settings
from lms_box.db.upgrade import current, head
from lms_box.errors import LmsError
from lms_box.http.site import NOT_BUILT, SITE
from lms_box_cli.store_checkup import examine_storage

LITTLE_SPACE = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    ok: bool
    words: str


def examine(*, config: Path | None, data_dir: Path | None) -> list[Finding]:
    try:
        settings = load_settings(config=config, data_dir=data_dir)
    except LmsError as error:
        return [Finding("settings", ok=False, words=error.detail)]
    checks: tuple[Callable[[Settings], Finding], ...] = (
        _python,
        _data_directory,
        _space,
        _database,
        _storage,
        _pages,
        _media,
        _office,
        _public_url,
    )
    return [Finding("settings", ok=True, words="they can be read"), *(check(settings) for check in checks)]


def _python(_settings: Settings) -> Finding:
    return Finding("Python", ok=sys.version_info >= (3, 11), words=sys.version.split()[0])


def _data_directory(settings: Settings) -> Finding:
    try:
        prepare_data_dir(settings.data_dir)
    except LmsError as error:
        return Finding("data directory", ok=False, words=error.detail)
    return Finding("data directory", ok=True, words=str(settings.data_dir))


def _space(settings: Settings) -> Finding:
    if not settings.data_dir.is_dir():
        return Finding("space", ok=False, words="it cannot be told without a data directory")
    free = shutil.disk_usage(settings.data_dir).free
    words = f"{free / 1024**3:.1f} GiB are free" + ("" if free > LITTLE_SPACE else "; make room before you import")
    return Finding("space", ok=free > LITTLE_SPACE, words=words)


def _database(settings: Settings) -> Finding:
    try:
        revision = asyncio.run(current(settings.database_url))
    except LmsError as error:
        return Finding("database", ok=False, words=error.detail)
    if revision is not None and revision > head():
        return Finding("database", ok=False, words=f"it is from a newer lms_box (revision {revision}); install that version")
    words = {None: "it is made at the first start", head(): f"revision {revision}"}
    return Finding("database", ok=True, words=words.get(revision, f"`lms serve` will upgrade it from revision {revision}"))


def _storage(settings: Settings) -> Finding:
    try:
        wrong = examine_storage(settings)
    except OSError as error:
        wrong = f"the folder of the media cannot be written ({error.strerror})"
    words = (
        "the folder media/ can be written" if settings.storage.backend == "local" else f"{settings.storage.store} can be used"
    )
    return Finding("storage", ok=wrong is None, words=wrong or words)


def _pages(_settings: Settings) -> Finding:
    built = (SITE / "index.html").is_file()
    return Finding("pages", ok=built, words="they are built" if built else NOT_BUILT)


def _media(_settings: Settings) -> Finding:
    missing = [name for name in ("av", "PIL", "pypdf", "pptx", "pypdfium2", "nh3") if find_spec(name) is None]
    words = f"{', '.join(missing)} cannot be found; install lms_box again" if missing else "all libraries are there"
    return Finding("media", ok=not missing, words=words)


def _office(_settings: Settings) -> Finding:
    found = shutil.which("soffice")
    return Finding("LibreOffice", ok=True, words=found or "not here: slides are shown as text and pictures")


def _public_url(settings: Settings) -> Finding:
    server = settings.server
    exposed = server.host not in ("127.0.0.1", "::1", "localhost") and not (server.public_url or "").startswith("https://")
    words = "people reach the box without https; put a proxy with TLS before it and set [server] public_url"
    return Finding("address", ok=not exposed, words=words if exposed else server.public_url or f"{server.host}:{server.port}")
