"""How fast a film is prepared, beside the program ffmpeg: the ladder, its memory and looks, and the way to playable."""

import argparse
import asyncio
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Literal

import av
from av.filter import Graph

from lms_box.media import process
from lms_box.media.messages import Build, Built, Options, Progress

RUNGS = ((1080, 5000), (720, 2500), (480, 1000))
PRESET = "veryfast"
LECTURE_MINUTES = 10
LARGE = (3840, 2160)
LARGE_SECONDS = 8
PARTS = ("memory", "ladders", "playable")


class Spent:
    """Seconds on the wall and of processors, children included."""

    wall = processor = 0.0

    def __str__(self) -> str:
        return f"{self.wall:6.1f} s ({self.processor:6.1f} s of processors)"


@contextmanager
def spending() -> Iterator[Spent]:
    spent, began, before = Spent(), time.perf_counter(), _processor()
    yield spent
    spent.wall, spent.processor = time.perf_counter() - began, _processor() - before


def _processor() -> float:
    usages = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="length of the film")
    parser.add_argument("--only", choices=PARTS, nargs="+", default=PARTS, metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--folder", type=Path, help="where to keep the material (default: a temporary folder)")
    chosen = parser.parse_args()
    if shutil.which("ffmpeg") is None:
        sys.exit("The peers need the program ffmpeg; install it (Debian: apt install ffmpeg) and run this again.")
    with tempfile.TemporaryDirectory(prefix="lms-bench-") as temporary:
        folder = chosen.folder or Path(temporary)
        folder.mkdir(exist_ok=True)
        heavy = made(folder / "heavy.mp4", lambda path: make_film(path, seconds=chosen.seconds, rate=12_000_000))
        light = made(folder / "light.mp4", lambda path: make_film(path, seconds=chosen.seconds, rate=5_000_000))
        if "memory" in chosen.only:
            large = made(folder / "large.mp4", lambda path: make_film(path, seconds=LARGE_SECONDS, rate=30_000_000, size=LARGE))
            measure_memory(heavy, large, folder)
        if "ladders" in chosen.only:
            compare_ladders(heavy, light, folder)
        if "playable" in chosen.only:
            lecture = made(folder / "lecture.mp4", lambda path: repeat(light, path, LECTURE_MINUTES * 60 // chosen.seconds))
            time_to_playable(lecture, folder)


def made(path: Path, make: Callable[[Path], None]) -> Path:
    if not path.exists():
        make(path)
    return path


def make_film(path: Path, *, seconds: int, rate: int, size: tuple[int, int] = (1920, 1080)) -> None:
    """30 pictures a second of moving shapes under noise, with a keyframe every two seconds, and a tone."""
    graph = Graph()
    source = graph.add("testsrc2", f"size={size[0]}x{size[1]}:rate=30:duration={seconds}")
    graph.link_nodes(source, graph.add("noise", "alls=10:allf=t"), graph.add("format", "yuv420p"), graph.add("buffersink"))
    graph.configure()
    with av.open(str(path), "w") as container:
        peak = {"maxrate": str(rate), "bufsize": str(rate), "preset": PRESET, "g": "60"}
        video = container.add_stream("libx264", rate=30, options=peak)
        video.width, video.height, video.pix_fmt, video.bit_rate = *size, "yuv420p", rate
        audio = container.add_stream("aac", rate=48_000)
        for number in range(30 * seconds):
            frame = graph.vpull()
            frame.pict_type = av.video.frame.PictureType.NONE
            container.mux(video.encode(frame))
            for block in range(number * 1600 // 1024, (number + 1) * 1600 // 1024):
                container.mux(audio.encode(tone(block)))
        for stream in (video, audio):
            container.mux(stream.encode(None))


def tone(block: int) -> av.AudioFrame:
    frame = av.AudioFrame("s16", "stereo", 1024)
    wave = b"".join(int((at % 100 - 50) * 200).to_bytes(2, "little", signed=True) * 2 for at in range(1024))
    frame.planes[0].update(wave)
    frame.sample_rate, frame.pts, frame.time_base = 48_000, block * 1024, Fraction(1, 48_000)
    return frame


def repeat(film: Path, path: Path, times: int) -> None:
    ffmpeg("-stream_loop", str(times - 1), "-i", str(film), "-c", "copy", str(path))


def ffmpeg(*arguments: str) -> str:
    command = ["ffmpeg", "-nostdin", "-hide_banner", "-v", "info", "-y", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stderr


def encoding(rate: int) -> list[str]:
    """One rung as everybody writes it, with our preset and rates."""
    bounds = ["-crf", "23", "-maxrate", f"{rate}k", "-bufsize", f"{rate}k"]
    keys = ["-force_key_frames", "expr:gte(t,n_forced*4)", "-sc_threshold", "0"]
    return ["-c:v", "libx264", "-preset", PRESET, "-profile:v", "high", "-pix_fmt", "yuv420p", *bounds, *keys]


def three_runs(film: Path, into: Path) -> None:
    for height, rate in RUNGS:
        picture = ["-vf", f"scale=-2:{height}:flags=bicubic", *encoding(rate)]
        ffmpeg("-i", str(film), *picture, "-c:a", "aac", "-b:a", "128k", str(into / f"{height}p.mp4"))


def one_split(film: Path, into: Path) -> None:
    scales = ";".join(f"[v{height}]scale=-2:{height}:flags=bicubic[o{height}]" for height, _ in RUNGS)
    split = f"[0:v]split={len(RUNGS)}" + "".join(f"[v{height}]" for height, _ in RUNGS)
    outputs = [["-map", f"[o{h}]", *encoding(rate), "-an", str(into / f"{h}p.mp4")] for h, rate in RUNGS]
    sound = ["-map", "0:a", "-c:a", "aac", "-b:a", "128k", str(into / "audio.mp4")]
    ffmpeg("-i", str(film), "-filter_complex", f"{split};{scales}", *(each for output in outputs for each in output), *sound)


def ours(
    film: Path, into: Path, *, stage: Literal["playable", "ladder"], on_progress: process.OnProgress | None = None
) -> Built:
    request = Build(source=film, name=film.name, kind="video", into=into, options=Options(stage=stage, preset=PRESET))
    return asyncio.run(process.run(request, on_progress=on_progress))


def emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def measure_memory(heavy: Path, large: Path, folder: Path) -> None:
    for film, height, most in ((heavy, 1080, 600), (large, 2160, 1536)):
        row(f"memory of the child at {height}p, MiB", peak(film, emptied(folder / "ours")), most)


def peak(film: Path, into: Path) -> float:
    seen = [0.0]

    def look(_: Progress) -> None:
        seen.append(memory_of_child())

    ours(film, into, stage="ladder", on_progress=look)
    return max(seen)


def memory_of_child() -> float:
    """The most so far, in MiB. `ru_maxrss` would count what this process had when it started the child."""
    (pid,) = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return int(re.findall(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[0]) / 1024


def compare_ladders(heavy: Path, light: Path, folder: Path) -> None:
    with spending() as whole:
        ours(heavy, emptied(folder / "ours"), stage="ladder")
    with spending() as shared:
        built = ours(light, emptied(folder / "shared"), stage="ladder")
    with spending() as runs:
        three_runs(heavy, emptied(folder / "runs"))
    with spending() as runs_light:
        three_runs(light, emptied(folder / "runs-light"))
    with spending() as split:
        one_split(heavy, emptied(folder / "split"))
    named = "is the best rung" if built.renditions[0].copied else "IS NOT a rung"
    print(f"three runs {runs}\none split  {split}\nours       {whole}\nours, where the source {named}: {shared}\n")
    print("Ratios of seconds on the wall, and of processors (on a machine that does other things, only these mean something):")
    both("all rungs encoded, to three runs", whole, runs, 0.8)
    both("the source is the best rung, to three runs", shared, runs_light, 0.45)
    both("all rungs encoded, to one split", whole, split, 1.0)
    for height, _ in RUNGS:
        lost = ssim(folder / "split", heavy, height) - ssim(folder / "ours", heavy, height)
        row(f"SSIM at {height}p, below the split's", lost, 0.002)


def ssim(folder: Path, film: Path, height: int) -> float:
    rung = folder / f"{height}p.mp4"
    with av.open(str(rung)) as container:
        width = container.streams.video[0].width
    compared = f"[1:v]scale={width}:{height}:flags=bicubic,setpts=PTS-STARTPTS[r];[0:v]setpts=PTS-STARTPTS[t];[t][r]ssim"
    told = ffmpeg("-i", str(rung), "-i", str(film), "-lavfi", compared, "-f", "null", "-")
    return float(re.findall(r"SSIM .*All:([\d.]+)", told)[-1])


def time_to_playable(lecture: Path, folder: Path) -> None:
    """The build alone: what an upload adds is `bench/uploading.py`'s to measure."""
    with spending() as copying:
        shutil.copyfile(lecture, folder / "copy.mp4")
    folder.joinpath("copy.mp4").unlink()
    with spending() as building:
        ours(lecture, emptied(folder / "playable"), stage="playable")
    size = lecture.stat().st_size / 1024**2
    print(f"\n{LECTURE_MINUTES} minutes, {size:.0f} MiB: copied in {copying}, playable in {building}")
    row("playable, to 1.5 x copying and a second", building.wall / (1.5 * copying.wall + 1), 1.0)


def both(name: str, found: Spent, peer: Spent, target: float) -> None:
    row(name, found.wall / peer.wall, target)
    row("  by processors", found.processor / peer.processor, target)


def row(name: str, found: float, target: float) -> None:
    print(f"{name:46}{found:10.3f}{target:10g}  {'over' if found > target else ''}".rstrip())


if __name__ == "__main__":
    main()
