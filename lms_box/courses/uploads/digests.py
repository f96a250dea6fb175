"""What uploads hash to, known as they come, so that nothing is read again when the last byte is there."""

import hashlib
from collections import OrderedDict
from uuid import UUID

from lms_box.courses.uploads.tables import Upload
from lms_box.storage.base import Taken

MOST = 1000


class Digest:
    """Of the bytes from the first one on that have come to this process."""

    def __init__(self) -> None:
        self.size = 0
        self._hash = hashlib.sha256()

    def update(self, piece: bytes) -> None:
        self.size += len(piece)
        self._hash.update(piece)

    def taken(self) -> Taken:
        return Taken(self.size, self._hash.hexdigest())


_counted: OrderedDict[UUID, Digest] = OrderedDict()


def keep_digest(upload_id: UUID, digest: Digest | None, *, counted: int) -> None:
    """Until the next piece, if all its bytes are counted by now: those that are not may come again, and be others."""
    if digest is None or digest.size != counted:
        return
    _counted[upload_id] = digest
    if len(_counted) > MOST:
        _counted.popitem(last=False)


def take_digest(upload: Upload) -> Digest | None:
    """None when some of what is counted came to another process, or before this one was started."""
    digest = _counted.pop(upload.id, None) or Digest()
    return digest if digest.size == upload.received else None
