"""Measures a recording by reading all its packets, because headers lie."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream

MOST_HIDDEN = 6
LONGEST_TRIM = 0.1


@dataclass
class Track:
    """Times are seconds of the file's own clock, before anything is shifted."""

    index: int
    tick: float = 1.0
    packets: int = 0
    first: float | None = None
    earliest: float | None = None
    last: float = 0.0
    end: float = 0.0
    keyframes: list[float] = field(default_factory=list)
    first_is_key: bool = False
    open_gops: int = 0
    disordered: int = 0
    untimed: int = 0
    hidden: int = 0
    encrypted: bool = False
    widest_gap: float = 0.0
    last_decoded: int | None = None
    previous_end: float | None = None

    @property
    def duration(self) -> float:
        return max(0.0, self.end - (self.first or 0.0))

    @property
    def slightly_trimmed(self) -> bool:
        """An edit list hides so little that showing it harms nobody."""
        trimmed = (self.first or 0.0) - (self.earliest or 0.0)
        return 0 < self.hidden <= MOST_HIDDEN and trimmed <= LONGEST_TRIM

    @property
    def frame_rate(self) -> float | None:
        """Counted between the first frame and the last, whose own duration headers often forget."""
        span = self.last - (self.first or 0.0)
        return (self.packets - 1) / span if self.packets > 1 and span > 0 else None

    def longest_segment(self) -> float:
        marks = [*self.keyframes, self.end]
        return max((later - earlier for earlier, later in pairwise(marks)), default=self.duration)


def survey(container: InputContainer, streams: list[Stream], *, said: Callable[[float], None]) -> dict[int, Track]:
    """Reads the container to its end, or to where it breaks off."""
    tracks = {stream.index: Track(stream.index, float(stream.time_base or 1)) for stream in streams}
    size = max(1, container.size)
    try:
        for number, packet in enumerate(container.demux(*streams)):
            if packet.size:
                note(tracks[packet.stream_index], packet)
            if number % 2000 == 0:
                said(min(1.0, (packet.pos or 0) / size))
    except av.error.FFmpegError:
        return tracks
    return tracks


def note(track: Track, packet: Packet[Stream]) -> None:
    pts, dts = packet.pts, packet.dts
    if pts is None or dts is None:
        track.untimed += 1
    stamp = pts if pts is not None else dts
    if stamp is None:
        return
    if dts is not None:
        if track.last_decoded is not None and dts <= track.last_decoded:
            track.disordered += 1
        track.last_decoded = dts
    start = stamp * track.tick
    end = start + (packet.duration or 0) * track.tick
    track.earliest = start if track.earliest is None or start < track.earliest else track.earliest
    if packet.is_discard:
        track.hidden += 1
    else:
        track.first = start if track.first is None or start < track.first else track.first
        track.last = max(track.last, start)
        track.end = max(track.end, end)
        _note_gap(track, start, end)
    if packet.is_keyframe:
        _note_keyframe(track, packet, start)
    elif track.keyframes and start < track.keyframes[-1]:
        track.open_gops += 1
    track.packets += 1


def _note_keyframe(track: Track, packet: Packet[Stream], start: float) -> None:
    track.first_is_key = track.first_is_key or track.packets == 0
    track.keyframes.append(start)
    if len(track.keyframes) < 10 and packet.has_sidedata("encryption_info"):
        track.encrypted = True


def _note_gap(track: Track, start: float, end: float) -> None:
    if track.previous_end is not None:
        track.widest_gap = max(track.widest_gap, abs(start - track.previous_end))
    track.previous_end = end
