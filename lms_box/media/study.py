"""Reads a recording once: measures it, tries to decode it, and copies meanwhile what looks as if browsers could play it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from lms_box.media import probe, remux
from lms_box.media.building import Say
from lms_box.media.captions_inside import Collector
from lms_box.media.chapters import read_chapters
from lms_box.media.cues import Cue
from lms_box.media.decoding import Frame, frames_of, packets_of, stream_index
from lms_box.media.fragments import CopyRefused, CopySink
from lms_box.media.survey import Track, note

TRIED_PACKETS = 3000


@dataclass
class Study:
    """What one reading told; `frames` has the first of each stream that yields one. Times are those of the file's own clock."""

    tracks: dict[int, Track]
    frames: dict[int, Frame] = field(default_factory=dict)
    copies: Copies | None = None
    texts: Collector = field(default_factory=lambda: Collector([]))
    chapters: list[Cue] = field(default_factory=list)
    title: str | None = None


class Copies:
    """Made before it is known that they serve: where the file turns out otherwise, they are thrown away."""

    def __init__(self, streams: dict[Path, Stream]) -> None:
        self.origin = min((_start(stream) for stream in streams.values()), default=0.0)
        self.paths = {stream.index: path for path, stream in streams.items()}
        self._sinks = {stream.index: CopySink(path, stream, origin=self.origin) for path, stream in streams.items()}

    def feed(self, packet: Packet[Stream]) -> None:
        sink = self._sinks.get(packet.stream_index)
        if sink:
            try:
                sink.feed(packet)
            except CopyRefused:
                self.drop(packet.stream_index)

    def finish(self) -> None:
        for index, sink in list(self._sinks.items()):
            try:
                sink.finish()
            except CopyRefused:
                self.drop(index)
        self._sinks.clear()

    def drop(self, index: int) -> None:
        sink = self._sinks.pop(index, None)
        if sink:
            sink.abandon()
        if path := self.paths.pop(index, None):
            path.unlink(missing_ok=True)

    def drop_all(self) -> None:
        for index in list(self.paths):
            self.drop(index)


def study(container: InputContainer, streams: list[VideoStream | AudioStream], into: Path, say: Say) -> Study:
    texts = probe.text_streams(container)
    told = Study(
        tracks={stream.index: track_of(stream) for stream in streams},
        copies=begin_copies(streams, into),
        texts=Collector(texts),
        chapters=read_chapters(container),
        title=container.metadata.get("title"),
    )
    assert told.copies
    try:
        read(container, told, [*streams, *texts], say)
        told.copies.finish()
    except BaseException:
        told.copies.drop_all()
        raise
    return told


def track_of(stream: VideoStream | AudioStream) -> Track:
    return Track(stream.index, float(stream.time_base or 1), is_picture=stream.type == "video")


def begin_copies(streams: list[VideoStream | AudioStream], into: Path) -> Copies:
    """Nothing is copied beside a picture that must be encoded anyway."""
    pictures = [stream for stream in streams if isinstance(stream, VideoStream)]
    sounds = [stream for stream in streams if isinstance(stream, AudioStream)]
    if not all(remux.looks_playable(stream) for stream in pictures):
        return Copies({})
    heard = [stream for stream in sounds if remux.sounds_playable(stream)]
    chosen: list[Stream] = [*pictures, *heard]
    return Copies({into / copy_name(stream): stream for stream in chosen})


def copy_name(stream: Stream) -> str:
    return "source.mp4" if stream.type == "video" else f"copied-{stream.index}.mp4"


def read(container: InputContainer, told: Study, streams: list[Stream], say: Say) -> None:
    size = max(1, container.size)
    tracks, frames, copies = told.tracks, told.frames, told.copies
    assert copies
    for number, packet in enumerate(packets_of(container, streams)):
        index = stream_index(packet)
        track = tracks.get(index)
        if track is None:
            told.texts.feed(packet)
            continue
        if index not in frames and number < TRIED_PACKETS:
            for frame in frames_of(packet):
                frames.setdefault(index, frame)
        if packet.size:
            note(track, packet)
            copies.feed(packet)
        if number % 1000 == 0:
            say(0.05 * min(1.0, (packet.pos or 0) / size), "reading")


def _start(stream: Stream) -> float:
    return float((stream.start_time or 0) * (stream.time_base or 0))
