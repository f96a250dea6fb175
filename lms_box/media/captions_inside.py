"""Text streams inside a recording become WebVTT files."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from av.packet import Packet
from av.stream import Stream
from av.subtitles.stream import SubtitleStream

from lms_box.media.cues import Cue, marked_up, plain, webvtt
from lms_box.media.languages import UNKNOWN, find_language, language_label
from lms_box.media.messages import Caption

MOST_CUES = 50_000
STANDS_FOR = 4.0


class Collector:
    """Reads the packets of text streams as they pass by."""

    def __init__(self, streams: list[SubtitleStream], *, origin: float) -> None:
        self._streams = {stream.index: stream for stream in streams}
        self._cues: dict[int, list[Cue]] = defaultdict(list)
        self._origin = origin

    @property
    def indexes(self) -> list[int]:
        return list(self._streams)

    def feed(self, packet: Packet[Stream]) -> None:
        cues = self._cues[packet.stream_index]
        if packet.pts is None or not packet.size or len(cues) >= MOST_CUES:
            return
        start = float(packet.pts * packet.time_base) - self._origin
        length = float((packet.duration or 0) * packet.time_base) or STANDS_FOR
        text = cue_text(bytes(packet), self._streams[packet.stream_index].codec_context.name)
        if text.strip() and start + length > 0:
            cues.append(Cue(max(0.0, start), start + length, text))

    def write(self, into: Path) -> Iterator[Caption]:
        taken: set[str] = set()
        for index, stream in self._streams.items():
            if not self._cues[index]:
                continue
            language = find_language(stream.language) or UNKNOWN
            name = _free_name(language, taken)
            (into / "captions").mkdir(exist_ok=True)
            (into / name).write_text(webvtt(self._cues[index]), encoding="utf-8")
            title = " ".join((stream.metadata.get("title") or "").split())
            yield Caption(language=language, label=title or language_label(language), file=name)


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
