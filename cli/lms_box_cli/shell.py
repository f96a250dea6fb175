"""What every command shares: the settings, the open box, one line for what went wrong, JSON on stdout."""

import asyncio
import json
import signal
import sys
import traceback
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from sqlalchemy.exc import DBAPIError

    from lms_box.box import Box
    from lms_box.config import Settings
    from lms_box.courses.folder.importing import Imported

Result = TypeVar("Result")
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]


@dataclass(frozen=True, slots=True)
class Globals:
    """The options before the subcommand."""

    config: Path | None
    data_dir: Path | None
    debug: bool


def settings_of(ctx: typer.Context) -> "Settings":
    from lms_box.config import load_settings
    from lms_box.errors import LmsError

    options: Globals = ctx.obj
    try:
        return load_settings(config=options.config, data_dir=options.data_dir)
    except LmsError as error:
        fail(error.detail)


def with_box(
    ctx: typer.Context,
    work: "Callable[[Box], Awaitable[Result]]",
    *,
    beside: "Callable[[Settings], AbstractAsyncContextManager[None]] | None" = None,
) -> Result:
    """Opens the box, does the work, closes it; a failure is one line on stderr and exit code 1.

    `beside` is entered first of all: what it starts goes on while everything else is imported.
    """
    settings = settings_of(ctx)

    async def run() -> Result:
        async with beside(settings) if beside else nullcontext():
            from lms_box.box import open_box

            async with open_box(settings) as box:
                return await work(box)

    return run_to_end(run(), debug=ctx.obj.debug)


def run_to_end(work: Coroutine[Any, Any, Result], *, debug: bool) -> Result:
    """Runs until done; Ctrl-C and SIGTERM cancel the work, which cleans up after itself."""
    from lms_box.errors import LmsError

    try:
        return asyncio.run(_cancelled_by_signals(work))
    except LmsError as error:
        _stop(error.detail, debug=debug)
    except (asyncio.CancelledError, KeyboardInterrupt):
        _stop("Stopped. Nothing was left half-done.", debug=debug)
    except (typer.Exit, typer.Abort):
        raise
    except OSError as error:
        _stop(f"{error.filename or 'The system'}: {error.strerror or error}.", debug=debug)
    except _database_error() as error:
        _stop(f"The database cannot be used: {error.orig}.", debug=debug)
    except Exception as error:  # noqa: BLE001 -- the last resort: never a traceback unless --debug
        _stop(f"Something went wrong that should not: {error!r}. Run again with --debug for the whole story.", debug=debug)


def _database_error() -> "type[DBAPIError]":
    """Asked for only when something failed: SQLAlchemy takes its time to import."""
    from sqlalchemy.exc import DBAPIError

    return DBAPIError


async def _cancelled_by_signals(work: Coroutine[Any, Any, Result]) -> Result:
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    return await task


def _stop(words: str, *, debug: bool) -> NoReturn:
    if debug:
        traceback.print_exc()
    fail(words)


def fail(words: str) -> NoReturn:
    """One line on stderr, exit code 1."""
    sys.stderr.write(" ".join(words.split()) + "\n")
    raise typer.Exit(1)


def print_json(value: object) -> None:
    """One JSON document on stdout; pydantic models, dataclasses, ids and times as the API writes them."""
    from pydantic import TypeAdapter

    plain = TypeAdapter(Any).dump_python(value, mode="json")
    sys.stdout.write(json.dumps(plain, ensure_ascii=False, indent=2) + "\n")


def say(words: str) -> None:
    """A line of a result, for people."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def note(words: str) -> None:
    """Something worth knowing that is no result: it goes to stderr."""
    sys.stderr.write(words + "\n")


def tell_of_import(folder: Path, imported: "Imported") -> None:
    """One line for a course that was brought up to date by itself."""
    changes = imported.plan.changes
    counts = ((name, len(getattr(changes, name))) for name in ("added", "changed", "moved", "removed"))
    told = ", ".join(f"{count} {name}" for name, count in counts if count)
    if told or imported.created:
        note(f"“{imported.plan.title}” ({folder}): {told or 'made'}")


def out_console() -> "Console":
    from rich.console import Console

    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def err_console() -> "Console":
    from rich.console import Console

    return Console(stderr=True, highlight=False)
