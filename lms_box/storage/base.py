"""What a place for bytes promises, whichever it is."""

import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from lms_box.errors import Invalid, NotFound

INCOMING = "incoming"
UNUSABLE = re.compile("[\\\\:\x7f\x00-\x1f\ud800-\udfff]")
How = Literal["reflink", "copy", "link", "move"]
"""reflink shares blocks where the file system can and copies otherwise; link is a hard link to the very same file."""

IsAlive = Callable[[str], bool | None]


@dataclass(frozen=True, slots=True)
class Taken:
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Window:
    """From when until when an address works, in seconds since 1970; the same window gives the same address."""

    start: int
    end: int


class Storage(Protocol):
    """Keys are relative paths with "/"; a prefix names a key, or a folder and all that lies under it.

    What `take` and `publish` have answered for is durable, and never to be seen half. They raise Invalid, with the
    file's name, when a source cannot be read or changes meanwhile, and Unavailable when space is short or it fails.
    """

    async def take(self, key: str, source: Path, *, how: How) -> Taken:
        """Keep a file of this machine under `key`, replacing what was there."""

    async def publish(self, folder: Path, prefix: str) -> None:
        """Keep a finished scratch folder under `prefix`, all or nothing; raises Conflict when something is there.

        A store elsewhere lists it file by file while this runs; nobody may be told of `prefix` before it has answered.
        """

    async def remove(self, prefix: str) -> None:
        """Nothing there is no error."""

    async def exists(self, key: str) -> bool: ...

    async def size(self, key: str) -> int:
        """In bytes; raises NotFound."""

    async def keys(self, prefix: str) -> list[str]:
        """Sorted; "" means all."""

    async def read(self, key: str, *, start: int = 0, size: int = -1) -> bytes:
        """Of something small; a part of it that lies beyond the end is empty. Raises NotFound."""

    def fetched(self, key: str) -> AbstractAsyncContextManager[Path]:
        """The file on this machine's disk, to be read while the block lasts. Raises NotFound."""

    def local_path(self, key: str) -> Path | None:
        """Where the file would lie on this machine's disk; None when the store is elsewhere."""

    def address(self, key: str, *, window: Window, title: str | None = None) -> str | None:
        """Where a browser gets the bytes without the box; None when the box hands them out. Existence is not checked.

        `title` is the name under which a browser saves the file.
        """

    @property
    def origin(self) -> str | None:
        """The site of those addresses, for the pages' content policy."""

    def scratch(self, owner: str) -> AbstractContextManager[Path]:
        """A new empty folder for unfinished work, gone after the block; `sweep` finds it when the owner dies inside."""

    def free(self) -> int:
        """Bytes that unfinished work may still take."""

    async def check(self) -> None:
        """Raises Unavailable, with what to do, when nothing can be stored at the moment."""

    async def sweep(self, is_alive: IsAlive) -> None:
        """Remove the unfinished work of dead owners; of those nobody knows (None) it is left."""


def checked_key(key: str) -> str:
    """The key as it came; raises Invalid unless it names one file under the root and nothing else on any system."""
    parts = key.split("/")
    if any(part in ("", ".", "..") or len(part.encode("utf-8", "replace")) > 255 for part in parts) or len(key) > 1000:
        raise _bad(key)
    if UNUSABLE.search(key):
        raise _bad(key)
    return key


def usable_key(key: str) -> str:
    """The same, for what is to be kept: `incoming` is kept for unfinished work."""
    if checked_key(key).split("/")[0] == INCOMING:
        raise Invalid(f"{INCOMING} is kept for unfinished work.", code="bad_key")
    return key


def no_such_key(key: str) -> NotFound:
    return NotFound(f"Nothing is stored under {key}.", code="no_such_key")


def _bad(key: str) -> Invalid:
    return Invalid(f"{key[:100]!r} is not a key.", code="bad_key")
