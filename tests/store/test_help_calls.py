"""Calls for help, on SQLite and on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from bot.core.errors import FlowError, NotAllowedError
from bot.store.help_calls import KEPT, HelpCalls, HelpKind
from tests.editorial import LIN, RULES, VIC, WU, Clock, employ
from tests.store.conftest import Connect


@pytest.fixture
def clock() -> Clock:
    """The time."""
    return Clock()


@pytest.fixture
def calls(connect: Connect, clock: Clock) -> HelpCalls:
    """The calls of a bank with people, two of whom answer."""
    engine = connect()
    employ(engine)
    return HelpCalls(engine, RULES, clock)


def test_a_call_rings_until_it_is_taken_and_is_gone_when_it_is_closed(calls: HelpCalls) -> None:
    call = calls.ring(HelpKind.QUIET, place="yingbin", device="Kiosk at the door")
    (ringing,) = calls.open()
    assert (ringing.id, ringing.kind, ringing.place, ringing.taken_by) == (call, HelpKind.QUIET, "yingbin", "")
    calls.take(WU, call)
    assert calls.open()[0].taken_by == "wu"
    calls.close(WU, call, "sat down in the quiet room, nothing paid")
    assert calls.open() == []


def test_pressing_again_while_it_rings_is_the_same_call_and_after_it_was_taken_another(calls: HelpCalls) -> None:
    first = calls.ring(HelpKind.PERSON, place="yingbin")
    assert calls.ring(HelpKind.PERSON, place="yingbin") == first
    assert calls.ring(HelpKind.QUIET, place="yingbin") != first
    assert calls.ring(HelpKind.PERSON, place="elsewhere") != first
    assert [c.rung for c in calls.open() if c.id == first] == [2]
    calls.take(WU, first)
    assert calls.ring(HelpKind.PERSON, place="yingbin") != first


def test_what_rings_stands_before_what_is_seen_to_the_oldest_first(calls: HelpCalls, clock: Clock) -> None:
    taken = calls.ring(HelpKind.PERSON, place="a")
    calls.take(WU, taken)
    clock.passes(minutes=1)
    older = calls.ring(HelpKind.PERSON, place="b")
    clock.passes(minutes=1)
    newer = calls.ring(HelpKind.PERSON, place="c")
    assert [c.id for c in calls.open()] == [older, newer, taken]


def test_two_who_reach_for_a_call_at_once_do_not_both_have_it(connect: Connect, calls: HelpCalls) -> None:
    call = calls.ring(HelpKind.QUIET)
    both = Barrier(2)

    def reach(actor: object) -> str:
        own = HelpCalls(connect(), RULES)
        both.wait()
        try:
            own.take(actor, call)  # type: ignore[arg-type]
        except FlowError as error:
            return error.code
        return "mine"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(reach, (WU, LIN))) == ["help_taken", "mine"]


def test_a_call_is_closed_once_and_not_without_a_word(calls: HelpCalls) -> None:
    call = calls.ring(HelpKind.PERSON)
    with pytest.raises(FlowError, match="in a word"):
        calls.close(WU, call, "  ")
    calls.close(WU, call, "x" * 500)
    with pytest.raises(FlowError, match="wu closed it"):
        calls.close(LIN, call, "again")
    with pytest.raises(FlowError, match="no call 99"):
        calls.take(WU, 99)


def test_only_who_has_the_right_answers(calls: HelpCalls) -> None:
    call = calls.ring(HelpKind.PERSON)
    with pytest.raises(NotAllowedError):
        calls.take(VIC, call)
    with pytest.raises(NotAllowedError):
        calls.close(VIC, call, "nothing")


def test_what_was_closed_long_ago_is_forgotten_and_what_rings_is_not(calls: HelpCalls, clock: Clock) -> None:
    closed, ringing = calls.ring(HelpKind.PERSON, place="a"), calls.ring(HelpKind.PERSON, place="b")
    calls.close(WU, closed, "all is well")
    clock.passes(days=KEPT.days + 1)
    calls.ring(HelpKind.QUIET, place="c")
    assert ringing in [c.id for c in calls.open()]
    with pytest.raises(FlowError, match="no call"):
        calls.close(WU, closed, "again")
