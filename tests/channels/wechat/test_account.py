"""An Official Account answers within the time WeChat waits, or after it; once; and only to WeChat."""

import asyncio
from typing import Any

import pytest

from bot.channels.wechat import xml
from bot.channels.wechat.account import WeChatAccount
from bot.channels.wechat.crypto import Envelope, signature
from bot.conversation.messages import Choice, Message
from bot.core.errors import InvalidInputError
from bot.store.updates import UpdateStore
from tests.channels.conftest import DANGER, NOTHING
from tests.channels.wechat.conftest import AES_KEY, CUSTOMER, NONCE, STAMP, TOKEN, Line, OpenLine
from tests.channels.wechat.standin import APP_ID
from tests.conversation.fakes import FakeEngine, GatedEngine

TALK = f"wx:{APP_ID}:{CUSTOMER}"


@pytest.mark.parametrize("aes", [True, False], ids=["sealed", "plain"])
async def test_a_danger_is_answered_with_the_command_first_and_numbers_to_answer_with(
    open_line: OpenLine, aes: bool
) -> None:
    async with open_line(aes=aes) as line:
        said = (await line.says(DANGER)).split("\n")
    assert said[:2] == ["先别转钱。", line.words("call_stop")]
    assert said[-4] == line.words("channel_numbers")
    assert [choice[:3] for choice in said[-3:]] == ["1  ", "2  ", "3  "]


@pytest.mark.parametrize("typed", ["1", " 1 ", "１", "1.", "1、"])
async def test_a_bare_number_taps(line: Line, typed: str) -> None:
    await line.says(DANGER)
    assert (await line.says(typed)).startswith("先拨110。")


@pytest.mark.parametrize("typed", ["4", "0", "-1", "111", "1个", "²"])
async def test_any_other_number_is_only_a_text(open_line: OpenLine, typed: str) -> None:
    engine = FakeEngine(Message("有人催您吗？", (Choice("是", "answer:money_gone:yes"),)))
    async with open_line(engine=engine) as line:
        await line.says(NOTHING)
        await line.says(typed)
    assert not engine.sent[1][1].startswith("/")


async def test_a_long_answer_goes_on_in_messages_after_it(open_line: OpenLine) -> None:
    engine = FakeEngine(Message("\n".join(f"第{n}行" + "字" * 60 for n in range(30))))
    async with open_line(engine=engine) as line:
        first = await line.says(NOTHING)
        await line.account.close()
        rest = [text for _, text in line.wechat.said]
    assert "\n".join([first, *rest]) == engine.answers[0].text


async def test_what_is_not_ready_in_time_follows_after_it(open_line: OpenLine) -> None:
    engine = GatedEngine()
    async with open_line(engine=engine, seconds=0.05) as line:
        assert await line.says("慢慢说") == ""
        assert line.wechat.said == []
        engine.event(engine.gates, TALK).set()
        await line.account.close()
        assert line.wechat.said == [(CUSTOMER, "answer to 慢慢说")]
        assert "慢慢说".encode() in line.wechat.bodies[0]


async def test_a_call_that_comes_again_gets_the_same_answer_and_is_one_turn(open_line: OpenLine) -> None:
    engine = GatedEngine()
    async with open_line(engine=engine) as line:
        message = line.message(MsgType="text", Content=NOTHING)
        calls = [asyncio.create_task(line.gets(**message)) for _ in range(3)]
        await engine.event(engine.entered, TALK).wait()
        engine.event(engine.gates, TALK).set()
        assert await asyncio.gather(*calls) == [f"answer to {NOTHING}"] * 3
        assert len(engine.sent) == 1
        assert line.wechat.said == []


async def test_after_a_restart_a_repeated_message_is_not_answered_again(open_line: OpenLine) -> None:
    async with open_line() as line:
        message = line.message(MsgType="text", Content=DANGER)
        assert await line.gets(**message)
    async with open_line() as again:
        assert await again.gets(**message) == ""
        assert again.wechat.said == []


@pytest.mark.parametrize(
    ("fields", "reply"),
    [
        ({"MsgType": "voice", "MediaId": "m"}, "channel_voice"),
        ({"MsgType": "video", "MediaId": "m"}, "channel_video"),
        ({"MsgType": "shortvideo", "MediaId": "m"}, "channel_video"),
        ({"MsgType": "location", "Location_X": "1"}, "channel_other"),
        ({"MsgType": "event", "Event": "subscribe", "EventKey": ""}, "greet"),
        ({"MsgType": "something new"}, "empty"),
    ],
)
async def test_whatever_arrives_gets_a_word(line: Line, fields: dict[str, str], reply: str) -> None:
    assert (await line.gets(**fields)).startswith(line.words(reply))


async def test_what_wechat_heard_in_a_voice_and_what_a_link_says_is_read(line: Line) -> None:
    assert (await line.gets(MsgType="voice", MediaId="m", Recognition=DANGER)).startswith("先别转钱。")
    link = {"Title": "紧急", "Description": DANGER, "Url": "http://10086-cn.example"}
    assert (await line.gets(MsgType="link", **link)).startswith("先别转钱。")


