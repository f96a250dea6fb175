"""Picture and sound stay together from the start to the end, whatever the clock of their file does."""

import subprocess
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from media.material import bursts_heard, flashes_seen, make_flashes

from lms_box.media import process
from lms_box.media.messages import Build, Options, Stage

CLOCKS: dict[str, tuple[str, dict[str, Any]]] = {
    "copied": ("film.mp4", {}),
    "encoded": ("film.mkv", {"picture": "mpeg4", "sound": "ac3"}),
    "surround": ("film.mkv", {"picture": "mpeg4", "sound": "ac3", "channels": 6}),
    "starts late": ("film.mkv", {"begins": 7.0, "picture": "mpeg4", "sound": "ac3"}),
    "starts late, copied": ("film.ts", {"begins": 3.0, "format_": "mpegts"}),
    "varies": ("film.mkv", {"steps": (0.1, 0.02, 0.04, 0.1), "picture": "mpeg4", "sound": "ac3"}),
    "varies, copied": ("film.mp4", {"steps": (0.1, 0.02, 0.04, 0.1)}),
    "has a gap": ("film.mkv", {"gap": (2.0, 4.5), "picture": "mpeg4", "sound": "ac3"}),
    "has a run-up": ("film.wmv", {"picture": "wmv2", "sound": "wmav2"}),
    "has a run-up, copied": ("film.mp4", {"sound": "libmp3lame"}),
    "has a gap, copied": ("film.mp4", {"gap": (2.0, 4.5)}),
}


ALL = [(what, "ladder") for what in CLOCKS] + [(what, "playable") for what in CLOCKS if "copied" in what]


@pytest.mark.parametrize(("what", "stage"), ALL)
async def test_picture_and_sound_stay_together(tmp_path: Path, what: str, stage: Stage) -> None:
    name, clip = CLOCKS[what]
    source = make_flashes(tmp_path / name, **clip)
    into = tmp_path / "out"
    into.mkdir()
    options = Options(stage=stage, rungs=(90, 60))
    built = await process.run(Build(source=source, name=name, kind="video", into=into, options=options))
    assert built.duration == pytest.approx(6.5, abs=0.1)
    (sound,) = (each for each in built.renditions if each.type == "audio")
    heard = bursts_heard(into / sound.file)
    assert heard == pytest.approx([1.0, 5.0], abs=0.022)  # MPEG-TS cannot say that its first frame of AAC is a run-up
    for rung in (each for each in built.renditions if each.type == "video"):
        # A frame shows what was when it began: with uneven steps that is up to one step late, in the source too.
        assert flashes_seen(into / rung.file) == pytest.approx(flashes_of_source(source), abs=0.05)
    assert sound.channels == 2
    for each in built.renditions:
        assert complaints(into / each.file) == ""


def flashes_of_source(path: Path) -> list[float]:
    first = bursts_heard(path)[0] - 1.0
    return [time - first for time in flashes_seen(path)]


def complaints(path: Path) -> str:
    """What FFmpeg's own program says when it decodes all of a file; nothing where there is no such program."""
    program = which("ffmpeg")
    if program is None:
        return ""
    command = [program, "-nostdin", "-v", "error", "-i", str(path), "-fps_mode", "passthrough", "-f", "null", "-"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr  # our own file
