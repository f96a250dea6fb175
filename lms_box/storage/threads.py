"""Work on files off the event loop, that ends before a cancellation goes on."""

import asyncio
from collections.abc import Callable
from threading import Event
from typing import TypeVar

Result = TypeVar("Result")


async def in_thread(work: Callable[[Event], Result]) -> Result:
    """When cancelled, sets the event and waits until `work` has noticed and tidied up."""
    stop = Event()
    task = asyncio.create_task(asyncio.to_thread(work, stop))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        stop.set()
        await asyncio.wait({task})
        if not task.cancelled():
            task.exception()  # seen: the one who waited has left
        raise
