"""Commands, their menu in the languages of the customers, and the way from a kiosk to the phone."""

import pytest

from bot.conversation.messages import Incoming
from bot.core.vocabulary import Language, Urgency
from tests.channels.conftest import DANGER, NOTHING
from tests.channels.telegram.conftest import CUSTOMER, Line, OpenLine
from tests.telegram.server import StandIn
from tests.telegram.updates import Person

TALK = f"tg:123456:{CUSTOMER}"


async def test_the_menu_is_there_in_every_language_telegram_tells_apart(line: Line, telegram: StandIn) -> None:
    await telegram.until(lambda: len(telegram.bot.commands) == 6)
    said = {slot: {c["command"]: c["description"] for c in menu} for slot, menu in telegram.bot.commands.items()}
    assert said["default", "en"]["hotline"] == line.words("command_hotline", Language.EN)
    assert said["default", "zh"] == said["default", ""]
    assert set(said["default", "zh"]) >= {"start", "help", "hotline", "language", "forget"}
    assert "watch" in said["all_group_chats", "en"]


async def test_who_uses_traditional_characters_gets_the_menu_in_his_own_chat(line: Line, telegram: StandIn) -> None:
    await line.gets(Person(telegram, 8, language="zh-hant").says("/start"))
    menu = {c["command"]: c["description"] for c in telegram.bot.commands["chat:8", ""]}
    assert menu["language"] == line.words("command_language", Language.ZH_HANT)
    await line.gets(line.customer.says("/start"))
    assert (f"chat:{CUSTOMER}", "") not in telegram.bot.commands


async def test_a_menu_that_cannot_be_set_costs_no_answer(open_line: OpenLine, telegram: StandIn) -> None:
    telegram.fail("internal", "setMyCommands", times=None)
    async with open_line() as line:
        assert await line.gets(line.customer.says("/start")) == [line.words("greet")]


async def test_start_greets_and_help_says_what_can_be_sent(line: Line) -> None:
    said = await line.gets(line.customer.says("/start"), line.customer.says("/help"))
    assert said == [line.words("greet"), line.words("channel_help")]


async def test_hotline_gives_the_approved_numbers(line: Line) -> None:
    (said,) = await line.gets(line.customer.says("/hotline"))
    assert "110" in said
    assert "96110" in said


async def test_a_language_is_picked_with_a_button_and_kept(line: Line, telegram: StandIn) -> None:
    await line.gets(line.customer.says("/language"))
    assert [payload for _, payload in telegram.buttons(CUSTOMER)] == ["lang:zh-Hans", "lang:zh-Hant", "lang:en"]
    said = await line.gets(line.customer.taps("lang:en"), line.customer.says("/help"))
    assert said[1:] == [line.words("language_changed", Language.EN), line.words("channel_help", Language.EN)]
    assert telegram.bot.commands[f"chat:{CUSTOMER}", ""][0]["description"] == line.words("command_start", Language.EN)


async def test_what_was_said_is_forgotten_at_a_word(line: Line) -> None:
    await line.gets(line.customer.says(DANGER))
    assert line.memory.find(TALK) is not None
    said = await line.gets(line.customer.says("/forget"))
    assert said[-1] == line.words("channel_forgotten")
    assert line.memory.find(TALK) is None


async def test_a_command_nobody_knows_is_only_a_text(line: Line, telegram: StandIn) -> None:
    as_command = await line.gets(line.customer.says("/restart 你好"))
    assert as_command == await line.gets(Person(telegram, 9).says("restart 你好"))
    assert line.memory.find(TALK) is not None


async def test_a_kiosks_code_carries_its_conversation_to_the_phone(line: Line) -> None:
    await line.turns.handle(Incoming("kiosk-1", text=DANGER, channel="kiosk"))
    token = line.handover.offer("kiosk-1")
    (said,) = await line.gets(line.customer.says(f"/start kiosk-{token}"))
    assert said.startswith(line.words("continued"))
    assert "先别转钱。" in said
    known = line.memory.find(TALK)
    assert known is not None
    assert known.assessment is not None
    assert known.assessment.urgency is Urgency.STOP_NOW


async def test_a_code_works_once_and_a_wrong_one_says_what_to_do(line: Line, telegram: StandIn) -> None:
    await line.turns.handle(Incoming("kiosk-1", text=NOTHING, channel="kiosk"))
    token = line.handover.offer("kiosk-1")
    await line.gets(line.customer.says(f"/start kiosk-{token}"))
    other = Person(telegram, 8)
    assert await line.bot.take(other.says(f"/start kiosk-{token}"))
    assert telegram.texts(8) == [line.words("channel_continue_gone")]


@pytest.mark.parametrize("argument", ["kiosk-", "kiosk-<script>", "kiosk-" + "x" * 70, "abc", "kiosk-a b"])
async def test_a_start_parameter_that_is_no_code_is_a_plain_start(line: Line, argument: str) -> None:
    assert await line.gets(line.customer.says(f"/start {argument}")) == [line.words("greet")]
