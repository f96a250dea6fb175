"""Says to those who watch over the box that it lives, and that it can do its work."""

import asyncio
import logging
from collections.abc import Awaitable

from aiohttp import web
from sqlalchemy import text

from lms_box import __version__
from lms_box.box import Box
from lms_box.errors import Unavailable
from lms_box.http.messages import View
from lms_box.http.routing import BOX

log = logging.getLogger(__name__)
PATIENCE = 5.0
"""Seconds in which a database and a disk have to answer."""


class Health(View):
    status: str
    version: str


async def show_health(_request: web.Request) -> web.Response:
    """The process answers; nothing else is asked."""
    return _answer("healthy")


async def show_readiness(request: web.Request) -> web.Response:
    """The database answers and the storage can be written; else 503, with what is wrong."""
    box = request.app[BOX]
    await _must("The database does not answer.", _ask_database(box))
    await _must("The storage cannot be written.", box.storage.check())
    return _answer("ready")


async def _must(otherwise: str, check: Awaitable[None]) -> None:
    """Whatever fails is for the log; those who watch are no admins."""
    try:
        async with asyncio.timeout(PATIENCE):
            await check
    except Exception as error:  # noqa: BLE001 -- each driver and file system has errors of its own
        log.warning("Not ready: %s %s", otherwise, error)
        raise Unavailable(otherwise, code="not_ready") from None


async def _ask_database(box: Box) -> None:
    async with box.db.reading() as session:
        await session.execute(text("SELECT 1"))


def _answer(status: str) -> web.Response:
    body = Health(status=status, version=__version__).model_dump_json()
    return web.Response(text=body, content_type="application/json", headers={"Cache-Control": "no-store"})


HEALTH = [web.get("/health", show_health), web.get("/health/ready", show_readiness)]
