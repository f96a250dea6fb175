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
    return None
