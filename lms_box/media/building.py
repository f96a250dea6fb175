"""Chooses the builder for a file's kind and lists what it wrote."""

from collections.abc import Callable
from pathlib import Path

from lms_box.media.messages import Build, Built, Kind

Say = Callable[..., None]
Builder = Callable[[Build, Say], Built]


def build_file(request: Build, say: Say) -> Built:
    builder = builder_for(request.kind)
    built = builder(request, say) if builder else Built()
    return built.model_copy(update={"files": tuple(sorted(written(request.into)))})


def written(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]


def builder_for(kind: Kind) -> Builder | None:
    """Heavy libraries are imported only for the kind that needs them."""
    if kind in ("video", "audio"):
        from lms_box.media.recording import build_recording

        return build_recording
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


def build_document(request: Build, say: Say) -> Built:
    with request.source.open("rb") as file:
        head = file.read(1024)
    if b"%PDF-" in head:
        from lms_box.media.pdf import build_pdf

        return build_pdf(request, say)
    from lms_box.media.markdown import build_text

    return build_text(request, say)
