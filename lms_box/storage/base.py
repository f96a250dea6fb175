"""What a place for bytes promises, whichever it is."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from lms_box.errors import Invalid

How = Literal["reflink", "copy", "link", "move"]
"""reflink shares blocks where the file system can and copies otherwise; link is a hard link to the very same file."""

IsAlive = Callable[[str], bool | None]


@dataclass(frozen=True, slots=True)
class Taken:
    size: int
    sha256: str


class Storage(Protocol):
    """Keys are relative paths with "/"; a prefix names a key, or a folder and all that lies under it.

    What `take` and `publish` have answered for is durable, and never to be seen half. They raise Invalid, with the
    file's name, when a source cannot be read or changes meanwhile, and Unavailable when space is short or it fails.
    """

    async def take(self, key: str, source: Path, *, how: How) -> Taken:
        """Keep a file of this machine under `key`, replacing what was there."""

    async def publish(self, folder: Path, prefix: str) -> None:
        """Move a finished scratch folder to `prefix`, whole or not at all; raises Conflict when something is there."""

    async def remove(self, prefix: str) -> None:
        """Nothing there is no error."""

    async def exists(self, key: str) -> bool: ...

    async def size(self, key: str) -> int:
        """In bytes; raises NotFound."""

    async def keys(self, prefix: str) -> list[str]:
        """Sorted; "" means all."""

    def local_path(self, key: str) -> Path | None:
        """Where the file would lie on this machine's disk; None when the store is elsewhere."""

    def scratch(self, owner: str) -> AbstractContextManager[Path]:
        """A new empty folder for unfinished work, gone after the block; `sweep` finds it when the owner dies inside."""

    def free(self) -> int:
        """Bytes that unfinished work may still take."""

    async def used(self) -> int:
        """Bytes of everything that is kept."""

    async def sweep(self, is_alive: IsAlive) -> None:
        """Remove the unfinished work of dead owners; of those nobody knows (None) it is left."""


def checked_key(key: str) -> str:
    """The key as it came; raises Invalid unless it names one file under the root and nothing else on any system."""
    parts = key.split("/")
    if any(part in ("", ".", "..") or len(part.encode("utf-8", "replace")) > 255 for part in parts) or len(key) > 1000:
        raise _bad(key)
    if any(character in "\\:\x7f" or character < " " or "\ud800" <= character <= "\udfff" for character in key):
        raise _bad(key)
    return key


def _bad(key: str) -> Invalid:
    return Invalid(f"{key[:100]!r} is not a key.", code="bad_key")
