"""What somebody asks of an import; quick to import itself."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from uuid import UUID

How = Literal["reflink", "copy", "link"]


@dataclass(frozen=True, slots=True)
class ImportOptions:
    folder: Path
    title: str | None = None
    course_id: UUID | None = None
    publish: bool = False
    how: How = "reflink"
    prune: bool = False
