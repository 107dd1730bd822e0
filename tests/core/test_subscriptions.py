"""When a warning may reach somebody: never in quiet hours, never late without a reason, never lost."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.subscriptions import DIGEST_AT, URGENT, Frequency, Preferences, Quiet

ZONES = ["Asia/Shanghai", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Etc/GMT-14", "Pacific/Apia"]
moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))
hours = st.integers(0, 23)
quiets = st.tuples(hours, hours).filter(lambda h: h[0] != h[1]).map(lambda h: Quiet(*h))
wishes = st.builds(
    Preferences,
    frequency=st.sampled_from(Frequency),
    quiet=st.none() | quiets,
    urgent_anyway=st.booleans(),
    zone=st.sampled_from(ZONES),
)


def quiet_at(wish: Preferences, moment: datetime) -> bool:
    """Whether somebody's clock then shows a quiet hour."""
    return wish.quiet is not None and wish.quiet.covers(moment.astimezone(ZoneInfo(wish.zone)))


@given(wishes, moments, st.integers(1, 3))
@example(Preferences(quiet=Quiet(22, 2), zone="Europe/London"), datetime(2026, 10, 25, 0, 30, tzinfo=UTC), 2)
@example(Preferences(quiet=Quiet(3, 2), zone="America/New_York"), datetime(2026, 3, 8, 6, 30, tzinfo=UTC), 2)
@example(Preferences(quiet=Quiet(22, 2), zone="America/New_York"), datetime(2026, 3, 8, 6, 30, tzinfo=UTC), 2)
def test_nothing_comes_in_quiet_hours_unless_it_is_urgent_and_let_in(
    wish: Preferences, moment: datetime, priority: int
) -> None:
    due = wish.due(moment, priority)
    assert due >= moment
    if priority == URGENT and wish.urgent_anyway:
        assert due == moment
    else:
        assert not quiet_at(wish, due)


@given(quiets, st.sampled_from(ZONES), moments)
def test_it_comes_as_soon_as_the_quiet_hours_are_over(quiet: Quiet, zone: str, moment: datetime) -> None:
    wish = Preferences(quiet=quiet, zone=zone)
    due = wish.due(moment, 2)
    while moment < due:
        assert quiet_at(wish, moment)
        moment += timedelta(minutes=7)


@given(wishes, moments)
def test_a_digest_is_at_nine_or_when_the_quiet_hours_end_and_within_its_time(
    wish: Preferences, moment: datetime
) -> None:
    due = wish.due(moment, 3)
    longest = {Frequency.NOW: 1, Frequency.DAILY: 2, Frequency.WEEKLY: 8}[wish.frequency]
    assert due - moment <= timedelta(days=longest, hours=2)
    if wish.frequency is not Frequency.NOW and wish.quiet is None:
        local = due.astimezone(ZoneInfo(wish.zone))
        assert local.time() == DIGEST_AT
        assert wish.frequency is Frequency.DAILY or local.weekday() == 0


def test_all_who_wait_for_a_digest_wait_for_the_same_moment() -> None:
    wish = Preferences(frequency=Frequency.DAILY)
    first, second = (wish.due(datetime(2026, 12, 1, hour, tzinfo=UTC), 2) for hour in (2, 20))
    assert first == second == datetime(2026, 12, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize("hours", [(22, 22), (-1, 4), (3, 24)])
def test_hours_that_are_none_are_refused(hours: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no quiet hours"):
        Quiet(*hours)
