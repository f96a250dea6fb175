"""The files of a folder that comes through the browser: where they lie, and which paths may be theirs."""

import os
import shutil
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from lms_box.box import Box
from lms_box.courses.folder.scan import take_snapshot
from lms_box.courses.staging.messages import StagedFile
from lms_box.db.base import new_id
from lms_box.errors import Conflict, Invalid
from lms_box.storage.space import writable

LONGEST_NAME, LONGEST_PATH = 255, 3000
"""In bytes: what file systems take, with room for the folder that all of it lies in."""
DRAFT = ".draft"


def folder_of(box: Box, import_id: UUID) -> Path:
    return box.settings.data_dir / "staged" / str(import_id)


def checked_path(path: str) -> str:
    """The path as it came; raises Invalid unless it names a file inside the folder and nothing else on any system."""
    parts = path.split("/")
    if any(part in ("", ".", "..") or len(part.encode("utf-8", "replace")) > LONGEST_NAME for part in parts):
        raise _bad(path)
    if len(path.encode("utf-8", "replace")) > LONGEST_PATH or any(
        sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in path
    ):
        raise _bad(path)
    return path


def keep_staged(box: Box, import_id: UUID, path: str, source: Path) -> None:
    """Puts a whole file in its place, where it replaces what was there; the source is left."""
    folder = folder_of(box, import_id)
    target = folder / checked_path(path)
    draft = folder.with_name(f"{new_id()}{DRAFT}")
    with writable(box.settings.data_dir, source.stat().st_size, target.name):
        try:
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _link_or_copy(source, draft)
            draft.replace(target)
        except (FileExistsError, NotADirectoryError, IsADirectoryError):
            words = f"“{path}” cannot be kept: one name is that of a file and of a folder."
            raise Conflict(words, code="path_taken") from None
        finally:
            draft.unlink(missing_ok=True)


def make_staged_folder(box: Box, import_id: UUID) -> None:
    folder_of(box, import_id).mkdir(parents=True, mode=0o700)


def staged_files(box: Box, import_id: UUID) -> list[StagedFile]:
    folder = folder_of(box, import_id)
    if not folder.is_dir():
        return []
    return [StagedFile(path=fact.path, size=fact.size) for fact in take_snapshot(folder).files]


def remove_staged_folder(box: Box, import_id: UUID) -> None:
    shutil.rmtree(folder_of(box, import_id), ignore_errors=True)


def forget_staged_folders(box: Box, *, known: set[UUID]) -> None:
    """Folders of imports that nobody knows any more. Each was known before it was made."""
    root = box.settings.data_dir / "staged"
    for path in root.iterdir() if root.is_dir() else ():
        with suppress(ValueError):
            import_id = UUID(path.name)
            if import_id not in known:
                remove_staged_folder(box, import_id)


def _link_or_copy(source: Path, draft: Path) -> None:
    try:
        os.link(source, draft)
    except OSError:  # another file system, or one without hard links
        shutil.copyfile(source, draft)


def _bad(path: str) -> Invalid:
    words = f"{path[:100]!r} is no path inside the folder."
    return Invalid(words, code="bad_path", fields=(("path", "bad_path", words),))
