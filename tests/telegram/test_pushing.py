"""Writing first through a bot, and what each refusal of Telegram means for who is written to."""

from collections.abc import AsyncIterator

import pytest

from bot.channels.telegram.pushing import TelegramPusher
from bot.conversation.messages import Choice, Message
from bot.conversation.pushing import GoneError, NotNowError, PushError, RefusedError, TooFastError
from tests.telegram.failing import Refusal
from tests.telegram.server import TOKEN, StandIn

ADDRESS = f"tg:{TOKEN.partition(':')[0]}:7"


@pytest.fixture
async def pusher(telegram: StandIn) -> AsyncIterator[TelegramPusher]:
    """Our bots, at the stand-in."""
    async with TelegramPusher([TOKEN], telegram.url) as opened:
        yield opened


async def test_a_message_arrives_with_its_buttons(telegram: StandIn, pusher: TelegramPusher) -> None:
    await pusher.push(ADDRESS, Message("别付钱", (Choice("退订", "sub:leave"),)))
    assert telegram.texts(7) == ["别付钱"]
    assert telegram.buttons(7) == [("退订", "sub:leave")]


@pytest.mark.parametrize("state", ["blocked", "deactivated", "kicked", "chat_not_found"])
async def test_a_chat_that_is_closed_is_gone(telegram: StandIn, pusher: TelegramPusher, state: str) -> None:
    telegram.close_chat(7, state)
    with pytest.raises(GoneError):
        await pusher.push(ADDRESS, Message("x"))


async def test_patience_is_asked_for_with_its_seconds(telegram: StandIn, pusher: TelegramPusher) -> None:
    telegram.fail("too_many")
    with pytest.raises(TooFastError) as caught:
        await pusher.push(ADDRESS, Message("x"))
    assert caught.value.retry_after > 0


@pytest.mark.parametrize("failure", ["bad_gateway", "broken_json", "reset"])
async def test_what_breaks_on_the_way_may_have_arrived(telegram: StandIn, pusher: TelegramPusher, failure: str) -> None:
    telegram.fail(failure)
    with pytest.raises(NotNowError) as caught:
        await pusher.push(ADDRESS, Message("x"))
    assert caught.value.unsure


async def test_what_nobody_listens_to_has_not_arrived() -> None:
    async with TelegramPusher([TOKEN], "http://127.0.0.1:9") as pusher:
        with pytest.raises(NotNowError) as caught:
            await pusher.push(ADDRESS, Message("x"))
    assert not caught.value.unsure


async def test_a_token_that_is_wrong_is_not_the_customers_fault(telegram: StandIn) -> None:
    async with TelegramPusher(["99:AAwrong"], telegram.url) as pusher:
        for address in ("tg:99:7", ADDRESS):
            with pytest.raises(PushError) as caught:
                await pusher.push(address, Message("x"))
            assert isinstance(caught.value, NotNowError)


async def test_a_message_that_is_a_bad_one_is_refused_alone(telegram: StandIn, pusher: TelegramPusher) -> None:
    telegram.fail(Refusal(400, "Bad Request: message is too long"))
    with pytest.raises(RefusedError):
        await pusher.push(ADDRESS, Message("x"))
