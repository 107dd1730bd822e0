"""The stand-in refuses what Telegram refuses, in Telegram's words, and python-telegram-bot takes it for Telegram."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest

from tests.telegram.limits import Limits
from tests.telegram.server import TOKEN, StandIn


@pytest.fixture
async def bot(telegram: StandIn) -> AsyncIterator[Bot]:
    """The library's client on the stand-in."""
    telegram.bot.limits.on = False
    async with client(telegram) as opened:
        yield opened


def client(telegram: StandIn, token: str = TOKEN, **request: Any) -> Bot:
    """A client of the library."""
    return Bot(
        token,
        base_url=f"{telegram.url}/bot",
        base_file_url=f"{telegram.url}/file/bot",
        request=HTTPXRequest(connection_pool_size=8, **request),
        get_updates_request=HTTPXRequest(connection_pool_size=4),
    )


def button(payload: str) -> InlineKeyboardMarkup:
    """One button."""
    return InlineKeyboardMarkup([[InlineKeyboardButton("是", callback_data=payload)]])


def said(update_id: int, text: str = "你好") -> dict[str, Any]:
    """An update with a text."""
    chat = {"id": 7, "type": "private", "first_name": "客户"}
    return {"update_id": update_id, "message": {"message_id": 1, "date": 1, "chat": chat, "text": text}}


async def test_a_message_arrives_with_its_buttons(bot: Bot, telegram: StandIn) -> None:
    sent = await bot.send_message(7, "先停。<b>", reply_markup=button("answer:money_gone:yes"))
    assert telegram.texts(7) == ["先停。<b>"]
    assert telegram.buttons(7) == [("是", "answer:money_gone:yes")]
    assert sent.chat.id == 7


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda b: b.send_message(8, "您好"), "Chat not found"),
        (lambda b: b.send_message(7, "  "), "Message text is empty"),
        (lambda b: b.send_message(7, "字" * 4097), "Message is too long"),
        (lambda b: b.send_message(7, "😀" * 2049), "Message is too long"),
        (lambda b: b.send_message(7, "x", reply_markup=button("字" * 22)), "Button_data_invalid"),
        (lambda b: b.send_message(7, "x", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data="y")] * 101])), "Reply markup is too long"),
        (lambda b: b.send_message(7, "x", parse_mode="LaTeX"), "Unsupported parse_mode"),
        (lambda b: b.send_message(7, "x", reply_parameters=ReplyParameters(99)), "Message to be replied not found"),
        (lambda b: b.edit_message_text("x", 7, 99), "Message to edit not found"),
        (lambda b: b.delete_message(7, 99), "Message to delete not found"),
        (lambda b: b.answer_callback_query("99"), "Query is too old"),
        (lambda b: b.set_my_commands([BotCommand("Start", "x")]), "Bot_command_invalid"),
        (lambda b: b.set_my_commands([BotCommand("start", "x")], language_code="zh-hant"), "Invalid language code"),
        (lambda b: b.set_webhook("http://bank.example/x"), "Bad webhook"),
        (lambda b: b.set_webhook("https://bank.example/x", secret_token="ä"), "Secret token contains unallowed"),
        (lambda b: b.get_file("nothing"), "Invalid file_id"),
        (lambda b: b.send_message(7, "x", api_kwargs={"chatid": 7}), "knows no parameter chatid"),
    ],
)  # fmt: skip
async def test_what_telegram_would_refuse_is_refused_in_its_words(bot: Bot, call: Any, words: str) -> None:
    with pytest.raises(BadRequest, match=words):
        await call(bot)


async def test_an_edit_must_change_something(bot: Bot) -> None:
    sent = await bot.send_message(7, "正在看图")
    await bot.edit_message_text("图上写着", 7, sent.message_id)
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_text("图上写着", 7, sent.message_id)


async def test_a_callback_query_is_answered_once(bot: Bot, telegram: StandIn) -> None:
    telegram.queries.add("q1")
    await bot.answer_callback_query("q1")
    with pytest.raises(BadRequest, match="too old"):
        await bot.answer_callback_query("q1")


@pytest.mark.parametrize("state", ["blocked", "deactivated", "kicked"])
async def test_a_chat_that_is_closed_forbids(bot: Bot, telegram: StandIn, state: str) -> None:
    telegram.close_chat(7, state)
    with pytest.raises(Forbidden):
        await bot.send_message(7, "x")


async def test_a_group_that_moved_tells_where_to(bot: Bot, telegram: StandIn) -> None:
    telegram.add_chat(-7, "group")
    telegram.close_chat(-7, "migrated", migrated_to=-1007)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(-7, "x")
    assert moved.value.new_chat_id == -1007


