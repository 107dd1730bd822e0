"""`fangzha warnings`: what is sent, stopped and taken back from the command line."""

import pytest

from bot.cli.warnings import delivery_of
from bot.core.subscriptions import Preferences
from bot.settings import Settings
from bot.store.broadcasts import BroadcastStore, Progress
from bot.store.database import open_engine
from bot.store.releases import ContentStore
from bot.store.subscriptions import SubscriptionStore
from tests.cli.conftest import Fangzha
from tests.delivery.conftest import warning


@pytest.fixture
def database(fangzha: Fangzha) -> str:
    """A bank with one subscriber and a warning for him."""
    assert fangzha("content", "import", Settings().content, "--publish").code == 0
    url = Settings().database_url
    engine = open_engine(url)
    SubscriptionStore(engine).agree("telegram", "tg:1:1", Preferences(), 1)
    store = ContentStore(engine)
    store.seed([("warning", "w1", warning(start="2020-01-01", end="2099-12-31"))])
    store.publish(author="seed")
    engine.dispose()
    return url


def newest(database: str) -> Progress:
    """How far the newest broadcast is."""
    engine = open_engine(database)
    found = BroadcastStore(engine).progress()[0]
    engine.dispose()
    return found


def planned(database: str) -> Progress:
    """The warning, planned."""
    delivery_of(Settings()).planner.run()
    return newest(database)


def test_what_is_sent_is_listed_paused_and_resumed(fangzha: Fangzha, database: str) -> None:
    made = planned(database)
    listed = fangzha("warnings", "list").out
    assert "提醒w1" in listed
    assert "going" in listed
    assert fangzha("warnings", "pause", str(made.id)).code == 0
    assert newest(database).state == "paused"
    refused = fangzha("warnings", "pause", str(made.id))
    assert (refused.code, "fangzha warnings list" in refused.err) == (2, True)
    assert fangzha("warnings", "resume", str(made.id)).code == 0
    assert newest(database).state == "going"
    assert fangzha("warnings", "resume", "99").code == 2


def test_a_warning_is_taken_back_everywhere(fangzha: Fangzha, database: str) -> None:
    made = planned(database)
    done = fangzha("warnings", "withdraw", str(made.id), "--reason", "wrong number")
    assert done.code == 0
    engine = open_engine(database)
    assert ("warning", "w1") not in {(k, key) for k, key, _ in ContentStore(engine).pieces_of(3)}
    found = {p.kind: p.state for p in BroadcastStore(engine).progress()}
    engine.dispose()
    assert found["warning"] == "withdrawn"
    assert fangzha("warnings", "withdraw", "99", "--reason", "x").code == 2


def test_a_time_zone_that_is_none_is_said(fangzha: Fangzha, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FANGZHA_TIMEZONE", "Mars/Base")
    done = fangzha("warnings", "list")
    assert (done.code, "FANGZHA_TIMEZONE" in done.err) == (1, True)
