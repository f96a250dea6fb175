"""The processes that work on files for this one."""

import os
from pathlib import Path


def children() -> set[int]:
    own = os.getpid()
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == own and fields[0] != "Z" and b"lms_box.media.child" in (entry / "cmdline").read_bytes():
            found.add(int(entry.name))
    return found
