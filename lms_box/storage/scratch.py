"""Folders of this machine for unfinished work, each under the name of its owner, so that what the dead left is found."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lms_box.storage.base import INCOMING, IsAlive, checked_key
from lms_box.storage.space import free_bytes, writable

TRASH = "trash"  # no owner's name: those have dashes


class Scratch:
    """`root/incoming/OWNER/…`"""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.incoming = root / INCOMING

    @contextmanager
    def folder(self, owner: str) -> Iterator[Path]:
        made = self.incoming / checked_key(owner) / secrets.token_hex(8)
        with writable(self.root, 0, "Unfinished work"):
            made.mkdir(parents=True)
        try:
            yield made
        finally:
            shutil.rmtree(made, ignore_errors=True)
            tidy(made.parent, self.incoming)

    def sweep(self, is_alive: IsAlive) -> None:
        for folder in self.incoming.glob("*"):
            if folder.name == TRASH or is_alive(folder.name) is False:
                delete(folder)

    def free(self) -> int:
        return free_bytes(self.root)


def tidy(folder: Path, root: Path) -> None:
    """Removes empty folders from `folder` upwards."""
    with suppress(OSError):  # the first that is not empty
        while folder != root:
            folder.rmdir()
            folder = folder.parent


def delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
