"""`fangzha warnings`: sending, watching and stopping what goes to subscribers."""

import asyncio
import signal
import time
from typing import Annotated

import typer
from rich.live import Live
from rich.table import Table

from bot.cli.common import console, desk, errors, open_store, operator, refuse
from bot.delivery.planning import WARNING
from bot.delivery.rates import Rates
from bot.delivery.service import Delivery
from bot.logs import configure
from bot.settings import Settings
from bot.store.broadcasts import Progress
from bot.store.database import open_engine
from bot.web.delivering import open_pushers

app = typer.Typer(help="Warnings to subscribers.", no_args_is_help=True)

Id = Annotated[int, typer.Argument(help="the number that list and watch show", metavar="ID")]
LOOK_SECONDS = 1.0


def delivery_of(settings: Settings) -> Delivery:
    """Delivery over an upgraded store."""
    open_store(settings)
    return Delivery(
        open_engine(settings.database_url),
        zone=settings.zone,
        folder=settings.var,
        redis_url=settings.redis_url,
        per_second=settings.warnings_per_second,
    )


@app.command()
def work() -> None:
    """Plan and send until Ctrl-C; run as many as you like, on as many machines."""
    settings = Settings()
    configure(settings.log_level)
    asyncio.run(_work(settings, delivery_of(settings)))


async def _work(settings: Settings, delivery: Delivery) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with open_pushers(settings) as pushers:
        errors.print(f"  sending through {', '.join(pushers) or 'no messenger'}; Ctrl-C stops", style="dim")
        await delivery.work(pushers, stop)


@app.command("list")
def list_() -> None:
    """What was sent, and how far it is."""
    console.print(_table(delivery_of(Settings()).broadcasts.progress(), Rates()))


@app.command()
def watch() -> None:
    """The same, kept up to date: counts, how many a second, how long it still takes."""
    delivery = delivery_of(Settings())
    with Live(console=console, auto_refresh=False) as live:
        while True:
            found = delivery.broadcasts.progress()
            delivery.rates.saw(found)
            live.update(_table(found, delivery.rates), refresh=True)
            time.sleep(LOOK_SECONDS)


@app.command()
def pause(broadcast: Id) -> None:
    """Stop before the next message."""
    if not delivery_of(Settings()).broadcasts.pause(broadcast):
        raise refuse(f"{broadcast} is not being sent: `fangzha warnings list` shows what is")
    console.print(f"{broadcast} is paused", markup=False)


@app.command()
def resume(broadcast: Id) -> None:
    """Go on with what was paused."""
    if not delivery_of(Settings()).broadcasts.resume(broadcast):
        raise refuse(f"{broadcast} is not paused: `fangzha warnings list` shows what is")
    console.print(f"{broadcast} goes on", markup=False)


@app.command()
def withdraw(broadcast: Id, reason: Annotated[str, typer.Option(help="why; the trail keeps it")]) -> None:
    """Take a warning back everywhere, and tell those who got it."""
    settings = Settings()
    delivery = delivery_of(settings)
    found = next(iter(delivery.broadcasts.progress(broadcast)), None)
    if found is None or found.kind != WARNING:
        raise refuse(f"{broadcast} is no warning: `fangzha warnings list` shows them")
    release = desk(settings).flow.withdraw(operator(), [(WARNING, found.key)], reason=reason).release
    delivery.planner.run()
    console.print(f"{found.key} is withdrawn by release {release}; a correction goes to those who got it", markup=False)


def _table(found: list[Progress], rates: Rates) -> Table:
    table = Table(box=None, header_style="dim")
    for column in ("ID", "what", "title", "state"):
        table.add_column(column)
    for column in ("sent", "due", "later", "failed", "dropped", "per second", "still"):
        table.add_column(column, justify="right")
    for p in found:
        rate, left = rates.per_second(p.id), rates.seconds_left(p)
        numbers = (p.sent, p.due, p.later, p.failed, p.dropped)
        table.add_row(
            str(p.id),
            f"{p.kind} {p.priority}",
            p.title[:40],
            p.state if p.planned else f"{p.state}, planning",
            *(f"{n:,}" for n in numbers),
            f"{rate:.1f}" if rate else "",
            _still(left) if left is not None else "",
        )
    return table


def _still(seconds: int) -> str:
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"
