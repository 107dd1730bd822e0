"""How fast it goes and how long it still takes."""

from datetime import UTC, datetime

from bot.delivery.rates import OVER_SECONDS, Rates
from bot.store.broadcasts import Progress

WHEN = datetime(2026, 12, 1, tzinfo=UTC)


def progress(sent: int, due: int) -> Progress:
    """A broadcast so far."""
    return Progress(1, "warning", "w", 1, "t", 1, "going", True, WHEN, WHEN, sent, due, 0, 0, 0)


def test_it_is_the_rate_of_the_last_moments_and_none_before_there_are_two() -> None:
    moment = 0.0
    rates = Rates(lambda: moment)
    rates.saw([progress(0, 100)])
    assert (rates.per_second(1), rates.seconds_left(progress(0, 100))) == (0, None)
    moment = OVER_SECONDS
    rates.saw([progress(0, 100)])
    moment += OVER_SECONDS
    rates.saw([progress(100, 50)])
    assert rates.per_second(1) == 100 / OVER_SECONDS
    assert rates.seconds_left(progress(100, 50)) == 50 / (100 / OVER_SECONDS)
    assert rates.seconds_left(progress(100, 0)) is None
    assert rates.per_second(2) == 0
