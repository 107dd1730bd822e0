"""What a customer sends in a private chat is read and answered, whatever it is."""

import pytest

from bot.core.vocabulary import Language, Urgency
from tests.channels.conftest import DANGER, NOTHING, WARNING
from tests.channels.telegram.conftest import CUSTOMER, Line, OpenLine
from tests.conversation.fakes import FakeEngine
from tests.telegram.server import StandIn
from tests.telegram.updates import Person, media, origin


async def test_a_danger_is_answered_with_the_command_first_and_numbers_next(line: Line) -> None:
    (said,) = await line.gets(line.customer.says(DANGER))
    assert said.split("\n")[:2] == ["先别转钱。", line.words("call_stop")]


async def test_the_engine_gets_the_text_and_the_customer_its_answer(open_line: OpenLine) -> None:
    engine = FakeEngine()
    async with open_line(engine=engine) as line:
        assert await line.gets(line.customer.says(NOTHING)) == ["engine"]
    sender, text, _ = engine.sent[0]
    assert (sender, text) == (f"tg:123456:{CUSTOMER}", NOTHING)


async def test_the_messages_of_a_turn_come_as_one(line: Line, telegram: StandIn) -> None:
    await line.gets(line.customer.says("赎金给了他两百，狗没有还回来。我的卡号是6222020000000000000"))
    assert len(telegram.called("sendMessage")) == 1
    assert line.words("masked_notice") in telegram.texts(CUSTOMER)[0]


async def test_a_tap_is_answered_and_its_question_offers_its_answers_no_more(line: Line, telegram: StandIn) -> None:
    await line.gets(line.customer.says(DANGER))
    payloads = [payload for _, payload in telegram.buttons(CUSTOMER)]
    assert payloads == ["answer:money_gone:yes", "answer:money_gone:no", "answer:money_gone:unsure"]
    said = await line.gets(line.customer.taps("answer:money_gone:yes"))
    assert said[-1].startswith("先拨110。")
    assert len(telegram.called("answerCallbackQuery")) == 1
    assert "reply_markup" not in telegram.messages[CUSTOMER, 501]


async def test_a_tap_that_came_too_late_for_telegram_is_answered_all_the_same(line: Line, telegram: StandIn) -> None:
    await line.gets(line.customer.says(DANGER))
    tap = line.customer.taps("answer:money_gone:yes")
    telegram.queries.clear()
    said = await line.gets(tap)
    assert said[-1].startswith("先拨110。")


@pytest.mark.parametrize("payload", ["/restart", "answer:x", "字" * 30, "do:rm -rf", '{"a": 1}'])
async def test_a_forged_payload_is_nothing(line: Line, payload: str) -> None:
    await line.gets(line.customer.says(NOTHING))
    said = await line.gets(line.customer.taps(payload))
    assert said[-1] == line.words("empty")


@pytest.mark.parametrize(
    ("kind", "reply"),
    [
        ("voice", "channel_voice"),
        ("audio", "channel_voice"),
        ("video", "channel_video"),
        ("video_note", "channel_video"),
        ("animation", "channel_video"),
        ("sticker", "channel_sticker"),
        ("location", "channel_other"),
        ("dice", "channel_sticker"),
        ("contact", "channel_contact"),
    ],
)
async def test_what_cannot_be_read_gets_a_kind_word_on_what_to_do_instead(line: Line, kind: str, reply: str) -> None:
    assert await line.gets(line.customer.message(**media(kind))) == [line.words(reply)]


async def test_the_words_beside_a_video_are_read(line: Line) -> None:
    (said,) = await line.gets(line.customer.message(**media("video"), caption=DANGER))
    assert said.startswith("先别转钱。")
    assert said.endswith(line.words("channel_video"))


async def test_a_program_is_not_to_be_installed_and_another_file_to_be_typed(line: Line) -> None:
    said = await line.gets(
        line.customer.sends_file("银行安全组件.APK", "application/vnd.android.package-archive"),
        line.customer.sends_file("通知.pdf", "application/pdf"),
    )
    assert said == [line.words("channel_program"), line.words("channel_file")]


