"""A bot comes to its updates by webhook or by asking, each once and in order, whatever breaks on the way."""

import asyncio
import io
import logging
import threading

import pytest
import structlog
from structlog.testing import capture_logs

from bot.logs import configure
from bot.store.updates import UpdateStore
from tests.channels.conftest import DANGER, NOTHING
from tests.channels.telegram.conftest import CUSTOMER, OpenLine
from tests.conversation.fakes import GatedEngine
from tests.telegram.failing import too_many
from tests.telegram.server import TOKEN, StandIn
from tests.telegram.updates import Person


async def test_by_webhook_telegram_is_told_where_and_the_secret(open_line: OpenLine, telegram: StandIn) -> None:
    async with open_line(public_url="https://bank.example/") as line:
        assert telegram.bot.webhook == "https://bank.example/telegram/123456"
        assert telegram.bot.secret == line.bot.secret
        assert TOKEN not in line.bot.secret


async def test_without_a_public_address_it_asks(open_line: OpenLine, telegram: StandIn) -> None:
    await telegram.push(Person(telegram, CUSTOMER).says(DANGER))
    async with open_line(public_url="") as line:
        await telegram.until(lambda: bool(telegram.texts(CUSTOMER)))
        assert telegram.texts(CUSTOMER)[0].startswith("先别转钱。")
        await telegram.push(line.customer.says(NOTHING))
        await telegram.until(lambda: len(telegram.texts(CUSTOMER)) == 2)
    assert telegram.bot.updates == []


async def test_asking_goes_on_when_the_line_was_lost(open_line: OpenLine, telegram: StandIn) -> None:
    for failure in ("reset", "bad_gateway", "broken_json"):
        telegram.fail(failure, "getUpdates")
    async with open_line(public_url="") as line:
        await telegram.push(line.customer.says(DANGER))
        await telegram.until(lambda: bool(telegram.texts(CUSTOMER)), 20)


async def test_a_second_process_with_the_same_token_is_told_what_to_do(open_line: OpenLine, telegram: StandIn) -> None:
    telegram.fail("conflict", "getUpdates")
    with capture_logs() as logs:
        async with open_line(public_url=""):
            while not [e for e in logs if e["event"] == "telegram_conflict"]:
                await asyncio.sleep(0)
    (told,) = [entry for entry in logs if entry["event"] == "telegram_conflict"]
    assert "stop it" in told["mend"]


