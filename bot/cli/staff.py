"""`fangzha staff`: the desk's accounts from the command line. Whoever may run this needs no account himself."""

from typing import Annotated

import typer

from bot.cli.common import console, desk, errors, operator
from bot.settings import Settings

app = typer.Typer(help="The publicity desk's accounts.", no_args_is_help=True)

Login = Annotated[str, typer.Argument(help="the name to sign in with")]
Roles = Annotated[list[str], typer.Option("--role", help="a role of desk.yml; may be given several times")]


@app.command()
def add(
    login: Login,
    role: Roles,
    name: Annotated[str, typer.Option(help="the name others see")] = "",
    external: Annotated[
        str | None, typer.Option(help="issuer#subject of an identity provider; there is no password then")
    ] = None,
) -> None:
    """Add an account and print its first password, which has to be changed at the first sign-in."""
    password = desk(Settings()).accounts.add(operator(), login, name=name, roles=role, external=external)
    _hand_over(login, password)


@app.command("list")
def list_() -> None:
    """Everybody who has an account."""
    for member in desk(Settings()).accounts.members():
        state = "disabled" if not member.active else "first password" if member.must_change else "active"
        console.print(f"{member.login:<16} {state:<15} {','.join(member.roles):<32} {member.name}", markup=False)


@app.command()
def roles(login: Login, role: Roles) -> None:
    """Give an account other roles; they count at once."""
    desk(Settings()).accounts.set_roles(operator(), login, role)
    console.print(f"{login}: {', '.join(sorted(role))}", markup=False)


@app.command()
def disable(login: Login) -> None:
    """Close an account and end its sessions; what it did stays in the audit trail."""
    desk(Settings()).accounts.disable(operator(), login)
    console.print(f"{login} is disabled", markup=False)


@app.command()
def enable(login: Login) -> None:
    """Open a closed account again."""
    desk(Settings()).accounts.enable(operator(), login)
    console.print(f"{login} is enabled", markup=False)


@app.command()
def reset(login: Login) -> None:
    """Print another first password; it ends the sessions and lifts a lock-out."""
    _hand_over(login, desk(Settings()).accounts.reset(operator(), login))


def _hand_over(login: str, password: str) -> None:
    # the password alone on standard output, so that a script can take it
    errors.print(f"{login}: hand this over, it is shown this once" if password else f"{login}: added", markup=False)
    if password:
        console.print(password, markup=False)
