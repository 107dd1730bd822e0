"""A message goes out as Telegram takes it, and what Telegram says against it is raised."""

import pytest
from telegram import Bot
from telegram.error import ChatMigrated, Forbidden, RetryAfter

from bot.channels.telegram.rendering import LONGEST
from bot.channels.telegram.sending import Sender
from bot.conversation.messages import Choice, Message
from tests.channels.telegram.conftest import CUSTOMER
from tests.telegram.failing import too_many
from tests.telegram.server import StandIn


async def test_text_goes_as_it_is_with_its_buttons(bot: Bot, telegram: StandIn) -> None:
    message = Message("<b>先停</b> *别转* [x](http://y.example)", (Choice("是", "answer:money_gone:yes"),))
    ids = await Sender(bot).send(CUSTOMER, message)
    assert telegram.texts(CUSTOMER) == [message.text]
    assert telegram.buttons(CUSTOMER) == [("是", "answer:money_gone:yes")]
    assert [(CUSTOMER, i) in telegram.messages for i in ids] == [True]
    params = telegram.called("sendMessage")[0].params
    assert "parse_mode" not in params
    assert params["link_preview_options"] == {"is_disabled": True}


async def test_a_long_text_comes_in_pieces_in_order(bot: Bot, telegram: StandIn) -> None:
    text = "\n".join(f"第{n}行" + "字" * 90 for n in range(100))
    await Sender(bot).send(CUSTOMER, Message(text))
    assert "\n".join(telegram.texts(CUSTOMER)) == text
    assert all(len(t) <= LONGEST for t in telegram.texts(CUSTOMER))


async def test_only_the_first_piece_answers_a_message(bot: Bot, telegram: StandIn) -> None:
    await Sender(bot).send(CUSTOMER, Message("字" * 5000), reply_to=3)
    answers = [c.params.get("reply_parameters") for c in telegram.called("sendMessage")]
    assert answers == [{"message_id": 3, "allow_sending_without_reply": True}, None]


async def test_what_telegram_says_against_it_is_raised_as_it_is(bot: Bot, telegram: StandIn) -> None:
    sender = Sender(bot)
    telegram.fail(too_many(7))
    with pytest.raises(RetryAfter):
        await sender.send(CUSTOMER, Message("x"))
    telegram.add_chat(8)
    telegram.close_chat(8, "blocked")
    with pytest.raises(Forbidden):
        await sender.send(8, Message("x"))
    telegram.add_chat(-9, "group")
    telegram.close_chat(-9, "migrated", migrated_to=-1009)
    with pytest.raises(ChatMigrated):
        await sender.send(-9, Message("x"))
