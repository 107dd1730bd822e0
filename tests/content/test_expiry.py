"""What the publicity team is told about the last day of a hotline."""

from datetime import date

import pytest

from bot.content.expiry import expiry

ADVICE = {"id": "cn_advice", "role": "advice", "valid_until": "2026-12-31"}
ALARM = {"id": "cn_police", "role": "police", "valid_until": "2026-12-31"}


@pytest.mark.parametrize("day", [date(2020, 1, 1), date(2026, 11, 30)])
def test_long_before_there_is_nothing_to_say(day: date) -> None:
    assert expiry(ADVICE, day) is None


@pytest.mark.parametrize(
    ("day", "when"),
    [(date(2026, 12, 1), "in 30 days"), (date(2026, 12, 30), "in 1 day"), (date(2026, 12, 31), "today")],
)
def test_from_thirty_days_ahead_it_says_when(day: date, when: str) -> None:
    said = expiry(ADVICE, day)
    assert said is not None
    assert said.startswith(f"cn_advice expires on 2026-12-31, {when}: ")


def test_afterwards_it_says_what_customers_get() -> None:
    advice, alarm = expiry(ADVICE, date(2027, 1, 1)), expiry(ALARM, date(2027, 1, 1))
    assert advice is not None
    assert alarm is not None
    assert "cn_advice expired on 2026-12-31 and is not told" in advice
    assert "cn_police expired on 2026-12-31; the alarm number is told" in alarm


@pytest.mark.parametrize("until", ["", "soon", "2099-02-30", None])
def test_a_day_that_is_none_is_refused(until: str | None) -> None:
    with pytest.raises(ValueError, match=r".+"):
        expiry({**ADVICE, "valid_until": until}, date(2026, 1, 1))
