"""Writes one track as one fragmented MP4 file with a segment index in front."""

from __future__ import annotations

import contextlib
from pathlib import Path

import av
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Stream

SEGMENT_SECONDS = 4


def open_fragments(path: Path, *, video: bool, least_seconds: float = SEGMENT_SECONDS * 0.95) -> OutputContainer:
    """Picture is cut at the first keyframe after `least_seconds`, sound every four seconds.

    `dash+delay_moov` writes an edit list, so that both start at zero in every reader. Packets must come in order of decoding.
    """
    flags = "dash+delay_moov+global_sidx+skip_trailer"
    if video:
        options = {"movflags": f"{flags}+frag_keyframe", "min_frag_duration": str(round(least_seconds * 1_000_000))}
    else:
        options = {"movflags": flags, "frag_duration": str(SEGMENT_SECONDS * 1_000_000)}
    return av.open(str(path), "w", format="mp4", options=options)


def open_written(path: Path) -> InputContainer:
    """A file of ours: what its picture is like is known, and none need be decoded to find it out."""
    return av.open(str(path), "r", format="mov", options={"skip_frame": "all"})


def abandon(container: OutputContainer) -> None:
    """Closes what will never be whole."""
    with contextlib.suppress(av.error.FFmpegError, ValueError):
        container.close()


class CopyRefused(Exception):
    """The packets do not fit into an MP4 as they are."""


class CopySink:
    """Writes packets as they are, on a clock that starts at `origin` seconds of theirs."""

    def __init__(self, path: Path, stream: Stream, *, origin: float) -> None:
        self.path = path
        self._origin, self._video = origin, stream.type == "video"
        self._shift = round(origin / stream.time_base) if stream.time_base else 0
        self._container = open_fragments(path, video=self._video)
        self._stream = self._container.add_stream_from_template(stream)
        self._started = False

    def feed(self, packet: Packet[Stream]) -> None:
        if packet.pts is None or packet.dts is None or not packet.size:
            return
        if not self._started and not self._may_start(packet):
            return
        self._started = True
        packet.pts -= self._shift
        packet.dts -= self._shift
        packet.stream = self._stream
        try:
            self._container.mux_one(packet)
        except av.error.FFmpegError as error:
            raise CopyRefused(str(error)) from error

    def _may_start(self, packet: Packet[Stream]) -> bool:
        """Picture starts with a keyframe; of sound, what lies before the origin is the encoder's run-up."""
        if self._video:
            return packet.is_keyframe
        middle = float(((packet.pts or 0) + (packet.duration or 0) / 2) * packet.time_base)
        return not packet.is_discard and middle > self._origin

    def finish(self) -> None:
        try:
            self._container.close()
        except av.error.FFmpegError as error:
            raise CopyRefused(str(error)) from error

    def abandon(self) -> None:
        abandon(self._container)
