"""Answers what a file is."""

from dataclasses import replace

from lms_box.media.failures import MediaFailed
from lms_box.media.messages import Inspect, Inspection
from lms_box.media.sniff import look


def inspect_file(request: Inspect) -> Inspection:
    """Never fails for what a file holds: what cannot be opened is described as such in `note`."""
    seen = look(request.source, request.name)
    plain = Inspection(kind=seen.kind, media_type=seen.media_type, extension=seen.extension, note=seen.note)
    if seen.container is None:
        return plain
    from lms_box.media.opening import open_recording
    from lms_box.media.probe import inspect_container
    from lms_box.media.protection import refuse_encrypted

    try:
        with open_recording(request.source, seen) as container:
            refuse_encrypted(request.source, seen, container)
            return inspect_container(container, seen)
    except MediaFailed as failed:
        return replace(plain, note=failed.reason)
