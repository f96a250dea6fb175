"""`lms serve`: web, API and background jobs in one process, or with more processes beside it for the web."""

import gc
import socket
from typing import TYPE_CHECKING, Annotated

import typer

from lms_box_cli.shell import note, run_to_end, say, settings_of, tell_of_import

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from lms_box.box import Box
    from lms_box.config import Settings


def serve(
    ctx: typer.Context,
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="The port to listen on; 0 takes any.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="How many processes answer requests.")] = None,
    no_jobs: Annotated[bool, typer.Option("--no-jobs", help="Leave the background work to another process.")] = False,
    listener: Annotated[int | None, typer.Option(hidden=True, help="The open socket that a worker is given.")] = None,
) -> None:
    """Serve the pages, the API and the background work until stopped."""
    gc.disable()  # what is imported now lives as long as the process: to look for garbage in it only delays the start
    given = {"host": host, "port": port, "workers": workers}
    settings = _with_server(settings_of(ctx), {name: value for name, value in given.items() if value is not None})
    run_to_end(_serve(settings, ctx.obj.config, jobs=not no_jobs, inherited=listener), debug=ctx.obj.debug)


async def _serve(settings: "Settings", config: "Path | None", *, jobs: bool, inherited: int | None) -> None:
    """Starts in order, stops in reverse when SIGTERM or Ctrl-C cancels the wait. A worker only answers requests."""
    import asyncio
    from contextlib import AsyncExitStack, suppress
    from dataclasses import replace

    from lms_box.app import create_app
    from lms_box.box import open_box
    from lms_box.http.server import address_of_listener, serving
    from lms_box.work import working
    from lms_box_cli.workers import helping, until_alone

    async with AsyncExitStack() as stack:
        box = await stack.enter_async_context(open_box(settings))
        door = stack.enter_context(_door(settings, inherited))
        host, port = address_of_listener(door)
        box = replace(box, settings=_with_server(settings, {"host": host, "port": port}))  # links are made with it
        await stack.enter_async_context(serving(create_app(box), door))
        if inherited is None:
            await stack.enter_async_context(helping(box.settings, door, config=config, count=settings.server.workers - 1))
            await _welcome(box)
        if jobs and inherited is None:
            await stack.enter_async_context(working(box))
            if settings.library.folders:
                await stack.enter_async_context(_library(box))
        gc.freeze()
        gc.enable()
        with suppress(asyncio.CancelledError):
            await (asyncio.Event().wait() if inherited is None else until_alone())
    if inherited is None:
        note("Stopped.")


def _library(box: "Box") -> "AbstractAsyncContextManager[None]":
    from lms_box.courses.folder.library import watching

    return watching(box, box.settings.library.folders, on_import=tell_of_import)


async def _welcome(box: "Box") -> None:
    """Where the box is, and on the very first start the link that makes its first admin."""
    from lms_box.accounts.links import first_admin_link, site_address

    async with box.db.writing() as session:
        link = await first_admin_link(session)
    say(f"lms_box is at {site_address(box.settings.server)}")
    if link is not None:
        say(f"Nobody has an account yet. This link makes the first admin, once, within a day:\n{link.address(box.settings)}")


def _door(settings: "Settings", inherited: int | None) -> socket.socket:
    from lms_box.http.server import open_listener

    if inherited is not None:
        return socket.socket(fileno=inherited)
    return open_listener(settings.server.host, settings.server.port)


def _with_server(settings: "Settings", values: dict[str, object]) -> "Settings":
    return settings.model_copy(update={"server": settings.server.model_copy(update=values)})
