"""What `lms job list` says of a job: how far it is, how long it takes, and why it waits."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lms_box.db.base import new_id, now
from lms_box.jobs.messages import JobFacts
from lms_box_cli.job import _left, _stage, _with_time_left

JOB = JobFacts(
    id=new_id(),
    kind="ladder",
    subject=new_id(),
    title="a film",
    state="running",
    priority=300,
    attempts=1,
    progress=0.5,
    stage="encoding",
    error=None,
    error_code=None,
    cancel_requested=False,
    queued_at=now(),
    run_after=None,
    started_at=now(),
    finished_at=None,
)


@pytest.mark.parametrize(("seconds", "words"), [(40, "40 s"), (600, "10 min"), (9000, "2.5 h")])
def test_says_how_long_it_takes(seconds: int, words: str) -> None:
    job = replace(JOB, started_at=now() - timedelta(seconds=seconds))
    assert _left(job) == words
    assert _with_time_left(job)["seconds_left"] == pytest.approx(seconds, abs=5)
    assert _left(replace(job, state="queued")) == ""


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "encoding"),
        ({"state": "failed", "error": "It is broken."}, "It is broken."),
        ({"state": "queued", "stage": ""}, ""),
        ({"state": "done", "stage": "writing"}, ""),
        ({"is_interrupted": True}, "interrupted; begun anew by lms serve"),
    ],
)
def test_says_what_it_does_or_why_it_does_nothing(facts: dict[str, Any], words: str) -> None:
    assert _stage(replace(JOB, **facts)) == words


def test_says_when_it_goes_on() -> None:
    waits = replace(JOB, state="queued", run_after=now(), error="There is not enough space.")
    assert _stage(waits).startswith("again at ")
    assert _stage(waits).endswith(": There is not enough space.")
