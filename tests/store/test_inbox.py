"""Texts that were not understood, and how nobody is followed by them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.core.measures import Reason, Unresolved
from bot.store import inbox as inbox_module
from bot.store.inbox import KEPT_DAYS, MOST_A_SENDER, InboxStore
from tests.store.conftest import Connect
from tests.store.test_counts import MONDAY, Days

ONE = Unresolved("conversation-1", "社保卡要我开共享屏幕", "zh-Hans", "first", "ask", "unknown", Reason.UNCLEAR, 7)


@pytest.fixture
def days() -> Days:
    """Monday first."""
    return Days()


@pytest.fixture
def store(connect: Connect, days: Days) -> InboxStore:
    """An empty inbox."""
    return InboxStore(connect(), days)


def test_a_text_is_kept_with_what_was_made_of_it_and_without_its_conversation(
    store: InboxStore, connect: Connect
) -> None:
    assert store.keep([ONE]) == 0
    line = store.waiting()[0]
    assert (line.text, line.day, line.reason, line.release) == (ONE.text, MONDAY, Reason.UNCLEAR, 7)
    with connect().connect() as connection:
        kept = connection.execute(text("SELECT * FROM inbox_text, daily_salt")).all()
    assert len(kept) == 1
    assert "conversation-1" not in str(kept)


def test_senders_are_told_apart_on_one_day_in_every_process_and_never_over_two(
    store: InboxStore, connect: Connect, days: Days
) -> None:
    other = InboxStore(connect(), days)
    store.keep([ONE, replace(ONE, conversation="conversation-2")])
    other.keep([replace(ONE, text="第二句话")])
    first, second, again = store.waiting()
    assert first.sender == again.sender != second.sender
    days.day += timedelta(days=1)
    store.keep([replace(ONE, text="第二天的话")])
    assert store.waiting()[-1].sender not in {first.sender, second.sender}


def test_the_key_to_a_day_is_gone_when_the_day_is(store: InboxStore, connect: Connect, days: Days) -> None:
    store.keep([ONE])
    days.day += timedelta(days=1)
    store.sweep()
    with connect().connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM daily_salt")).scalar() == 0


def test_the_same_words_of_one_sender_count_once(store: InboxStore) -> None:
    store.keep([ONE, ONE])
    store.keep([ONE])
    assert len(store.waiting()) == 1


def test_nobody_fills_the_inbox(store: InboxStore, monkeypatch: pytest.MonkeyPatch) -> None:
    many = [replace(ONE, text=f"话{number}") for number in range(MOST_A_SENDER + 3)]
    assert store.keep(many) == 3
    assert store.keep([replace(ONE, text="再来一句")]) == 1
    monkeypatch.setattr(inbox_module, "MOST_KEPT", MOST_A_SENDER + 1)
    assert store.keep([replace(ONE, conversation=f"c{number}") for number in range(3)]) == 2


def test_what_was_kept_long_enough_is_deleted(store: InboxStore, days: Days) -> None:
    store.keep([ONE])
    days.day += timedelta(days=KEPT_DAYS)
    assert store.sweep() == 0
    days.day += timedelta(days=1)
    assert store.sweep() == 1
    assert store.waiting() == []


def test_what_was_dealt_with_waits_no_more_and_is_counted(store: InboxStore) -> None:
    store.keep([ONE, replace(ONE, text="另一句"), replace(ONE, text="第三句")])
    first, second, third = (line.id for line in store.waiting())
    store.settle([first, second], "case/inbox_1")
    store.settle([third], "dismissed")
    assert store.waiting() == []
    assert store.settled(MONDAY, MONDAY) == {"case/inbox_1": 2, "dismissed": 1}
    assert store.settled(MONDAY + timedelta(days=1), MONDAY + timedelta(days=9)) == {}
