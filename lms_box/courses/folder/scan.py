"""Gathers the facts of a folder: every file under it, in bytes as the disk has it, and what stands in the way."""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lms_box.courses.folder.junk import is_junk_folder
from lms_box.errors import Invalid, NotFound
from lms_box.media.text_kinds import MARKDOWN_NAMES

HEAD = 2048
READ_AHEAD = {name.encode() for name in MARKDOWN_NAMES} | {b".ts", b".mts"}
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


@dataclass(frozen=True, slots=True)
class Snapshot:
    root: Path
    files: tuple[FileFact, ...]

    def absolute(self, fact: FileFact) -> Path:
        """Bytes that are no UTF-8 come through: os.fsencode gives them back."""
        return self.root / os.fsdecode(fact.raw)


def shown(raw: bytes) -> str:
    r"""Bytes that are no UTF-8 become `\xNN`; a name that reads so has its backslash escaped: no two look alike."""
    text = raw.decode("utf-8", "surrogateescape")
    if "\\x" in text:
        text = _LOOKS_ESCAPED.sub(r"\\x5c", text)
    return re.sub("[\udc80-\udcff]", lambda found: f"\\x{ord(found[0]) - 0xDC00:02x}", text)


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
    waiting = [(b"", False)]
    while waiting:
        inside, junk = waiting.pop()
        try:
            with os.scandir(_join(root, inside)) as entries:
                found = list(entries)
        except OSError as error:
            yield _troubled(inside, f"this folder cannot be read: {error.strerror}")
            continue
        for entry in found:
            raw = _join(inside, entry.name)
            if entry.is_dir(follow_symlinks=False):
                waiting.append((raw, junk or is_junk_folder(shown(entry.name))))
            else:
                yield _fact(root, entry, raw, junk)


def _join(folder: bytes, name: bytes) -> bytes:
    """pathlib takes no bytes."""
    return folder + b"/" + name if folder and name else folder or name


def _troubled(raw: bytes, trouble: str) -> FileFact:
    return FileFact(shown(raw), raw, 0, 0, trouble=trouble)


def _fact(root: bytes, entry: os.DirEntry[bytes], raw: bytes, junk: bool) -> FileFact:
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
    return FileFact(shown(raw), raw, status.st_size, status.st_mtime_ns, head)


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
