"""Why a file could not be inspected or built, in words that an admin can act on."""


class MediaFailed(Exception):
    """`code` is stable, for programs; `reason` is for people."""

    def __init__(self, reason: str, code: str = "media_failed") -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code
