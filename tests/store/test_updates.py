"""Updates are handled once, in every process; what broke is kept without a word of it; old rows are dropped."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.store import updates
from bot.store.updates import Broken, UpdateStore
from tests.store.conftest import Connect

MOMENT = datetime(2026, 11, 23, 8, tzinfo=UTC)


def test_what_one_process_handled_another_need_not(connect: Connect) -> None:
    UpdateStore(connect()).handled("telegram:1", "77")
    other = UpdateStore(connect())
    assert other.was_handled("telegram:1", "77")
    assert not other.was_handled("telegram:1", "78")
    assert not other.was_handled("telegram:2", "77")
    other.handled("telegram:1", "77")


def test_what_is_too_old_to_be_repeated_is_dropped(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updates, "SWEEP_EVERY", 3)
    now = MOMENT
    store = UpdateStore(connect(), lambda: now)
    store.handled("telegram:1", "1")
    store.broken("telegram:1", "1", kind="message text", error="ValueError")
    now = MOMENT + timedelta(days=91)
    for key in ("2", "3", "4"):
        store.handled("telegram:1", key)
    assert store.count_handled() == 3
    assert store.broken_ones() == []


def test_the_newest_broken_update_comes_first(connect: Connect) -> None:
    store = UpdateStore(connect(), lambda: MOMENT)
    store.broken("telegram:1", "1", kind="message text", error="KeyError")
    store.broken("wechat:a", "2", kind="x" * 300, error="ValueError")
    assert store.broken_ones(1) == [Broken("wechat:a", "2", "x" * 200, "ValueError", MOMENT)]


def test_a_group_is_watched_from_when_it_asked_until_it_did_not(connect: Connect) -> None:
    store = UpdateStore(connect())
    assert not store.is_watched("telegram:1", "-5")
    store.watch("telegram:1", "-5", on=True)
    store.watch("telegram:1", "-5", on=True)
    assert UpdateStore(connect()).is_watched("telegram:1", "-5")
    store.watch("telegram:1", "-5", on=False)
    assert not store.is_watched("telegram:1", "-5")
