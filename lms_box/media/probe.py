"""What the streams of an opened recording are."""

import math
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

from av.audio.stream import AudioStream as AvAudio
from av.container import InputContainer
from av.stream import Disposition, Stream
from av.subtitles.stream import SubtitleStream as AvText
from av.video.frame import VideoFrame
from av.video.stream import VideoStream as AvVideo

from lms_box.media.decoding import frames_of, packets_of
from lms_box.media.languages import find_language
from lms_box.media.messages import AudioStream, Inspection, TextStream, VideoStream
from lms_box.media.sniff import Look

MPEG_H = ("-\0\0\0", ".\0\0\0")
"""Its types of stream in a transport stream, 0x2D and 0x2E (ISO/IEC 13818-1)."""
HDR_TRANSFERS = {16, 18}  # SMPTE ST 2084 (PQ) and ARIB STD-B67 (HLG), as numbered in ITU-T H.273
TEXT_CODECS = {"subrip", "srt", "mov_text", "ass", "ssa", "webvtt", "text"}
LONGEST_CLAIM = 7 * 24 * 3600.0
FEWEST_BITS_PER_SECOND = 200
GLANCED_PACKETS = 400
STILL_REORDERED = 16


def inspect_container(container: InputContainer, look: Look) -> Inspection:
    video = main_video(container)
    sounds = sound_streams(container)
    kind = "video" if video else "audio" if sounds else look.kind
    media_type = look.media_type
    if kind == "audio" and media_type.startswith("video/"):
        media_type = "audio/mp4" if look.container == "mov" else media_type.replace("video/", "audio/")
    return Inspection(
        kind=kind,
        media_type=media_type,
        extension=look.extension,
        duration=claimed_duration(container),
        video=describe_video(video, glance(container, video)) if video else None,
        audio=tuple(describe_audio(stream) for stream in sounds),
        texts=tuple(describe_text(stream) for stream in text_streams(container)),
        chapters=len(container.chapters()),
        note=None if video or sounds else "It has neither a picture nor a sound that can be played.",
    )


def claimed_duration(container: InputContainer) -> float | None:
    """What the header says, unless the file is far too small for it; a build measures it."""
    if not container.duration or container.duration < 0:
        return None
    seconds = container.duration / 1_000_000
    believable = 0 < seconds <= LONGEST_CLAIM and container.size * 8 >= seconds * FEWEST_BITS_PER_SECOND
    return round(seconds, 3) if believable else None


def main_video(container: InputContainer) -> AvVideo | None:
    """The picture to play: not a cover, the default one, the largest."""
    moving = [stream for stream in container.streams.video if not is_still(stream) and _size_known(stream)]
    return max(moving, key=lambda s: (bool(s.disposition & Disposition.default), s.width * s.height), default=None)


def _size_known(stream: AvVideo) -> bool:
    return getattr(stream, "codec_context", None) is not None and stream.width > 0 and stream.height > 0


def is_still(stream: Stream) -> bool:
    return bool(stream.disposition & (Disposition.attached_pic | Disposition.timed_thumbnails))


def cover_stream(container: InputContainer) -> AvVideo | None:
    return next((stream for stream in container.streams.video if stream.disposition & Disposition.attached_pic), None)


def sound_streams(container: InputContainer) -> list[AvAudio]:
    """Best first: the default one, then as they come; those that nobody can decode are left out."""
    known = [stream for stream in container.streams.audio if _decodable(stream)]
    return sorted(known, key=lambda stream: not stream.disposition & Disposition.default)


def _decodable(stream: AvAudio) -> bool:
    known = getattr(stream, "codec_context", None) is not None and not _is_mpeg_h(stream)
    return known and stream.sample_rate > 0 and stream.channels > 0


def _is_mpeg_h(stream: AvAudio) -> bool:
    """FFmpeg has no decoder for it, and takes it for whatever its bytes resemble."""
    if stream.container.format.name != "mpegts":
        return False
    try:
        return stream.codec_context.codec_tag in MPEG_H
    except UnicodeDecodeError:
        return False


