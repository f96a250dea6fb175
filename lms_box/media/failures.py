"""Why a file could not be inspected or built, in words that an admin can act on."""

from typing import Literal

FailureCode = Literal[
    "captions_damaged", "captions_empty", "captions_too_large", "crashed", "disk_trouble", "image_damaged", "image_too_large",
    "killed", "no_result", "not_a_recording", "not_processed", "notebook_damaged", "nothing_to_play", "out_of_memory",
    "pdf_damaged", "pdf_locked", "pdf_too_long", "picture_damaged", "picture_format", "recording_damaged", "recording_empty",
    "recording_encrypted", "recording_times", "slides_damaged", "slides_format", "slides_locked", "slides_too_large",
    "sound_damaged", "sound_format", "stopped", "stuck", "text_too_large", "took_too_long",
]  # fmt: skip
"""One for each thing that a person may be told to do; docs/errors.md says what they mean."""


class MediaFailed(Exception):
    """`reason` is for people; `code` is stable, for programs and for who has words of their own."""

    def __init__(self, reason: str, code: FailureCode) -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code
