"""Asking for warnings by buttons and leaving by one word, in every channel, with the dialogue engine down."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.content.build import build_release
from bot.content.files import Piece, read_folder
from bot.conversation.answers import AnswerIndex
from bot.conversation.memory import Memory
from bot.conversation.messages import Incoming, Message
from bot.conversation.snapshot import Snapshot
from bot.conversation.subscribing import COMMANDS, LEAVING, OPENING, Subscribing
from bot.conversation.turn import Turns
from bot.core.errors import StoreError
from bot.core.subscriptions import EVERYTHING, Frequency, Quiet
from bot.core.vocabulary import Urgency
from bot.recognition.encoder import NgramEncoder
from bot.store.database import open_engine, upgrade
from bot.store.kept_texts import KeptTexts
from bot.store.subscriptions import SubscriptionStore
from tests.conversation.fakes import FakeEngine
from tests.tiny import write_tiny

NOON = datetime(2026, 12, 1, 4, tzinfo=UTC)
CHAT = "tg:1:42"
DANGER = "捡到猫的人催我马上转赎金，我在填金额"


class Talk:
    """One customer in one channel: says and taps, and reads the answer."""

    def __init__(self, turns: Turns, channel: str, conversation: str = CHAT) -> None:
        self._turns, self._channel, self._conversation = turns, channel, conversation
        self.messages: tuple[Message, ...] = ()

    def _send(self, **what: str) -> str:
        incoming = Incoming(self._conversation, channel=self._channel, **what)
        self.messages = asyncio.run(self._turns.handle(incoming)).messages
        return "\n".join(m.text for m in self.messages)

    def say(self, text: str) -> str:
        """The words of the answer."""
        return self._send(text=text)

    def tap(self, payload: str) -> str:
        """The words of the answer to a button."""
        return self._send(payload=payload)

    def titles(self) -> dict[str, str]:
        """Payload -> title of every button."""
        return {b.payload: b.title for m in self.messages for b in m.buttons}


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory, pieces: list[Piece]) -> Snapshot:
    """Tiny content with the words about subscriptions, audiences, and a place with a time zone of its own."""
    from bot.recognition.build import Workshop

    folder = tmp_path_factory.mktemp("tiny")
    found, faults = read_folder(write_tiny(folder / "content", products=True))
    assert faults == []
    words = [p for p in pieces if p.kind == "reply" and p.key.startswith("sub_")]
    release = build_release(7, [(p.kind, p.key, p.body) for p in [*found, *words]])
    abroad = replace(release.places["cn"], id="uk", timezone="Europe/London")
    release = replace(release, places={**release.places, "uk": abroad})
    encoder = NgramEncoder()
    recogniser = Workshop(encoder, folder / "learned").build(release)
    return Snapshot(release, recogniser, AnswerIndex.of(release.answers, encoder))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Engine]:
    """An empty SQLite file."""
    engine = open_engine(f"sqlite:///{tmp_path / 'subscriptions.db'}")
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def store(database: Engine) -> SubscriptionStore:
    """Nobody is subscribed yet."""
    return SubscriptionStore(database, lambda: NOON)


@pytest.fixture
def kept(database: Engine) -> KeptTexts:
    """No text is kept yet."""
    return KeptTexts(database, lambda: NOON)


@pytest.fixture
def turns(snapshot: Snapshot, store: SubscriptionStore, kept: KeptTexts) -> Turns:
    """The turns of an app whose dialogue engine is down."""
    subscribing = Subscribing(store, kept, "Asia/Shanghai", lambda: NOON)
    return Turns(lambda: snapshot, FakeEngine(fails=True), Memory(), subscribing=subscribing)


@pytest.fixture
def talk(turns: Turns) -> Talk:
    """A customer on Telegram."""
    return Talk(turns, "telegram")


@pytest.fixture
def subscribed(talk: Talk) -> Talk:
    """One who has agreed."""
    talk.say("订阅")
    talk.tap("sub:yes")
    return talk


def test_nobody_is_subscribed_before_he_agreed(talk: Talk, store: SubscriptionStore) -> None:
    assert "您同意吗" in talk.say("订阅")
    assert set(talk.titles()) == {"sub:yes", "sub:no"}
    talk.tap("sub:no")
    assert store.find("telegram", CHAT) is None
    talk.tap("sub:place:cn")
    assert store.find("telegram", CHAT) is None


def test_consent_is_kept_with_its_time_and_whose_words_it_was_given_to(
    subscribed: Talk, store: SubscriptionStore
) -> None:
    found = store.find("telegram", CHAT)
    assert found is not None
    assert (found.consent_at, found.consent_release) == (NOON, 7)
    assert found.wishes.audiences == {EVERYTHING}


def test_everything_is_chosen_by_buttons(subscribed: Talk, store: SubscriptionStore) -> None:
    for payload in ("sub:audience:elders", "sub:place:uk", "sub:often:weekly", "sub:quiet:22-7", "sub:urgent:no"):
        subscribed.tap(payload)
    found = store.find("telegram", CHAT)
    assert found is not None
    wishes = found.wishes
    assert (wishes.audiences, wishes.place, wishes.frequency) == ({"elders"}, "uk", Frequency.WEEKLY)
    assert (wishes.quiet, wishes.urgent_anyway, wishes.zone) == (Quiet(22, 7), False, "Europe/London")
    told = subscribed.tap("sub:open")
    assert "老人" in told
    assert "22:00–7:00" in told
    assert "04:00" in told


def test_what_is_chosen_is_ticked_and_goes_again_by_another_tap(subscribed: Talk, store: SubscriptionStore) -> None:
    subscribed.tap("sub:audience:elders")
    assert subscribed.titles()["sub:audience:elders"] == "✓ 老人"
    assert subscribed.titles()["sub:audience:all"] == "所有人群"
    subscribed.tap("sub:audience:elders")
    found = store.find("telegram", CHAT)
    assert found is not None
    assert found.wishes.audiences == {EVERYTHING}


def test_quiet_hours_ask_at_once_whether_urgent_ones_may_break_them(subscribed: Talk) -> None:
    subscribed.tap("sub:quiet:22-7")
    assert set(subscribed.titles()) == {"sub:urgent:yes", "sub:urgent:no"}


def test_a_clock_that_is_wrong_is_set_by_the_hour(subscribed: Talk, store: SubscriptionStore) -> None:
    assert "23:00" in subscribed.tap("sub:clock:23") or "23" in subscribed.tap("sub:open")
    found = store.find("telegram", CHAT)
    assert found is not None
    assert found.wishes.zone == "Etc/GMT+5"


def test_another_language_is_spoken_at_once(subscribed: Talk) -> None:
    assert "Your warnings" in subscribed.tap("sub:language:en")


@pytest.mark.parametrize(
    "payload", ["sub:audience:martians", "sub:quiet:7-7", "sub:quiet:99-1", "sub:clock:24", "sub:often:x"]
)
def test_a_choice_that_is_none_changes_nothing(subscribed: Talk, store: SubscriptionStore, payload: str) -> None:
    before = store.find("telegram", CHAT)
    assert subscribed.tap(payload)
    assert store.find("telegram", CHAT) == before


@pytest.mark.parametrize(
    "word", ["退订", "退訂", "TD", " stop ", "STOP.", "Unsubscribe", "/stop", "cancel subscription"]
)
def test_one_word_ends_it(subscribed: Talk, store: SubscriptionStore, word: str) -> None:
    subscribed.say(word)
    assert store.find("telegram", CHAT) is None


def test_whoever_comes_back_agrees_anew(subscribed: Talk, store: SubscriptionStore) -> None:
    subscribed.tap("sub:audience:elders")
    subscribed.say("退订")
    assert "您同意吗" in subscribed.say("订阅")
    subscribed.tap("sub:yes")
    found = store.find("telegram", CHAT)
    assert found is not None
    assert found.wishes.audiences == {EVERYTHING}


@pytest.mark.parametrize("channel", ["web", "terminal", "wechat", "telegram"])
def test_leaving_where_nothing_is_subscribed_is_answered_kindly(turns: Turns, channel: str) -> None:
    assert "没有订提醒" in Talk(turns, channel).say("退订")


@pytest.mark.parametrize(("channel", "said"), [("web", "没法主动发"), ("terminal", "没法主动发"), ("wechat", "48小时")])
def test_a_channel_that_cannot_write_first_says_so_and_keeps_nothing(
    turns: Turns, store: SubscriptionStore, channel: str, said: str
) -> None:
    talk = Talk(turns, channel)
    assert said in talk.say("订阅")
    assert said in talk.tap("sub:yes")
    assert store.find(channel, CHAT) is None


def test_a_word_is_only_a_wish_when_it_stands_alone(talk: Talk, subscribed: Talk, store: SubscriptionStore) -> None:
    talk.say("短信说回复TD退订，我要不要回")
    talk.say("please stop him, he wants a ransom for my dog")
    assert store.find("telegram", CHAT) is not None


def test_in_a_danger_stop_is_not_taken_for_leaving_what_was_never_asked(turns: Turns) -> None:
    talk = Talk(turns, "web")
    talk.say(DANGER)
    assert "没有订提醒" not in talk.say("stop")


def test_the_answer_is_in_the_language_of_the_word(turns: Turns) -> None:
    assert "nothing to end" in Talk(turns, "web", "w1").say("unsubscribe")
    assert "沒有訂提醒" in Talk(turns, "web", "w2").say("退訂")
    assert "没有订提醒" in Talk(turns, "web", "w3").say("TD")


def test_a_store_that_does_not_answer_is_told_kindly(snapshot: Snapshot, kept: KeptTexts) -> None:
    class Broken(SubscriptionStore):
        """Its database is gone."""

        def __init__(self) -> None:
            pass

        def find(self, channel: str, address: str) -> None:
            raise StoreError("gone")

        def leave(self, channel: str, address: str) -> bool:
            raise StoreError("gone")

    turns = Turns(lambda: snapshot, None, Memory(), subscribing=Subscribing(Broken(), kept, "Asia/Shanghai"))
    talk = Talk(turns, "telegram")
    assert "记不下来" in talk.say("订阅")
    assert "记不下来" in talk.say("退订")


def test_every_command_and_button_leads_to_a_step(snapshot: Snapshot, subscribed: Talk) -> None:
    payloads = {b.payload for r in snapshot.release.replies.values() for b in r.buttons if b.payload.startswith("sub:")}
    for payload in sorted({*COMMANDS.values(), *payloads} - {"sub:leave"}):
        assert subscribed.tap(payload), payload
        assert all(len(b.encode()) <= 64 for b in subscribed.titles()), payload
    assert not LEAVING & OPENING


# ---- To be told when more becomes known ----

DOUBTFUL = "快递员来消息说让我留个电话"


def offered(talk: Talk) -> bool:
    """Whether the last answer offered to tell."""
    return "sub:tell" in talk.titles()


def test_a_text_that_cannot_be_judged_is_kept_only_after_two_taps(
    talk: Talk, kept: KeptTexts, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    doubtful = replace(snapshot.recogniser.assess(DOUBTFUL), urgency=Urgency.ASK)
    monkeypatch.setattr(type(snapshot.recogniser), "assess", lambda *_, **__: doubtful)
    talk.say(DOUBTFUL + " 13800001234")
    assert offered(talk)
    assert "72小时" in talk.tap("sub:tell")
    assert kept.judged_before(8) == []
    talk.tap("sub:keep")
    (one,) = kept.judged_before(8)
    assert (one.text, one.urgency) == (DOUBTFUL + " 138****1234", Urgency.ASK)
    assert kept.judged_before(7) == []
    talk.say(DOUBTFUL)
    assert not offered(talk)
    talk.say("退订")
    assert kept.judged_before(8) == []


def test_nothing_is_offered_where_nobody_can_be_written_to_or_the_answer_is_clear(turns: Turns) -> None:
    for channel, conversation, text in (
        ("web", "w", DOUBTFUL),
        ("telegram", CHAT, DANGER),
        ("telegram", "tg:1:-5:7", DOUBTFUL),
    ):
        talk = Talk(turns, channel, conversation)
        talk.say(text)
        assert not offered(talk), channel


def test_what_is_no_longer_remembered_cannot_be_kept(talk: Talk, kept: KeptTexts) -> None:
    assert "再发一次" in talk.tap("sub:keep")
    assert kept.judged_before(8) == []


def test_a_group_is_subscribed_as_one(turns: Turns, store: SubscriptionStore) -> None:
    Talk(turns, "telegram", "tg:1:-5:7").tap("sub:yes")
    assert store.find("telegram", "tg:1:-5") is not None
    Talk(turns, "telegram", "tg:1:-5:8").say("退订")
    assert store.find("telegram", "tg:1:-5") is None
