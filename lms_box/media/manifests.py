"""Writes HLS and DASH manifests over the same single files, exact to the byte and the tick."""

import math
from collections.abc import Iterable, Sequence
from html import escape

from lms_box.media.boxes import MediaIndex
from lms_box.media.messages import Rendition

AUDIO_GROUP = "audio"


def peak_rate(index: MediaIndex, *, target: int) -> int:
    """Bits per second of the densest run of segments that lasts half to one and a half target durations (RFC 8216, 4.1)."""
    rates = [8 * size / seconds for size, seconds in _runs(index, target * 0.5, target * 1.5)]
    return math.ceil(max(rates, default=average_rate(index)))


def _runs(index: MediaIndex, shortest: float, longest: float) -> Iterable[tuple[int, float]]:
    for first in range(len(index.segments)):
        size, seconds = 0, 0.0
        for segment in index.segments[first:]:
            size, seconds = size + segment.size, seconds + index.seconds(segment)
            if seconds > longest:
                break
            if seconds >= shortest:
                yield size, seconds


def average_rate(index: MediaIndex) -> int:
    return math.ceil(8 * sum(segment.size for segment in index.segments) / max(index.duration, 0.001))


def target_duration(indexes: Iterable[MediaIndex]) -> int:
    """One for all renditions (RFC 8216, 6.2.4), rounded up: no EXTINF may be above it."""
    longest = max(index.seconds(segment) for index in indexes for segment in index.segments)
    return max(1, math.ceil(longest))


def hls_media(index: MediaIndex, *, file: str, target: int) -> str:
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{target}",
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        f'#EXT-X-MAP:URI="{file}",BYTERANGE="{index.header_size}@0"',
    ]
    for segment in index.segments:
        lines += [f"#EXTINF:{index.seconds(segment):.6f},", f"#EXT-X-BYTERANGE:{segment.size}@{segment.offset}", file]
    return "\n".join([*lines, "#EXT-X-ENDLIST", ""])


def hls_master(renditions: Sequence[Rendition], *, playlists: dict[str, str]) -> str:
    """`playlists` names the media playlist of each rendition."""
    videos = [each for each in renditions if each.type == "video"]
    audios = [each for each in renditions if each.type == "audio"]
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    if videos:
        lines += [_audio_choice(audio, playlists[audio.name], default=audio is audios[0]) for audio in audios]
    for rendition in videos or audios:
        lines += [_variant(rendition, audios if videos else []), playlists[rendition.name]]
    return "\n".join([*lines, ""])


def _audio_choice(audio: Rendition, playlist: str, *, default: bool) -> str:
    flags = f"DEFAULT={'YES' if default else 'NO'},AUTOSELECT=YES"
    channels = f',CHANNELS="{audio.channels}"' if audio.channels else ""
    named = f'NAME="{unquoted(audio.label or audio.name)}"' + (f',LANGUAGE="{audio.language}"' if audio.language else "")
    return f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="{AUDIO_GROUP}",{named},{flags}{channels},URI="{playlist}"'


def unquoted(label: str) -> str:
    """A quoted string of HLS knows no escapes (RFC 8216, 4.2)."""
    return " ".join(label.replace('"', "'").split())


def _variant(rendition: Rendition, audios: Sequence[Rendition]) -> str:
    codecs = ",".join([rendition.codecs, *sorted({audio.codecs for audio in audios})])
    parts = [
        f"BANDWIDTH={rendition.bandwidth + max((audio.bandwidth for audio in audios), default=0)}",
        f"AVERAGE-BANDWIDTH={rendition.average_bandwidth + max((a.average_bandwidth for a in audios), default=0)}",
        f'CODECS="{codecs}"',
    ]
    if rendition.width and rendition.height:
        parts.append(f"RESOLUTION={rendition.width}x{rendition.height}")
    if rendition.frame_rate:
        parts.append(f"FRAME-RATE={rendition.frame_rate:.3f}")
    if audios:
        parts.append(f'AUDIO="{AUDIO_GROUP}"')
    if rendition.type == "video":
        parts.append("CLOSED-CAPTIONS=NONE")  # else Safari offers some that are not there
    return "#EXT-X-STREAM-INF:" + ",".join(parts)


def dash(renditions: Sequence[Rendition], *, indexes: dict[str, MediaIndex]) -> str:
    duration = max(indexes[each.name].start_seconds + each.duration for each in renditions)
    videos = [each for each in renditions if each.type == "video"]
    sets = [_adaptation_set("video", videos, indexes)] if videos else []
    sets += [_adaptation_set("audio", [each], indexes) for each in renditions if each.type == "audio"]
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011"'
        f' type="static" minBufferTime="PT4S" mediaPresentationDuration="PT{duration:.6f}S">\n'
        ' <Period id="0" start="PT0S">\n' + "".join(sets) + " </Period>\n</MPD>\n"
    )


def _adaptation_set(kind: str, renditions: Sequence[Rendition], indexes: dict[str, MediaIndex]) -> str:
    shown = "".join(_representation(each, indexes[each.name]) for each in renditions)
    aligned = "true" if len(renditions) > 1 else "false"
    language = f' lang="{renditions[0].language}"' if renditions[0].language else ""
    label = f"   <Label>{escape(renditions[0].label)}</Label>\n" if renditions[0].label else ""
    return (
        f'  <AdaptationSet contentType="{kind}"{language} mimeType="{kind}/mp4" subsegmentAlignment="{aligned}"'
        f' subsegmentStartsWithSAP="1">\n{label}{shown}  </AdaptationSet>\n'
    )


def _representation(rendition: Rendition, index: MediaIndex) -> str:
    said: dict[str, object] = {"id": rendition.name, "codecs": rendition.codecs, "bandwidth": rendition.bandwidth}
    if rendition.type == "video":
        said |= {"width": rendition.width, "height": rendition.height}
        if rendition.frame_rate:
            said["frameRate"] = f"{round(rendition.frame_rate * 1000)}/1000"
    elif rendition.sample_rate:
        said["audioSamplingRate"] = rendition.sample_rate
    attributes = " ".join(f'{name}="{escape(str(value))}"' for name, value in said.items())
    return (
        f"   <Representation {attributes}>\n{_channels(rendition)}"
        f"    <BaseURL>{rendition.file}</BaseURL>\n"
        f'    <SegmentBase timescale="{index.timescale}" indexRange="{index.index_first}-{index.index_last}">\n'
        f'     <Initialization range="0-{index.header_size - 1}"/>\n'
        "    </SegmentBase>\n   </Representation>\n"
    )


def _channels(rendition: Rendition) -> str:
    if not rendition.channels:
        return ""
    scheme = "urn:mpeg:dash:23003:3:audio_channel_configuration:2011"
    return f'    <AudioChannelConfiguration schemeIdUri="{scheme}" value="{rendition.channels}"/>\n'
