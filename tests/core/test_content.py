"""Rows of the approved table have a last day."""

from datetime import date

import pytest

from bot.core.content import Hotline
from bot.core.words import Words

NOTHING = Words(zh_hans="", en="", zh_hant="")


def row(role: str, until: str) -> Hotline:
    """A row of the table."""
    return Hotline("a_row", "cn", role, "96110", NOTHING, NOTHING, until)


@pytest.mark.parametrize(
    ("day", "told"), [(date(2026, 1, 1), True), (date(2026, 12, 31), True), (date(2027, 1, 1), False)]
)
def test_a_row_is_told_to_the_end_of_its_last_day(day: date, told: bool) -> None:
    assert row("advice", "2026-12-31").told_on(day) is told


def test_the_alarm_number_is_always_told() -> None:
    assert row("police", "2020-12-31").told_on(date(2099, 1, 1))


def test_a_day_that_does_not_exist_breaks_no_answer() -> None:
    assert row("advice", "2026-02-30").told_on(date(2026, 2, 28))
    assert not row("advice", "2026-02-30").told_on(date(2026, 3, 1))
