"""What somebody asks of an import; quick to import itself."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from uuid import UUID

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from lms_box.courses.folder.document import Plan
    from lms_box.courses.folder.scan import FileFact
    from lms_box.courses.folder.wishes import Wishes

How = Literal["reflink", "copy", "link", "borrow"]
"""borrow: linked where that can be done, copied otherwise; the source stays where it is for another try."""
InTransaction = Callable[["AsyncSession", UUID, "Plan"], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class ImportOptions:
    folder: Path
    title: str | None = None
    course_id: UUID | None = None
    publish: bool = False
    how: How = "reflink"
    keep: bool = False
    """The folder adds to the course: what it does not have stays as it is."""
    prune: bool = False
    name: str | None = None
    """What the folder is called, where it lies under another name."""
    wishes: "Wishes | None" = None
    """What was said by hand; it wins over `course.toml`."""
    keep_path: bool = True
    """The course is known again by the folder's path."""
    known_by: Path | None = None
    """Another path to know it by: that of the archive which the folder was unpacked from."""
    coming: "tuple[FileFact, ...]" = ()
    """Files that are still on their way: the plan is made as if they were here."""
    in_transaction: InTransaction | None = None
    """Done in the transaction that makes the course, and so only with it."""