async def test_a_wrong_token_is_refused(telegram: StandIn) -> None:
    stranger = client(telegram, "654321:AAnother-token-that-nobody-knows-000")
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        ("chat_not_found", BadRequest),
        ("blocked", Forbidden),
        ("unauthorized", InvalidToken),
        ("conflict", Conflict),
        ("too_many", RetryAfter),
        ("internal", NetworkError),
        ("bad_gateway", NetworkError),
        ("unavailable", NetworkError),
        ("broken_json", TelegramError),
        ("reset", NetworkError),
    ],
)
async def test_it_fails_as_it_is_told_and_as_often(
    bot: Bot, telegram: StandIn, failure: str, error: type[TelegramError]
) -> None:
    telegram.fail(failure, "sendMessage", chat=7)
    with pytest.raises(error):
        await bot.send_message(7, "x")
    await bot.send_message(7, "y")
    assert telegram.texts(7) == ["y"]


async def test_it_can_keep_a_caller_waiting(telegram: StandIn) -> None:
    telegram.fail("hang", "getMe")
    impatient = client(telegram, read_timeout=0.05)
    with pytest.raises(TimedOut):
        await impatient.initialize()
    await impatient.shutdown()


async def test_a_second_message_in_the_same_second_has_to_wait(telegram: StandIn) -> None:
    async with client(telegram) as bot:
        await bot.send_message(7, "x")
        with pytest.raises(RetryAfter) as refused:
            await bot.send_message(7, "y")
        assert refused.value.retry_after == timedelta(seconds=1)


def test_the_three_rates_are_those_of_the_documentation() -> None:
    now = 0.0
    limits = Limits(clock=lambda: now)
    assert [limits.wait(chat) for chat in range(1, 32)] == [0] * 30 + [1]
    now = 10.0
    assert [limits.wait(7), limits.wait(7)] == [0, 1]
    now = 20.0
    assert [limits.wait(-7) for _ in range(21)] == [0] * 20 + [60]
    now = 79.5
    assert limits.wait(-7) == 1
    assert limits.refused == 4


async def test_an_offset_confirms_what_is_before_it(bot: Bot, telegram: StandIn) -> None:
    for number in (11, 12, 13):
        await telegram.push(said(number))
    assert [u.update_id for u in await bot.get_updates()] == [11, 12, 13]
    assert [u.update_id for u in await bot.get_updates()] == [11, 12, 13]
    assert [u.update_id for u in await bot.get_updates(offset=13)] == [13]
    assert [u.update_id for u in await bot.get_updates(limit=1)] == [13]


async def test_a_long_poll_ends_when_something_arrives(bot: Bot, telegram: StandIn) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    while telegram.bot.asking == 0:
        await asyncio.sleep(0)
    await telegram.push(said(11))
    assert [u.update_id for u in await poll] == [11]


async def test_who_polls_later_ends_who_polled_before(bot: Bot, telegram: StandIn) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=20))
    while telegram.bot.asking == 0:
        await asyncio.sleep(0)
    second = asyncio.create_task(bot.get_updates(timeout=20))
    with pytest.raises(Conflict, match="only one bot instance"):
        await first
    await telegram.push(said(11))
    assert len(await second) == 1


async def test_polling_beside_a_webhook_is_a_conflict(bot: Bot) -> None:
    await bot.set_webhook("https://bank.example/telegram/1", secret_token="abc")
    assert (await bot.get_webhook_info()).url == "https://bank.example/telegram/1"
    with pytest.raises(Conflict, match="deleteWebhook"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_a_file_comes_as_it_is_and_one_over_20_mb_does_not(bot: Bot, telegram: StandIn) -> None:
    telegram.files |= {"photo": b"\x00picture", "film": bytes(20 * 1024 * 1024 + 1)}
    assert bytes(await (await bot.get_file("photo")).download_as_bytearray()) == b"\x00picture"
    with pytest.raises(BadRequest, match="too big"):
        await bot.get_file("film")


async def test_commands_are_kept_by_language(bot: Bot) -> None:
    await bot.set_my_commands([BotCommand("help", "帮助")], language_code="zh")
    assert [c.description for c in await bot.get_my_commands(language_code="zh")] == ["帮助"]
    assert await bot.get_my_commands() == ()


async def test_other_processes_can_ask_it_what_arrived(bot: Bot, telegram: StandIn) -> None:
    async with httpx.AsyncClient(base_url=telegram.url) as outside:
        await outside.post("/stand-in/fail", json={"failure": "internal", "method": "sendMessage"})
        with pytest.raises(NetworkError):
            await bot.send_message(7, "x")
        await bot.send_message(7, "x")
        await bot.send_message(7, "x")
        counts = (await outside.get("/stand-in/counts")).json()
    assert (counts["sent"], counts["chats"], counts["more_than_once"]) == (2, 1, {"7": 2})
    assert counts["counts"]["sendMessage"] == 2
