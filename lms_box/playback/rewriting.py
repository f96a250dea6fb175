"""Manifests as they are handed out: with addresses of another site for the bytes, and with captions for native players."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from posixpath import splitext

from lms_box.media.languages import language_label

Address = Callable[[str], str]
"""From the name of a file beside the manifest to where a browser gets it."""

MAP = re.compile(r'(#EXT-X-MAP:.*?URI=")([^"]+)')
BASE_URL = re.compile(r"(?<=<BaseURL>)[^<]+(?=</BaseURL>)")
SPRITE = re.compile(r"^([\w.-]+\.(?:webp|jpg|png))(?=#xywh=)", re.MULTILINE)
GROUP = "captions"


def point_elsewhere(text: str, name: str, address: Address) -> str:
    """Playlists and captions stay where they are: they are text, and small."""
    ending = splitext(name)[1]
    if ending == ".m3u8":
        return "\n".join(_hls_line(line, address) for line in text.split("\n"))
    if ending == ".mpd":
        return BASE_URL.sub(lambda found: escape(address(found[0]), quote=False), text)
    return SPRITE.sub(lambda found: address(found[1]), text) if ending == ".vtt" else text


def _hls_line(line: str, address: Address) -> str:
    if line.startswith("#"):
        return MAP.sub(lambda found: found[1] + address(found[2]), line)
    return address(line) if line and not line.endswith(".m3u8") else line


@dataclass(frozen=True, slots=True)
class Spoken:
    """Captions in a language; `file` is relative to the manifest."""

    language: str
    file: str


def with_captions(master: str, captions: Sequence[Spoken], *, seconds: float) -> str:
    """The master playlist with each caption as a rendition that a viewer may turn on."""
    if not captions:
        return master
    choices = [_choice(caption, name, seconds) for caption, name in zip(captions, _names(captions), strict=True)]
    lines: list[str] = []
    for line in master.split("\n"):
        if line.startswith("#EXT-X-STREAM-INF:"):
            lines += choices
            choices = []
            line = f'{line},SUBTITLES="{GROUP}"'
        lines.append(line)
    return "\n".join(lines)


def _choice(caption: Spoken, name: str, seconds: float) -> str:
    flags = "DEFAULT=NO,AUTOSELECT=YES,FORCED=NO"
    address = f"{caption.file}.m3u8?seconds={seconds:.3f}"
    return f'#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="{GROUP}",NAME="{name}",LANGUAGE="{caption.language}",{flags},URI="{address}"'


def _names(captions: Sequence[Spoken]) -> list[str]:
    """No two of a group may be called the same."""
    labels = [language_label(caption.language).replace('"', "'") for caption in captions]
    return [
        label if labels.count(label) == 1 else f"{label} {labels[: index + 1].count(label)}"
        for index, label in enumerate(labels)
    ]


def caption_playlist(file: str, *, seconds: float) -> str:
    """The whole file as one segment that lasts as long as the film."""
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{max(1, math.ceil(seconds))}",
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        f"#EXTINF:{seconds:.3f},",
        file,
        "#EXT-X-ENDLIST",
        "",
    ]
    return "\n".join(lines)
