"""`lms db`: the database's schema."""

import typer

from lms_box_cli.shell import AsJson, print_json, run_to_end, say, settings_of

app = typer.Typer(help="The database's schema.", no_args_is_help=True)


@app.command()
def upgrade(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Bring the database to this version's schema; `lms serve` does the same by itself."""
    from lms_box.box import prepare_data_dir
    from lms_box.db.upgrade import upgrade as bring_up

    settings = settings_of(ctx)

    async def work() -> tuple[str | None, str]:
        prepare_data_dir(settings.data_dir)
        return await bring_up(settings.database_url)

    before, now = run_to_end(work(), debug=ctx.obj.debug)
    if as_json:
        print_json({"before": before, "now": now})
    else:
        say(f"The database is at revision {now}." if before != now else f"Nothing to do: it is at revision {now} already.")


@app.command()
def current(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Which schema the database has, and which one this version knows."""
    from lms_box.db.upgrade import current as revision_of
    from lms_box.db.upgrade import head

    settings = settings_of(ctx)
    revision = run_to_end(revision_of(settings.database_url), debug=ctx.obj.debug)
    if as_json:
        print_json({"current": revision, "head": head()})
    else:
        stands = f"is at revision {revision}" if revision else "is empty"
        say(f"The database {stands}; this lms_box knows revision {head()}.")
