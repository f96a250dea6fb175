"""Builds all that browsers play of one video or sound file."""

from __future__ import annotations

import shutil
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from lms_box.media import chapters, publish, remux
from lms_box.media.boxes import read_index
from lms_box.media.building import Say
from lms_box.media.choosing import Choice, Sound, choose
from lms_box.media.decoding import packets_of, stream_index
from lms_box.media.encoders import SOFTWARE, EncoderFailed
from lms_box.media.failures import MediaFailed
from lms_box.media.fragments import CopyRefused, CopySink
from lms_box.media.ladder import Rung, rungs_for
from lms_box.media.languages import language_label
from lms_box.media.manifests import average_rate
from lms_box.media.messages import Build, Built
from lms_box.media.opening import open_recording
from lms_box.media.probe import displayed_size
from lms_box.media.publish import Made
from lms_box.media.sniff import Look, look
from lms_box.media.survey import nominal_rate

LOST_SOUND = "Its sound could not be decoded, so it plays without sound."
OTHER_ENCODER = "The encoder {encoder} failed, so libx264 was used. Check [media] encoder in lms.toml."


class Sink(Protocol):
    path: Path

    def feed(self, packet: Packet[Stream]) -> None: ...
    def finish(self) -> None: ...
    def abandon(self) -> None: ...


@dataclass
class Work:
    """What is being made: `made` are the files that will be there, `sinks` write those that the study did not.

    `studied` is the recording as the study left it, at its end; `shown` the size of the picture as people see it.
    """

    request: Build
    choice: Choice
    seen: Look
    studied: InputContainer
    copying: bool = True
    as_rung: bool = True
    shown: tuple[int, int] | None = None
    made: list[Made] = field(default_factory=list)
    sinks: dict[int, Sink] = field(default_factory=dict)


def build_recording(request: Build, say: Say) -> Built:
    seen = look(request.source, request.name)
    with open_recording(request.source, seen) as container:
        choice = choose(request, seen, container, say)
        say(0.05, "reading", duration=choice.duration, short_side=short_side(choice))
        return produce_somehow(Work(request, choice, seen, container), say)


def produce_somehow(work: Work, say: Say) -> Built:
    """What turns out not to go the short way goes the long one."""
    try:
        return produce(work, say)
    except CopyRefused:
        return produce_somehow(anew(work, copying=False), say)
    except publish.NotAligned:
        return produce_somehow(anew(work, as_rung=False), say)
    except EncoderFailed:
        options = work.request.options
        work.choice.notes.append(OTHER_ENCODER.format(encoder=options.encoder))
        request = replace(work.request, options=replace(options, encoder=SOFTWARE))
        return produce_somehow(anew(work, request=request), say)


def anew(work: Work, *, request: Build | None = None, copying: bool | None = None, as_rung: bool | None = None) -> Work:
    """The same work with nothing made yet."""
    for path in work.request.into.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    work.choice.study.copies = None
    return Work(
        request or work.request,
        work.choice,
        work.seen,
        work.studied,
        copying=work.copying if copying is None else copying,
        as_rung=work.as_rung if as_rung is None else as_rung,
    )


def short_side(choice: Choice) -> int | None:
    return min(choice.frame.width, choice.frame.height) if choice.frame else None


def produce(work: Work, say: Say) -> Built:
    request, choice = work.request, work.choice
    drop_spare_copies(work)
    with from_start(work) as container:
        open_sinks(work, container)
        run(container, work, say)
    say(0.95, "writing")
    drop_empty(work)
    told = choice.study
    built = publish.publish(work.made, request, work.seen)
    metadata = ({"title": told.title} if told.title else {}) | ({"notes": choice.notes} if choice.notes else {})
    return replace(
        built,
        chapters=chapters.write_chapters(told.chapters, request.into, origin=choice.origin, duration=choice.duration),
        captions=tuple(told.texts.write(request.into, origin=choice.origin)),
        metadata=metadata,
        ladder=request.options.rungs if work.shown else (),
        short_side=min(work.shown) if work.shown else None,
        ladder_wanted=ladder_wanted(work, built),
    )


def drop_spare_copies(work: Work) -> None:
    copies = work.choice.study.copies
    for index in set(copies.paths) - work.choice.ready if copies else ():
        assert copies
        copies.drop(index)


def from_start(work: Work) -> AbstractContextManager[InputContainer]:
    """The recording with decoders that have seen nothing yet; as it is, when the study copied all that is played."""
    if work.request.options.stage == "playable" and work.copying and work.choice.played <= work.choice.ready:
        return nullcontext(work.studied)
    work.studied.close()
    return open_recording(work.request.source, work.seen)


def open_sinks(work: Work, container: InputContainer) -> None:
    choice = work.choice
    if choice.picture is not None:
        stream = container.streams[choice.picture]
        assert isinstance(stream, VideoStream)
        open_picture(work, stream)
    for number, sound in enumerate(choice.sounds):
        stream = container.streams[sound.index]
        assert isinstance(stream, AudioStream)
        open_sound(work, stream, sound, "audio" if number == 0 else f"audio-{number + 1}")


