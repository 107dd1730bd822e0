"""A table of 50,000 rows at the desk: `python -m benchmarks.exchange [ROWS] [--form xlsx|csv|jsonl]`.

The rows are invented cases. They are read and taken in as the desk does it, into a store of their own: once with the
last row at fault, once called off half way, once whole. Printed are seconds, how often the waiting page could say
something new and the longest silence, the memory at the most, and what the store holds afterwards.
"""

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.growth import invented
from bot.cli.common import read_pieces
from bot.core.errors import CalledOff, DeskError
from bot.core.publishing import Actor
from bot.desk.exchange import Reader, write
from bot.desk.exchange_plan import Plan, take_in
from bot.desk.products import Stored
from bot.desk.rules import read_rules
from bot.settings import PROJECT
from bot.store.database import open_engine, upgrade
from bot.store.flow import FlowStore
from bot.store.reading import PieceReader
from bot.store.releases import ContentStore
from bot.store.views import Written

# Figures could be taken for somebody's number, which is a fault.
NO_FIGURES = str.maketrans("0123456789", "零一二三四五六七八九"), str.maketrans("0123456789", "abcdefghij")
EDITOR = Actor("cli:benchmark", operator=True)
console = Console()


class Silence:
    """What a waiting page is told, and how long it is told nothing."""

    def __init__(self) -> None:
        self.began = self.last = time.perf_counter()
        self.told = 0
        self.longest = 0.0

    def __call__(self, *_: object) -> None:
        """Something was told."""
        moment = time.perf_counter()
        self.longest = max(self.longest, moment - self.last)
        self.last, self.told = moment, self.told + 1

    def row(self) -> tuple[str, str, str, str]:
        """Seconds, how often, the longest silence, and the memory at the most so far."""
        self()
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        return f"{self.last - self.began:.1f} s", str(self.told), f"{self.longest:.1f} s", f"{most:.0f} MB"


class Shelf:
    """A store of its own with the shipped content."""

    def __init__(self, folder: Path) -> None:
        self.engine = open_engine(f"sqlite:///{folder / 'exchange.db'}")
        upgrade(self.engine)
        self.known: list[Stored] = read_pieces(PROJECT / "content")
        store = ContentStore(self.engine)
        store.seed(self.known)
        store.publish(author="seed", note="shipped content")
        self.flow = FlowStore(self.engine, read_rules(PROJECT / "desk.yml").flow)
        self.pieces = PieceReader(self.engine)

    def read(self, data: bytes, form: str, told: Silence) -> Plan:
        """The plan for a file."""
        return Reader(self.known, "brought", progress=told).read(data, form, "case")

    def take(self, plan: Plan, told: Silence, *, until: int | None = None) -> str:
        """Take a plan in, or with `until` call it off after so many; what came of it."""

        def done(count: int) -> None:
            told()
            if until is not None and count >= until:
                raise CalledOff("enough", code="called_off")

        def save(pieces: Sequence[Stored]) -> None:
            self.flow.save_all(EDITOR, [Written(*piece) for piece in pieces], done=done)

        try:
            return f"{take_in(plan, save):,} taken in"
        except DeskError as error:
            return str(error)

    def held(self) -> str:
        """How many drafts there are."""
        counts = self.pieces.counts()
        return f"{sum(number for (_, state, _), number in counts.items() if state == 'draft'):,}"


def _case(body: dict[str, Any]) -> Stored:
    """One case without a fault."""
    zh, en = NO_FIGURES
    words = {
        name: {"zh-Hans": body[name]["zh-Hans"].translate(zh), "en": body[name]["en"].translate(en)}
        for name in ("title", "story", "lesson")
    }
    return "case", str(body["id"]), {**body, **words}


def main(count: int, form: str) -> None:
    """Measure and print."""
    table = Table("what", "seconds", "told", "silent", "memory", "what came of it", "drafts")
    with tempfile.TemporaryDirectory() as name:
        shelf = Shelf(Path(name))
        typologies = sorted(key for kind, key, _ in shelf.known if kind == "typology")
        chance = random.Random(0)
        cases = [_case(invented(typologies[i % len(typologies)], i, chance)) for i in range(count)]
        faulty = [*cases[:-1], ("case", "made-wrong", {**cases[-1][2], "id": "made-wrong", "typology": "no_such_kind"})]
        for what, rows in (("read, the last row at fault", faulty), ("read, whole", cases)):
            data = write("case", rows, form)
            told = Silence()
            plan = shelf.read(data, form, told)
            wrong = sum(not fault.advice for fault in plan.faults)
            table.add_row(what, *told.row(), f"{plan.rows:,} rows, {wrong} faults", shelf.held())
            if wrong:
                told = Silence()
                came = shelf.take(plan, told)
                table.add_row("taken in all the same", *told.row(), came, shelf.held())
        for what, until in (("called off half way", count // 2), ("taken in", None)):
            told = Silence()
            came = shelf.take(plan, told, until=until)
            table.add_row(what, *told.row(), came, shelf.held())
    console.print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("rows", type=int, nargs="?", default=50_000)
    parser.add_argument("--form", choices=["xlsx", "csv", "jsonl"], default="xlsx")
    given = parser.parse_args()
    main(given.rows, given.form)
