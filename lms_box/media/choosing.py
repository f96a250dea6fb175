"""Chooses what of a recording is played, after reading and trying all of it; refuses in words what nobody can play."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import av
from av.audio.frame import AudioFrame
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame

from lms_box.media import probe
from lms_box.media.building import Say
from lms_box.media.failures import MediaFailed
from lms_box.media.opening import BROKEN, open_recording
from lms_box.media.sniff import Look
from lms_box.media.survey import Track, survey

TRIED_PACKETS = 3000
NO_STREAM = "It has neither a picture nor a sound that can be played."
ENCRYPTED = "This file is encrypted (DRM). Please use a copy without protection."
SILENT = "Its sound is in a format that cannot be read, so it plays without sound."


@dataclass
class Choice:
    """`frame` is the first picture that could be decoded; times are seconds of the file's own clock."""

    picture: int | None
    sound: int | None
    tracks: dict[int, Track]
    frame: VideoFrame | None
    origin: float
    duration: float
    notes: list[str] = field(default_factory=list)


def choose(source: Path, look: Look, say: Say) -> Choice:
    """Each look opens the file anew: not every broken file can be wound back."""
    with open_recording(source, look) as container:
        picture, sounds = probe.main_video(container), probe.sound_streams(container)
        refuse_unreadable(container, has_picture=picture is not None, has_sound=bool(sounds))
        streams: list[Stream] = [*([picture] if picture else []), *sounds]
        tracks = survey(container, streams, said=lambda done: say(done * 0.05, "reading"))
        silent = bool(container.streams.audio)
        wanted = [stream.index for stream in streams if tracks[stream.index].packets]
    if any(track.encrypted for track in tracks.values()):
        raise MediaFailed(ENCRYPTED, "encrypted")
    if not wanted:
        raise MediaFailed("It has a header but no picture or sound after it. Try to export or copy it again.", "undecodable")
    with open_recording(source, look) as container:
        frames = first_frames(container, wanted)
    return decide(tracks, frames, wanted, picture=picture is not None, silent=silent)


def decide(
    tracks: dict[int, Track], frames: dict[int, VideoFrame | AudioFrame], wanted: list[int], *, picture: bool, silent: bool
) -> Choice:
    shown = next((index for index in wanted if isinstance(frames.get(index), VideoFrame)), None)
    heard = next((index for index in wanted if isinstance(frames.get(index), AudioFrame)), None)
    if picture and shown is None:
        raise MediaFailed(
            "Its picture cannot be decoded: the file is damaged or incomplete. Try to export it again.", "undecodable"
        )
    if shown is None and heard is None:
        raise MediaFailed("Its sound cannot be decoded: the file is damaged, incomplete or protected.", "undecodable")
    used = [tracks[index] for index in (shown, heard) if index is not None]
    origin = min((track.first for track in used if track.first is not None), default=0.0)
    if shown is not None and tracks[shown].slightly_trimmed:
        origin = min(origin, tracks[shown].earliest or 0.0)
    duration = max(track.end for track in used) - origin
    frame = frames[shown] if shown is not None else None
    assert frame is None or isinstance(frame, VideoFrame)
    return Choice(shown, heard, tracks, frame, origin, duration, [SILENT] if silent and heard is None else [])


def refuse_unreadable(container: InputContainer, *, has_picture: bool, has_sound: bool) -> None:
    moving = [stream for stream in container.streams.video if not probe.is_still(stream)]
    if moving and not has_picture:
        words = "Its picture is in a format that cannot be read. Please convert it to MP4 (H.264) and try again."
    elif moving or has_sound:
        return
    elif container.streams.audio:
        words = "Its sound is in a format that cannot be read. Please convert it to MP3 or M4A (AAC) and try again."
    else:
        words = NO_STREAM if len(container.streams) else BROKEN
    raise MediaFailed(words, "undecodable")


def first_frames(container: InputContainer, wanted: list[int]) -> dict[int, VideoFrame | AudioFrame]:
    """One decoded frame of each stream that yields one, looking no further than needed to choose."""
    found: dict[int, VideoFrame | AudioFrame] = {}
    streams = [container.streams[index] for index in wanted]
    try:
        for number, packet in enumerate(container.demux(*streams)):
            if packet.stream_index not in found:
                for frame in decoded(packet):
                    found.setdefault(packet.stream_index, frame)
            if len(found) == len(wanted) or number > TRIED_PACKETS:
                break
    except av.error.FFmpegError:
        return found
    return found


def decoded(packet: Packet[Stream]) -> list[VideoFrame | AudioFrame]:
    try:
        return [frame for frame in packet.decode() if isinstance(frame, (VideoFrame, AudioFrame))]
    except av.error.FFmpegError:
        return []
