"""Measures the tracks of a recording by all their packets, because headers lie."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

MOST_HIDDEN = 6
LONGEST_TRIM = 0.1
LOOKED_INTO = 10


@dataclass
class Track:
    """Times are seconds of the file's own clock, before anything is shifted.

    Every packet of sound is a keyframe, and pictures come out of order: each has its own measures.
    """

    index: int
    tick: float = 1.0
    is_picture: bool = True
    packets: int = 0
    first: float | None = None
    earliest: float | None = None
    last: float = 0.0
    end: float = 0.0
    keyframes: list[float] = field(default_factory=list)
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


def note(track: Track, packet: Packet[Stream]) -> None:
    """Called for every packet there is, so it asks each fact once."""
    pts, dts = packet.pts, packet.dts
    if pts is None or dts is None:
        track.untimed += 1
    stamp = dts if pts is None else pts
    if stamp is None:
        return
    if dts is not None:
        if track.last_decoded is not None and dts <= track.last_decoded:
            track.disordered += 1
        track.last_decoded = dts
    start = stamp * track.tick
    if track.earliest is None or start < track.earliest:
        track.earliest = start
    if packet.is_discard:
        track.hidden += 1
    else:
        _note_shown(track, start, start + (packet.duration or 0) * track.tick)
    if packet.is_keyframe:
        if track.is_picture or track.packets < LOOKED_INTO:
            _note_keyframe(track, packet, start)
    elif track.keyframes and start < track.keyframes[-1]:
        track.open_gops += 1
    track.packets += 1


def _note_shown(track: Track, start: float, end: float) -> None:
    if track.first is None or start < track.first:
        track.first = start
    if start > track.last:
        track.last = start
    if end > track.end:
        track.end = end
    if track.previous_end is not None and not track.is_picture:
        track.widest_gap = max(track.widest_gap, abs(start - track.previous_end))
    track.previous_end = end


def _note_keyframe(track: Track, packet: Packet[Stream], start: float) -> None:
    track.keyframes.append(start)
    if len(track.keyframes) < LOOKED_INTO and packet.has_sidedata("encryption_info"):
        track.encrypted = True


def nominal_rate(stream: VideoStream, track: Track) -> Fraction:
    """Frames in a second as measured, spelt as the header spells it where the two agree."""
    claimed = stream.average_rate
    measured = track.frame_rate
    if claimed and 0 < claimed <= 60 and (measured is None or abs(float(claimed) - measured) < 0.02 * measured + 0.05):
        return claimed
    return Fraction(min(60.0, max(0.1, measured or 25.0))).limit_denominator(1001)
