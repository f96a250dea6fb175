"""Keeps courses in step with the folders that they were made from: what changes there is imported when it is at rest."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from lms_box.box import Box
from lms_box.courses.folder.entries import entry_of
from lms_box.courses.folder.front import SETTINGS, find_cover, find_description
from lms_box.courses.folder.importing import Imported, import_folder
from lms_box.courses.folder.junk import is_junk_folder, junk_reason
from lms_box.courses.folder.numbers import read_number
from lms_box.courses.folder.options import ImportOptions
from lms_box.courses.folder.scan import FileFact, shown, take_snapshot
from lms_box.errors import LmsError

log = logging.getLogger(__name__)

SETTLED = 3.0
"""Seconds in which nothing of a folder has changed: nobody is copying into it any more."""
LOOK_AGAIN = 600.0
"""Seconds: folders on other machines tell nobody that they change."""
Signature = frozenset[tuple[bytes, int, int]]
OnImport = Callable[[Path, Imported], None]


@dataclass
class Library:
    box: Box
    folders: Sequence[Path]
    on_import: OnImport
    settled: float = SETTLED
    _seen: dict[Path, tuple[Signature, float]] = field(default_factory=dict)
    _done: dict[Path, Signature] = field(default_factory=dict)

    async def look(self, at: float) -> bool:
        """Imports what has changed and has been at rest since an earlier look; False while something is still moving."""
        is_at_rest = True
        for folder in await asyncio.to_thread(self._courses):
            signature = await asyncio.to_thread(_signature, folder)
            if signature is None or signature == self._done.get(folder):
                continue
            seen, since = self._seen.get(folder, (None, at))
            if seen == signature and at - since >= self.settled:
                await self._import(folder, signature)
            elif seen != signature:
                self._seen[folder] = signature, at
            is_at_rest = is_at_rest and signature == self._done.get(folder)
        return is_at_rest

    def _courses(self) -> list[Path]:
        return [course for folder in self.folders for course in courses_in(folder)]

    async def _import(self, folder: Path, signature: Signature) -> None:
        """What cannot be imported now is tried again when it changes."""
        self._done[folder] = signature
        try:
            self.on_import(folder, await import_folder(self.box, ImportOptions(folder=folder), on_step=lambda _: None))
        except LmsError as error:
            if error.code in ("file_changed", "file_vanished"):
                del self._done[folder]
            log.warning("%s was not imported: %s", folder, error.detail)


def courses_in(folder: Path) -> list[Path]:
    """The folder itself, if it looks like one course: with lessons, a README, a cover or a `course.toml` of its own, or
    with numbered folders. Else each folder inside is a course."""
    try:
        inside = sorted(folder.iterdir())
    except OSError:
        return []
    files = [entry_of(_fact(path)) for path in inside if path.is_file() and junk_reason(path.name) is None]
    if any(one.is_lesson or one.path == SETTINGS for one in files) or find_cover(files) or find_description(files):
        return [folder]
    folders = [path for path in inside if path.is_dir() and not is_junk_folder(path.name)]
    numbered = sum(bool(read_number(path.name).number) for path in folders)
    return [folder] if 2 * numbered > len(folders) else folders


def _fact(path: Path) -> FileFact:
    raw = path.name.encode("utf-8", "surrogateescape")
    return FileFact(shown(raw), raw, 1, 0)


def _signature(folder: Path) -> Signature | None:
    """None for a folder that is not there now: a disk may be away, and its courses stay."""
    try:
        facts = take_snapshot(folder).files
    except LmsError:
        return None
    told = [(fact.raw, fact.size, fact.mtime_ns) for fact in facts if not fact.trouble and junk_reason(fact.path) is None]
    return frozenset(told) or None


@asynccontextmanager
async def watching(box: Box, folders: Iterable[Path], *, on_import: OnImport, settled: float = SETTLED) -> AsyncIterator[None]:
    """While the block lasts, what changes in the folders is imported."""
    library = Library(box, [folder.expanduser() for folder in folders], on_import, settled)
    task = asyncio.create_task(_watch(library))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _watch(library: Library) -> None:
    woken = asyncio.Event()
    listening = asyncio.create_task(_listen(library.folders, woken))
    try:
        while True:
            woken.clear()
            is_at_rest = await _look(library)
            with suppress(TimeoutError):
                await asyncio.wait_for(woken.wait(), LOOK_AGAIN if is_at_rest else library.settled)
    finally:
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening


async def _look(library: Library) -> bool:
    try:
        return await library.look(time.monotonic())
    except Exception:  # what fails now may go well the next time
        log.exception("The library was not looked through")
        return True


async def _listen(folders: Sequence[Path], woken: asyncio.Event) -> None:
    """Sets the event whenever something has changed that is no partial download."""
    from watchfiles import awatch

    there = [folder for folder in folders if folder.is_dir()]
    for folder in set(folders) - set(there):
        log.warning("There is no folder %s to watch; it is looked for again every %d minutes.", folder, LOOK_AGAIN // 60)
    if not there:
        return

    def is_telling(_: object, path: str) -> bool:
        return junk_reason(path.rpartition("/")[2]) is None

    async for _ in awatch(*there, watch_filter=is_telling, ignore_permission_denied=True):
        woken.set()
