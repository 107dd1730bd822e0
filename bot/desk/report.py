"""The weekly report: what was asked, what rose, what was shown and understood, what waits and what expires."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.core.content import Release
from bot.core.products import Product
from bot.desk.inbox import Group, Inbox
from bot.desk.measures import Measures, Period, Piece, Trend

WARNED_BY = ("warning", "screen", "led", "quiz", "drill", "handbook")
MOST = 12


@dataclass(frozen=True)
class Week:
    """The facts of one week."""

    period: Period
    asked: list[Trend]
    rose: list[Trend]
    shown: list[Piece]
    heard: list[Group]
    expiring: list[Product]


def week_of(day: date) -> Period:
    """The week from Monday to Sunday a day is in."""
    monday = day - timedelta(days=day.weekday())
    return Period(monday, monday + timedelta(days=6))


def gather(period: Period, measures: Measures, inbox: Inbox, release: Release) -> Week:
    """The week as the counts, the inbox and the release in force tell it."""
    trends = measures.trends(period)
    soon = period.end + timedelta(days=7)
    return Week(
        period=period,
        asked=[t for t in trends if t.asked][:MOST],
        rose=sorted((t for t in trends if t.change > 0), key=lambda t: -t.change)[:MOST],
        shown=[p for p in measures.pieces(period) if p.kind in WARNED_BY][:MOST],
        heard=list(inbox.overview().groups[:MOST]),
        expiring=[p for p in release.products if period.end < p.head.showing.end <= soon],
    )
