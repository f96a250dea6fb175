"""`lms serve`: web, API and background jobs in one process."""

from typing import TYPE_CHECKING, Annotated

import typer

from lms_box_cli.shell import note, say, settings_of, with_box

if TYPE_CHECKING:
    from lms_box.box import Box


def serve(
    ctx: typer.Context,
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="The port to listen on; 0 takes any.")] = None,
    no_jobs: Annotated[bool, typer.Option("--no-jobs", help="Leave the background work to another process.")] = False,
) -> None:
    """Serve the pages, the API and the background work until stopped."""
    server = settings_of(ctx).server

    async def work(box: "Box") -> None:
        await _serve(box, host or server.host, server.port if port is None else port, jobs=not no_jobs)

    with_box(ctx, work)


async def _serve(box: "Box", host: str, port: int, *, jobs: bool) -> None:
    """Starts in order, stops in reverse when SIGTERM or Ctrl-C cancels the wait."""
    import asyncio
    from contextlib import AsyncExitStack, suppress

    from lms_box.app import create_app, listening, working

    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(listening(create_app(box), host, port))
        if jobs:
            await stack.enter_async_context(working(box))
        say(f"lms_box is at {box.settings.server.public_url or address}")
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        note("Stopping.")
