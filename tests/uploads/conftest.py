"""What the tests of uploads share: a course to fill, small files, and a look at what is left lying about."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
from academy import add_course
from sqlalchemy import func, select

from lms_box.box import Box
from lms_box.storage.tables import PendingWrite


@pytest.fixture
async def course(box: Box) -> UUID:
    return await add_course(box, "Pottery", status="draft")


async def until(is_so: Callable[[], Awaitable[bool]]) -> None:
    """Waits for what another task is about to do."""
    for _ in range(3000):
        if await is_so():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come to be")


async def left_over(box: Box) -> list[str]:
    """Announced writes, and files of work that nobody finished."""
    async with box.db.reading() as session:
        announced = await session.scalar(select(func.count()).select_from(PendingWrite)) or 0
    incoming = box.settings.data_dir / "media" / "incoming"
    uploads = box.settings.data_dir / "uploads"
    files = [path for folder in (incoming, uploads) for path in folder.rglob("*") if path.is_file()]
    return [*(["announced"] * announced), *(path.name for path in files)]
