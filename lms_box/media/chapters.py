"""Chapters of a recording as WebVTT."""

from pathlib import Path

from av.container import InputContainer

from lms_box.media.cues import Cue, plain, webvtt

MOST_CHAPTERS = 1000


def write_chapters(container: InputContainer, into: Path, *, origin: float, duration: float) -> str | None:
    """The file's name, or None for a recording without chapters that mean something."""
    cues = read_chapters(container, origin=origin, duration=duration)
    if not cues:
        return None
    (into / "chapters.vtt").write_text(webvtt(cues), encoding="utf-8")
    return "chapters.vtt"


def read_chapters(container: InputContainer, *, origin: float, duration: float) -> list[Cue]:
    cues = []
    for number, chapter in enumerate(container.chapters()[:MOST_CHAPTERS], 1):
        if not chapter["time_base"]:
            continue
        start = max(0.0, float(chapter["start"] * chapter["time_base"]) - origin)
        end = min(duration, float(chapter["end"] * chapter["time_base"]) - origin)
        title = " ".join(chapter["metadata"].get("title", "").split()) or f"Chapter {number}"
        if end > start:
            cues.append(Cue(start, end, plain(title)))
    return cues
