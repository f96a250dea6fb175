"""A living process is known to live and a killed one to be dead, at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from jobs.stage import Worker

from lms_box.errors import Unavailable
from lms_box.jobs.owner import Owner, find_consumers, is_alive


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_lives_until_it_is_killed(new_worker: Callable[[str], Worker], here: Owner, run_folder: Path) -> None:
    worker = new_worker("be")
    name = await worker.line()
    assert here.is_alive(name) is True
    worker.end()
    assert here.is_alive(name) is False
    assert not (run_folder / f"{name}.lock").exists()


def test_knows_that_it_lives_itself(here: Owner) -> None:
    assert here.is_alive(here.name) is True


def test_leaves_nothing_behind(run_folder: Path) -> None:
    with Owner(run_folder) as owner, owner.consuming():
        assert len(list(run_folder.glob("*.lock"))) == 2
    assert not list(run_folder.glob("*.lock"))
    assert is_alive(run_folder, owner.name) is False


def test_cannot_tell_of_owners_of_other_machines(tmp_path: Path, here: Owner) -> None:
    with Owner(tmp_path / "elsewhere") as stranger:
        assert here.is_alive(stranger.name) is None


def test_finds_who_works_off_the_queue(new_owner: Callable[[], Owner], run_folder: Path) -> None:
    working, idle = new_owner(), new_owner()
    with working.consuming():
        assert find_consumers(run_folder) == [working.name]
    assert find_consumers(run_folder) == []
    assert idle.is_alive(working.name) is True


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("db")
async def test_a_killed_consumer_is_found_no_more(new_worker: Callable[[str], Worker], run_folder: Path) -> None:
    worker = new_worker("consume")
    name = await worker.line()
    assert find_consumers(run_folder) == [name]
    worker.end()
    assert find_consumers(run_folder) == []


def test_those_who_look_at_once_do_not_take_each_other_for_it(run_folder: Path, here: Owner) -> None:
    with Owner(run_folder) as gone:
        pass
    with ThreadPoolExecutor(8) as looking:
        for _ in range(50):
            (run_folder / f"{gone.name}.lock").touch()
            assert set(looking.map(here.is_alive, [gone.name] * 8)) == {False}


def test_many_begin_at_once_while_others_look(run_folder: Path) -> None:
    def begin(_: int) -> bool:
        with Owner(run_folder) as owner, owner.consuming():
            return owner.is_alive(owner.name) is True and owner.name in find_consumers(run_folder)

    with ThreadPoolExecutor(8) as beginning:
        assert all(beginning.map(begin, range(200)))


def test_says_what_is_wrong_with_the_folder(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("a file")
    with pytest.raises(Unavailable, match="cannot be locked"), Owner(tmp_path / "run"):
        pass
