"""The desk as one thing: accounts and flow over a database, and the sweep that runs beside the app."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import Engine

from bot.desk.accounts import Accounts
from bot.desk.flow import Flow
from bot.desk.rules import DeskRules, read_rules
from bot.store.tables import now

SWEEP_SECONDS = 30.0

log = structlog.get_logger()


@dataclass(frozen=True)
class Desk:
    """What the desk's pages and commands work with."""

    rules: DeskRules
    accounts: Accounts
    flow: Flow

    def sweep(self) -> None:
        """Do once what time does. Trouble is told in the log, and tried again at the next sweep."""
        try:
            swept = self.flow.sweep()
            self.accounts.tidy()
        except Exception as error:  # whatever it was, the next sweep is tried
            _tell(error)
            return
        if swept.release is not None or swept.renewed:
            log.info(
                "swept",
                release=swept.release,
                released=len(swept.released),
                expired=len(swept.expired),
                renewed=len(swept.renewed),
            )

    async def keep_sweeping(self, every: float = SWEEP_SECONDS) -> None:
        """Sweep at once and then again and again, in a thread; until cancelled."""
        while True:
            await asyncio.to_thread(self.sweep)
            await asyncio.sleep(every)


def _tell(error: Exception) -> None:
    log.error("sweep_failed", reason=str(error), kind=type(error).__name__)


def open_desk(engine: Engine, rules: Path, clock: Callable[[], datetime] = now) -> Desk:
    """The desk over a database at its newest migration.

    Raises:
        ContentError: the rules cannot be read.
    """
    read = read_rules(rules)
    return Desk(read, Accounts(engine, read, clock), Flow(engine, read.flow, clock))
