"""What is planned beside single products: campaigns of the year, and checklists of the counter."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.core.words import Words

LEAP_DAY = (2, 29)


@dataclass(frozen=True, slots=True)
class Campaign:
    """Some weeks with a theme, for some groups, through some channels; `pieces` are named as kind/key."""

    id: str
    title: Words
    theme: Words
    audiences: tuple[str, ...]
    channels: tuple[str, ...]
    start: date
    end: date
    yearly: bool = False
    pieces: tuple[str, ...] = ()

    def runs(self, first: date, last: date) -> Iterator[tuple[date, date]]:
        """From when to when it runs, each time that touches the days from `first` to `last`."""
        if not self.yearly:
            if self.start <= last and self.end >= first:
                yield self.start, self.end
            return
        for year in range(first.year - 1, last.year + 1):
            start = _in_year(self.start, year)
            end = _in_year(self.end, year + self.end.year - self.start.year)
            if start <= last and end >= first:
                yield start, end


def _in_year(day: date, year: int) -> date:
    return date(year, 2, 28) if (day.month, day.day) == LEAP_DAY else day.replace(year=year)


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One thing to ask or look at, how it is recorded, and whether an odd answer alone stops the business."""

    id: str
    text: Words
    record: Words | None
    stop: bool


@dataclass(frozen=True, slots=True)
class Checklist:
    """What is gone through at the counter, and the rule that is made of the answers."""

    id: str
    title: Words
    purpose: Words
    items: tuple[CheckItem, ...]
    rule: Words


@dataclass(frozen=True)
class Plans:
    """All campaigns and checklists of a release."""

    campaigns: tuple[Campaign, ...] = ()
    checklists: tuple[Checklist, ...] = ()
