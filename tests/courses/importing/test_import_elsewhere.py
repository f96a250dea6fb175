"""Folders and archives become courses, and courses folders again, with the media in a bucket of a real store."""

import zipfile
from pathlib import Path

import pytest
from courses.importing.folders import bring_in, by_path, check_no_orphans, write_course
from courses.importing.test_export import described, imported_elsewhere
from seaweed import Store, environment_of

from lms_box.box import Box
from lms_box.config import Settings, load_settings
from lms_box.courses.folder.archives import opened_folder
from lms_box.courses.folder.export import export_course
from lms_box.courses.folder.importing import import_folder
from lms_box.courses.folder.options import ImportOptions


@pytest.fixture
def settings(tmp_path: Path, database_url: str, store: Store) -> Settings:
    environ = {"LMS_DATABASE__URL": database_url, "LMS_AUTH__SECRET_KEY": "k" * 40, **environment_of(store.settings())}
    return load_settings(data_dir=tmp_path / "data", environ=environ)


async def test_a_folder_goes_into_the_bucket_and_comes_back(box: Box, tmp_path: Path, media: Path) -> None:
    folder = write_course(tmp_path / "Sailing", media)
    made = await bring_in(box, folder, wait=True)
    assert {one["status"] for one in made["contents"]} == {"ready"}
    await check_no_orphans(box)
    again = await bring_in(box, folder)
    assert len(again["changes"]["unchanged"]) == len(made["contents"])
    before = await described(box, made["course_id"])
    await export_course(box, course_id=made["course_id"], into=tmp_path / "out", on_file=lambda *_: None)
    assert await imported_elsewhere(tmp_path / "out", tmp_path / "other") == before
    (folder / "02 Knots/01 Bowline.mp4").unlink()
    await bring_in(box, folder, prune=True)
    await check_no_orphans(box)


async def test_an_archive_goes_into_the_bucket(box: Box, tmp_path: Path, media: Path) -> None:
    folder = write_course(tmp_path / "Sailing", media)
    archive = tmp_path / "Sailing.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in sorted(folder.rglob("*")):
            packed.write(path, path.relative_to(tmp_path))
    for is_first in (True, False):
        async with opened_folder(box, ImportOptions(folder=archive)) as options:
            imported = await import_folder(box, options, on_step=lambda _: None)
        assert (imported.created, imported.plan.title) == (is_first, "Sailing")
        await check_no_orphans(box)
    made = await bring_in(box, folder, course_id=imported.course_id)
    assert len(by_path(made)) == len(made["changes"]["unchanged"])
