"""Packets and frames of strangers' files, of which any may be broken."""

from __future__ import annotations

from collections.abc import Iterator

import av
from av.audio.frame import AudioFrame
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame

Frame = VideoFrame | AudioFrame


def packets_of(container: InputContainer, streams: list[Stream]) -> Iterator[Packet[Stream]]:
    """A file that breaks off in the middle plays up to there."""
    try:
        yield from container.demux(*streams)
    except av.error.FFmpegError:
        return


def stream_index(packet: Packet[Stream]) -> int:
    """The last, empty packet of a stream, which empties its decoder, knows its stream but not its number."""
    return packet.stream_index if packet.size else packet.stream.index


def frames_of(packet: Packet[Stream]) -> list[Frame]:
    """What cannot be decoded is passed over, as players do."""
    try:
        return [frame for frame in packet.decode() if isinstance(frame, (VideoFrame, AudioFrame))]
    except av.error.FFmpegError:
        return []
