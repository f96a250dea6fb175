"""Writes a long file so that the disk is at work meanwhile, and little is left to wait for at the end."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

TOGETHER = 32 << 20
"""Bytes that go to the disk at a time: a film that lay in memory whole would hold up everybody else's writes in the end."""


@contextmanager
def early_to_disk(descriptor: int) -> Iterator[Callable[[memoryview], None]]:
    """What writes a chunk behind the one before. The end of the file is left to the caller to sync."""
    with ThreadPoolExecutor(1) as disk:
        writing = _Writing(descriptor, disk)
        yield writing.write
        writing.check()


@dataclass
class _Writing:
    descriptor: int
    disk: ThreadPoolExecutor
    waiting: int = 0
    syncing: Future[None] | None = None

    def write(self, chunk: memoryview) -> None:
        while chunk:
            written = os.write(self.descriptor, chunk)
            self.waiting += written
            chunk = chunk[written:]
        if self.waiting >= TOGETHER and (self.syncing is None or self.syncing.done()):
            self.check()
            self.syncing, self.waiting = self.disk.submit(os.fsync, self.descriptor), 0

    def check(self) -> None:
        """The kernel tells of a write that failed once: to whoever asked first."""
        if self.syncing is not None:
            self.syncing.result()
