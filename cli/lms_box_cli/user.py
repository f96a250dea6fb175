"""`lms user`: the people of the box."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from lms_box_cli.shell import AsJson, fail, out_console, print_json, say, with_box

if TYPE_CHECKING:
    from lms_box.accounts.messages import UserView
    from lms_box.box import Box
    from lms_box.viewer import Role

app = typer.Typer(name="user", help="The people of the box.", no_args_is_help=True)

Email = Annotated[str, typer.Argument(help="The e-mail address.")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]


@app.command("add")
def add(
    ctx: typer.Context,
    email: Email,
    name: Annotated[str, typer.Option("--name", help="How the pages call the person.")] = "",
    role: Annotated[Literal["user", "admin"], typer.Option("--role", help="Admins make courses.")] = "user",
    password_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Add a person. Without a password, prints a one-time link to set one."""
    password = _read_password() if password_stdin else None

    async def work(box: "Box") -> "tuple[UserView, str | None]":
        from lms_box.accounts import links, service
        from lms_box.accounts.messages import user_view

        password_hash = await _hash(password, email) if password is not None else None
        async with box.db.writing() as session:
            user = await service.add_user(session, email=email, name=name, role=role, password_hash=password_hash)
            link = None
            if password_hash is None:
                made = await links.make_link(session, user_id=user.id, purpose="set-password")
                link = made.address(box.settings)
        return user_view(user), link

    user, link = with_box(ctx, work)
    _show_result(user, link, as_json=as_json, words=f"Added {user.email} ({user.role}).")


@app.command("list")
def list_users(ctx: typer.Context, as_json: AsJson = False) -> None:
    """List everybody."""

    async def work(box: "Box") -> "list[UserView]":
        from lms_box.accounts import service
        from lms_box.accounts.messages import user_view

        async with box.db.reading() as session:
            users, _ = await service.list_users(session, sort="email")
        return [user_view(user) for user in users]

    users = with_box(ctx, work)
    if as_json:
        print_json(users)
    elif users:
        _print_table(users)
    else:
        say("Nobody is here yet. Add the first one: lms user add EMAIL --role admin")


@app.command("show")
def show(ctx: typer.Context, email: Email, as_json: AsJson = False) -> None:
    """Show one person."""

    async def work(box: "Box") -> "UserView":
        from lms_box.accounts import service
        from lms_box.accounts.messages import user_view

        async with box.db.reading() as session:
            return user_view(await service.get_user_by_email(session, email=email))

    user = with_box(ctx, work)
    if as_json:
        print_json(user)
    else:
        _print_table([user])


@app.command("set-role")
def set_role(
    ctx: typer.Context,
    email: Email,
    role: Annotated[Literal["user", "admin"], typer.Argument(help="user or admin.")],
    as_json: AsJson = False,
) -> None:
    """Make somebody an admin, or a user again."""
    user = _change(ctx, email, role=role)
    what = "an admin" if role == "admin" else "a user"
    _show_result(user, None, as_json=as_json, words=f"{user.email} is {what} now.")


@app.command("disable")
def disable(ctx: typer.Context, email: Email, as_json: AsJson = False) -> None:
    """Close an account for now: signed out everywhere at once; nothing is lost."""
    user = _change(ctx, email, is_active=False)
    _show_result(user, None, as_json=as_json, words=f"{user.email} is signed out and cannot sign in.")


@app.command("enable")
def enable(ctx: typer.Context, email: Email, as_json: AsJson = False) -> None:
    """Open a closed account again."""
    user = _change(ctx, email, is_active=True)
    _show_result(user, None, as_json=as_json, words=f"{user.email} may sign in again.")


@app.command("set-password")
def set_password(ctx: typer.Context, email: Email, password_stdin: FromStdin = False, as_json: AsJson = False) -> None:
    """Set a password (--password-stdin), or print a one-time link with which the person sets one."""
    password = _read_password() if password_stdin else None

    async def work(box: "Box") -> "tuple[UserView, str | None]":
        from lms_box.accounts import links, service
        from lms_box.accounts.messages import user_view

        password_hash = await _hash(password, email) if password is not None else None
        async with box.db.writing() as session:
            user = await service.get_user_by_email(session, email=email)
            if password_hash is not None:
                await service.change_password(session, user=user, password_hash=password_hash)
                return user_view(user), None
            link = await links.make_link(session, user_id=user.id, purpose="set-password")
        return user_view(user), link.address(box.settings)

    user, link = with_box(ctx, work)
    words = f"For {user.email}:" if link else f"The password of {user.email} is changed; every device is signed out."
    _show_result(user, link, as_json=as_json, words=words)


