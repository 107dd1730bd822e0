"""What the counts say, and what they keep to themselves."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from bot.core.measures import Event
from bot.desk.charts import HEIGHT, bars
from bot.desk.measures import LEAST_ASKERS, Measures, Period
from bot.store.counts import Counts

SUNDAY = date(2026, 11, 29)
WEEK = Period.until(SUNDAY, 7)


class Told:
    """Counts on any day."""

    def __init__(self, engine: Engine) -> None:
        self.day = SUNDAY
        self.counts = Counts(engine, lambda: self.day)

    def asked(self, key: str, times: int, *, ago: int = 0, place: str = "") -> None:
        """So many asked about a kind of scam, so many days ago."""
        self.happened("typology", key, Event.ASKED, times, ago=ago, place=place)

    def happened(self, kind: str, key: str, event: str, times: int = 1, *, ago: int = 0, place: str = "") -> None:
        """Something happened to a piece."""
        self.day = SUNDAY - timedelta(days=ago)
        self.counts.count(kind, key, event, "web", place, times=times)
        self.counts.flush()


@pytest.fixture
def told(engine: Engine) -> Told:
    """Nothing counted yet."""
    return Told(engine)


def test_a_trend_tells_each_day_of_the_week_and_how_it_was_the_week_before(told: Told) -> None:
    told.asked("game", 2)
    told.asked("game", 3, ago=6)
    told.asked("game", 9, ago=7)
    told.asked("ticket", 1, ago=9)
    game, ticket = Measures(told.counts).trends(WEEK)
    assert (game.key, game.asked, game.before, game.change) == ("game", 5, 9, -4)
    assert [count for _, count in game.steps] == [3, 0, 0, 0, 0, 0, 2]
    assert (ticket.asked, ticket.before) == (0, 1)


def test_a_long_period_is_told_week_by_week(told: Told) -> None:
    told.asked("game", 2)
    trend = Measures(told.counts).trends(Period.until(SUNDAY, 90))[0]
    assert len(trend.steps) == 13
    assert sum(count for _, count in trend.steps) == 2


def test_a_kind_is_told_of_a_branch_only_from_five_askers_on(told: Told) -> None:
    told.asked("game", LEAST_ASKERS - 1, place="north")
    told.asked("ticket", LEAST_ASKERS, place="north")
    measures = Measures(told.counts)
    assert measures.branches(WEEK) == {"north": [("ticket", LEAST_ASKERS)]}
    assert [t.key for t in measures.trends(WEEK, "north")] == ["ticket"]
    assert {t.key for t in measures.trends(WEEK)} == {"game", "ticket"}


def test_an_export_leaves_out_the_branch_where_too_few_asked(told: Told) -> None:
    told.asked("game", LEAST_ASKERS - 1, place="north")
    told.asked("game", LEAST_ASKERS, place="south")
    told.happened("screen", "s-1", Event.SHOWN, place="north")
    rows = {(m.key, m.place): m.count for m in Measures(told.counts).rows(WEEK)}
    assert rows == {("game", ""): LEAST_ASKERS - 1, ("game", "south"): LEAST_ASKERS, ("s-1", "north"): 1}


def test_each_piece_has_its_events_and_how_many_understood_it(told: Told) -> None:
    for event, times in {Event.SHOWN: 9, Event.RIGHT: 3, Event.WRONG: 1}.items():
        told.happened("warning", "w-1", event, times)
    told.happened("case", "c-1", Event.OPENED)
    warning, case = Measures(told.counts).pieces(WEEK)
    assert (warning["shown"], warning["opened"], warning.understood) == (9, 0, 75)
    assert case.understood is None


def test_bars_are_as_high_as_their_part_of_the_highest() -> None:
    one, two, none = bars([("a", 2), ("b", 4), ("c", 0)])
    assert (one.height, two.height, none.height) == (HEIGHT / 2, HEIGHT, 0)
    assert one.x < two.x < none.x
    assert bars([("a", 2)], 8)[0].height == HEIGHT / 4
    assert bars([]) == []
    assert bars([("a", 0)])[0].height == 0
