"""Caption files of any kind and charset become WebVTT."""

import re

import pysubs2

from lms_box.media.building import Say
from lms_box.media.captions_inside import ass_text
from lms_box.media.charset import decode_text
from lms_box.media.cues import FROM_THE_START, Cue, marked_up, webvtt
from lms_box.media.failures import MediaFailed
from lms_box.media.languages import UNKNOWN, find_language, language_in_name, language_label
from lms_box.media.messages import Build, Built, Caption
from lms_box.media.reading import UNPRINTABLE
from lms_box.media.sniff import look

LARGEST = 20_000_000
MOST_CUES = 100_000
FRAMES_PER_SECOND = 23.976
TIME = r"(?:(\d+):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,9}))?"
TIMING = re.compile(rf"^\s*{TIME}\s*(?:-{{1,2}}>|,)\s*{TIME}(?:[ \t]+(.*))?$")
SETTING = re.compile(
    r"^(?:align:(?:start|center|middle|end|left|right)|(?:line|position|size):-?\d+(?:\.\d+)?%?(?:,[a-z-]+)?|vertical:(?:rl|lr))$"
)


def build_captions(request: Build, say: Say) -> Built:
    if request.source.stat().st_size > LARGEST:
        raise MediaFailed("This file is too large for captions.", "captions_too_large")
    say(0.1, "reading")
    text = UNPRINTABLE.sub("", decode_text(request.source.read_bytes()))
    cues = read_cues(text, look(request.source, request.name).extension)
    if not cues:
        raise MediaFailed("There is no caption with a time in this file. Please check it in a text editor.", "captions_empty")
    language = find_language(request.options.language) or language_in_name(request.name) or UNKNOWN
    name = f"captions/{language}.vtt"
    (request.into / "captions").mkdir(exist_ok=True)
    (request.into / name).write_text(webvtt(cues[:MOST_CUES], clock=FROM_THE_START), encoding="utf-8")
    caption = Caption(language=language, label=language_label(language), file=name)
    return Built(captions=(caption,), metadata={"cues": len(cues), "language": language})


def read_cues(text: str, extension: str) -> list[Cue]:
    if extension in (".ass", ".ssa", ".sub") and not TIMING.search(text[:200]):
        return pysubs2_cues(text)
    return block_cues(text)


def pysubs2_cues(text: str) -> list[Cue]:
    try:
        events = pysubs2.SSAFile.from_string(text, fps=FRAMES_PER_SECOND).events
    except (pysubs2.exceptions.Pysubs2Error, ValueError) as error:
        raise MediaFailed("These captions are damaged and cannot be read.", "captions_damaged") from error
    spoken = (event for event in events if not event.is_comment)
    return [Cue(event.start / 1000, event.end / 1000, ass_text(event.text)) for event in spoken if event.end > event.start]


def block_cues(text: str) -> list[Cue]:
    """SubRip, WebVTT and SBV are alike: a line with two times, then text up to a blank line. Other blocks are passed over."""
    cues = []
    lines = re.split(r"\r\n|\r|\n", text)
    at = 0
    while at < len(lines):
        timing = TIMING.match(lines[at])
        at += 1
        if not timing:
            continue
        begin = at
        while at < len(lines) and lines[at].strip() and not _next_cue(lines, at):
            at += 1
        cues.append(_cue(timing, lines[begin:at]))
    return [cue for cue in cues if cue.text.strip() and cue.end > cue.start]


def _next_cue(lines: list[str], at: int) -> bool:
    """Some files forget the blank line between two cues."""
    numbered = lines[at].strip().isdigit() and at + 1 < len(lines) and bool(TIMING.match(lines[at + 1]))
    return numbered or bool(TIMING.match(lines[at]))


def _cue(timing: re.Match[str], lines: list[str]) -> Cue:
    start, end = _seconds(*timing.groups()[:4]), _seconds(*timing.groups()[4:8])
    settings = " ".join(word for word in (timing[9] or "").split() if SETTING.match(word))
    text = "\n".join(lines).replace("[br]", "\n")
    return Cue(start, end, marked_up(re.sub(r"\{\\[^}]*\}|</?font[^>]*>", "", text)), settings)


def _seconds(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> float:
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{fraction or 0}")
