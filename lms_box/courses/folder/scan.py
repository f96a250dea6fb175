"""Gathers the facts of a folder: every file under it, in bytes as the disk has it, and what stands in the way."""

import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lms_box.courses.folder.junk import is_junk_folder
from lms_box.errors import Invalid, NotFound
from lms_box.media.text_kinds import MARKDOWN_NAMES

HEAD = 2048
READ_AHEAD = {name.encode() for name in MARKDOWN_NAMES} | {b".ts", b".mts"}
_SHOWN_BYTE = re.compile(rb"\\x([89a-f][0-9a-f]|5c)")
_LOOKS_ESCAPED = re.compile(r"\\(?=x(?:[89a-f][0-9a-f]|5c))")


@dataclass(frozen=True, slots=True)
class FileFact:
    """`path` is how people see `raw`; `trouble` is why it cannot be taken; `head` only where a name leaves it open."""

    path: str
    raw: bytes
    size: int
    mtime_ns: int
    head: bytes = b""
    trouble: str | None = None
    changed_ns: int = 0
    """When it was last changed, renamed or moved, by itself or with a folder above it."""
    is_here: bool = True
    """False for one that is only announced: it can be planned, and not be read."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    root: Path
    files: tuple[FileFact, ...]

    def absolute(self, fact: FileFact) -> Path:
        """Bytes that are no UTF-8 come through: os.fsencode gives them back."""
        return self.root / os.fsdecode(fact.raw)

    def with_coming(self, coming: Iterable[FileFact]) -> "Snapshot":
        """As if files that are still on their way were here; what is here counts as it is."""
        files = {fact.raw: fact for fact in (*coming, *self.files)}
        return Snapshot(self.root, tuple(files[raw] for raw in sorted(files)))


def shown(raw: bytes) -> str:
    r"""Bytes that are no UTF-8 become `\xNN`; a name that reads so has its backslash escaped: no two look alike."""
    text = raw.decode("utf-8", "surrogateescape")
    if "\\x" in text:
        text = _LOOKS_ESCAPED.sub(r"\\x5c", text)
    return re.sub("[\udc80-\udcff]", lambda found: f"\\x{ord(found[0]) - 0xDC00:02x}", text)


def raw_of(path: str) -> bytes:
    """The bytes that are shown as this path."""
    raw = path.encode("utf-8", "surrogateescape")
    return _SHOWN_BYTE.sub(lambda found: bytes([int(found[1], 16)]), raw)


def coming_fact(path: str, *, size: int, head: bytes) -> FileFact:
    raw = path.encode("utf-8", "surrogateescape")
    return FileFact(shown(raw), raw, size, 0, head[:HEAD], is_here=False)


def take_snapshot(folder: Path) -> Snapshot:
    root = os.fsencode(folder.resolve())
    try:
        os.scandir(root).close()
    except FileNotFoundError:
        raise NotFound(f"There is no folder {folder}.", code="folder_not_found") from None
    except NotADirectoryError:
        raise Invalid(f"{folder} is not a folder.", code="not_a_folder") from None
    except OSError as error:
        raise Invalid(f"{folder} cannot be read: {error.strerror}.", code="folder_unreadable") from error
    files = sorted(_walk(root), key=lambda fact: fact.raw)
    return Snapshot(Path(os.fsdecode(root)), tuple(files))


def _walk(root: bytes) -> Iterator[FileFact]:
    waiting = [(b"", False, 0)]
    while waiting:
        inside, junk, changed = waiting.pop()
        try:
            with os.scandir(_join(root, inside)) as entries:
                found = list(entries)
        except OSError as error:
            yield _troubled(inside, f"this folder cannot be read: {error.strerror}")
            continue
        for entry in found:
            raw = _join(inside, entry.name)
            if entry.is_dir(follow_symlinks=False):
                waiting.append((raw, junk or is_junk_folder(shown(entry.name)), max(changed, _renamed(entry))))
            else:
                yield _fact(root, entry, raw, junk, changed)


def _renamed(folder: os.DirEntry[bytes]) -> int:
    """When a folder was renamed or moved, as far as can be told: what changes inside it moves both of its times."""
    try:
        status = folder.stat(follow_symlinks=False)
    except OSError:
        return 0
    return status.st_ctime_ns if status.st_ctime_ns > status.st_mtime_ns else 0


def _join(folder: bytes, name: bytes) -> bytes:
    """pathlib takes no bytes."""
    return folder + b"/" + name if folder and name else folder or name


def _troubled(raw: bytes, trouble: str) -> FileFact:
    return FileFact(shown(raw), raw, 0, 0, trouble=trouble)


def _fact(root: bytes, entry: os.DirEntry[bytes], raw: bytes, junk: bool, above: int) -> FileFact:
    if entry.is_symlink() and not _stays_inside(root, entry.path):
        return _troubled(raw, "a link that leads out of the folder")
    try:
        status = entry.stat()
    except OSError:
        return _troubled(raw, "a link to nothing" if entry.is_symlink() else "it cannot be looked at")
    if stat.S_ISDIR(status.st_mode):
        return _troubled(raw, "a link to a folder, whose files are taken where they stand")
    if not stat.S_ISREG(status.st_mode):
        return _troubled(raw, "not a file but a device, a pipe or a socket")
    if not os.access(entry.path, os.R_OK):
        return _troubled(raw, "it may not be read by this user")
    head = b"" if junk else _head(entry)
    changed = max(above, status.st_mtime_ns, status.st_ctime_ns)
    return FileFact(shown(raw), raw, status.st_size, status.st_mtime_ns, head, changed_ns=changed)


def _stays_inside(root: bytes, path: bytes) -> bool:
    return (os.path.realpath(path) + b"/").startswith(root.rstrip(b"/") + b"/")


def _head(entry: os.DirEntry[bytes]) -> bytes:
    if b"." + entry.name.rpartition(b".")[2].lower() not in READ_AHEAD:
        return b""
    try:
        with Path(os.fsdecode(entry.path)).open("rb") as file:
            return file.read(HEAD)
    except OSError:
        return b""