def open_picture(work: Work, stream: VideoStream) -> None:
    request, choice = work.request, work.choice
    frame, track = choice.frame, choice.study.tracks[stream.index]
    assert frame is not None
    size = displayed_size(frame, stream.sample_aspect_ratio, frame.rotation)
    work.shown = size
    rate = nominal_rate(stream, track)
    rungs = rungs_for(*size, sides=request.options.rungs)
    source = Made("source", request.into / "source.mp4", "video", *size, float(rate), copied=True)
    playable, marks = request.options.stage == "playable", None
    if playable and work.copying and stream.index in choice.playable:
        copy(work, stream, source.path)
        work.made.append(source)
        rungs = ()
    elif playable:
        rungs = rungs[:1]
    elif (marks := starts_as_rung(work, stream, rungs[0], source.path)) is not None:
        work.made.append(source)
        rungs = rungs[1:]
    if rungs:
        from lms_box.media.rungs import picture_sink  # a film that is only copied should not wait for the encoders

        sink, made = picture_sink(request, stream, frame, rungs, origin=choice.origin, rate=rate, marks=marks)
        work.sinks[stream.index] = sink
        work.made += made


def starts_as_rung(work: Work, stream: VideoStream, rung: Rung, path: Path) -> list[float] | None:
    """Where the segments of the copied picture begin, when it may take the place of the best rung."""
    if not (work.as_rung and work.copying and stream.index in work.choice.ready):
        path.unlink(missing_ok=True)
        return None
    index = read_index(path)
    track, side = work.choice.study.tracks[stream.index], min(stream.width, stream.height)
    if not remux.may_be_rung(track, side=side, rung=rung, average_rate=average_rate(index)):
        path.unlink()
        return None
    return index.starts()


def copy(work: Work, stream: Stream, path: Path) -> None:
    """Uses the copy that the study made, else makes it."""
    copies = work.choice.study.copies
    if copies and stream.index in work.choice.ready:
        copies.paths[stream.index] = copies.paths[stream.index].rename(path)
    else:
        work.sinks[stream.index] = CopySink(path, stream, origin=work.choice.origin)


def open_sound(work: Work, stream: AudioStream, sound: Sound, name: str) -> None:
    path = work.request.into / f"{name}.mp4"
    label = sound.title or (language_label(sound.language) if sound.language else None)
    if label and label in [made.label for made in work.made]:  # players tell renditions by their labels
        label = f"{label} ({name.rpartition('-')[2]})"
    made = Made(name, path, "audio", language=sound.language, label=label)
    if work.copying and stream.index in work.choice.playable:
        made.sample_rate, made.channels, made.copied = stream.sample_rate, stream.channels, True
        copy(work, stream, path)
    else:
        from lms_box.media.sound import SoundSink

        sink = SoundSink(path, stream, origin=work.choice.origin)
        work.sinks[stream.index] = sink
        made.sample_rate, made.channels = sink.rate, 1 if sink.layout == "mono" else 2
    work.made.append(made)


def run(container: InputContainer, work: Work, say: Say) -> None:
    choice = work.choice
    step = "copying" if all(made.copied for made in work.made) else "encoding"
    try:
        streams = [container.streams[index] for index in work.sinks]
        for number, packet in enumerate(packets_of(container, streams) if streams else ()):
            work.sinks[stream_index(packet)].feed(packet)
            if number % 32 == 0 and packet.pts is not None and choice.duration > 0:
                passed = float(packet.pts * packet.time_base) - choice.origin
                say(0.05 + 0.9 * min(1.0, max(0.0, passed / choice.duration)), step)
        for sink in work.sinks.values():
            sink.finish()
    except BaseException:
        for sink in work.sinks.values():
            sink.abandon()
        raise


def ladder_wanted(work: Work, built: Built) -> bool:
    """Whether a later build would have more rungs, better ones, or the storyboard that this one lacks."""
    options, choice = work.request.options, work.choice
    shown = next((each for each in built.renditions if each.type == "video"), None)
    if options.stage == "ladder" or choice.picture is None or shown is None:
        return False
    if built.storyboard is None and (built.duration or 0.0) >= publish.LONG_ENOUGH_FOR_STORYBOARD:
        return True
    assert shown.width
    assert shown.height
    if not shown.copied:
        return len(rungs_for(shown.width, shown.height, sides=options.rungs)) > 1
    track, side = choice.study.tracks[choice.picture], min(shown.width, shown.height)
    return remux.would_rather_have_ladder(track, side=side, average_rate=shown.average_bandwidth)


def drop_empty(work: Work) -> None:
    """Sound that turned out to hold nothing is left out; a picture that holds nothing is a failure."""
    for index, sink in work.sinks.items():
        if getattr(sink, "frames", None) != 0:
            continue
        if index == work.choice.picture:
            raise MediaFailed("Not one picture of this file could be decoded. Try to export it again.", "picture_damaged")
        lost = next(made for made in work.made if made.path == sink.path)
        work.made.remove(lost)
        lost.path.unlink(missing_ok=True)
        work.choice.notes.append(LOST_SOUND)
    if not work.made:
        raise MediaFailed("Its sound could not be decoded. Try to export or convert it again.", "sound_damaged")
