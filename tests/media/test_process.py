"""The child process is bounded, answers for every file, and is never left behind."""

import asyncio
import os
from pathlib import Path

import pytest
from media.family import children
from media.material import make_clip

from lms_box.media import process
from lms_box.media.failures import MediaFailed
from lms_box.media.limits import Limits, find_usage
from lms_box.media.messages import Build, Inspect, Inspection, Options, Progress, Stage

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="children are counted through /proc")


async def test_inspect_and_leave_nothing_behind(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.mp4", seconds=1.0)
    seen = await process.run(Inspect(source=path, name="x.bin"))
    assert (seen.kind, seen.media_type, seen.extension) == ("video", "video/mp4", ".mp4")
    assert seen.duration == pytest.approx(1.0, abs=0.1)
    assert seen.video
    assert (seen.video.codec, seen.video.width) == ("h264", 320)
    assert children() == set()


async def test_a_child_that_stands_by_does_the_next_recording(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.mp4", seconds=1.0)
    async with process.reserve.expecting():
        ready = children()
        assert (len(ready), await builders(path, tmp_path / "out")) == (1, ready)
        assert children() == set()


async def test_a_child_that_nobody_needed_ends_with_the_wait() -> None:
    async with process.reserve.expecting():
        assert len(children()) == 1
    assert children() == set()


@pytest.mark.parametrize("ahead", [True, False])
async def test_what_looked_into_a_file_goes_on_to_build_it(tmp_path: Path, ahead: bool) -> None:
    path = make_clip(tmp_path / "clip.mp4", seconds=1.0)
    async with process.reserve.expecting(ahead=ahead, linger=60.0):
        assert len(children()) == ahead
        await process.run(Inspect(source=path, name="clip.mp4"))
        looked = children()
    assert (len(looked), children()) == (1, looked)
    assert await builders(path, tmp_path / "out") == looked
    assert children() == set()
    await process.reserve.dismiss()


async def test_a_ladder_leaves_the_child_that_stands_by_to_others(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.mp4", seconds=1.0)
    async with process.reserve.expecting():
        ready = children()
        await builders(path, tmp_path / "out", stage="ladder")
        assert children() == ready


async def test_one_child_stands_by_for_all_who_expect_something() -> None:
    async with process.reserve.expecting(), process.reserve.expecting():
        ready = children()
        assert len(ready) == 1
    async with process.reserve.expecting(linger=0.001):
        pass
    async with asyncio.timeout(30):
        while children():  # noqa: ASYNC110 -- it says so nowhere else
            await asyncio.sleep(0.01)


async def test_who_is_dismissed_does_not_linger() -> None:
    async with process.reserve.expecting(linger=60.0):
        pass
    assert len(children()) == 1
    await process.reserve.dismiss()
    assert children() == set()


async def test_a_child_that_died_while_it_stood_by_is_replaced(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.mp4", seconds=1.0)
    async with process.reserve.expecting():
        (first,) = children()
        os.kill(first, 9)
        child = process.reserve._child
        assert child
        assert child._process
        await child._process.wait()
        assert (await process.run(Inspect(source=path, name="clip.mp4"))).kind == "video"


async def builders(path: Path, into: Path, stage: Stage = "playable") -> set[int]:
    """Whoever was there while the file was built."""
    into.mkdir()
    found: set[int] = set()
    request = Build(source=path, name=path.name, kind="video", into=into, options=Options(stage=stage))
    await process.run(request, on_progress=lambda _: found.update(children()))
    return found


async def test_everything_else_on_the_machine_goes_first() -> None:
    async with process.reserve.expecting():
        (pid,) = children()
        async with asyncio.timeout(30):
            while os.sched_getscheduler(pid) != os.SCHED_IDLE:  # noqa: ASYNC110 -- it says so nowhere else
                await asyncio.sleep(0.01)
        assert os.getsid(pid) == os.getsid(0)  # in a session of its own, it would stand back for nobody outside
        assert os.getpgid(pid) == pid


async def test_sound_in_a_video_container_is_sound(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.mp4", picture=None)
    seen = await process.run(Inspect(source=path, name="clip.mp4"))
    assert (seen.kind, seen.media_type) == ("audio", "audio/mp4")


async def test_progress_rises_to_the_end(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.mkv", picture="mpeg4", seconds=4.0)
    heard: list[Progress] = []
    (tmp_path / "out").mkdir()
    await process.run(Build(source=path, name="clip.mkv", kind="video", into=tmp_path / "out"), on_progress=heard.append)
    done = [each.done for each in heard]
    assert done == sorted(done)
    assert any(each.duration for each in heard)


async def test_cancelling_kills_the_child(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.mkv", picture="mpeg4", seconds=20.0, size=(640, 360), sound=None)
    (tmp_path / "out").mkdir()
    started = asyncio.Event()
    request = Build(source=path, name="clip.mkv", kind="video", into=tmp_path / "out", options=Options(preset="veryslow"))
    task = asyncio.create_task(process.run(request, on_progress=lambda _: started.set()))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert children() == set()


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(resident=1), "out_of_memory"),
        (Limits(patience=0.0, patience_per_second=0.0), "took_too_long"),
        (Limits(silent=0.0), "stuck"),
    ],
)
async def test_limits_end_the_work_with_a_reason(tmp_path: Path, limits: Limits, code: str) -> None:
    path = make_clip(tmp_path / "clip.mkv", picture="mpeg4", seconds=8.0, size=(640, 360), sound=None)
    (tmp_path / "out").mkdir()
    request = Build(source=path, name="clip.mkv", kind="video", into=tmp_path / "out", options=Options(preset="slow"))
    with pytest.raises(MediaFailed) as failed:
        await process.run(request, limits=limits)
    assert failed.value.code == code
    assert children() == set()


async def test_many_files_share_few_children_and_fail_alone(tmp_path: Path) -> None:
    good = make_clip(tmp_path / "good.mp4", seconds=1.0)
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(b"\0\0\0\x18ftypmp42" + bytes(100))
    requests = [Inspect(source=path, name=path.name) for path in [good, bad] * 10]
    outcomes = [outcome async for outcome in process.inspect_many(requests, jobs=2)]
    assert len(outcomes) == 20
    for request, outcome in outcomes:
        assert isinstance(outcome, Inspection)
        assert bool(outcome.note) == (request.source == bad)
    assert children() == set()


async def test_a_crash_fails_one_file_and_the_next_gets_a_new_child(tmp_path: Path) -> None:
    child = process.Child(Limits())
    path = make_clip(tmp_path / "clip.mp4", seconds=1.0)
    try:
        await child.ask(Inspect(source=path, name="clip.mp4"), None)
        (first,) = children()
        os.kill(first, 11)
        with pytest.raises(MediaFailed, match="crash"):
            await ask_until_it_fails(child, path)
        assert await child.ask(Inspect(source=path, name="clip.mp4"), None)
    finally:
        await child.end()


async def test_a_child_ends_when_nobody_listens(tmp_path: Path) -> None:
    """This is how a killed server takes its children along."""
    child = process.Child(Limits())
    path = make_clip(tmp_path / "clip.mp4", seconds=1.0)
    await child.ask(Inspect(source=path, name="clip.mp4"), None)
    running = child._process
    assert running
    assert running.stdin
    running.stdin.close()
    assert await asyncio.wait_for(running.wait(), 20) == 0
    await child.end()


async def ask_until_it_fails(child: process.Child, path: Path) -> None:
    """A signal may arrive after the next answer."""
    while True:
        await child.ask(Inspect(source=path, name="clip.mp4"), None)


def test_usage_of_this_process() -> None:
    usage = find_usage(os.getpid())
    assert usage
    assert usage.resident > 1_000_000


def test_no_secret_reaches_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMS_AUTH__SECRET", "hush")
    assert "LMS_AUTH__SECRET" not in process._environment()