async def test_a_menu_entry_is_a_tap_and_a_forged_one_nothing(line: Line) -> None:
    assert "96110" in await line.gets(MsgType="event", Event="CLICK", EventKey="do:ask_hotline")
    assert await line.gets(MsgType="event", Event="CLICK", EventKey="/restart") == line.words("empty")
    assert await line.gets(MsgType="event", Event="VIEW", EventKey="https://bank.example") == ""


async def test_who_leaves_is_forgotten_and_not_written_to(line: Line) -> None:
    await line.says(DANGER)
    assert await line.gets(MsgType="event", Event="unsubscribe") == ""
    assert line.memory.find(TALK) is None
    assert line.wechat.said == []


async def test_a_picture_gets_a_word_at_once_and_the_answer_after_it(line: Line) -> None:
    line.wechat.media["m1"] = DANGER.encode()
    assert await line.gets(MsgType="image", MediaId="m1", PicUrl="http://x.example") == line.words("channel_looking")
    await line.account.close()
    ((_, said),) = line.wechat.said
    assert said.startswith("先别转钱。")
    assert line.words("channel_picture_seen") in said


async def test_a_picture_that_cannot_be_fetched_or_read_says_what_to_do(line: Line) -> None:
    line.wechat.media["m1"] = b"!late"
    await line.gets(MsgType="image", MediaId="m1")
    await line.gets(MsgType="image", MediaId="gone")
    await line.account.close()
    said = {text for _, text in line.wechat.said}
    assert said == {line.words("channel_picture_late"), line.words("channel_picture_failed")}


async def test_what_breaks_is_kept_and_the_next_message_is_answered(
    line: Line, updates: UpdateStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line.account, "_turn", None)
    assert await line.says("秘密") == line.words("channel_broken")
    monkeypatch.undo()
    assert (await line.says(DANGER)).startswith("先别转钱。")
    (kept,) = updates.broken_ones()
    assert (kept.channel, kept.kind) == (f"wechat:{APP_ID}", "text")
    assert "秘密" not in str(kept)


# ---- Who is not WeChat ----


async def test_the_echo_is_given_to_who_signs(line: Line) -> None:
    assert line.account.echo(line.query(echostr="77")) == "77"
    for wrong in (
        {"signature": "0" * 40},
        {"nonce": "other"},
        {"timestamp": "1"},
        {"signature": ""},
        {"signature": "ä"},
    ):
        with pytest.raises(InvalidInputError):
            line.account.echo({**line.query(echostr="77"), **wrong})


async def test_a_sealed_account_takes_nothing_that_was_not_sealed_for_it(line: Line) -> None:
    inside = xml.written(**line.message(MsgType="text", Content=DANGER)).encode()
    other_key = Envelope("x" * 42 + "A", APP_ID).seal(inside)
    other_account = Envelope(AES_KEY, "wx1111111111111111").seal(inside)
    own = Envelope(AES_KEY, APP_ID).seal(inside)
    calls = [
        (inside, ""),
        (xml.written(Encrypt=own).encode(), "0" * 40),
        *(
            (xml.written(Encrypt=sealed).encode(), signature(TOKEN, STAMP, NONCE, sealed))
            for sealed in (other_key, other_account, own[:-8], "", "%%%", "AAAA")
        ),
    ]
    for body, msg_signature in calls:
        with pytest.raises(InvalidInputError):
            await line.account.take(line.query(msg_signature=msg_signature), body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<xml>",
        b"\xff\xfe\x00",
        b"<xml><FromUserName></FromUserName></xml>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><xml><FromUserName>&a;</FromUserName></xml>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><xml><FromUserName>a</FromUserName></xml>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x><xml><FromUserName>a</FromUserName></xml>'.encode("utf-16"),
        b"<xml>" + b"<a>" * 50 + b"</a>" * 50 + b"</xml>",
        b"<xml>" + b"".join(b"<a%d/>" % n for n in range(100)) + b"</xml>",
    ],
)
async def test_a_body_that_is_no_message_is_refused_without_a_fault(open_line: OpenLine, body: bytes) -> None:
    async with open_line(aes=False) as line:
        with pytest.raises(InvalidInputError):
            await line.account.take(line.query(), body)


async def test_what_a_customer_writes_ends_no_section_of_the_answer(open_line: OpenLine) -> None:
    engine = FakeEngine(Message("a]]><FromUserName>x</FromUserName>\x00b"))
    async with open_line(engine=engine, aes=False) as line:
        assert await line.says("]]><x/>") == "a]]><FromUserName>x</FromUserName>b"


def test_an_account_without_its_token_or_with_half_a_key_does_not_open() -> None:
    with pytest.raises(InvalidInputError, match="AES_KEY"):
        Envelope("short", APP_ID)
    nothing: Any = None
    with pytest.raises(InvalidInputError, match="TOKEN"):
        WeChatAccount(APP_ID, "", "", api=nothing, turns=nothing, memory=nothing, updates=nothing, reader=nothing)
