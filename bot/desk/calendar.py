"""The calendar: campaigns laid out over weeks, which two collide, and which weeks are empty for whom."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

from bot.core.plans import Campaign
from bot.core.products import EVERYONE

WEEK = timedelta(days=7)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Run:
    """A campaign in one year."""

    campaign: Campaign
    start: date
    end: date

    def touches(self, first: date, last: date) -> bool:
        """Whether it runs on any of those days."""
        return self.start <= last and self.end >= first


@dataclass(frozen=True, slots=True)
class Bar:
    """A run within one week: the first and the last of its seven days, from 0; whether it goes on beyond them."""

    run: Run
    first: int
    last: int
    before: bool
    after: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two campaigns that speak to one group through one channel on the same days."""

    one: Run
    other: Run
    audiences: tuple[str, ...]
    channels: tuple[str, ...]
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Missing:
    """A piece that is not there to the end of its campaign; `until` is its last day, or nothing: not released."""

    run: Run
    piece: str
    until: date | None


@dataclass(frozen=True, slots=True)
class Gap:
    """Weeks in a row, given by their Mondays, without anything for a group."""

    audience: str
    first: date
    weeks: int


def runs(campaigns: Iterable[Campaign], first: date, last: date) -> list[Run]:
    """Everything that runs on any of those days, the earliest first."""
    found = [Run(c, start, end) for c in campaigns for start, end in c.runs(first, last)]
    return sorted(found, key=lambda r: (r.start, r.end, r.campaign.id))


def weeks_of(month: date) -> list[date]:
    """The Mondays of the weeks a month touches."""
    first = month.replace(day=1)
    monday = first - timedelta(days=first.weekday())
    found = [monday]
    while (found[-1] + WEEK).month == first.month:
        found.append(found[-1] + WEEK)
    return found


def bars(planned: Sequence[Run], monday: date) -> list[Bar]:
    """What runs in a week."""
    sunday = monday + 6 * DAY
    return [
        Bar(
            run,
            max(0, (run.start - monday).days),
            min(6, (run.end - monday).days),
            run.start < monday,
            run.end > sunday,
        )
        for run in planned
        if run.touches(monday, sunday)
    ]


def conflicts(planned: Sequence[Run]) -> list[Conflict]:
    """Every two that get in each other's way; what speaks to everyone speaks to each group."""
    found = []
    for one, other in combinations(planned, 2):
        audiences = _shared(one.campaign.audiences, other.campaign.audiences)
        channels = tuple(c for c in one.campaign.channels if c in other.campaign.channels)
        if one.campaign.id != other.campaign.id and audiences and channels and one.touches(other.start, other.end):
            start, end = max(one.start, other.start), min(one.end, other.end)
            found.append(Conflict(one, other, audiences, channels, start, end))
    return found


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    if EVERYONE in one:
        return other
    return one if EVERYONE in other else tuple(a for a in one if a in other)


def missing(planned: Sequence[Run], ends: Mapping[str, date | None]) -> list[Missing]:
    """Pieces that are not released, or expire before their campaign ends.

    Args:
        planned: the campaigns.
        ends: the last day of everything released, as kind/key; nothing for what has none.
    """
    found = []
    for run in planned:
        for piece in run.campaign.pieces:
            until = ends.get(piece)
            if piece not in ends or (until is not None and until < run.end):
                found.append(Missing(run, piece, until))
    return found


def gaps(planned: Sequence[Run], audiences: Iterable[str], mondays: Sequence[date]) -> list[Gap]:
    """Weeks without anything, for each group."""
    found: list[Gap] = []
    for audience in audiences:
        its = [run for run in planned if {audience, EVERYONE} & set(run.campaign.audiences)]
        begun: Gap | None = None
        for monday in mondays:
            if any(run.touches(monday, monday + 6 * DAY) for run in its):
                begun = None
            elif begun is None:
                begun = Gap(audience, monday, 1)
                found.append(begun)
            else:
                begun = Gap(audience, begun.first, begun.weeks + 1)
                found[-1] = begun
    return found