def text_streams(container: InputContainer) -> list[AvText]:
    known = [stream for stream in container.streams.subtitles if getattr(stream, "codec_context", None) is not None]
    return [stream for stream in known if stream.codec_context.name in TEXT_CODECS]


@dataclass
class Glance:
    """What the first seconds of a picture show; `times` are those of its packets, in order."""

    frame: VideoFrame | None = None
    times: list[float] = field(default_factory=list)

    @property
    def variable_rate(self) -> bool:
        """The steps differ by more than containers round them."""
        steps = sorted(later - earlier for earlier, later in pairwise(self.times))
        if len(steps) < 3:
            return False
        usual = steps[len(steps) // 2]
        return steps[-1 - len(steps) // 50] - steps[len(steps) // 50] > max(0.25 * usual, 0.003)


def glance(container: InputContainer, stream: AvVideo) -> Glance:
    seen, times = Glance(), []
    for number, packet in enumerate(packets_of(container, [stream])):
        if packet.pts is not None and packet.size:
            times.append(float(packet.pts * packet.time_base))
        if seen.frame is None:
            seen.frame = next((frame for frame in frames_of(packet) if isinstance(frame, VideoFrame)), None)
        if number >= GLANCED_PACKETS:
            break
    # The last few may still be followed by earlier ones.
    seen.times = sorted(times)[:-STILL_REORDERED] if len(times) > GLANCED_PACKETS else sorted(times)
    return seen


def describe_video(stream: AvVideo, seen: Glance) -> VideoStream:
    context = stream.codec_context
    return VideoStream(
        index=stream.index,
        codec=context.codec.canonical_name,
        profile=stream.profile,
        width=stream.width,
        height=stream.height,
        rotation=seen.frame.rotation % 360 if seen.frame else 0,
        frame_rate=frame_rate(stream, seen),
        variable_rate=seen.variable_rate,
        pixel_format=context.pix_fmt,
        bit_depth=bit_depth(stream),
        hdr=context.color_trc in HDR_TRANSFERS,
        interlaced=context.field_order > 1,
    )


def frame_rate(stream: AvVideo, seen: Glance) -> float | None:
    """What the header says, unless the first seconds are far from it."""
    rate = float(stream.average_rate or stream.guessed_rate or 0)
    claimed = rate if math.isfinite(rate) and 0 < rate <= 1000 else None
    span = seen.times[-1] - seen.times[0] if len(seen.times) > 2 else 0.0
    if span <= 0:
        return claimed
    measured = (len(seen.times) - 1) / span
    return claimed if claimed and (seen.variable_rate or abs(claimed - measured) < 0.1 * measured) else round(measured, 3)


def bit_depth(stream: AvVideo) -> int:
    layout = stream.codec_context.format
    return max((component.bits for component in layout.components), default=8) if layout else 8


def describe_audio(stream: AvAudio) -> AudioStream:
    return AudioStream(
        index=stream.index,
        codec=stream.codec_context.codec.canonical_name,
        profile=stream.profile,
        sample_rate=stream.sample_rate,
        channels=stream.channels,
        language=find_language(stream.language),
        title=stream.metadata.get("title"),
    )


def describe_text(stream: AvText) -> TextStream:
    return TextStream(
        index=stream.index,
        codec=stream.codec_context.name,
        language=find_language(stream.language),
        title=stream.metadata.get("title"),
    )


def displayed_size(frame: VideoFrame, aspect: Fraction | None, rotation: int) -> tuple[int, int]:
    """Width and height as people see them, with square pixels."""
    width, height = frame.width, frame.height
    if aspect and aspect > 0 and Fraction(1, 10) < aspect < 10:
        width = round(width * aspect)
    return (height, width) if rotation % 180 else (width, height)
