"""Storage in a folder of this machine's disk."""

import errno
import fcntl
import os
import secrets
import stat
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, suppress
from pathlib import Path
from threading import Event

from lms_box.errors import Conflict, Invalid
from lms_box.storage.base import INCOMING, How, IsAlive, Taken, Window, no_such_key, usable_key
from lms_box.storage.reading import file_changed, opened, read_through, require_same
from lms_box.storage.scratch import TRASH, Scratch, delete, tidy
from lms_box.storage.space import require_space, writable
from lms_box.storage.threads import in_thread
from lms_box.storage.writing import early_to_disk

FICLONE = 0x40049409 if sys.platform == "linux" else None


class LocalStorage:
    """`root/KEY` are the files; `root/incoming/OWNER/` is unfinished work, on the same file system to be renamed."""

    def __init__(self, root: Path, *, owner: str) -> None:
        self._root = root
        self._owner = owner
        self._scratch = Scratch(root)

    async def take(self, key: str, source: Path, *, how: How) -> Taken:
        target = self._path(key)
        return await in_thread(lambda stop: self._take(target, source, how, stop))

    async def publish(self, folder: Path, prefix: str) -> None:
        target = self._path(prefix)
        await in_thread(lambda _: self._publish(folder, target))

    async def remove(self, prefix: str) -> None:
        target = self._path(prefix)
        await in_thread(lambda _: self._remove(target))

    async def exists(self, key: str) -> bool:
        return self._path(key).is_file()

    async def size(self, key: str) -> int:
        try:
            found = self._path(key).stat()
        except (FileNotFoundError, NotADirectoryError):
            found = None
        if found is None or not stat.S_ISREG(found.st_mode):
            raise no_such_key(key)
        return found.st_size

    async def read(self, key: str, *, start: int = 0, size: int = -1) -> bytes:
        path = self._path(key)
        return await in_thread(lambda _: _read(path, key, start, size))

    @asynccontextmanager
    async def fetched(self, key: str) -> AsyncIterator[Path]:
        await self.size(key)
        yield self._path(key)

    async def keys(self, prefix: str) -> list[str]:
        start = self._path(prefix) if prefix else self._root
        return await in_thread(lambda _: sorted(self._walk(start)))

    def local_path(self, key: str) -> Path | None:
        return self._path(key)

    def address(self, key: str, *, window: Window, title: str | None = None) -> None:
        del window, title
        self._path(key)

    @property
    def origin(self) -> None:
        return None

    def scratch(self, owner: str) -> AbstractContextManager[Path]:
        return self._scratch.folder(owner)

    def free(self) -> int:
        return self._scratch.free()

    async def check(self) -> None:
        await in_thread(lambda _: self._check())

    async def sweep(self, is_alive: IsAlive) -> None:
        await in_thread(lambda _: self._scratch.sweep(is_alive))

    def _path(self, key: str) -> Path:
        return self._root / usable_key(key)

    def _check(self) -> None:
        with self.scratch(self._owner) as folder, writable(self._root, 0, "A file for trial"):
            (folder / "probe").write_bytes(b"ready?")

    def _take(self, target: Path, source: Path, how: How, stop: Event) -> Taken:
        with self._scratch.folder(self._owner) as folder:
            draft = folder / "draft"
            taken = _bring(source, draft, how, stop)
            with writable(self._root, taken.size, source.name):
                _settle(draft, target)
        if how == "move":
            with suppress(OSError):  # it is kept; what is left of the source harms nobody
                source.unlink()
        return taken

    def _publish(self, folder: Path, target: Path) -> None:
        inside = list(folder.rglob("*"))
        for path in inside:
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                raise Invalid(f"“{path.name}” is not a file.", code="not_a_file")
        if os.path.lexists(target):
            raise Conflict(f"Something is already stored under {target.name}.", code="key_taken")
        with writable(self._root, sum(path.lstat().st_size for path in inside), target.name):
            for path in (*inside, folder):
                _sync(path)
            _settle(folder, target)

    def _remove(self, target: Path) -> None:
        """Out of sight at once, then deleted; a kill between leaves rubbish for `sweep`."""
        rubbish = self._root / INCOMING / TRASH / secrets.token_hex(8)
        with writable(self._root, 0, target.name):
            rubbish.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError, NotADirectoryError):
                target.rename(rubbish)
                tidy(target.parent, self._root)
            delete(rubbish)

    def _walk(self, start: Path) -> Iterator[str]:
        if start.is_file():
            yield start.relative_to(self._root).as_posix()
        for folder, folders, files in os.walk(start):
            at = Path(folder).relative_to(self._root).as_posix()
            if at == ".":
                folders[:] = [name for name in folders if name != INCOMING]
            yield from (name if at == "." else f"{at}/{name}" for name in files)


def _read(path: Path, key: str, start: int, size: int) -> bytes:
    try:
        with path.open("rb") as file:
            file.seek(start)
            return file.read(size)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        raise no_such_key(key) from None


def _bring(source: Path, draft: Path, how: How, stop: Event) -> Taken:
    """The source's bytes at `draft`, durable. What is hashed is what is kept, whatever the source becomes meanwhile."""
    with opened(source) as descriptor:
        if how in ("link", "move") and _link(source, descriptor, draft, must=how == "link"):
            taken = read_through(descriptor, source, stop)
            os.fsync(descriptor)
            return taken
        size = os.fstat(descriptor).st_size
        with writable(draft.parent, size, source.name), draft.open("xb+", buffering=0) as kept:
            if how != "copy" and _clone(descriptor, kept.fileno()):
                taken = _read_clone(descriptor, kept.fileno(), source, stop)
            else:
                require_space(draft.parent, size, source.name)
                taken = _copy(descriptor, kept.fileno(), source, stop)
            os.fsync(kept.fileno())
            return taken


def _link(source: Path, descriptor: int, draft: Path, *, must: bool) -> bool:
    """False when the source lies on another file system or on one without hard links."""
    try:
        os.link(os.path.realpath(source), draft)  # link() itself would link a symbolic link, not its file
    except OSError as error:
        if must:
            raise Invalid(f"“{source.name}” cannot be linked ({error.strerror}). Use --copy.", code="not_linked") from None
        return False
    if not os.path.samestat(draft.stat(), os.fstat(descriptor)):
        raise file_changed(source)
    return True


def _clone(descriptor: int, kept: int) -> bool:
    if FICLONE is None:
        return False
    try:
        fcntl.ioctl(kept, FICLONE, descriptor)
    except OSError:
        return False
    return True


def _read_clone(descriptor: int, kept: int, source: Path, stop: Event) -> Taken:
    """A clone cut out of a file while it grew is no copy of anything."""
    before = os.fstat(descriptor)
    taken = read_through(kept, source, stop)
    require_same(before, os.fstat(descriptor), source, taken.size)
    return taken


def _copy(descriptor: int, kept: int, source: Path, stop: Event) -> Taken:
    with early_to_disk(kept) as write:
        return read_through(descriptor, source, stop, write)


def _settle(draft: Path, target: Path) -> None:
    """The rename and the folders above it are durable. A removal may take an empty folder away: then again."""
    for _ in range(10):
        _make_folder(target.parent)
        with suppress(FileNotFoundError):
            draft.rename(target)
            break
    else:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
    _sync(target.parent)


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync(folder.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
