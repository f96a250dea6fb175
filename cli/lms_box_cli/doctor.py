"""`lms doctor`: checks everything the box depends on, and says what to do about each finding."""

import typer

from lms_box_cli.shell import AsJson, Globals, out_console, print_json


def doctor(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Check what the box depends on; exit code 1 when something needs care."""
    from dataclasses import asdict

    from lms_box_cli.checkup import examine

    options: Globals = ctx.obj
    findings = examine(config=options.config, data_dir=options.data_dir)
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        console = out_console()
        for finding in findings:
            console.print(f"{'ok  ' if finding.ok else 'CARE'}  {finding.what}: {finding.words}", markup=False)
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)
