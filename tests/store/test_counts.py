"""Counting in memory and in the database."""

import asyncio
import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from bot.core.errors import StoreError
from bot.core.measures import Event, Measured
from bot.store import counts as counting
from bot.store.counts import Counts
from tests.store.conftest import Connect

MONDAY = date(2026, 11, 23)


class Days:
    """The bank's day, moved by the test."""

    def __init__(self) -> None:
        self.day = MONDAY

    def __call__(self) -> date:
        return self.day


@pytest.fixture
def days() -> Days:
    """Monday first."""
    return Days()


@pytest.fixture
def counts(connect: Connect, days: Days) -> Counts:
    """Nothing counted yet."""
    return Counts(connect(), days)


def test_what_is_counted_between_flushes_and_by_other_processes_adds_up(counts: Counts, connect: Connect) -> None:
    other = Counts(connect(), lambda: MONDAY)
    for one in (counts, other, counts):
        one.count("case", "c-1", Event.OPENED, "web", "branch-7")
        one.flush()
    assert counts.totals(MONDAY, MONDAY) == [Measured("case", "c-1", "opened", 3)]


def test_sums_are_told_by_what_is_asked_for_and_only_of_the_days_that_are_asked_for(counts: Counts, days: Days) -> None:
    counts.count("typology", "game", Event.ASKED, "web")
    counts.count("typology", "game", Event.ASKED, "kiosk", "north")
    counts.count("case", "c-1", Event.SHOWN, "web")
    counts.flush()
    days.day += timedelta(days=1)
    counts.count("typology", "game", Event.ASKED, "kiosk", "north", times=5)
    counts.flush()
    tuesday = days.day
    assert counts.totals(MONDAY, tuesday, kind="typology") == [Measured("typology", "game", "asked", 7)]
    by_place = counts.totals(MONDAY, tuesday, by=("place",), kind=("typology", "warning"))
    assert {(m.place, m.count) for m in by_place} == {("", 1), ("north", 6)}
    by_day = counts.totals(tuesday, tuesday, by=("day", "channel"))
    assert by_day == [Measured("typology", "game", "asked", 5, tuesday, "kiosk")]


def test_many_threads_lose_nothing(counts: Counts) -> None:
    def work() -> None:
        for number in range(200):
            counts.count("warning", f"w-{number % 3}", Event.SHOWN, "screen", "hall")
            if number % 50 == 0:
                counts.flush()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counts.flush()
    assert sum(m.count for m in counts.totals(MONDAY, MONDAY)) == 800


def test_a_database_that_is_down_costs_nothing_but_time(connect: Connect) -> None:
    engine = connect()
    counts = Counts(engine, lambda: MONDAY)
    counts.count("case", "c-1", Event.SHOWN)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE measure RENAME TO away"))
    with pytest.raises(StoreError):
        counts.flush()
    counts.count("case", "c-1", Event.SHOWN)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE away RENAME TO measure"))
    counts.flush()
    assert counts.totals(MONDAY, MONDAY) == [Measured("case", "c-1", "shown", 2)]


def test_names_as_long_as_anybody_likes_are_cut_to_what_a_column_takes(counts: Counts) -> None:
    counts.count("k" * 99, "x" * 999, "e" * 99, "c" * 99, "p" * 99)
    counts.flush()
    found = counts.totals(MONDAY, MONDAY, by=("channel", "place"))[0]
    assert (len(found.kind), len(found.key), len(found.event), len(found.channel), len(found.place)) == (
        32,
        128,
        32,
        32,
        64,
    )


async def test_memory_is_bounded_and_what_is_lost_is_told(counts: Counts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MOST_HELD", 2)
    for key in ("a", "b", "c", "a", "d"):
        counts.count("case", key, Event.SHOWN)
    task = asyncio.create_task(counts.keep_flushing(every=3600))
    await asyncio.sleep(0)
    with capture_logs() as logs:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert [(line["event"], line["count"]) for line in logs] == [("counts_lost", 2)]
    assert {(m.key, m.count) for m in counts.totals(MONDAY, MONDAY)} == {("a", 2), ("b", 1)}
