"""What the streams of an opened recording are."""

import math

from av.audio.stream import AudioStream as AvAudio
from av.container import InputContainer
from av.stream import Disposition, Stream
from av.subtitles.stream import SubtitleStream as AvText
from av.video.stream import VideoStream as AvVideo

from lms_box.media.languages import find_language
from lms_box.media.messages import AudioStream, Inspection, TextStream, VideoStream
from lms_box.media.sniff import Look

HDR_TRANSFERS = {16, 18}  # SMPTE ST 2084 (PQ) and ARIB STD-B67 (HLG), as numbered in ITU-T H.273
TEXT_CODECS = {"subrip", "srt", "mov_text", "ass", "ssa", "webvtt", "text"}
LONGEST_CLAIM = 7 * 24 * 3600.0
FEWEST_BITS_PER_SECOND = 200


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
        video=describe_video(video) if video else None,
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
    return getattr(stream, "codec_context", None) is not None and stream.sample_rate > 0 and stream.channels > 0


def text_streams(container: InputContainer) -> list[AvText]:
    known = [stream for stream in container.streams.subtitles if getattr(stream, "codec_context", None) is not None]
    return [stream for stream in known if stream.codec_context.name in TEXT_CODECS]


def describe_video(stream: AvVideo) -> VideoStream:
    context = stream.codec_context
    return VideoStream(
        index=stream.index,
        codec=context.name,
        profile=stream.profile,
        width=stream.width,
        height=stream.height,
        frame_rate=frame_rate(stream),
        pixel_format=context.pix_fmt,
        bit_depth=bit_depth(stream),
        hdr=context.color_trc in HDR_TRANSFERS,
        interlaced=context.field_order > 1,
    )


def frame_rate(stream: AvVideo) -> float | None:
    rate = stream.average_rate or stream.guessed_rate
    return float(rate) if rate and math.isfinite(float(rate)) and 0 < rate <= 1000 else None


def bit_depth(stream: AvVideo) -> int:
    layout = stream.codec_context.format
    return max((component.bits for component in layout.components), default=8) if layout else 8


def describe_audio(stream: AvAudio) -> AudioStream:
    return AudioStream(
        index=stream.index,
        codec=stream.codec_context.name,
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
