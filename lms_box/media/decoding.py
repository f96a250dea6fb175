"""Packets and frames of strangers' files, of which any may be broken."""

from __future__ import annotations

from collections.abc import Iterator

import av
from av.audio.frame import AudioFrame
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

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


def keyframe_at(container: InputContainer, second: float) -> VideoFrame | None:
    """The last one by this second, decoded alone: a decoder keeps it back until it has seen what is shown after it."""
    stream = container.streams.video[0]
    due = second / float(stream.time_base or 1)
    try:
        container.seek(int(second * 1_000_000), backward=True)
        packet = _last_keyframe(container.demux(stream), due)
        frames = [*packet.decode(), *stream.codec_context.decode(None)] if packet else []
    except av.error.FFmpegError:
        return None
    return frames[0] if frames else None


def _last_keyframe(packets: Iterator[Packet[VideoStream]], due: float) -> Packet[VideoStream] | None:
    """Else the first. Where pictures are reordered, a search ends one keyframe too early."""
    found = None
    for packet in packets:
        if packet.pts is None or packet.dts is None or (found and packet.dts > due):
            break
        if packet.is_keyframe and (found is None or packet.pts <= due):
            found = packet
    return found