async def test_it_starts_however_late_telegram_can_be_reached(
    open_line: OpenLine, telegram: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.application.PAUSES", (0.01,))
    telegram.fail("bad_gateway", "getMe", times=2)
    telegram.fail("internal", "setWebhook", times=1)
    async with open_line() as line:
        assert await line.gets(line.customer.says(DANGER))


async def test_a_refused_token_ends_this_bot_and_says_so(open_line: OpenLine, telegram: StandIn) -> None:
    telegram.fail("unauthorized", "getMe", times=None)
    with capture_logs() as logs:
        async with open_line(ready=False) as line:
            await line.running
    assert [e["event"] for e in logs] == ["telegram_token_refused"]
    assert TOKEN not in str(logs)


async def test_an_update_that_comes_again_is_answered_once(open_line: OpenLine, telegram: StandIn) -> None:
    async with open_line() as line:
        update = line.customer.says(DANGER)
        assert len(await line.gets(update, update)) == 1
    async with open_line() as again:
        assert len(await again.gets(update)) == 1


async def test_an_update_that_breaks_the_handler_is_kept_and_the_next_is_answered(
    open_line: OpenLine, telegram: StandIn
) -> None:
    async with open_line() as line:
        line.turns.handle = breaks_at("秘密的赎金", line.turns.handle)  # type: ignore[method-assign]
        with capture_logs() as logs:
            said = await line.gets(line.customer.says("秘密的赎金"), line.customer.says(DANGER))
    assert said[0] == line.words("channel_broken")
    assert said[1].startswith("先别转钱。")
    (kept,) = line.updates.broken_ones()
    assert kept.key == "1001"
    assert kept.error == "ZeroDivisionError in bot.channels.telegram.talks:" + kept.error.rpartition(":")[2]
    assert (
        kept.kind.split() == ["message", "chat", "date", "entities", "from", "message_id", "text"]
        or "text" in kept.kind
    )
    assert "秘密" not in f"{logs} {kept}"
    assert "周" not in f"{logs} {kept}"


def breaks_at(text: str, handle):  # type: ignore[no-untyped-def]
    """A conversation that breaks at one text."""

    async def broken(incoming):  # type: ignore[no-untyped-def]
        if incoming.text == text:
            raise ZeroDivisionError(text)
        return await handle(incoming)

    return broken


@pytest.mark.parametrize("body", [None, [], "x", 5, {}, {"update_id": "5"}, {"message": {}}])
async def test_what_is_no_update_is_refused(open_line: OpenLine, body: object) -> None:
    async with open_line() as line:
        assert await line.bot.take(body) is False


@pytest.mark.parametrize(
    "body",
    [
        {"update_id": 5, "message": {"text": 7}},
        {"update_id": 5, "message": []},
        {"update_id": 5, "callback_query": {"id": "1", "from": 3}},
        {"update_id": 5, "message": {"message_id": 1, "date": "gestern", "chat": {"id": CUSTOMER, "type": "private"}}},
    ],
)
async def test_an_update_of_a_shape_nobody_knows_is_kept_and_not_sent_again(open_line: OpenLine, body: object) -> None:
    async with open_line() as line:
        assert await line.bot.take(body) is True
        assert [b.key for b in line.updates.broken_ones()] == ["5"]


async def test_an_update_of_a_kind_nobody_asked_for_is_nothing(open_line: OpenLine, telegram: StandIn) -> None:
    async with open_line() as line:
        assert await line.bot.take({"update_id": 5}) is True
        assert await line.bot.take({"update_id": 6, "a_kind_of_next_year": {"x": 1}}) is True
        assert line.updates.broken_ones() == []
    assert telegram.called("sendMessage") == []


async def test_two_messages_of_one_chat_are_answered_in_order_and_chats_do_not_wait_for_each_other(
    open_line: OpenLine, telegram: StandIn
) -> None:
    engine = GatedEngine()
    async with open_line(engine=engine) as line:
        other = Person(telegram, 8)
        sender = f"tg:123456:{CUSTOMER}"
        waiting = [
            asyncio.create_task(line.gets(line.customer.says("第一"))),
            asyncio.create_task(line.gets(line.customer.says("第二"))),
        ]
        await engine.event(engine.entered, sender).wait()
        engine.event(engine.gates, "tg:123456:8").set()
        await line.gets(other.says("别人"))
        assert telegram.texts(8) == ["answer to 别人"]
        assert telegram.texts(CUSTOMER) == []
        engine.event(engine.gates, sender).set()
        await asyncio.gather(*waiting)
    assert telegram.texts(CUSTOMER) == ["answer to 第一", "answer to 第二"]


@pytest.mark.parametrize("failure", ["internal", "bad_gateway", "reset", "too_many"])
async def test_an_answer_telegram_did_not_take_is_sent_again(
    open_line: OpenLine, telegram: StandIn, failure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.talks.PAUSES", (0.0, 0.0))
    telegram.fail(failure, "sendMessage", times=2)
    async with open_line() as line:
        (said,) = await line.gets(line.customer.says(DANGER))
        assert said.startswith("先别转钱。")
        assert line.updates.broken_ones() == []


async def test_who_has_blocked_the_bot_is_left_alone(open_line: OpenLine, telegram: StandIn) -> None:
    async with open_line() as line:
        telegram.close_chat(CUSTOMER, "blocked")
        assert await line.gets(line.customer.says(DANGER)) == []
        assert line.updates.broken_ones() == []


async def test_a_chat_that_has_to_wait_makes_nobody_else_wait(open_line: OpenLine, telegram: StandIn) -> None:
    telegram.fail(too_many(1), "sendMessage", chat=CUSTOMER)
    async with open_line() as line:
        waits = asyncio.create_task(line.gets(line.customer.says(DANGER)))
        await telegram.until(lambda: bool(telegram.called("sendMessage")))
        await line.bot.take(Person(telegram, 8).says(DANGER))
        assert telegram.texts(8)
        assert telegram.texts(CUSTOMER) == []
        assert await waits


async def test_the_token_stands_in_no_line_of_the_log(open_line: OpenLine, telegram: StandIn) -> None:
    told = io.StringIO()
    configure("INFO")
    root = logging.getLogger()
    written = logging.StreamHandler(told)
    root.handlers = [written]
    try:
        telegram.fail("conflict", "getUpdates")
        telegram.fail("internal", "setMyCommands")
        with capture_logs() as logs:
            async with open_line(public_url="") as line:
                await telegram.push(line.customer.says(DANGER))
                await telegram.until(lambda: bool(telegram.texts(CUSTOMER)))
    finally:
        root.handlers = []
        structlog.reset_defaults()
    assert TOKEN not in told.getvalue() + str(logs)


async def test_an_update_nobody_can_read_stops_none_behind_it(
    open_line: OpenLine, telegram: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    customer = Person(telegram, CUSTOMER)
    bad = customer.says("秘密")
    bad["message"]["from"] = {"first_name": "没有编号"}
    await telegram.push(bad)
    await telegram.push(customer.says(DANGER))
    async with open_line(public_url="") as line:
        await telegram.until(lambda: bool(telegram.texts(CUSTOMER)))
        assert [b.key for b in line.updates.broken_ones()] == [str(bad["update_id"])]
    assert telegram.bot.updates == []
    assert "秘密" not in caplog.text


async def test_when_the_way_out_is_broken_too_the_next_update_is_still_taken(
    open_line: OpenLine, telegram: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_line() as line:
        with monkeypatch.context() as broken:
            broken.setattr(line.bot._talks, "send", None)
            await line.gets(line.customer.says(NOTHING))
        assert (await line.gets(line.customer.says(DANGER)))[0].startswith("先别转钱。")
        assert len(line.updates.broken_ones()) == 1


async def test_a_message_that_is_looked_up_slowly_is_not_overtaken_by_the_next(
    open_line: OpenLine, telegram: StandIn, updates: UpdateStore
) -> None:
    entered, gate = threading.Event(), threading.Event()
    looked_up = updates.was_handled

    def slowly(channel: str, key: str) -> bool:
        if key == "1001":
            entered.set()
            gate.wait(10)
        return looked_up(channel, key)

    updates.was_handled = slowly  # type: ignore[method-assign]
    engine = GatedEngine()
    async with open_line(engine=engine) as line:
        engine.event(engine.gates, f"tg:123456:{CUSTOMER}").set()
        first = asyncio.create_task(line.gets(line.customer.says("第一")))
        await asyncio.to_thread(entered.wait, 10)
        second = asyncio.create_task(line.gets(line.customer.says("第二")))
        await line.bot.take(Person(telegram, 8).says("/start"))
        assert telegram.texts(CUSTOMER) == []
        gate.set()
        await asyncio.gather(first, second)
    assert telegram.texts(CUSTOMER) == ["answer to 第一", "answer to 第二"]
