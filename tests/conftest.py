"""What every test may ask for: a fresh database of either kind, a box, the web door, and the named cast."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from aiohttp.test_utils import TestClient
from cast import Person, introduce
from postgres import Postgres, find_postgres
from seaweed import Store, find_store
from served import served

from lms_box.app import create_app
from lms_box.box import Box, open_box
from lms_box.config import Settings, load_settings
from lms_box.db.engine import Database, open_database
from lms_box.db.upgrade import upgrade

Client = TestClient[Any, Any]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--deep", action="store_true", help="run the long numbers too")
    parser.addoption("--pictures", metavar="DIR", help="keep screenshots of the pages here")


def pytest_configure() -> None:
    # How long an example takes says how busy the machine is.
    hypothesis.settings.register_profile("lms_box", parent=hypothesis.settings(), deadline=None)
    hypothesis.settings.load_profile("lms_box")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--deep"):
        for item in items:
            if "deep" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="a long number: run with --deep"))


@pytest.fixture(scope="session")
def deep(pytestconfig: pytest.Config) -> bool:
    return bool(pytestconfig.getoption("--deep"))


@pytest.fixture(scope="session")
def session_folder() -> Iterator[Path]:
    """Short, because PostgreSQL's socket lies in it."""
    with tempfile.TemporaryDirectory(prefix="lms-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def empty_sqlite(session_folder: Path) -> Path:
    """A database at the newest schema, to be copied."""
    path = session_folder / "empty.db"
    asyncio.run(upgrade(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres(session_folder: Path) -> Iterator[Postgres]:
    with find_postgres(session_folder / "pg") as server:
        asyncio.run(upgrade(server.template_url))
        yield server


@pytest.fixture(scope="session")
def store(session_folder: Path) -> Iterator[Store]:
    with find_store(session_folder / "s3") as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of its own for each test, empty, at the newest schema."""
    if request.param == "sqlite":
        path = tmp_path / "lms.db"
        shutil.copyfile(request.getfixturevalue("empty_sqlite"), path)
        yield f"sqlite:///{path}"
    else:
        with request.getfixturevalue("postgres").database() as url:
            yield url


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    environ = {"LMS_DATABASE__URL": database_url, "LMS_AUTH__SECRET_KEY": "k" * 40}
    return load_settings(data_dir=tmp_path / "data", environ=environ)


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    database = open_database(database_url)
    yield database
    await database.close()


@pytest.fixture
async def box(settings: Settings) -> AsyncIterator[Box]:
    async with open_box(settings) as opened:
        yield opened


@pytest.fixture
async def client(box: Box) -> AsyncIterator[Client]:
    """A browserless client without anybody signed in; `person.client` are signed in."""
    async with served(create_app(box)) as opened:
        yield opened


Introduce = Callable[..., Awaitable[Person]]


@pytest.fixture
async def owner(box: Box, client: Client) -> Person:
    return await introduce(box, client, "Olga Owner", role="admin")


@pytest.fixture
async def learner(box: Box, client: Client) -> Person:
    return await introduce(box, client, "Leo Learner")


@pytest.fixture
async def stranger(box: Box, client: Client) -> Person:
    return await introduce(box, client, "Sten Stranger")
