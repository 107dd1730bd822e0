"""Talking to an engine that may do anything."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio

from bot.conversation.engine import LONGEST_MESSAGE, Engine
from bot.conversation.messages import Choice, Message
from bot.core.errors import EngineError
from tests.conversation.fakes import (
    Behave,
    drips,
    hangs,
    hangs_half_way,
    hangs_up,
    says,
    server,
    talks_nonsense,
)

SOON = 0.3
# Only so that a broken deadline shows as a failure instead of a run that never ends.
AT_LAST = 20
Ask = Callable[[Behave], Awaitable[list[Message]]]


@pytest_asyncio.fixture
async def ask() -> AsyncIterator[Ask]:
    """Ask an engine that behaves so, with a short deadline."""
    engines: list[Engine] = []

    async def one(behave: Behave) -> list[Message]:
        async with asyncio.timeout(AT_LAST), server(behave) as address:
            engines.append(Engine(address, deadline=SOON))
            return await engines[-1].send("c1", "你好", {"urgency": "none"})

    yield one
    for engine in engines:
        await engine.close()


async def test_its_messages_are_read_with_their_buttons_and_card(ask: Ask) -> None:
    buttons = [{"title": "是", "payload": "answer:x:yes"}, {"title": 5, "payload": "y"}, "nothing"]
    told = [
        {"recipient_id": "c1", "text": "先停。", "buttons": buttons},
        {"recipient_id": "c1", "custom": {"card": {"urgency": "stop-now"}}},
        {"recipient_id": "c1", "text": "再说。"},
    ]
    assert await ask(says(told)) == [
        Message("先停。", (Choice("是", "answer:x:yes"),), {"urgency": "stop-now"}),
        Message("再说。"),
    ]


async def test_it_is_told_sender_text_and_metadata() -> None:
    class Echo(Engine):
        asked: dict[str, Any]

        async def _post(self, body: dict[str, Any], **_: Any) -> Any:
            self.asked = body
            return [{"text": "ok"}]

    engine = Echo("http://127.0.0.1:9")
    await engine.send("c1", "你好", {"urgency": "none"})
    await engine.close()
    assert engine.asked == {"sender": "c1", "message": "你好", "metadata": {"urgency": "none"}}


NONSENSE: dict[str, Any] = {
    "an empty list": [],
    "null": None,
    "an object": {"text": "你好"},
    "a number": 42,
    "a string": "你好",
    "a list of numbers": [1, 2],
    "a list of lists": [[]],
    "messages without words": [{"recipient_id": "c1"}],
    "empty words": [{"text": "  "}],
    "words that are none": [{"text": 5}, {"text": None}, {"text": ["a"]}],
    "a card and no words": [{"custom": {"card": {"urgency": "warn"}}}],
    "a card that is none": [{"custom": {"card": "x"}}, {"custom": "y"}],
    "far too many words": [{"text": "字" * (LONGEST_MESSAGE + 1)}],
    "half a character": [{"text": "\ud800"}],
}


@pytest.mark.parametrize("body", NONSENSE.values(), ids=NONSENSE)
async def test_nonsense_is_an_error(ask: Ask, body: Any) -> None:
    with pytest.raises(EngineError):
        await ask(says(body))


RAW = {
    "not JSON": says(b"<html>", kind="text/html"),
    "nothing at all": says(b""),
    "not UTF-8": says(b'[{"text": "\xff\xfe"}]'),
    "brackets without end": says(b"[" * 200_000),
    "a fault of its own": says([{"text": "x"}], status="500 Internal Server Error"),
    "not found": says([{"text": "x"}], status="404 Not Found"),
    "elsewhere": says([{"text": "x"}], status="302 Found"),
    "busy": says([{"text": "x"}], status="503 Service Unavailable"),
}


@pytest.mark.parametrize("behave", RAW.values(), ids=RAW)
async def test_an_answer_that_is_no_answer_is_an_error(ask: Ask, behave: Behave) -> None:
    with pytest.raises(EngineError):
        await ask(behave)


@pytest.mark.parametrize("behave", [hangs, hangs_half_way, drips, hangs_up, talks_nonsense])
async def test_an_engine_that_hangs_or_hangs_up_is_an_error(ask: Ask, behave: Behave) -> None:
    with pytest.raises(EngineError):
        await ask(behave)


async def test_an_engine_that_is_not_there_is_an_error_and_not_ready() -> None:
    async with server(says([])) as address:
        pass
    engine = Engine(address, deadline=SOON)
    assert not await engine.ready()
    with pytest.raises(EngineError):
        await engine.send("c1", "你好", {})
    with pytest.raises(EngineError):
        await engine.begin_session("c1", {})
    await engine.close()


@pytest.mark.parametrize(
    ("behave", "ready"), [(says({"status": "ok"}), True), (says({}, status="503 Busy"), False), (hangs, False)]
)
async def test_it_is_ready_when_its_channel_answers(behave: Behave, ready: bool) -> None:
    async with asyncio.timeout(AT_LAST), server(behave) as address:
        engine = Engine(address, deadline=SOON)
        assert await engine.ready() is ready
        await engine.close()


async def test_a_new_session_may_be_answered_with_nothing() -> None:
    async with server(says([])) as address:
        engine = Engine(address, deadline=SOON)
        await engine.begin_session("c1", {})
        await engine.close()


async def test_after_trouble_the_next_turn_is_answered() -> None:
    answers = [b"<html>", json.dumps([{"text": "wieder da"}]).encode()]

    async def recovers(writer: asyncio.StreamWriter) -> None:
        await says(answers.pop(0))(writer)

    async with asyncio.timeout(AT_LAST), server(recovers) as address:
        engine = Engine(address, deadline=5)
        with pytest.raises(EngineError):
            await engine.send("c1", "你好", {})
        assert await engine.send("c1", "你好", {}) == [Message("wieder da")]
        await engine.close()
