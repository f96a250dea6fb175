"""Describes finished media files, writes the manifests over them and the pictures beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lms_box.media import manifests, poster
from lms_box.media.boxes import BrokenBoxes, MediaIndex, read_index
from lms_box.media.failures import MediaFailed
from lms_box.media.messages import Build, Built, Rendition
from lms_box.media.opening import open_recording
from lms_box.media.sniff import Look

SLACK = 0.02
LONG_ENOUGH_FOR_STORYBOARD = 20.0


@dataclass
class Made:
    """One media file that was written, and what its maker knows of it."""

    name: str
    path: Path
    type: Literal["video", "audio"]
    width: int | None = None
    height: int | None = None
    frame_rate: float | None = None
    sample_rate: int | None = None
    channels: int | None = None
    copied: bool = False
    language: str | None = None
    label: str | None = None


class NotAligned(Exception):
    """The segments of the rungs do not begin together, so players could not change between them."""


def publish(made: list[Made], request: Build, look: Look) -> Built:
    into = request.into
    renditions, indexes = describe(made)
    check_aligned([indexes[each.name] for each in made if each.type == "video"])
    hls, dash = write_manifests(renditions, indexes, into)
    duration = max(indexes[each.name].start_seconds + each.duration for each in renditions)
    shown = [each for each in made if each.type == "video"]
    pictures = poster.from_video(shown[0].path, into, duration=duration) if shown else cover_pictures(request, look)
    smallest = min(shown, key=lambda each: each.width or 0, default=None)
    hurried = request.options.stage == "playable" and all(each.copied for each in shown)
    board = None
    if smallest and not hurried and duration >= LONG_ENOUGH_FOR_STORYBOARD:
        from lms_box.media.storyboard import write_storyboard

        board = write_storyboard(smallest.path, indexes[smallest.name], into)
    return Built(
        duration=round(duration, 3),
        renditions=tuple(renditions),
        hls=hls,
        dash=dash,
        poster=pictures[0],
        card=pictures[1],
        storyboard=board,
    )


def check_aligned(indexes: Sequence[MediaIndex]) -> None:
    starts = [index.starts() for index in indexes]
    for others in starts[1:]:
        if len(others) != len(starts[0]) or any(abs(a - b) > SLACK for a, b in zip(starts[0], others, strict=True)):
            raise NotAligned


def cover_pictures(request: Build, look: Look) -> tuple[str | None, str | None]:
    """Pillow is loaded for those recordings alone that have a cover."""
    with open_recording(request.source, look) as container:
        cover = poster.cover_art(container)
    if not cover:
        return None, None
    from lms_box.media.image import from_cover

    return from_cover(cover, request.into)


def describe(made: list[Made]) -> tuple[list[Rendition], dict[str, MediaIndex]]:
    indexes = {each.name: _index(each) for each in made}
    target = manifests.target_duration(indexes.values())
    return [_rendition(each, indexes[each.name], target) for each in made], indexes


def _index(made: Made) -> MediaIndex:
    try:
        return read_index(made.path)
    except (BrokenBoxes, OSError) as error:
        raise MediaFailed("Nothing of this file could be played. Try to export it again.", "nothing_to_play") from error


def _rendition(made: Made, index: MediaIndex, target: int) -> Rendition:
    return Rendition(
        name=made.name,
        file=made.path.name,
        type=made.type,
        codecs=index.codecs,
        bandwidth=manifests.peak_rate(index, target=target),
        average_bandwidth=manifests.average_rate(index),
        duration=round(index.duration, 6),
        width=made.width,
        height=made.height,
        frame_rate=round(made.frame_rate, 3) if made.frame_rate else None,
        sample_rate=made.sample_rate,
        channels=made.channels,
        copied=made.copied,
        language=made.language,
        label=made.label,
    )


def write_manifests(renditions: list[Rendition], indexes: dict[str, MediaIndex], into: Path) -> tuple[str, str]:
    playlists = {each.name: f"{each.name}.m3u8" for each in renditions}
    target = manifests.target_duration(indexes.values())
    for each in renditions:
        text = manifests.hls_media(indexes[each.name], file=each.file, target=target)
        (into / playlists[each.name]).write_text(text, encoding="utf-8")
    (into / "master.m3u8").write_text(manifests.hls_master(renditions, playlists=playlists), encoding="utf-8")
    (into / "manifest.mpd").write_text(manifests.dash(renditions, indexes=indexes), encoding="utf-8")
    return "master.m3u8", "manifest.mpd"