@app.command("sign-in-link")
def sign_in_link(ctx: typer.Context, email: Email, as_json: AsJson = False) -> None:
    """Print a link that signs the person in, once, within a day."""

    async def work(box: "Box") -> "tuple[UserView, str]":
        from lms_box.accounts import links, service
        from lms_box.accounts.messages import user_view

        async with box.db.writing() as session:
            user = await service.get_user_by_email(session, email=email)
            link = await links.make_link(session, user_id=user.id, purpose="sign-in")
        return user_view(user), link.address(box.settings)

    user, link = with_box(ctx, work)
    if as_json:
        print_json({**user.model_dump(mode="json"), "link": link})
    else:
        say(link)


@app.command("delete")
def delete(
    ctx: typer.Context,
    email: Email,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove a person with their progress and notes. The courses they made stay."""
    if not yes and sys.stdin.isatty():
        typer.confirm(f"Remove {email} with all progress and notes? This cannot be undone.", abort=True, err=True)

    async def work(box: "Box") -> "UserView":
        from lms_box.accounts import pictures, service
        from lms_box.accounts.messages import user_view

        async with box.db.writing() as session:
            user = await service.get_user_by_email(session, email=email)
            await service.remove_user(session, user_id=user.id)
            pictures.forget_picture(session, box, user=user)
        return user_view(user)

    user = with_box(ctx, work)
    _show_result(user, None, as_json=as_json, words=f"Removed {user.email}.")


@app.command("import")
def import_roster(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV with the columns email, and name, role, password if you like.")],
    as_json: AsJson = False,
) -> None:
    """Add the people of a list, all or none. Who comes without a password gets a one-time link to set one."""
    raw = file.read_bytes() if file.is_file() else fail(f"There is no file {file}.")

    async def work(box: "Box") -> "list[dict[str, str | None]]":
        from lms_box.accounts import roster

        entries = roster.read_roster(raw)
        hashes = await roster.hash_passwords(entries)
        async with box.db.writing() as session:
            enlisted = await roster.add_roster(session, entries=entries, hashes=hashes)
        return [
            {
                "id": str(one.user.id),
                "email": one.user.email,
                "name": one.user.name,
                "role": one.user.role,
                "result": one.result,
                "link": one.link.address(box.settings) if one.link else None,
            }
            for one in enlisted
        ]

    enlisted = with_box(ctx, work)
    if as_json:
        print_json(enlisted)
        return
    for person in enlisted:
        say("\t".join(filter(None, (person["email"], person["result"], person["link"]))))
    added = sum(person["result"] == "added" for person in enlisted)
    say(f"{added} added, {len(enlisted) - added} had an account already.")


def _change(ctx: typer.Context, email: str, *, role: "Role | None" = None, is_active: bool | None = None) -> "UserView":
    async def work(box: "Box") -> "UserView":
        from lms_box.accounts import service
        from lms_box.accounts.messages import user_view

        async with box.db.writing() as session:
            user = await service.get_user_by_email(session, email=email)
            return user_view(await service.change_user(session, user_id=user.id, role=role, is_active=is_active))

    return with_box(ctx, work)


def _read_password() -> str:
    """One trailing newline is the terminal's or echo's, not the password's."""
    try:
        return sys.stdin.buffer.read().decode("utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        fail("The password on standard input is no UTF-8 text.")


async def _hash(password: str, email: str) -> str:
    from lms_box.accounts import passwords

    return await passwords.hash_password(passwords.checked_password(password, email=email))


def _show_result(user: "UserView", link: str | None, *, as_json: bool, words: str) -> None:
    if as_json:
        print_json({**user.model_dump(mode="json"), "link": link})
        return
    say(words)
    if link:
        say("This link sets the password. It works once, for seven days:")
        say(link)


def _print_table(users: "list[UserView]") -> None:
    from rich.table import Table

    table = Table("E-mail", "Name", "Role", "Open", "Since", box=None, pad_edge=False)
    for user in users:
        is_open = "yes" if user.is_active else "no"
        table.add_row(user.email, user.name, user.role, is_open, f"{user.created_at:%Y-%m-%d}")
    out_console().print(table)
