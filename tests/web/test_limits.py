"""Token buckets: so many at once, refilled with time, bounded in number."""

import pytest

from bot.web.limits import MOST_SENDERS, RateLimit


class Clock:
    """Time that passes when the test says so."""

    def __init__(self) -> None:
        self.now = 50.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


def test_a_sender_may_send_so_many_at_once_and_then_waits() -> None:
    limit = RateLimit(3, 0.5, Clock())
    assert [limit.wait("a") for _ in range(3)] == [0, 0, 0]
    assert limit.wait("a") == pytest.approx(2.0)
    assert limit.wait("b") == 0


def test_waiting_is_as_long_as_was_said() -> None:
    clock = Clock()
    limit = RateLimit(1, 0.5, clock)
    assert limit.wait("a") == 0
    pause = limit.wait("a")
    clock.now += pause / 2
    assert limit.wait("a") > 0
    clock.now += pause / 2
    assert limit.wait("a") == 0


def test_a_refused_call_costs_nothing() -> None:
    clock = Clock()
    limit = RateLimit(1, 1.0, clock)
    limit.wait("a")
    for _ in range(10):
        assert limit.wait("a") > 0
    clock.now += 1
    assert limit.wait("a") == 0


def test_rest_refills_no_more_than_the_burst() -> None:
    clock = Clock()
    limit = RateLimit(2, 1.0, clock)
    limit.wait("a")
    clock.now += 3600
    assert [limit.wait("a") == 0 for _ in range(3)] == [True, True, False]


def test_senders_without_end_do_not_fill_the_memory() -> None:
    limit = RateLimit(1, 0.001, Clock())
    assert limit.wait("first") == 0
    for n in range(MOST_SENDERS):
        limit.wait(f"s{n}")
    assert limit.wait(f"s{MOST_SENDERS - 1}") > 0
    assert limit.wait("first") == 0
