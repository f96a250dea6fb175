"""Describes finished media files and writes the manifests over them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lms_box.media import manifests
from lms_box.media.boxes import BrokenBoxes, MediaIndex, read_index
from lms_box.media.failures import MediaFailed
from lms_box.media.messages import Rendition


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


def describe(made: list[Made]) -> tuple[list[Rendition], dict[str, MediaIndex]]:
    indexes = {each.name: _index(each) for each in made}
    return [_rendition(each, indexes[each.name]) for each in made], indexes


def _index(made: Made) -> MediaIndex:
    try:
        return read_index(made.path)
    except (BrokenBoxes, OSError) as error:
        raise MediaFailed("Nothing of this file could be played. Try to export it again.", "undecodable") from error


def _rendition(made: Made, index: MediaIndex) -> Rendition:
    return Rendition(
        name=made.name,
        file=made.path.name,
        type=made.type,
        codecs=index.codecs,
        bandwidth=manifests.peak_rate(index),
        average_bandwidth=manifests.average_rate(index),
        duration=round(index.duration, 6),
        width=made.width,
        height=made.height,
        frame_rate=round(made.frame_rate, 3) if made.frame_rate else None,
        sample_rate=made.sample_rate,
        channels=made.channels,
        copied=made.copied,
    )


def write_manifests(renditions: list[Rendition], indexes: dict[str, MediaIndex], into: Path) -> tuple[str, str]:
    playlists = {each.name: f"{each.name}.m3u8" for each in renditions}
    for each in renditions:
        text = manifests.hls_media(indexes[each.name], file=each.file)
        (into / playlists[each.name]).write_text(text, encoding="utf-8")
    (into / "master.m3u8").write_text(manifests.hls_master(renditions, playlists=playlists), encoding="utf-8")
    (into / "manifest.mpd").write_text(manifests.dash(renditions, indexes=indexes), encoding="utf-8")
    return "master.m3u8", "manifest.mpd"
