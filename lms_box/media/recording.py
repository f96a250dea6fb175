"""Builds all that browsers play of one video or sound file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
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
from lms_box.media.building import Say
from lms_box.media.choosing import Choice, choose
from lms_box.media.failures import MediaFailed
from lms_box.media.fragments import CopyRefused, CopySink
from lms_box.media.ladder import Rung, rungs_for
from lms_box.media.messages import Build, Built
from lms_box.media.opening import open_recording
from lms_box.media.pictures import Shaper, displayed_size
from lms_box.media.probe import HDR_TRANSFERS
from lms_box.media.publish import Made, describe, write_manifests
from lms_box.media.sniff import Look, look
from lms_box.media.sound import SoundSink
from lms_box.media.survey import Track
from lms_box.media.transcode import PictureSink, RungEncoder

DECODER_THREADS = 2
ENCODER_THREADS = 2
LOST_SOUND = "Its sound could not be decoded, so it plays without sound."


class Sink(Protocol):
    def feed(self, packet: Packet[Stream]) -> None: ...
    def finish(self) -> None: ...
    def abandon(self) -> None: ...


@dataclass
class Work:
    """What is being made: `made` are the files that will be there, `sinks` write them."""

    request: Build
    choice: Choice
    copying: bool
    made: list[Made] = field(default_factory=list)
    sinks: dict[int, Sink] = field(default_factory=dict)


def build_recording(request: Build, say: Say) -> Built:
    seen = look(request.source, request.name)
    choice = choose(request.source, seen, say)
    try:
        return produce(Work(request, choice, copying=True), seen, say)
    except CopyRefused:
        return produce(Work(request, choice, copying=False), seen, say)


def produce(work: Work, seen: Look, say: Say) -> Built:
    request, choice = work.request, work.choice
    with open_recording(request.source, seen) as container:
        texts = captions_inside.Collector(probe.text_streams(container), origin=choice.origin)
        open_sinks(work, container)
        run(container, work, texts, say)
        told = chapters.write_chapters(container, request.into, origin=choice.origin, duration=choice.duration)
        title = container.metadata.get("title")
    say(0.95, "writing")
    cover = None
    if choice.picture is None:
        with open_recording(request.source, seen) as container:
            cover = poster.cover_art(container)
    built = publish(work, cover)
    captions = tuple(texts.write(request.into))
    metadata = ({"title": title} if title else {}) | ({"notes": choice.notes} if choice.notes else {})
    return replace(built, chapters=told, captions=captions, metadata=metadata)


def open_sinks(work: Work, container: InputContainer) -> None:
    choice = work.choice
    if choice.picture is not None and choice.frame is not None:
        stream = container.streams[choice.picture]
        assert isinstance(stream, VideoStream)
        open_picture(work, stream, choice.frame, choice.tracks[choice.picture])
    if choice.sound is not None:
        stream = container.streams[choice.sound]
        assert isinstance(stream, AudioStream)
        open_sound(work, stream, choice.tracks[choice.sound])


def open_picture(work: Work, stream: VideoStream, frame: VideoFrame, track: Track) -> None:
    request, origin = work.request, work.choice.origin
    width, height = displayed_size(frame, stream.sample_aspect_ratio, frame.rotation)
    playable = request.options.stage == "playable"
    if playable and work.copying and remux.may_copy_picture(stream, track, frame, origin=origin):
        path = request.into / "source.mp4"
        work.sinks[stream.index] = CopySink(path, stream, origin=origin, video=True)
        work.made.append(Made("source", path, "video", width, height, float(nominal_rate(stream, track)), copied=True))
        return
    rungs = rungs_for(width, height, sides=request.options.rungs)
    if playable:
        rungs = rungs[:1]
    rate = nominal_rate(stream, track)
    stream.thread_type, stream.codec_context.thread_count = "AUTO", DECODER_THREADS
    front = front_shaper(frame, rungs[0])
    rotation = 0 if front else frame.rotation
    encoders = [rung_encoder(request, rung, rate=rate, rotation=rotation, count=len(rungs)) for rung in rungs]
    work.sinks[stream.index] = PictureSink(stream, encoders, origin=origin, rate=rate, front=front)
    for each in encoders:
        work.made.append(Made(each.rung.name, each.path, "video", each.rung.width, each.rung.height, float(rate)))


def front_shaper(frame: VideoFrame, best: Rung) -> Shaper | None:
    """Bringing HDR down to ordinary light is dear, so it is done once, in the size of the best rung."""
    return Shaper(best.width, best.height, rotation=frame.rotation) if frame.color_trc in HDR_TRANSFERS else None


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


def open_sound(work: Work, stream: AudioStream, track: Track) -> None:
    path, origin = work.request.into / "audio.mp4", work.choice.origin
    if work.copying and remux.may_copy_sound(stream, track, origin=origin):
        work.sinks[stream.index] = CopySink(path, stream, origin=origin, video=False)
        rate, channels = stream.sample_rate, stream.channels
        work.made.append(Made("audio", path, "audio", sample_rate=rate, channels=channels, copied=True))
        return
    sink = SoundSink(path, stream, origin=origin)
    work.sinks[stream.index] = sink
    work.made.append(Made("audio", path, "audio", sample_rate=sink.rate, channels=1 if sink.layout == "mono" else 2))


def run(container: InputContainer, work: Work, texts: captions_inside.Collector, say: Say) -> None:
    choice = work.choice
    step = "copying" if all(made.copied for made in work.made) else "encoding"
    streams = [container.streams[index] for index in [*work.sinks, *texts.indexes]]
    side = min(choice.frame.width, choice.frame.height) if choice.frame else None
    say(0.05, step, duration=choice.duration, short_side=side)
    try:
        for number, packet in enumerate(packets_of(container, streams)):
            sink = work.sinks.get(packet.stream_index, texts)
            sink.feed(packet)
            if number % 32 == 0 and packet.pts is not None and choice.duration > 0:
                passed = float(packet.pts * packet.time_base) - choice.origin
                say(0.05 + 0.9 * min(1.0, max(0.0, passed / choice.duration)), step)
        for sink in work.sinks.values():
            sink.finish()
    except BaseException:
        for sink in work.sinks.values():
            sink.abandon()
        raise


def packets_of(container: InputContainer, streams: list[Stream]) -> Iterator[Packet[Stream]]:
    """A file that breaks off in the middle plays up to there."""
    try:
        yield from container.demux(*streams)
    except av.error.FFmpegError:
        return


def publish(work: Work, cover: bytes | None) -> Built:
    drop_empty(work)
    into = work.request.into
    renditions, indexes = describe(work.made)
    hls, dash = write_manifests(renditions, indexes, into)
    duration = max(indexes[each.name].start_seconds + each.duration for each in renditions)
    shown = next((made for made in work.made if made.type == "video"), None)
    if shown:
        pictures = poster.from_video(shown.path, into, duration=duration)
    else:
        pictures = cover_pictures(cover, into)
    return Built(
        duration=round(duration, 3),
        renditions=tuple(renditions),
        hls=hls,
        dash=dash,
        poster=pictures[0],
        card=pictures[1],
        ladder_wanted=shown is not None and ladder_wanted(work, shown, renditions[0].average_bandwidth),
    )


def cover_pictures(cover: bytes | None, into: Path) -> tuple[str | None, str | None]:
    """Pillow is loaded for those recordings alone that have a cover."""
    if not cover:
        return None, None
    from lms_box.media.image import from_cover

    return from_cover(cover, into)


def ladder_wanted(work: Work, shown: Made, average_rate: int) -> bool:
    options, choice = work.request.options, work.choice
    assert shown.width
    assert shown.height
    if options.stage == "ladder" or choice.picture is None:
        return False
    if not shown.copied:
        return len(rungs_for(shown.width, shown.height, sides=options.rungs)) > 1
    track = choice.tracks[choice.picture]
    return remux.would_rather_have_ladder(track, width=shown.width, height=shown.height, average_rate=average_rate)


def drop_empty(work: Work) -> None:
    """Sound that turned out to hold nothing is left out; a picture that holds nothing is a failure."""
    for index, sink in work.sinks.items():
        if getattr(sink, "frames", None) != 0:
            continue
        if index == work.choice.picture:
            raise MediaFailed("Not one picture of this file could be decoded. Try to export it again.", "undecodable")
        work.made = [made for made in work.made if made.type != "audio"]
        work.request.into.joinpath("audio.mp4").unlink(missing_ok=True)
        work.choice.notes.append(LOST_SOUND)
    if not work.made:
        raise MediaFailed("Its sound could not be decoded. Try to export or convert it again.", "undecodable")
