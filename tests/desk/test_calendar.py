"""Campaigns over weeks: what runs, what collides, what is missing."""

from datetime import date

import pytest

from bot.core.plans import Campaign
from bot.core.words import Words
from bot.desk.calendar import Run, bars, conflicts, gaps, missing, runs, weeks_of

DECEMBER = date(2026, 12, 1)


def campaign(name: str, start: str, end: str, **more: object) -> Campaign:
    """A campaign for old people on the screen."""
    usual: dict[str, object] = {"audiences": ("elders",), "channels": ("screen",)}
    title = Words(zh_hans=name, en=name, zh_hant=name)
    return Campaign(name, title, title, start=date.fromisoformat(start), end=date.fromisoformat(end), **usual | more)  # type: ignore[arg-type]


def planned(*campaigns: Campaign) -> list[Run]:
    """Everything that runs in the year."""
    return runs(campaigns, date(2026, 1, 1), date(2026, 12, 31))


def test_a_yearly_campaign_comes_again_and_one_over_new_year_is_seen_on_both_sides() -> None:
    winter = campaign("winter", "2024-12-20", "2025-01-10", yearly=True)
    found = [(r.start, r.end) for r in runs([winter], date(2027, 1, 5), date(2027, 12, 31))]
    assert found == [(date(2026, 12, 20), date(2027, 1, 10)), (date(2027, 12, 20), date(2028, 1, 10))]
    once = campaign("once", "2024-12-20", "2025-01-10")
    assert runs([once], date(2027, 1, 5), date(2027, 12, 31)) == []


def test_a_leap_day_is_the_day_before_in_other_years() -> None:
    leap = campaign("leap", "2028-02-29", "2028-03-02", yearly=True)
    assert [r.start for r in runs([leap], date(2029, 1, 1), date(2029, 12, 31))] == [date(2029, 2, 28)]


def test_a_month_is_laid_out_by_whole_weeks() -> None:
    mondays = weeks_of(DECEMBER)
    assert (mondays[0], mondays[-1], len(mondays)) == (date(2026, 11, 30), date(2026, 12, 28), 5)
    first, second = (bars(planned(campaign("c", "2026-12-03", "2026-12-08")), monday) for monday in mondays[:2])
    assert [(b.first, b.last, b.before, b.after) for b in (*first, *second)] == [
        (3, 6, False, True),
        (0, 1, True, False),
    ]


@pytest.mark.parametrize(
    ("more", "start", "collides"),
    [
        ({}, "2026-12-10", True),
        ({}, "2026-12-11", False),
        ({"channels": ("chat",)}, "2026-12-05", False),
        ({"audiences": ("students",)}, "2026-12-05", False),
        ({"audiences": ("all",)}, "2026-12-05", True),
    ],
)
def test_two_collide_for_one_group_on_one_channel_on_one_day(
    more: dict[str, object], start: str, collides: bool
) -> None:
    one = campaign("one", "2026-12-01", "2026-12-10")
    found = conflicts(planned(one, campaign("other", start, "2026-12-20", **more)))
    assert bool(found) is collides
    if found:
        assert (found[0].audiences, found[0].channels) == (("elders",), ("screen",))
        assert (found[0].start, found[0].end) == (date.fromisoformat(start), date(2026, 12, 10))


def test_a_piece_must_last_as_long_as_its_campaign() -> None:
    names = ("warning/short", "warning/long", "case/lasting", "led/gone")
    one = planned(campaign("one", "2026-12-01", "2026-12-10", pieces=names))
    ends = {"warning/short": date(2026, 12, 9), "warning/long": date(2026, 12, 10), "case/lasting": None}
    assert [(m.piece, m.until) for m in missing(one, ends)] == [
        ("warning/short", date(2026, 12, 9)),
        ("led/gone", None),
    ]


def test_empty_weeks_are_told_for_each_group_as_one_stretch() -> None:
    mondays = weeks_of(DECEMBER)
    one = planned(
        campaign("one", "2026-12-08", "2026-12-09"), campaign("all", "2026-12-28", "2026-12-31", audiences=("all",))
    )
    found = [(g.audience, g.first.day, g.weeks) for g in gaps(one, ["elders", "students"], mondays)]
    assert found == [("elders", 30, 1), ("elders", 14, 2), ("students", 30, 4)]
