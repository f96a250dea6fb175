"""Unpacks an archive into a folder of unfinished work, from where it is imported like any other: nothing gets out of it."""

import asyncio
import os
import shutil
import stat
import tarfile
import zipfile
import zlib
from calendar import timegm
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from lzma import LZMAError
from pathlib import Path
from threading import Event
from typing import IO

from lms_box.box import Box
from lms_box.courses.folder.archive_names import read_names
from lms_box.courses.folder.junk import is_junk_folder, junk_reason
from lms_box.courses.folder.options import ImportOptions
from lms_box.errors import Invalid
from lms_box.storage.reading import Stopped
from lms_box.storage.space import in_words, require_room, writable
from lms_box.storage.threads import in_thread

ZIP = (".zip",)
TAR = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
MOST_FILES = 100_000
MOST_TIMES, HARMLESS = 200, 100_000_000
"""Unpacked, an archive is at most so many times as large; below so many bytes that does not matter."""
CHUNK = 1 << 20
DAMAGED = (zipfile.BadZipFile, tarfile.TarError, zlib.error, LZMAError, EOFError, UnicodeError, NotImplementedError, OSError)


@dataclass(frozen=True, slots=True)
class Member:
    """`link` is where a symbolic link leads; `copy_of` the member that a hard link names; else `open` gives its bytes."""

    name: bytes
    size: int
    modified: float
    open: Callable[[], IO[bytes] | None]
    link: bytes | None = None
    copy_of: bytes | None = None


@asynccontextmanager
async def opened_folder(box: Box, options: ImportOptions) -> AsyncIterator[ImportOptions]:
    """The options with a folder to import: the one they name, or what is in the archive that they name."""
    archive = options.folder
    if not archive.name.lower().endswith(ZIP + TAR) or not archive.is_file():
        yield options
        return
    with box.storage.scratch(box.owner.name) as scratch:
        folder = scratch / "unpacked"
        folder.mkdir()
        free = box.storage.free()
        await in_thread(lambda stop: unpack(archive, folder, free=free, stop=stop))
        inner = await asyncio.to_thread(_inner, folder)
        name = inner.name if inner != folder else _stem(archive.name)
        yield replace(options, folder=inner, how="borrow", name=options.name or name, known_by=archive.resolve())


def unpack(archive: Path, into: Path, *, free: int, stop: Event | None = None) -> None:
    """Raises Invalid in words for what is no archive, is damaged, locked, or a bomb, or wants to write elsewhere."""
    reading = _zip_members if archive.name.lower().endswith(ZIP) else _tar_members
    most = max(archive.stat().st_size * MOST_TIMES, HARMLESS)
    writing = _Writing(archive, into, most, free, stop or Event())
    try:
        with closing(reading(archive)) as members:
            for member in members:
                writing.write(member)
        writing.link()
    except RuntimeError:
        raise _bad(archive, "it is locked with a password") from None
    except DAMAGED as error:
        raise _bad(archive, f"it cannot be read ({error})") from None


@dataclass
class _Writing:
    archive: Path
    into: Path
    most: int
    free: int
    stop: Event
    written: int = 0
    files: int = 0
    links: list[tuple[Path, bytes]] = field(default_factory=list)

    def write(self, member: Member) -> None:
        target = self._target(member.name)
        self.files += 1
        if self.files > MOST_FILES:
            raise _bad(self.archive, f"it has more than {MOST_FILES} files")
        with writable(self.into, member.size, target.name):
            target.parent.mkdir(parents=True, exist_ok=True)
            if member.link is not None:
                self.links.append((target, member.link))
            elif member.copy_of is not None:
                source = self._target(member.copy_of)
                if source.is_file():
                    shutil.copyfile(source, target)
            else:
                self._copy(member, target)
        if target.is_file():
            os.utime(target, (member.modified, member.modified))

    def _copy(self, member: Member, target: Path) -> None:
        opened = member.open()
        if opened is None:
            return
        with opened as source, target.open("wb") as kept:
            while chunk := source.read(CHUNK):
                self.written += len(chunk)
                self._check_size()
                kept.write(chunk)

    def _check_size(self) -> None:
        """By what has come, not by what was announced: headers lie."""
        if self.stop.is_set():
            raise Stopped
        if self.written > self.most:
            raise _bad(self.archive, f"unpacked it would be more than {in_words(self.most)}, far more than any course")
        if self.written > self.free:
            require_room(self.free, self.written, self.archive.name)

    def link(self) -> None:
        """Last of all, so that nothing is written through them; the scan says what becomes of each."""
        for target, leads in self.links:
            with suppress(OSError):
                target.symlink_to(os.fsdecode(leads))

    def _target(self, name: bytes) -> Path:
        parts = name.split(b"/")
        while parts and parts[0] == b".":
            parts = parts[1:]
        if not parts or any(part in (b"", b".", b"..") or b"\0" in part for part in parts):
            raise _bad(self.archive, f"it wants to write to {os.fsdecode(name)!r}, outside of its folder")
        return self.into / os.fsdecode(b"/".join(parts))


def _zip_members(archive: Path) -> Generator[Member, None, None]:
    with zipfile.ZipFile(archive) as opened:
        infos = [info for info in opened.infolist() if not info.is_dir()]
        for info, name in zip(infos, read_names(infos), strict=True):
            kind = stat.S_IFMT(info.external_attr >> 16)
            link = opened.read(info)[:4096] if kind == stat.S_IFLNK and info.file_size <= 4096 else None
            yield Member(name, info.file_size, _time_of(info), partial(opened.open, info), link=link)


def _time_of(info: zipfile.ZipInfo) -> float:
    """The same in every time zone, so that an unchanged file is known again anywhere."""
    with suppress(ValueError, OverflowError):
        return float(timegm((*info.date_time, 0, 0, 0)))
    return 0.0


def _tar_members(archive: Path) -> Generator[Member, None, None]:
    with tarfile.open(archive, errorlevel=1) as opened:
        for info in opened:
            name = info.name.encode("utf-8", "surrogateescape").rstrip(b"/")
            leads = info.linkname.encode("utf-8", "surrogateescape")
            if info.isreg():
                yield Member(name, info.size, float(info.mtime), partial(opened.extractfile, info))
            elif info.issym():
                yield Member(name, 0, 0.0, _nothing, link=leads)
            elif info.islnk():
                yield Member(name, 0, float(info.mtime), _nothing, copy_of=leads)


def _nothing() -> None:
    return None


def _inner(folder: Path) -> Path:
    """The one folder that an archive was made of, where it is all there is."""
    inside = [path for path in folder.iterdir() if not is_junk_folder(path.name) and junk_reason(path.name) is None]
    return inside[0] if len(inside) == 1 and inside[0].is_dir() and not inside[0].is_symlink() else folder


def _stem(name: str) -> str:
    ending = next(ending for ending in (*TAR[1:], *TAR[:1], *ZIP) if name.lower().endswith(ending))
    return name[: -len(ending)] or name


def _bad(archive: Path, words: str) -> Invalid:
    return Invalid(f"{archive.name} is not imported: {words}.", code="bad_archive")
