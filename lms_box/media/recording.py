"""Builds all that browsers play of one video or sound file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Protocol

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from lms_box.media import captions_inside, chapters, poster, probe, remux
from lms_box.media.failures import MediaFailed
from lms_box.media.fragments import CopySink
from lms_box.media.ladder import Rung, rungs_for
from lms_box.media.messages import Build, Built
from lms_box.media.opening import BROKEN, open_recording
from lms_box.media.pictures import displayed_size
from lms_box.media.publish import Made, describe, write_manifests
from lms_box.media.sniff import look
from lms_box.media.sound import SoundSink
from lms_box.media.survey import Track, rewind, survey
from lms_box.media.transcode import PictureSink, RungEncoder

TRIED_PACKETS = 400
DECODER_THREADS = 2
ENCODER_THREADS = 2

Say = Callable[..., None]


class Sink(Protocol):
    def feed(self, packet: Packet[Stream]) -> None: ...
    def finish(self) -> None: ...
    def abandon(self) -> None: ...


@dataclass
class Plan:
    """What is made of the chosen streams; `made` are the files that will be there."""

    picture: VideoStream | None
    sound: AudioStream | None
    tracks: dict[int, Track]
    frame: VideoFrame | None
    origin: float
    duration: float
    made: list[Made] = field(default_factory=list)
    sinks: dict[int, Sink] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def build_recording(request: Build, say: Say) -> Built:
    with open_recording(request.source, look(request.source, request.name)) as container:
        plan = make_plan(container, say)
        texts = captions_inside.Collector(probe.text_streams(container), origin=plan.origin)
        open_sinks(plan, request)
        run(container, plan, texts, say)
        told = chapters.write_chapters(container, request.into, origin=plan.origin, duration=plan.duration)
        cover = poster.cover_art(container) if plan.picture is None else None
        title = container.metadata.get("title")
        built = publish(request, plan, cover, say)
        captions = tuple(texts.write(request.into))
    metadata = built.metadata | ({"title": title} if title else {})
    return built.model_copy(update={"chapters": told, "captions": captions, "metadata": metadata})


def make_plan(container: InputContainer, say: Say) -> Plan:
    picture, sounds = probe.main_video(container), probe.sound_streams(container)
    refuse_unreadable(container, picture, bool(sounds))
    candidates: list[Stream] = [*([picture] if picture else []), *sounds]
    tracks = survey(container, candidates, said=lambda done: say(done * 0.05, "reading"))
    if any(track.encrypted for track in tracks.values()):
        raise MediaFailed("This file is encrypted (DRM). Please use a copy without protection.", "encrypted")
    if picture:
        picture.thread_type, picture.codec_context.thread_count = "AUTO", DECODER_THREADS
    frame = first_frame(container, picture) if picture else None
    sound = next((each for each in sounds if tracks[each.index].packets and first_frame(container, each)), None)
    chosen = [tracks[each.index] for each in (picture, sound) if each is not None and tracks[each.index].first is not None]
    if (picture is None or frame is None) and sound is None:
        raise MediaFailed(unreadable_words(container, tracks), "undecodable")
    if picture and frame is None:
        raise MediaFailed(f"The picture ({codec_of(picture)}) cannot be decoded: the file is damaged or incomplete.", "undecodable")
    origin = min((track.first or 0.0 for track in chosen), default=0.0)
    duration = max((track.end for track in chosen), default=0.0) - origin
    plan = Plan(picture, sound, tracks, frame, origin, duration)
    if sound is None and container.streams.audio:
        plan.notes.append("Its sound is in a format that cannot be read, so it plays without sound.")
    return plan


def refuse_unreadable(container: InputContainer, picture: VideoStream | None, has_sound: bool) -> None:
    moving = [stream for stream in container.streams.video if not probe.is_still(stream)]
    if moving and picture is None:
        raise MediaFailed(
            "Its picture is in a format that cannot be read. Please convert it to MP4 (H.264) and try again.", "undecodable"
        )
    if not moving and not has_sound:
        raise MediaFailed(unreadable_words(container, {}), "undecodable")


def unreadable_words(container: InputContainer, tracks: dict[int, Track]) -> str:
    if not container.streams.video and not container.streams.audio:
        return "It has neither a picture nor a sound that can be played."
    if not any(track.packets for track in tracks.values()) and tracks:
        return "It has a header but no picture or sound after it. Try to export or copy it again."
    if container.streams.audio and not container.streams.video:
        return "Its sound is in a format that cannot be read, or damaged. Please convert it to MP3 or M4A (AAC)."
    return BROKEN


def codec_of(stream: Stream) -> str:
    return stream.codec_context.name


def first_frame(container: InputContainer, stream: Stream) -> VideoFrame | None:
    """The first frame that can be decoded (for sound: any sign of life); leaves the container at its start."""
    try:
        for number, packet in enumerate(container.demux(stream)):
            frames = _decoded(packet)
            if frames:
                return frames[0]
            if number > TRIED_PACKETS:
                return None
        return None
    except av.error.FFmpegError:
        return None
    finally:
        stream.codec_context.flush_buffers()
        rewind(container)


def _decoded(packet: Packet[Stream]) -> list[VideoFrame]:
    try:
        return packet.decode()  # type: ignore[return-value]  # callers know which kind of stream they asked
    except av.error.FFmpegError:
        return []


def open_sinks(plan: Plan, request: Build) -> None:
    if plan.picture and plan.frame:
        open_picture(plan, request, plan.picture, plan.frame)
    if plan.sound:
        open_sound(plan, request.into / "audio.mp4", plan.sound)


def open_picture(plan: Plan, request: Build, stream: VideoStream, frame: VideoFrame) -> None:
    track = plan.tracks[stream.index]
    width, height = displayed_size(frame, stream.sample_aspect_ratio, frame.rotation)
    if request.options.stage == "playable" and remux.may_copy_picture(stream, track, frame):
        path = request.into / "source.mp4"
        plan.sinks[stream.index] = CopySink(path, stream, origin=plan.origin, video=True)
        plan.made.append(Made("source", path, "video", width, height, track.frame_rate, copied=True))
        return
    rungs = rungs_for(width, height, sides=request.options.rungs)
    if request.options.stage == "playable":
        rungs = rungs[:1]
    rate = nominal_rate(stream, track)
    encoders = [rung_encoder(request, rung, rate=rate, rotation=frame.rotation, count=len(rungs)) for rung in rungs]
    plan.sinks[stream.index] = PictureSink(stream, encoders, origin=plan.origin, rate=rate)
    for each in encoders:
        plan.made.append(Made(each.rung.name, each.path, "video", each.rung.width, each.rung.height, float(rate)))


def rung_encoder(request: Build, rung: Rung, *, rate: Fraction, rotation: int, count: int) -> RungEncoder:
    threads = request.options.threads or (1 if count > 1 else ENCODER_THREADS)
    path = request.into / f"{rung.name}.mp4"
    return RungEncoder(path, rung, rate=rate, rotation=rotation, options=request.options, threads=threads)


def nominal_rate(stream: VideoStream, track: Track) -> Fraction:
    """Frames in a second as measured, spelt as the header spells it where the two agree."""
    claimed = stream.average_rate
    measured = track.frame_rate
    if claimed and 0 < claimed <= 60 and (measured is None or abs(float(claimed) - measured) < 0.02 * measured + 0.05):
        return claimed
    return Fraction(min(60.0, max(0.1, measured or 25.0))).limit_denominator(1001)


def open_sound(plan: Plan, path: Path, stream: AudioStream) -> None:
    copied = remux.may_copy_sound(stream, plan.tracks[stream.index])
    if copied:
        plan.sinks[stream.index] = CopySink(path, stream, origin=plan.origin, video=False)
        plan.made.append(Made("audio", path, "audio", sample_rate=stream.sample_rate, channels=stream.channels, copied=True))
        return
    sink = SoundSink(path, stream, origin=plan.origin)
    plan.sinks[stream.index] = sink
    channels = 1 if sink.layout == "mono" else 2
    plan.made.append(Made("audio", path, "audio", sample_rate=sink.rate, channels=channels))


def run(container: InputContainer, plan: Plan, texts: captions_inside.Collector, say: Say) -> None:
    step = "copying" if all(made.copied for made in plan.made) else "encoding"
    streams = [container.streams[index] for index in [*plan.sinks, *texts.indexes]]
    side = min(plan.frame.width, plan.frame.height) if plan.frame else None
    say(0.05, step, duration=plan.duration, short_side=side)
    try:
        for number, packet in enumerate(packets_of(container, streams)):
            if packet.stream_index in plan.sinks:
                plan.sinks[packet.stream_index].feed(packet)
            else:
                texts.feed(packet)
            if number % 32 == 0 and packet.pts is not None and plan.duration:
                passed = float(packet.pts * packet.time_base) - plan.origin
                say(0.05 + 0.9 * min(1.0, max(0.0, passed / plan.duration)), step)
        for sink in plan.sinks.values():
            sink.finish()
    except BaseException:
        for sink in plan.sinks.values():
            sink.abandon()
        raise


def packets_of(container: InputContainer, streams: list[Stream]):  # type: ignore[no-untyped-def]  # see below
    """A file that breaks off in the middle plays up to there."""
    try:
        yield from container.demux(streams)
    except (av.error.InvalidDataError, av.error.EOFError, av.error.OSError):
        return


def publish(request: Build, plan: Plan, cover: bytes | None, say: Say) -> Built:
    say(0.95, "writing")
    drop_empty(plan)
    renditions, indexes = describe(plan.made)
    hls, dash = write_manifests(renditions, indexes, request.into)
    duration = max(indexes[each.name].start_seconds + each.duration for each in renditions)
    shown = next((made for made in plan.made if made.type == "video"), None)
    if shown:
        pictures = poster.from_video(shown.path, request.into, duration=duration)
    else:
        pictures = poster.from_cover(cover, request.into) if cover else (None, None)
    copied = next((each for each in renditions if each.copied and each.type == "video"), None)
    wanted = request.options.stage == "playable" and shown is not None
    if copied and shown and plan.picture:
        track = plan.tracks[plan.picture.index]
        wanted = remux.would_rather_have_ladder(
            track, width=shown.width or 0, height=shown.height or 0, average_rate=copied.average_bandwidth
        )
    elif shown:
        wanted = wanted and len(rungs_for(shown.width or 2, shown.height or 2, sides=request.options.rungs)) > 1
    return Built(
        duration=round(duration, 3), renditions=tuple(renditions), hls=hls, dash=dash, poster=pictures[0], card=pictures[1],
        ladder_wanted=wanted, metadata={"notes": plan.notes} if plan.notes else {},
    )  # fmt: skip


def drop_empty(plan: Plan) -> None:
    """Sound that turned out to hold nothing is left out; a picture that holds nothing is a failure."""
    for index, sink in plan.sinks.items():
        frames = getattr(sink, "frames", None)
        if frames == 0 and plan.picture and index == plan.picture.index:
            raise MediaFailed("Not one picture of this file could be decoded. Try to export it again.", "undecodable")
        if frames == 0:
            plan.made = [made for made in plan.made if made.type != "audio"]
            plan.notes.append("Its sound could not be decoded, so it plays without sound.")
    if not plan.made:
        raise MediaFailed("Its sound could not be decoded. Try to export or convert it again.", "undecodable")
