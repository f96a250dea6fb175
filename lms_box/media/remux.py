"""Decides whether a track can be played as it is, and whether a ladder would serve people better."""

from fractions import Fraction

from av.audio.stream import AudioStream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from lms_box.media.ladder import Rung, peak_rate_for
from lms_box.media.survey import Track

PLAYABLE_PIXELS = {"yuv420p", "yuvj420p"}
PLAYABLE_PROFILES = {"Baseline", "Constrained Baseline", "Main", "High", "Extended"}
LONGEST_SEGMENT = 15.0
LATEST_START = 0.2
WIDEST_SOUND_GAP = 0.1
FASTEST_RATE = 61.0
TALLEST_PLAYABLE = 2304


def looks_playable(stream: VideoStream) -> bool:
    """As far as the header tells: every browser plays this picture out of an MP4 without our touching it."""
    context = stream.codec_context
    return (
        context.name == "h264"
        and context.pix_fmt in PLAYABLE_PIXELS
        and (stream.profile is None or stream.profile in PLAYABLE_PROFILES)
        and _square(stream.sample_aspect_ratio)
        and not stream.width % 2
        and not stream.height % 2
        and min(stream.width, stream.height) <= TALLEST_PLAYABLE
        and stream.container.format.name != "avi"  # AVI knows no timestamps: reordered pictures come out shuffled.
    )


def may_copy_picture(stream: VideoStream, track: Track, frame: VideoFrame, *, origin: float) -> bool:
    """Whether what was read of the picture keeps what its header promised."""
    return (
        looks_playable(stream)
        and frame.format.name in PLAYABLE_PIXELS
        and frame.rotation % 360 == 0
        and not frame.interlaced_frame
        and (track.frame_rate or 0) <= FASTEST_RATE
        and _orderly(track)
        and _starts_at(track, origin)
    )


def _square(aspect: Fraction | None) -> bool:
    """Some encoders write 4695:4696; nobody sees that."""
    return not aspect or abs(aspect - 1) < Fraction(1, 100)


def _starts_at(track: Track, origin: float) -> bool:
    """A track that begins later than the other would leave a hole that players wait in."""
    return track.first is not None and track.first - origin < LATEST_START


def _orderly(track: Track) -> bool:
    steady = not track.untimed and not track.disordered and (not track.hidden or track.slightly_trimmed) and track.packets > 1
    return steady and bool(track.keyframes)


def sounds_playable(stream: AudioStream) -> bool:
    return (
        stream.codec_context.name == "aac"
        and bool(stream.codec_context.extradata)  # ADTS has none; encoding it anew is surer than rebuilding it.
        and (stream.profile or "LC") in ("LC", "HE-AAC", "HE-AACv2")
        and stream.channels in (1, 2)
        and 8000 <= stream.sample_rate <= 48_000
    )


def may_copy_sound(stream: AudioStream, track: Track, *, origin: float) -> bool:
    return (
        sounds_playable(stream)
        and not track.untimed
        and not track.disordered
        and track.widest_gap < WIDEST_SOUND_GAP
        and _starts_at(track, origin)
    )


def may_be_rung(track: Track, *, side: int, rung: Rung, average_rate: int) -> bool:
    """Whether a copied picture can stand in the ladder beside encoded ones, in the place of its best rung."""
    return (
        average_rate <= 1.5 * rung.peak_rate
        and side <= 1.5 * min(rung.width, rung.height)
        and track.longest_segment() <= LONGEST_SEGMENT
        and not track.open_gops
    )


def would_rather_have_ladder(track: Track, *, side: int, average_rate: int) -> bool:
    """A copied picture that is heavy, large or hard to seek in plays, but should be replaced in time."""
    heavy = average_rate > 1.5 * peak_rate_for(side) or side > 1080
    return heavy or side > 480 or track.longest_segment() > LONGEST_SEGMENT or bool(track.open_gops)