async def test_a_forwarded_message_is_read_with_the_name_it_came_under(open_line: OpenLine) -> None:
    engine = FakeEngine()
    async with open_line(engine=engine) as line:
        await line.gets(
            line.customer.says("转账吧", forward_origin=origin("user", "王 警官")),
            line.customer.says("转账吧", forward_origin=origin("hidden_user", "客服\n<b>小李")),
            line.customer.says("转账吧", forward_origin=origin("channel", "小河银行")),
        )
    assert [text for _, text, _ in engine.sent] == ["王 警官：转账吧", "客服 <b>小李：转账吧", "【小河银行】转账吧"]


async def test_the_address_behind_other_words_is_read_too(line: Line) -> None:
    words = "您的包裹，点这里"
    link = {"type": "text_link", "offset": 5, "length": 3, "url": "http://10086-cn.example/pay"}
    await line.gets(line.customer.says(words, entities=[link]))
    known = line.memory.find(f"tg:123456:{CUSTOMER}")
    assert known is not None
    assert known.assessment is not None
    assert [i.kind for i in known.assessment.indicators] == ["url"]


async def test_what_is_quoted_belongs_to_what_is_asked(open_line: OpenLine) -> None:
    engine = FakeEngine()
    async with open_line(engine=engine) as line:
        await line.gets(line.customer.says("这是真的吗", quote={"text": "先付赎金", "position": 0}))
    assert engine.sent[0][1] == "先付赎金\n这是真的吗"


async def test_an_edited_message_is_read_again_and_an_edit_without_other_words_is_not(line: Line) -> None:
    first = line.customer.says(NOTHING)
    number = first["message"]["message_id"]
    await line.gets(first)
    assert len(await line.gets(line.customer.edits(number, NOTHING))) == 1
    said = await line.gets(line.customer.edits(number, DANGER))
    assert said[-1].startswith("先别转钱。")
    assert len(await line.gets(line.customer.edits(number, DANGER))) == 2


@pytest.mark.parametrize(
    ("tag", "language"),
    [("en", Language.EN), ("en-GB", Language.EN), ("zh-hant", Language.ZH_HANT), ("fr", Language.ZH_HANS)],
)
async def test_before_anything_is_written_the_language_of_the_app_counts(
    line: Line, telegram: StandIn, tag: str, language: Language
) -> None:
    line.customer = Person(telegram, 8, language=tag)
    assert await line.gets(line.customer.message(**media("voice"))) == [line.words("channel_voice", language)]


async def test_then_the_language_of_the_customer_does(line: Line, telegram: StandIn) -> None:
    line.customer = Person(telegram, 8, language="en")
    await line.gets(line.customer.says(WARNING))
    said = await line.gets(line.customer.message(**media("voice")))
    assert said[-1] == line.words("channel_voice", Language.ZH_HANS)


async def test_markup_is_only_text(line: Line, telegram: StandIn) -> None:
    await line.gets(line.customer.says("<script>alert(1)</script> *x* [a](tg://user?id=1) " + DANGER))
    assert all("parse_mode" not in c.params for c in telegram.called("sendMessage"))


async def test_a_caption_as_long_as_they_come_is_read(line: Line) -> None:
    (said,) = await line.gets(line.customer.message(**media("video"), caption=("x" * 4050 + DANGER)[:4096]))
    assert said.endswith(line.words("channel_video"))
    known = line.memory.find(f"tg:123456:{CUSTOMER}")
    assert known is not None
    assert known.assessment is not None
    assert known.assessment.urgency is not Urgency.NONE


async def test_a_post_of_a_channel_has_nobody_to_answer(line: Line, telegram: StandIn) -> None:
    telegram.add_chat(-1009, "channel")
    post = {"message_id": 1, "date": 1, "chat": {"id": -1009, "type": "channel", "title": "x"}, "text": DANGER}
    assert await line.bot.take({"update_id": 5, "channel_post": post})
    assert telegram.called("sendMessage") == []


async def test_half_a_character_is_no_fault(open_line: OpenLine) -> None:
    engine = FakeEngine()
    async with open_line(engine=engine) as line:
        await line.gets(line.customer.says("\ud800转账吧"))
        assert line.updates.broken_ones() == []
    assert engine.sent[0][1] == "\ufffd转账吧"
