"""The queue between turns and the inbox."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import Engine, text
from structlog.testing import capture_logs

from bot.conversation.memory import Conversation
from bot.core.assessment import nothing
from bot.core.errors import StoreError
from bot.core.vocabulary import Language, Urgency
from bot.desk import listening
from bot.desk.listening import Listener
from bot.store.inbox import InboxStore
from tests.desk.test_inbox import MONDAY, heard

AT_LAST = 30


@pytest.fixture
def store(engine: Engine) -> InboxStore:
    """An empty inbox."""
    return InboxStore(engine, lambda: MONDAY)


def test_what_is_written_is_masked_for_people(store: InboxStore) -> None:
    listener = Listener(store)
    listener(heard("我叫张伟，付了38500元", "c1"))
    listener.write()
    assert [line.text for line in store.waiting()] == ["我叫***，付了30000元"]


def test_what_is_too_short_to_teach_anything_is_not_kept(store: InboxStore) -> None:
    listener = Listener(store)
    listener(heard("嗯？", "c1"))
    listener.write()
    assert store.waiting() == []


async def test_a_full_queue_makes_nobody_wait_and_the_loss_is_told(
    store: InboxStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "MOST_WAITING", 2)
    listener = Listener(store)
    for number in range(5):
        listener(heard("社保卡异常要我开共享屏幕", f"c{number}"))
    with capture_logs() as logs:
        task = asyncio.create_task(listener.keep_writing(every=3600))
        async with asyncio.timeout(AT_LAST):
            while not store.waiting():
                await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert [(line["event"], line["count"]) for line in logs] == [("inbox_lost", 3)]
    assert len(store.waiting()) == 2


def test_a_database_that_is_down_stops_nobody(store: InboxStore, engine: Engine) -> None:
    listener = Listener(store)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE inbox_text"))
    listener(heard("社保卡异常要我开共享屏幕", "c1"))
    with pytest.raises(StoreError):
        listener.write()


@pytest.mark.parametrize(
    ("urgency", "concern", "kept"),
    [(Urgency.ASK, "", 1), (Urgency.WARN, "", 0), (Urgency.NONE, "", 0), (Urgency.ASK, "self_harm", 0)],
)
def test_a_conversation_that_fell_silent_leaves_only_what_nothing_settled(
    store: InboxStore, urgency: Urgency, concern: str, kept: int
) -> None:
    listener = Listener(store)
    known = replace(nothing(Language.ZH_HANS, content_version=1), urgency=urgency)
    talk = Conversation("c1", assessment=known, concern=concern, open=heard("要我开共享屏幕", "c1"))
    listener.ended(talk)
    listener.write()
    assert len(store.waiting()) == kept
