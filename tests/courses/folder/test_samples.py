"""The plans of real folders, as a person found them right."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from lms_box.courses.folder.plan import make_plan
from lms_box.courses.folder.scan import take_snapshot

HERE = Path(__file__).parent
SAMPLES = Path(os.environ.get("LMS_SAMPLES") or HERE.parents[2].parent / "shared" / "samples")
COURSES = ("lecture-slides", "missing-semester", "python-lesson", "video-course")
LOOSE = ("captions", "documents", "media")


def sample(name: str) -> Path:
    folder = SAMPLES / "courses" / name if name in COURSES else SAMPLES / name
    if not folder.is_dir():
        pytest.skip(f"the samples are not beside this checkout ({folder}); set LMS_SAMPLES")
    return folder


def planned(folder: Path) -> dict[str, Any]:
    return make_plan(take_snapshot(folder).files, name=folder.name).document()


@pytest.mark.parametrize("course", [*COURSES, *LOOSE])
def test_the_plan_is_the_one_that_a_person_approved(course: str) -> None:
    """After a change of the rules: look at the new plan, and keep it if it is better."""
    expected = json.loads((HERE / "expected" / f"{course}.json").read_text())
    assert planned(sample(course)) == expected


@pytest.mark.parametrize("course", [*COURSES, *LOOSE])
def test_every_file_has_its_place(course: str) -> None:
    folder = sample(course)
    plan = make_plan(take_snapshot(folder).files, name=folder.name)
    files = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    assert sorted([*plan.stored_paths(), *(one.path for one in plan.ignored)]) == files
