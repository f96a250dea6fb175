"""Opens a recording with the one demuxer that its bytes call for, and no way to reach anything but that file."""

from pathlib import Path

import av
from av.container import InputContainer

from lms_box.media.failures import MediaFailed
from lms_box.media.sniff import Look

BROKEN = "This file is damaged or cut off, so it cannot be opened. Try to export or copy it again."


def open_recording(source: Path, look: Look) -> InputContainer:
    """libavformat follows playlists and chooses by itself; here it may do neither."""
    if look.container is None:
        raise MediaFailed(not_a_recording(look), "not_a_recording")
    options = {"protocol_whitelist": "file", "format_whitelist": ",".join([look.container, *ALSO.get(look.container, ())])}
    try:
        return av.open(f"file:{source.absolute()}", "r", format=look.container, options=options, metadata_errors="replace")
    except (av.error.FFmpegError, ValueError) as error:
        raise MediaFailed(BROKEN, "recording_damaged") from error


# The names by which libavformat checks its own choice: a demuxer is known by all of its names at once.
ALSO = {"mov": ("mp4", "m4a", "3gp", "3g2", "mj2"), "matroska": ("webm",)}


def not_a_recording(look: Look) -> str:
    return f"{look.note or 'The file holds no recording that we know.'} Please check that it is the file you meant."
