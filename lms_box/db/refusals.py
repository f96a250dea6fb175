"""Says in the domain's words what a database refuses for want of room."""

import sqlite3

from sqlalchemy.engine import ExceptionContext

from lms_box.errors import Unavailable

SQLITE_FULL = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE)
"""The second where there is not even room to open it: what readers and writers share lies in a file."""
POSTGRESQL_FULL = "53100"


def refuse_when_full(context: ExceptionContext) -> None:
    """A listener of engines: raises Unavailable in place of the driver's error."""
    if _is_full(context.original_exception):
        raise Unavailable(
            "The disk that the database lies on is full. Make room there and try again.", code="disk_full"
        ) from None


def _is_full(error: BaseException) -> bool:
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", None) in SQLITE_FULL
    return getattr(error, "sqlstate", None) == POSTGRESQL_FULL
