"""`lms config`: the effective settings and the commented example file."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import typer

from lms_box_cli.shell import AsJson, fail, print_json, say, settings_of

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic.fields import FieldInfo

    from lms_box.config import Section, Settings

app = typer.Typer(help="The configuration.", no_args_is_help=True)

WIDTH = 100
HEAD = """\
# lms_box's configuration. Every value stands here with its default; take the # away from the lines that you change
# ("" where there is no default).
# Put the file into the data directory as lms.toml, or to /etc/lms-box/lms.toml, or name it with --config or LMS_CONFIG.
# Each value can also come from the environment as LMS_SECTION__NAME (LMS_SERVER__PORT=9000; lists with commas),
# and each secret from a file, as NAME_file."""


@app.command()
def show(ctx: typer.Context, as_json: AsJson = False) -> None:
    """The settings that count now, with secrets hidden, and the file that they come from."""
    settings = settings_of(ctx)
    source = _source_of(ctx, settings)
    values = _shown(settings)
    if as_json:
        print_json({"file": source, "data_dir": settings.data_dir, **values})
        return
    say(f"# From {source}" if source else "# No configuration file: defaults and the environment.")
    say(f"# Data directory: {settings.data_dir}")
    for section, keys in values.items():
        lines = (f"{key} = {_toml(value)}" for key, value in keys.items() if value is not None)
        say("\n".join(["", f"[{section}]", *lines]))


@app.command()
def example(as_json: AsJson = False) -> None:
    """Print a configuration file with every setting, its default and what it means."""
    if as_json:
        print_json(_defaults())
    else:
        say(example_file())


def example_file() -> str:
    """lms.example.toml, without its last line end."""
    from lms_box.config import SECTIONS

    return "\n".join([HEAD, *(line for name, section in SECTIONS.items() for line in _section(name, section))])


def _defaults() -> Mapping[str, Mapping[str, object]]:
    from lms_box.config import SECTIONS

    return {name: section().model_dump(mode="json") for name, section in SECTIONS.items()}


def _section(name: str, section: "type[Section]") -> Iterator[str]:
    yield from ("", f"[{name}]")
    for key, field in section.model_fields.items():
        yield from _setting(key, field)


def _setting(key: str, field: "FieldInfo") -> Iterator[str]:
    from textwrap import wrap

    from lms_box.config import is_secret

    yield from (f"# {line}" for line in wrap(field.description or "", WIDTH))
    if choices := _choices(field):
        yield f"# One of: {', '.join(choices)}."
    yield f"#{key} = {_toml('' if field.default is None else field.default)}"
    if is_secret(field):
        yield f'#{key}_file = ""'


def _choices(field: "FieldInfo") -> tuple[str, ...]:
    from typing import Literal, get_args, get_origin

    return get_args(field.annotation) if get_origin(field.annotation) is Literal else ()


def _source_of(ctx: typer.Context, settings: "Settings") -> "Path | None":
    import os

    from lms_box.config import find_config
    from lms_box.errors import LmsError

    try:
        return find_config(ctx.obj.config, settings.data_dir, os.environ)
    except LmsError as error:  # it was there a moment ago
        fail(error.detail)


def _shown(settings: "Settings") -> Mapping[str, Mapping[str, object]]:
    """Plain values; pydantic writes a secret as stars."""
    values: dict[str, dict[str, object]] = settings.model_dump(mode="json", exclude={"data_dir"})
    return values


def _toml(value: object) -> str:
    """TOML writes plain strings, numbers, booleans and lists of strings as JSON does."""
    import json

    return json.dumps(value, ensure_ascii=False)
