"""Text streams inside a recording become WebVTT files."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from av.packet import Packet
from av.stream import Stream
from av.subtitles.stream import SubtitleStream

from lms_box.media.cues import FROM_THE_START, Cue, marked_up, moved, plain, webvtt
from lms_box.media.languages import UNKNOWN, find_language, language_label
from lms_box.media.messages import Caption

MOST_CUES = 50_000
STANDS_FOR = 4.0


@dataclass(frozen=True)
class Words:
    """A text stream, as it is remembered when its file is closed."""

    index: int
    codec: str
    language: str | None
    title: str


class Collector:
    """Reads the packets of text streams as they pass by; times are those of the file until it writes."""

    def __init__(self, streams: list[SubtitleStream]) -> None:
        self._streams = [Words(each.index, each.codec_context.name, each.language, title_of(each)) for each in streams]
        self._codecs = {each.index: each.codec for each in self._streams}
        self._cues: dict[int, list[Cue]] = defaultdict(list)

    def feed(self, packet: Packet[Stream]) -> None:
        cues = self._cues[packet.stream_index]
        if packet.pts is None or not packet.size or len(cues) >= MOST_CUES:
            return
        start = float(packet.pts * packet.time_base)
        length = float((packet.duration or 0) * packet.time_base) or STANDS_FOR
        text = cue_text(bytes(packet), self._codecs[packet.stream_index])
        if text.strip():
            cues.append(Cue(start, start + length, text))

    def write(self, into: Path, *, origin: float) -> Iterator[Caption]:
        taken: set[str] = set()
        for stream in self._streams:
            cues = [moved(cue, -origin) for cue in self._cues[stream.index] if cue.end > origin]
            if not cues:
                continue
            language = find_language(stream.language) or UNKNOWN
            name = _free_name(language, taken)
            (into / "captions").mkdir(exist_ok=True)
            (into / name).write_text(webvtt(cues, clock=FROM_THE_START), encoding="utf-8")
            yield Caption(language=language, label=stream.title or language_label(language), file=name)


def title_of(stream: Stream) -> str:
    return " ".join((stream.metadata.get("title") or "").split())


def _free_name(language: str, taken: set[str]) -> str:
    name, number = f"captions/{language}.vtt", 2
    while name in taken:
        name, number = f"captions/{language}-{number}.vtt", number + 1
    taken.add(name)
    return name


def cue_text(data: bytes, codec: str) -> str:
    if codec == "mov_text":
        size = int.from_bytes(data[:2], "big")
        return plain(data[2 : 2 + size].decode("utf-8", "replace"))
    text = data.decode("utf-8", "replace")
    if codec in ("ass", "ssa"):
        return ass_text(text.split(",", 8)[-1])
    return marked_up(text)


def ass_text(text: str) -> str:
    """Dialogue text of Advanced SubStation: drawings are dropped, italics and bold kept, breaks become lines."""
    if re.search(r"\\p[1-9]", text):
        return ""
    words = plain(text).replace("\\N", "\n").replace("\\n", "\n").replace("\\h", " ")
    return re.sub(r"\{[^}]*\}", "", words)
