"""Chooses what of a recording is played, after all of it was read and tried; refuses in words what nobody can play."""

from __future__ import annotations

from dataclasses import dataclass, field

from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from lms_box.media import probe, remux
from lms_box.media.building import Say
from lms_box.media.failures import MediaFailed
from lms_box.media.languages import find_language
from lms_box.media.messages import Build
from lms_box.media.opening import BROKEN
from lms_box.media.protection import ENCRYPTED, refuse_encrypted
from lms_box.media.sniff import Look
from lms_box.media.study import Study, study

MOST_SOUNDS = 8
SPOKEN_ASIDE = Disposition.comment | Disposition.visual_impaired | Disposition.hearing_impaired | Disposition.clean_effects
SAME_CLOCK = 0.001
NO_STREAM = "It has neither a picture nor a sound that can be played."
NO_PACKETS = "It has a header but no picture or sound after it. Try to export or copy it again."
NO_PICTURE = "Its picture cannot be decoded: the file is damaged or incomplete. Try to export it again."
PICTURE_FORMAT = "Its picture is in a format that cannot be read. Please convert it to MP4 (H.264) and try again."
SOUND_FORMAT = "Its sound is in a format that cannot be read. Please convert it to MP3 or M4A (AAC) and try again."
NO_SOUND = "Its sound cannot be decoded: the file is damaged, incomplete or protected."
SILENT = "Its sound is in a format that cannot be read, so it plays without sound."


@dataclass(frozen=True)
class Sound:
    index: int
    language: str | None
    title: str | None


@dataclass
class Choice:
    """Times are seconds of the file's own clock; `ready` are the streams whose copies in `study` serve."""

    study: Study
    picture: int | None
    sounds: list[Sound]
    frame: VideoFrame | None
    origin: float
    duration: float
    playable: set[int] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)

    @property
    def played(self) -> set[int]:
        return {sound.index for sound in self.sounds} | ({self.picture} if self.picture is not None else set())

    @property
    def ready(self) -> set[int]:
        copies = self.study.copies
        if copies is None or abs(copies.origin - self.origin) > SAME_CLOCK:
            return set()
        return self.playable & set(copies.paths)


def choose(request: Build, look: Look, container: InputContainer, say: Say) -> Choice:
    refuse_encrypted(request.source, look, container)
    picture, sounds = probe.main_video(container), different_sounds(probe.sound_streams(container))
    refuse_unreadable(container, has_picture=picture is not None, has_sound=bool(sounds))
    streams: list[VideoStream | AudioStream] = [*([picture] if picture else []), *sounds]
    told = study(container, streams, request.into, say)
    try:
        return decide(told, picture, sounds, silent=bool(container.streams.audio))
    except BaseException:
        if told.copies:
            told.copies.drop_all()
        raise


def different_sounds(streams: list[AudioStream]) -> list[AudioStream]:
    """One of each language and purpose: the first, which is the best."""
    found: dict[tuple[str | None, int], AudioStream] = {}
    for stream in streams:
        found.setdefault((find_language(stream.language), int(stream.disposition & SPOKEN_ASIDE)), stream)
    return list(found.values())[:MOST_SOUNDS]


def decide(told: Study, picture: VideoStream | None, sounds: list[AudioStream], *, silent: bool) -> Choice:
    tracks, frames = told.tracks, told.frames
    if any(track.encrypted for track in tracks.values()):
        raise MediaFailed(ENCRYPTED, "recording_encrypted")
    if not any(track.packets for track in tracks.values()):
        raise MediaFailed(NO_PACKETS, "recording_empty")
    frame = frames.get(picture.index) if picture else None
    if picture is not None and not isinstance(frame, VideoFrame):
        raise MediaFailed(NO_PICTURE, "picture_damaged")
    heard = [stream for stream in sounds if isinstance(frames.get(stream.index), AudioFrame)]
    shown = picture if isinstance(frame, VideoFrame) else None
    if shown is None and not heard:
        raise MediaFailed(NO_SOUND, "sound_damaged")
    origin, end = common_clock(told, heard, shown)
    choice = Choice(
        study=told,
        picture=shown.index if shown else None,
        sounds=[Sound(stream.index, find_language(stream.language), stream.metadata.get("title")) for stream in heard],
        frame=frame if isinstance(frame, VideoFrame) else None,
        origin=origin,
        duration=end - origin,
        notes=[SILENT] if silent and not heard else [],
    )
    choice.playable = playable_streams(choice, shown, heard)
    return choice


def common_clock(told: Study, heard: list[AudioStream], shown: VideoStream | None) -> tuple[float, float]:
    """(start, end) of all that is played."""
    firsts = [first_sound(told, stream) for stream in heard] + ([first_picture(told, shown)] if shown else [])
    ends = [told.tracks[stream.index].end for stream in ([*heard, shown] if shown else heard)]
    return min((first for first in firsts if first is not None), default=0.0), max(ends)


def first_sound(told: Study, stream: AudioStream) -> float | None:
    """Of what is copied, the first packet; else the first frame: those before are the run-up of its decoder."""
    packet, frame = told.tracks[stream.index].first, told.frames[stream.index].time
    return packet if frame is None or remux.sounds_playable(stream) else frame


def first_picture(told: Study, stream: VideoStream) -> float | None:
    track = told.tracks[stream.index]
    return track.earliest if track.slightly_trimmed else track.first


def playable_streams(choice: Choice, shown: VideoStream | None, heard: list[AudioStream]) -> set[int]:
    tracks, origin = choice.study.tracks, choice.origin
    found = {each.index for each in heard if remux.may_copy_sound(each, tracks[each.index], origin=origin)}
    if shown and choice.frame and remux.may_copy_picture(shown, tracks[shown.index], choice.frame, origin=origin):
        found.add(shown.index)
    return found


def refuse_unreadable(container: InputContainer, *, has_picture: bool, has_sound: bool) -> None:
    moving = [stream for stream in container.streams.video if not probe.is_still(stream)]
    if moving and not has_picture:
        raise MediaFailed(PICTURE_FORMAT, "picture_format")
    if moving or has_sound:
        return
    if container.streams.audio:
        raise MediaFailed(SOUND_FORMAT, "sound_format")
    if len(container.streams):
        raise MediaFailed(NO_STREAM, "nothing_to_play")
    raise MediaFailed(BROKEN, "recording_damaged")
