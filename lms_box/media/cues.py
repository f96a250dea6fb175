"""Cues and their WebVTT form, shared by captions and chapters."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

TAG = re.compile(r"</?(?:[ibuc]|v|lang|ruby|rt)(?:\.[\w.-]*)?(?:\s[^<>]*)?>|<\d+:\d\d(?::\d\d)?\.\d{3}>", re.IGNORECASE)
ENTITY = re.compile(r"&(?:amp|lt|gt|nbsp|lrm|rlm|#\d{1,7}|#x[0-9a-f]{1,6});", re.IGNORECASE)

FROM_THE_START = "X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0"


@dataclass(frozen=True, order=True)
class Cue:
    """`text` is WebVTT cue text, already escaped; times are seconds."""

    start: float
    end: float
    text: str
    settings: str = ""


def moved(cue: Cue, seconds: float) -> Cue:
    return replace(cue, start=max(0.0, cue.start + seconds), end=cue.end + seconds)


def plain(text: str) -> str:
    """Escapes text that knows no markup."""
    return html.escape(text, quote=False)


def marked_up(text: str) -> str:
    """Keeps the tags and entities that WebVTT knows and escapes all other `<` and `&`."""
    kept = "|".join(f"(?:{pattern.pattern})" for pattern in (TAG, ENTITY))
    parts = re.split(f"({kept})", text, flags=re.IGNORECASE)
    return "".join(part if at % 2 else html.escape(part, quote=False) for at, part in enumerate(parts))


def webvtt(cues: Iterable[Cue], *, clock: str = "") -> str:
    """`clock` is the line that ties the times to those of the film, for HLS."""
    blocks = [f"WEBVTT\n{clock}\n" if clock else "WEBVTT\n"]
    for cue in sorted(cues, key=lambda cue: (cue.start, cue.end)):
        text = _without_blank_lines(cue.text)
        if text and cue.end > cue.start:
            settings = f" {cue.settings}" if cue.settings else ""
            blocks.append(f"{timestamp(cue.start)} --> {timestamp(cue.end)}{settings}\n{text}\n")
    return "\n".join(blocks)


def _without_blank_lines(text: str) -> str:
    """A blank line would end the cue, an arrow would begin another."""
    lines = (line.strip() for line in re.split(r"\r\n|\r|\n", text.replace("\0", "")))
    return "\n".join(line for line in lines if line).replace("-->", "--&gt;")


def timestamp(seconds: float) -> str:
    milliseconds = round(max(0.0, seconds) * 1000)
    minutes, milliseconds = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{milliseconds // 1000:02}.{milliseconds % 1000:03}"
