"""Counting: in memory when it happens, into the database every few seconds. No text and no sender is ever counted."""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import structlog
from sqlalchemy import Engine, func, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.core.errors import StoreError
from bot.core.measures import Measured
from bot.store.taught_tables import Measure
from bot.store.transactions import transaction

FLUSH_SECONDS = 3.0
# Different things counted between two flushes; what is beyond it is lost, and the loss is told.
MOST_HELD = 10_000
NAMES = ("day", "kind", "key", "event", "channel", "place")

log = structlog.get_logger()
Row = tuple[date, str, str, str, str, str]


class Counts:
    """What happened to pieces, by day, channel and place. Any thread may count; counting never fails and never waits.

    Args:
        engine: the database.
        today: the day of the bank.
    """

    def __init__(self, engine: Engine, today: Callable[[], date] = date.today) -> None:
        self._engine = engine
        self._today = today
        self._guard = threading.Lock()
        self._held: Counter[Row] = Counter()
        self.lost = 0

    def count(self, kind: str, key: str, event: str, channel: str = "", place: str = "", *, times: int = 1) -> None:
        """Count that `event` happened to a piece; in memory until the next flush."""
        row = (self._today(), kind[:32], key[:128], event[:32], channel[:32], place[:64])
        with self._guard:
            if row in self._held or len(self._held) < MOST_HELD:
                self._held[row] += times
            else:
                self.lost += times

    def flush(self) -> None:
        """Add what is held to the database; it is kept for the next flush when that does not answer.

        Raises:
            StoreError: the database does not answer.
        """
        with self._guard:
            held, self._held = self._held, Counter()
        if not held:
            return
        try:
            self._add(held)
        except StoreError:
            with self._guard:
                self._held.update(held)
            raise

    async def keep_flushing(self, every: float = FLUSH_SECONDS) -> None:
        """Flush again and again, in a thread; until cancelled, and then once more."""
        try:
            while True:
                await asyncio.sleep(every)
                await asyncio.to_thread(self._flush_or_tell)
        finally:
            self._flush_or_tell()

    def totals(
        self, start: date, end: date, *, by: tuple[str, ...] = (), **only: str | tuple[str, ...]
    ) -> list[Measured]:
        """Sums over the days from `start` to `end`, both included, by kind, key, event and whatever else `by` names.

        Args:
            start: the first day.
            end: the last.
            by: any of `day`, `channel`, `place`.
            only: a column and the value, or the values, it must have.

        Raises:
            StoreError: the database does not answer.
        """
        columns = [Measure.__table__.c[name] for name in dict.fromkeys(("kind", "key", "event", *by))]
        query = select(*columns, func.sum(Measure.count).label("count")).where(Measure.day.between(start, end))
        for name, wanted in only.items():
            query = query.where(Measure.__table__.c[name].in_([wanted] if isinstance(wanted, str) else wanted))
        with transaction(self._engine) as session:
            rows = session.execute(query.group_by(*columns).order_by(*columns)).mappings()
            return [Measured(**{**row, "count": int(row["count"])}) for row in rows]

    def _flush_or_tell(self) -> None:
        try:
            self.flush()
        except Exception as error:  # whatever it was, the next flush is tried
            _tell(error)
        with self._guard:
            lost, self.lost = self.lost, 0
        if lost:
            log.error("counts_lost", count=lost)

    def _add(self, held: Mapping[Row, int]) -> None:
        # always in the same order, so that two processes never wait for each other crosswise
        rows: list[dict[str, Any]] = [
            {**dict(zip(NAMES, row, strict=True)), "count": number} for row, number in sorted(held.items())
        ]
        insert = postgresql.insert if self._engine.dialect.name == "postgresql" else sqlite.insert
        statement: Any = insert(Measure)
        added = Measure.count + statement.excluded.count
        with transaction(self._engine) as session:
            session.execute(statement.on_conflict_do_update(index_elements=NAMES, set_={"count": added}), rows)


def _tell(error: Exception) -> None:
    log.error("counts_not_kept", reason=str(error), kind=type(error).__name__)
