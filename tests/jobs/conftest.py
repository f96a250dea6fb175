"""What the tests of jobs are given: a queue, identities, and processes that can be killed."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from jobs.stage import Worker

from lms_box.db.engine import Database
from lms_box.jobs import service
from lms_box.jobs.owner import Owner
from lms_box.jobs.queue import Queue


@pytest.fixture
def queue(tmp_path: Path, db: Database) -> Iterator[Queue]:
    made = Queue(tmp_path / "queue.db", is_heard=lambda: True)
    service.connect(db, made)
    yield made
    made.close()


@pytest.fixture
def run_folder(tmp_path: Path) -> Path:
    return tmp_path / "run"


@pytest.fixture
def new_owner(run_folder: Path) -> Iterator[Callable[[], Owner]]:
    with ExitStack() as owners:
        yield lambda: owners.enter_context(Owner(run_folder))


@pytest.fixture
def here(new_owner: Callable[[], Owner]) -> Owner:
    """Who this process is."""
    return new_owner()


@pytest.fixture
def new_worker(database_url: str, run_folder: Path, tmp_path: Path) -> Iterator[Callable[[str], Worker]]:
    """Starts a process that may "consume" the queue, "wake" it, or only "be" there."""
    workers: list[Worker] = []

    def start(what: str) -> Worker:
        workers.append(Worker(what, database_url, run_folder, tmp_path / "queue.db"))
        return workers[-1]

    yield start
    for worker in workers:
        worker.end()
