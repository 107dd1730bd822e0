"""Who asked for warnings: kept once, changed, left, forgotten in time; on both databases."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.core.subscriptions import Frequency, Preferences, Quiet
from bot.store.subscription_tables import Subscriber
from bot.store.subscriptions import KEPT_AFTER_LEAVING, SubscriptionStore
from bot.store.transactions import transaction
from tests.editorial import Clock
from tests.store.conftest import Connect

WISHES = Preferences(frozenset({"elders", "finance"}), "cn", frequency=Frequency.DAILY, quiet=Quiet(22, 7))


@pytest.fixture
def clock() -> Clock:
    """The time, moved by the test."""
    return Clock()


@pytest.fixture
def subscriptions(connect: Connect, clock: Clock) -> SubscriptionStore:
    """Nobody is subscribed yet."""
    return SubscriptionStore(connect(), clock)


def test_what_somebody_wishes_is_read_back_as_it_was_written(subscriptions: SubscriptionStore, clock: Clock) -> None:
    made = subscriptions.agree("telegram", "tg:1:1", WISHES, 3)
    assert subscriptions.find("telegram", "tg:1:1") == made
    assert (made.wishes, made.consent_release, made.consent_at) == (WISHES, 3, clock())


def test_agreeing_twice_keeps_the_first_consent_and_wishes(subscriptions: SubscriptionStore, clock: Clock) -> None:
    first = subscriptions.agree("telegram", "tg:1:1", WISHES, 3)
    clock.passes(days=1)
    assert subscriptions.agree("telegram", "tg:1:1", Preferences(), 4) == first


def test_the_same_address_of_another_channel_is_somebody_else(subscriptions: SubscriptionStore) -> None:
    subscriptions.agree("telegram", "7", WISHES, 3)
    assert subscriptions.find("other", "7") is None


def test_only_what_is_changed_changes(subscriptions: SubscriptionStore) -> None:
    subscriptions.agree("telegram", "tg:1:1", WISHES, 3)
    changed = subscriptions.change("telegram", "tg:1:1", lambda w: replace(w, place="uk", quiet=None))
    assert changed is not None
    assert changed.wishes == replace(WISHES, place="uk", quiet=None)
    assert subscriptions.change("telegram", "nobody", lambda w: w) is None


def test_whoever_left_is_gone_and_comes_back_with_a_new_consent(subscriptions: SubscriptionStore, clock: Clock) -> None:
    subscriptions.agree("telegram", "tg:1:1", WISHES, 3)
    assert subscriptions.leave("telegram", "tg:1:1")
    assert not subscriptions.leave("telegram", "tg:1:1")
    assert subscriptions.find("telegram", "tg:1:1") is None
    clock.passes(days=1)
    again = subscriptions.agree("telegram", "tg:1:1", Preferences(), 4)
    assert (again.wishes, again.consent_release, again.consent_at) == (Preferences(), 4, clock())


def test_whoever_left_is_forgotten_when_the_proof_is_no_longer_needed(
    subscriptions: SubscriptionStore, connect: Connect, clock: Clock
) -> None:
    for address in ("tg:1:1", "tg:1:2"):
        subscriptions.agree("telegram", address, WISHES, 3)
    subscriptions.leave("telegram", "tg:1:1")
    clock.passes(days=KEPT_AFTER_LEAVING.days)
    assert subscriptions.sweep() == 0
    clock.passes(days=1)
    assert subscriptions.sweep() == 1
    with transaction(connect()) as session:
        assert session.scalars(select(Subscriber.address)).all() == ["tg:1:2"]
