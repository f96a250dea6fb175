"""Chooses the builder for a file's kind and lists what it wrote."""

import errno
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from lms_box.media.failures import MediaFailed
from lms_box.media.messages import Build, Built, Kind

log = logging.getLogger(__name__)

Say = Callable[..., None]
Builder = Callable[[Build, Say], Built]


def build_file(request: Build, say: Say) -> Built:
    builder = builder_for(request.kind)
    built = builder(request, say) if builder else Built()
    return replace(built, files=tuple(sorted(written(request.into))))


def written(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]


def builder_for(kind: Kind) -> Builder | None:
    """Heavy libraries are imported only for the kind that needs them."""
    if kind in ("video", "audio"):
        return build_video_or_sound
    if kind == "presentation":
        from lms_box.media.pptx import build_presentation

        return build_presentation
    if kind == "caption":
        from lms_box.media.captions import build_captions

        return build_captions
    if kind == "image":
        from lms_box.media.cover import build_picture

        return build_picture
    return build_document if kind == "document" else None


def build_video_or_sound(request: Build, say: Say) -> Built:
    from av.error import FFmpegError

    from lms_box.media.opening import BROKEN
    from lms_box.media.recording import build_recording

    try:
        return build_recording(request, say)
    except FFmpegError as error:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
            raise MediaFailed(
                f"Writing failed: {error.strerror}. Please free some space on this machine.", "disk_trouble"
            ) from error
        log.warning("libav gave up", exc_info=True)
        raise MediaFailed(BROKEN, "recording_damaged") from error


def build_document(request: Build, say: Say) -> Built:
    with request.source.open("rb") as file:
        head = file.read(1024)
    if b"%PDF-" in head:
        from lms_box.media.pdf import build_pdf

        return build_pdf(request, say)
    from lms_box.media.text import build_text

    return build_text(request, say)
