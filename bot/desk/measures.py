"""What the counts say: which kinds of scam are asked about, where, and what became of each piece."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.core.measures import Event, Measured
from bot.store.counts import Counts

# A kind of scam is told of a branch only from this many who asked there: fewer could be known by name.
LEAST_ASKERS = 5
# What tells which scam a person asked about.
TELLING = frozenset({"typology", "case", "answer", "question"})
WEEK = 7
LONGEST_BY_DAY = 35


@dataclass(frozen=True, slots=True)
class Period:
    """Some days, the first and the last included."""

    start: date
    end: date

    @classmethod
    def until(cls, end: date, days: int) -> "Period":
        """The last `days` days."""
        return cls(end - timedelta(days=days - 1), end)

    @property
    def days(self) -> int:
        """How many."""
        return (self.end - self.start).days + 1

    @property
    def before(self) -> "Period":
        """As many days just before, to compare with."""
        return Period.until(self.start - timedelta(days=1), self.days)


@dataclass(frozen=True, slots=True)
class Trend:
    """How many asked about one kind of scam, in each step of a period, and in the period before."""

    key: str
    asked: int
    before: int
    steps: tuple[tuple[date, int], ...]

    @property
    def change(self) -> int:
        """More or fewer than before."""
        return self.asked - self.before


@dataclass(frozen=True)
class Piece:
    """What happened to one piece."""

    kind: str
    key: str
    counts: dict[str, int]

    def __getitem__(self, event: str) -> int:
        return self.counts.get(event, 0)

    @property
    def understood(self) -> int | None:
        """Of a hundred who answered its question, how many were right; nothing before anybody did."""
        answered = self[Event.RIGHT] + self[Event.WRONG]
        return round(100 * self[Event.RIGHT] / answered) if answered else None


class Measures:
    """Reads the counts; what is held in memory of the last seconds is not in them yet."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts

    def trends(self, period: Period, place: str = "") -> list[Trend]:
        """Each kind of scam that was asked about, or was before, the most first; of one branch where it may be told."""
        only: dict[str, Any] = {"kind": "typology", "event": Event.ASKED.value, **({"place": place} if place else {})}
        now = self._counts.totals(period.start, period.end, by=("day",), **only)
        then = self._counts.totals(period.before.start, period.before.end, **only)
        before = {m.key: m.count for m in then}
        days: dict[str, dict[date, int]] = defaultdict(dict)
        for m in now:
            if m.day is not None:
                days[m.key][m.day] = m.count
        found = []
        for key in {*before, *days}:
            asked, earlier = sum(days[key].values()), before.get(key, 0)
            if place:
                asked, earlier = (n if n >= LEAST_ASKERS else 0 for n in (asked, earlier))
            if asked or earlier:
                found.append(Trend(key, asked, earlier, _steps(period, days[key] if asked else {})))
        return sorted(found, key=lambda t: (-t.asked, -t.before, t.key))

    def branches(self, period: Period) -> dict[str, list[tuple[str, int]]]:
        """Place -> (kind of scam, how many asked), the most first; only what may be told."""
        found: dict[str, list[tuple[str, int]]] = {}
        rows = self._counts.totals(period.start, period.end, by=("place",), kind="typology", event=Event.ASKED.value)
        for m in sorted(rows, key=lambda m: -m.count):
            if m.place:
                found.setdefault(m.place, [])
                if m.count >= LEAST_ASKERS:
                    found[m.place].append((m.key, m.count))
        return dict(sorted(found.items()))

    def pieces(self, period: Period) -> list[Piece]:
        """What happened to each piece, the most shown first."""
        counts: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
        for m in self._counts.totals(period.start, period.end):
            counts[m.kind, m.key][m.event] = m.count
        pieces = [Piece(kind, key, events) for (kind, key), events in counts.items()]
        return sorted(pieces, key=lambda p: (-p[Event.SHOWN], p.kind, p.key))

    def rows(self, period: Period) -> list[Measured]:
        """Everything for an export, by channel and place; where a place may not be told it is left out of the row."""
        rows = self._counts.totals(period.start, period.end, by=("channel", "place"))
        return _merged(m if _may_tell(m, rows) else _anywhere(m) for m in rows)


def _steps(period: Period, days: dict[date, int]) -> tuple[tuple[date, int], ...]:
    """The counts day by day, or week by week where days would be too many to see."""
    width = 1 if period.days <= LONGEST_BY_DAY else WEEK
    first = [period.start + timedelta(days=n) for n in range(0, period.days, width)]
    return tuple((day, sum(days.get(day + timedelta(days=n), 0) for n in range(width))) for day in first)


def _may_tell(one: Measured, rows: Iterable[Measured]) -> bool:
    if not one.place or one.kind not in TELLING:
        return True
    alike = (
        m.count for m in rows if (m.kind, m.key, m.place) == (one.kind, one.key, one.place) and m.event == one.event
    )
    return sum(alike) >= LEAST_ASKERS


def _anywhere(one: Measured) -> Measured:
    return Measured(one.kind, one.key, one.event, one.count, one.day, one.channel)


def _merged(rows: Iterable[Measured]) -> list[Measured]:
    sums: dict[tuple[str, str, str, str, str], int] = defaultdict(int)
    for m in rows:
        sums[m.kind, m.key, m.event, m.channel, m.place] += m.count
    return [Measured(k, key, e, n, None, channel, place) for (k, key, e, channel, place), n in sorted(sums.items())]
