"""Folders written as lines: one path a line, plans made of them without a disk."""

from collections.abc import Callable

import pytest

from lms_box.courses.folder.document import Plan
from lms_box.courses.folder.plan import make_plan
from lms_box.courses.folder.scan import FileFact, shown

TRANSPORT_STREAM = (b"\x47" + bytes(187)) * 4


def fact(path: str) -> FileFact:
    raw = path.encode("utf-8", "surrogateescape")
    head = TRANSPORT_STREAM if path.endswith("video.ts") else b""
    return FileFact(shown(raw), raw, 0 if path.endswith("empty.mp4") else 10, 1, head)


@pytest.fixture
def plan_of() -> Callable[..., Plan]:
    def make(*paths: str, name: str = "A course") -> Plan:
        return make_plan([fact(path) for path in paths], name=name)

    return make
