"""Chapters of a recording as WebVTT."""

from collections.abc import Sequence
from pathlib import Path

from av.container import InputContainer

from lms_box.media.cues import Cue, moved, plain, webvtt

MOST_CHAPTERS = 1000


def read_chapters(container: InputContainer) -> list[Cue]:
    """Times are those of the file."""
    cues = []
    for number, chapter in enumerate(container.chapters()[:MOST_CHAPTERS], 1):
        if not chapter["time_base"]:
            continue
        start, end = (float(chapter[side] * chapter["time_base"]) for side in ("start", "end"))
        title = " ".join(chapter["metadata"].get("title", "").split()) or f"Chapter {number}"
        cues.append(Cue(start, end, plain(title)))
    return cues


def write_chapters(chapters: Sequence[Cue], into: Path, *, origin: float, duration: float) -> str | None:
    """The file's name, or None for a recording without chapters that mean something."""
    shown = [moved(Cue(cue.start, min(cue.end, duration + origin), cue.text), -origin) for cue in chapters]
    kept = [cue for cue in shown if cue.end > cue.start]
    if not kept:
        return None
    (into / "chapters.vtt").write_text(webvtt(kept), encoding="utf-8")
    return "chapters.vtt"
