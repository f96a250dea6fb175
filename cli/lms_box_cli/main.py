"""The command `lms`: its global options and the nouns behind it."""

import gc
from pathlib import Path
from typing import Annotated

import typer

from lms_box_cli import config, course, db, doctor, job, openapi, serve, user
from lms_box_cli.shell import Globals, say

app = typer.Typer(
    name="lms",
    help="A place to learn, from a folder of videos, slides and documents.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
app.command("serve")(serve.serve)
app.add_typer(user.app, name="user")
app.add_typer(course.app, name="course")
app.add_typer(job.app, name="job")
app.add_typer(db.app, name="db")
app.command("doctor")(doctor.doctor)
app.add_typer(config.app, name="config")
app.command("openapi")(openapi.openapi)


def _show_version(wanted: bool) -> None:
    if wanted:
        from lms_box import __version__

        say(f"lms_box {__version__}")
        raise typer.Exit


@app.callback()
def options(
    ctx: typer.Context,
    config: Annotated[Path | None, typer.Option(envvar="LMS_CONFIG", help="The configuration file.")] = None,
    data_dir: Annotated[
        Path | None, typer.Option(envvar="LMS_DATA_DIR", help="Where database, media and keys are kept.")
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show the whole story when something fails.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    if ctx.invoked_subcommand != "serve":
        gc.set_threshold(100_000)  # a command is soon over: looking often for garbage in what it imports makes people wait
    ctx.obj = Globals(config=config, data_dir=data_dir, debug=debug)


def main() -> None:
    app()
