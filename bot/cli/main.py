"""The `fangzha` command."""

import os
import sys
from typing import Annotated

import typer
from rich.console import Console

from bot.cli import assess, content, doctor, staff, up, warnings
from bot.core.errors import FangzhaError
from bot.logs import configure

app = typer.Typer(
    name="fangzha",
    help="A bank's fraud-awareness assistant.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("up")(up.up)
app.command("chat")(up.chat)
app.command("assess")(assess.assess)
app.command("evaluate")(assess.evaluate)
app.command("doctor")(doctor.doctor)
app.add_typer(content.app, name="content")
app.add_typer(staff.app, name="staff")
app.add_typer(warnings.app, name="warnings")


@app.callback()
def settings(verbose: Annotated[bool, typer.Option("--verbose", help="say more on stderr")] = False) -> None:
    """Options for every command."""
    configure("INFO" if verbose else "WARNING")


def run() -> None:
    """Entry point: errors of ours become one line and exit code 1, never a traceback."""
    try:
        app()
    except FangzhaError as error:
        Console(stderr=True).print(f"fangzha: {error}", style="red", highlight=False, markup=False)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if "FANGZHA_DEBUG" in os.environ:
            raise
        kind = type(error).__name__
        Console(stderr=True).print(f"fangzha: unexpected {kind}: {error}. FANGZHA_DEBUG=1 shows where", markup=False)
        sys.exit(1)
