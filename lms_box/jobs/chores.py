"""What a process does again and again while it lives."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

log = logging.getLogger(__name__)

PATIENCE = 5.0


@asynccontextmanager
async def repeating(work: Callable[[], Awaitable[None]], *, every: float, otherwise: str) -> AsyncIterator[None]:
    """While the block lasts, at once and then every so many seconds; `otherwise` is for the log when it fails."""
    over = asyncio.Event()
    task = asyncio.create_task(_repeat(work, every, otherwise, over))
    try:
        yield
    finally:
        over.set()
        if (await asyncio.wait({task}, timeout=PATIENCE))[1]:
            task.cancel()
            await asyncio.wait({task})


async def _repeat(work: Callable[[], Awaitable[None]], every: float, otherwise: str, over: asyncio.Event) -> None:
    while not over.is_set():
        try:
            await work()
        except Exception:  # what fails now may go well the next time
            log.exception("%s", otherwise)
        with suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), every)
