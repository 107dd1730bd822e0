"""One turn: masked, assessed, asked of the engine; and the card all the same when the engine fails."""

import asyncio
import itertools
import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.conversation.engine import Engine
from bot.conversation.memory import Memory
from bot.conversation.messages import Incoming, Message, Outgoing
from bot.conversation.responder import PAY_METHODS, carried
from bot.conversation.snapshot import Snapshot
from bot.conversation.turn import INTENTS, SESSION_TURNS, Tap, Turns
from bot.core.assessment import nothing
from bot.core.errors import StoreError
from bot.core.vocabulary import Language, Urgency
from tests.conversation.fakes import Behave, FakeEngine, GatedEngine, drips, hangs, hangs_up, says, server

DANGER = "有个自称公安的人让我把钱转到安全账户，我现在就在ATM前面"
GONE = "刚把三万块转给他了，是不是被骗了"
CALM = "今天天气真好"
AT_LAST = 30


def turns_of(snapshot: Snapshot, engine: Any = None, memory: Memory | None = None, **more: Any) -> Turns:
    """Turns over the shipped content."""
    return Turns(lambda: snapshot, engine, memory or Memory(), **more)


def words(outgoing: Outgoing) -> str:
    """All the words of an answer."""
    return "\n".join(m.text for m in outgoing.messages)


def urgency_of_card(outgoing: Outgoing) -> str | None:
    """The urgency of the card in an answer."""
    cards = [m.card for m in outgoing.messages if m.card]
    return cards[0]["urgency"] if cards else None


# ---- Buttons ----


@pytest.mark.parametrize(
    "payload",
    [
        *(f"do:{name}" for name in sorted(INTENTS)),
        *(f"pay:{method}" for method in PAY_METHODS),
        *(f"answer:money_gone:{a}" for a in ("yes", "no", "unsure")),
        "lang:en",
        "lang:zh-Hant",
        "answer:question_2_of_3:yes",
    ],
)
def test_a_button_of_ours_is_understood(payload: str) -> None:
    tap = Tap.read(payload)
    assert tap is not None
    assert ":".join(part for part in (tap.kind, tap.name, tap.value) if part) == payload
    command = re.fullmatch(r"/[a-z_]+(\{.*\})?", tap.for_engine())
    assert command is not None
    if command.group(1):
        assert all(isinstance(v, str) for v in json.loads(command.group(1)).values())


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "do:",
        "do:session_start",
        "do:restart",
        "do:person ",
        "do:person\n",
        " do:person",
        "DO:person",
        "/session_start",
        '/pay_method{"pay_method": "atm"}',
        "pay:bitcoin",
        "pay:atm:yes",
        "do:person:yes",
        "lang:en:yes",
        "lang:fr",
        "answer:money_gone",
        "answer:money_gone:perhaps",
        "answer::yes",
        'answer:x"}:yes',
        "answer:../etc:yes",
        "answer:" + "a" * 200 + ":yes",
        "go:person",
        "\u0000",
        "答:是:yes",
    ],
)
def test_what_is_no_button_of_ours_is_nothing(payload: str) -> None:
    assert Tap.read(payload) is None


@given(st.text(max_size=60))
def test_any_payload_is_read_without_trouble_and_never_becomes_a_command_of_its_own(payload: str) -> None:
    tap = Tap.read(payload)
    if tap is not None:
        assert re.fullmatch(r"/[a-z_]+(\{\"[a-z_\": ,A-Z0-9-]*\})?", tap.for_engine())


# ---- The engine answers ----


async def test_what_the_engine_says_is_passed_on(snapshot: Snapshot) -> None:
    engine = FakeEngine(Message("先停。", card={"urgency": "stop-now"}), Message("再说。"))
    outgoing = await turns_of(snapshot, engine).handle(Incoming("c1", DANGER))
    assert [m.text for m in outgoing.messages] == ["先停。", "再说。"]
    assert outgoing.engine == "rasa"
    assert outgoing.assessment is not None
    assert outgoing.assessment.urgency is Urgency.STOP_NOW


async def test_the_engine_is_told_what_decides_the_next_step(snapshot: Snapshot) -> None:
    engine = FakeEngine()
    await turns_of(snapshot, engine).handle(Incoming("c1", DANGER))
    ((sender, text, metadata),) = engine.sent
    assert (sender, text) == ("c1", DANGER)
    assert metadata["urgency"] == "stop-now"
    assert metadata["language"] == "zh-Hans"
    assert metadata["question"] == "money_gone"
    assert metadata.keys() >= {"typology", "methods", "form", "concerns", "about_other"}
    json.dumps(metadata)


async def test_a_tapped_button_reaches_the_engine_as_its_meaning(snapshot: Snapshot) -> None:
    engine = FakeEngine()
    await turns_of(snapshot, engine).handle(Incoming("c1", payload="pay:atm"))
    assert [text for _, text, _ in engine.sent] == ['/pay_method{"pay_method": "atm"}']


@pytest.mark.parametrize(
    "typed",
    [
        "/session_start",
        "  /restart",
        "\n//pay_method{}",
        "\u3000/session_start",
        "\u00a0/restart",
        "\u2028/restart",
        "\x0b/restart",
        "/ /restart",
        '/answer{"question": "money_gone"}',
    ],
)
async def test_nobody_can_type_a_command_to_the_engine(snapshot: Snapshot, typed: str) -> None:
    engine = FakeEngine()
    await turns_of(snapshot, engine).handle(Incoming("c1", typed))
    ((_, text, _),) = engine.sent
    assert not text.strip().startswith("/")
    assert text.strip()


async def test_a_payload_of_nobody_knows_what_never_reaches_the_engine(snapshot: Snapshot) -> None:
    engine = FakeEngine()
    outgoing = await turns_of(snapshot, engine).handle(Incoming("c1", payload="/session_start"))
    assert engine.sent == []
    assert outgoing.messages


async def test_a_long_conversation_begins_a_new_session_now_and_then(snapshot: Snapshot) -> None:
    engine = FakeEngine()
    turns = turns_of(snapshot, engine)
    for _ in range(2 * SESSION_TURNS + 1):
        await turns.handle(Incoming("c1", payload="do:person"))
    assert engine.sessions == ["c1", "c1"]
    assert len(engine.sent) == 2 * SESSION_TURNS + 1


async def test_a_new_session_waits_until_it_is_known_how_it_was_paid(snapshot: Snapshot) -> None:
    engine, memory = FakeEngine(), Memory()
    turns = turns_of(snapshot, engine, memory)
    for _ in range(SESSION_TURNS):
        await turns.handle(Incoming("c1", payload="do:person"))
    memory.open("c1").method_asked = 1
    await turns.handle(Incoming("c1", payload="do:person"))
    assert engine.sessions == []
    memory.open("c1").paid_by = "counter"
    await turns.handle(Incoming("c1", payload="do:person"))
    assert engine.sessions == ["c1"]


async def test_in_a_known_danger_words_without_evidence_are_heard_as_a_wish(snapshot: Snapshot) -> None:
    engine = FakeEngine()
    turns = turns_of(snapshot, engine)
    await turns.handle(Incoming("c1", GONE))
    await turns.handle(Incoming("c1", "我卡里还有五万"))
    await turns.handle(Incoming("c1", "他还让我再转两万到那个账户"))
    told = [metadata["urgency"] for _, _, metadata in engine.sent]
    assert told[0] == "already-paid"
    assert told[1] == "none"
    assert told[2] != "none"


# ---- The engine fails ----


async def test_without_the_engine_an_ordinary_question_gets_the_one_line_about_banking(snapshot: Snapshot) -> None:
    outgoing = await turns_of(snapshot).handle(Incoming("c1", "定期存单还差两天到期，早取亏多少"))
    assert words(outgoing) == snapshot.wording(Language.ZH_HANS).reply("bank_question")


@pytest.mark.parametrize("engine", [None, FakeEngine(fails=True)])
@pytest.mark.parametrize(("text", "urgency"), [(DANGER, "stop-now"), (GONE, "already-paid")])
async def test_without_the_engine_the_card_comes_all_the_same(
    snapshot: Snapshot, engine: FakeEngine | None, text: str, urgency: str
) -> None:
    outgoing = await turns_of(snapshot, engine).handle(Incoming("c1", text))
    assert urgency_of_card(outgoing) == urgency
    assert outgoing.engine == "fallback"
    assert "110" in outgoing.messages[0].text.split("\n")[1]
    assert outgoing.messages[0].buttons


TROUBLE: dict[str, Behave] = {
    "a fault of its own": says([], status="500 Internal Server Error"),
    "not JSON": says(b"<html>", kind="text/html"),
    "an empty list": says([]),
    "an object": says({"text": "x"}),
    "messages without words": says([{"recipient_id": "c1"}]),
    "half a character": says([{"text": "\ud800"}]),
    "brackets without end": says(b"[" * 200_000),
    "hangs": hangs,
    "drips": drips,
    "hangs up": hangs_up,
}


@pytest.mark.parametrize("behave", TROUBLE.values(), ids=TROUBLE)
async def test_whatever_the_engine_does_the_card_comes(snapshot: Snapshot, behave: Behave) -> None:
    async with asyncio.timeout(AT_LAST), server(behave) as address:
        engine = Engine(address, deadline=0.3)
        outgoing = await turns_of(snapshot, engine).handle(Incoming("c1", DANGER))
        await engine.close()
    assert urgency_of_card(outgoing) == "stop-now"
    assert outgoing.engine == "fallback"
    json.dumps(outgoing.as_dict(), ensure_ascii=False).encode()


async def test_a_conversation_goes_on_when_the_engine_is_gone_and_back(snapshot: Snapshot) -> None:
    engine = FakeEngine(Message("engine"))
    turns = turns_of(snapshot, engine)
    first = await turns.handle(Incoming("c1", DANGER))
    engine.fails = True
    second = await turns.handle(Incoming("c1", payload="answer:money_gone:yes"))
    engine.fails = False
    third = await turns.handle(Incoming("c1", "好的"))
    assert [o.engine for o in (first, second, third)] == ["rasa", "fallback", "rasa"]
    assert urgency_of_card(second) == "already-paid"


@pytest.mark.parametrize(
    "payload",
    [
        *(f"do:{name}" for name in sorted(INTENTS)),
        *(f"pay:{method}" for method in PAY_METHODS),
        "lang:en",
        "lang:zh-Hant",
        "answer:money_gone:no",
        "answer:no_such_question:yes",
    ],
)
@pytest.mark.parametrize("told_before", [True, False])
async def test_every_button_works_without_the_engine(snapshot: Snapshot, payload: str, told_before: bool) -> None:
    turns = turns_of(snapshot)
    if told_before:
        await turns.handle(Incoming("c1", DANGER))
    outgoing = await turns.handle(Incoming("c1", payload=payload))
    assert outgoing.messages
    assert all(m.text.strip() for m in outgoing.messages)
    assert not re.search(r"[{}]", words(outgoing))


async def test_a_question_is_answered_without_the_engine(snapshot: Snapshot) -> None:
    outgoing = await turns_of(snapshot).handle(Incoming("c1", "反诈法主要讲什么"))
    answers = {snapshot.wording(Language.ZH_HANS).say(a.text) for a in snapshot.release.answers}
    assert outgoing.messages[0].text in answers


async def test_small_talk_without_the_engine_gets_a_word_and_no_card(snapshot: Snapshot) -> None:
    outgoing = await turns_of(snapshot).handle(Incoming("c1", CALM))
    assert urgency_of_card(outgoing) is None
    assert outgoing.messages


@pytest.mark.parametrize("text", ["我不想活了", "I want to kill myself"])
async def test_life_comes_before_money_without_the_engine_too(snapshot: Snapshot, text: str) -> None:
    outgoing = await turns_of(snapshot).handle(Incoming("c1", text))
    assert "12356" in outgoing.messages[0].text


async def test_feedback_is_counted_without_text_and_thanked_for_even_when_it_is_lost(snapshot: Snapshot) -> None:
    kept: list[dict[str, Any]] = []
    turns = turns_of(snapshot, keep_feedback=lambda **count: kept.append(count))
    await turns.handle(Incoming("c1", DANGER))
    await turns.handle(Incoming("c1", payload="do:not_helpful"))
    assert [k.keys() for k in kept] == [{"helpful", "urgency", "typology", "content_version"}]
    assert (kept[0]["helpful"], kept[0]["urgency"]) == (False, "stop-now")

    def lost(**_: Any) -> None:
        raise StoreError("the store did not answer")

    outgoing = await turns_of(snapshot, keep_feedback=lost).handle(Incoming("c1", payload="do:helpful"))
    assert outgoing.messages


# ---- Order ----


async def test_turns_of_one_conversation_are_handled_one_after_another(snapshot: Snapshot) -> None:
    engine = GatedEngine()
    turns = turns_of(snapshot, engine)
    async with asyncio.timeout(AT_LAST):
        first = asyncio.create_task(turns.handle(Incoming("c1", "一")))
        await engine.event(engine.entered, "c1").wait()
        second = asyncio.create_task(turns.handle(Incoming("c1", "二")))
        third = asyncio.create_task(turns.handle(Incoming("c1", "三")))
        engine.event(engine.gates, "c2").set()
        for n in range(3):
            assert words(await turns.handle(Incoming("c2", f"另一个{n}"))) == f"answer to 另一个{n}"
        assert [text for sender, text, _ in engine.sent if sender == "c1"] == ["一"]
        engine.event(engine.gates, "c1").set()
        answers = [words(o) for o in await asyncio.gather(first, second, third)]
    assert answers == ["answer to 一", "answer to 二", "answer to 三"]
    assert [text for sender, text, _ in engine.sent if sender == "c1"] == ["一", "二", "三"]


async def test_a_turn_that_is_given_up_does_not_block_the_next(snapshot: Snapshot) -> None:
    engine = GatedEngine()
    turns = turns_of(snapshot, engine)
    async with asyncio.timeout(AT_LAST):
        first = asyncio.create_task(turns.handle(Incoming("c1", "一")))
        await engine.event(engine.entered, "c1").wait()
        waiting = asyncio.create_task(turns.handle(Incoming("c1", "二")))
        first.cancel()
        engine.event(engine.gates, "c1").set()
        assert words(await waiting) == "answer to 二"


# ---- What is kept and sent on ----


SECRETS = ["6222021234567890123", "140400199001011234", "13812345678", "482913", "hunter2x", "icbc-vip.top/login"]
TOLD = [
    f"公安让我把钱转到{SECRETS[0]}安全账户",
    f"我的卡号６２２２０２１２３４５６７８９０１２３，身份证{SECRETS[1]}，电话{SECRETS[2]}",
    f"验证码是{SECRETS[3]}，密码是{SECRETS[4]}",
    f"短信让我点http://{SECRETS[5]}?id=1，我点了",
    f"【工商银行】验证码{SECRETS[3]}，点http://{SECRETS[5]}，客服{SECRETS[2]}",
]


@pytest.mark.parametrize("fails", [False, True])
async def test_what_was_told_in_confidence_is_neither_sent_nor_kept_nor_shown(snapshot: Snapshot, fails: bool) -> None:
    engine, memory = FakeEngine(fails=fails), Memory()
    turns = turns_of(snapshot, engine, memory)
    for text in TOLD:
        outgoing = await turns.handle(Incoming("c1", text))
        why = await turns.handle(Incoming("c1", payload="do:why"))
        for secret in SECRETS:
            assert secret not in repr(engine.sent), text
            assert secret not in repr(memory.find("c1")), text
            assert secret not in repr([m.as_dict() for m in (*outgoing.messages, *why.messages)]), text


async def test_one_who_sends_a_password_is_told_it_was_hidden(snapshot: Snapshot) -> None:
    outgoing = await turns_of(snapshot).handle(Incoming("c1", "我的银行卡密码是482913，卡号6222021234567890123"))
    assert snapshot.wording(Language.ZH_HANS).reply("masked_notice") in [m.text for m in outgoing.messages]


# ---- Language and place ----


async def test_the_answer_follows_the_script_of_the_customer(snapshot: Snapshot) -> None:
    turns = turns_of(snapshot)
    hans = await turns.handle(Incoming("c1", DANGER))
    hant = await turns.handle(Incoming("c2", "有個自稱警察的人叫我把錢轉到安全賬戶，我現在就在櫃員機前面"))
    english = await turns.handle(
        Incoming("c3", "The police told me to move my savings to a safe account, I'm at the ATM")
    )
    assert "马上" in words(hans)
    assert "香港 999 / 台灣 110" in words(hant)
    assert re.search(r"\b[Cc]all\b", words(english))
    assert not re.search(r"[一-鿿]", english.messages[0].text.split("\n")[0])


async def test_one_who_says_where_he_is_gets_the_numbers_of_that_place(snapshot: Snapshot) -> None:
    turns = turns_of(snapshot)
    outgoing = await turns.handle(Incoming("c1", "我在伦敦，有人自称使馆和公安，让我把钱转到安全账户，我正要转"))
    card = outgoing.messages[0].card
    assert card is not None
    assert [n["number"] for n in card["numbers"]][0] == "999"
    assert "999" in outgoing.messages[0].text.split("\n")[1]
    assert "159" in {n["number"] for n in card["numbers"]}
    assert "96110" not in repr(card["numbers"])
    hotline = await turns.handle(Incoming("c1", payload="do:ask_hotline"))
    assert "159" in words(hotline)


async def test_who_thinks_of_dying_is_not_shown_which_words_were_conspicuous(snapshot: Snapshot) -> None:
    outgoing = await turns_of(snapshot).handle(Incoming("c1", "我不想活了，一辈子的钱都没了"))
    assert outgoing.assessment
    assert outgoing.assessment.concerns == ("self_harm",)
    assert outgoing.assessment.red_flags == ()


async def test_the_engine_is_told_what_was_known_before(snapshot: Snapshot) -> None:
    engine = FakeEngine()
    turns = turns_of(snapshot, engine)
    for text in (DANGER, CALM):
        await turns.handle(Incoming("c1", text))
    assert [told["before"] for _, _, told in engine.sent] == ["none", "stop-now"]
    assert [told["urgency"] for _, _, told in engine.sent] == ["stop-now", "none"]


async def test_without_the_engine_a_calm_sentence_in_a_danger_brings_what_comes_first(snapshot: Snapshot) -> None:
    turns = turns_of(snapshot, FakeEngine(fails=True))
    await turns.handle(Incoming("c1", DANGER))
    assert urgency_of_card(await turns.handle(Incoming("c1", CALM))) == "stop-now"


async def test_whoever_asks_for_numbers_gets_none_that_expired(snapshot: Snapshot) -> None:
    (row,) = snapshot.wording(Language.ZH_HANS).rows("advice")
    now = replace(snapshot, today=lambda: date.fromisoformat(row.valid_until))
    later = replace(snapshot, today=lambda: date(2040, 1, 1))
    ask = Incoming("c1", payload="do:ask_hotline")
    assert {"110", "96110"} <= set(re.findall(r"\d+", words(await turns_of(now).handle(ask))))
    assert set(re.findall(r"\d+", words(await turns_of(later).handle(ask)))) == {"110"}


async def test_a_language_that_was_picked_is_kept(snapshot: Snapshot) -> None:
    turns = turns_of(snapshot)
    await turns.handle(Incoming("c1", CALM))
    changed = await turns.handle(Incoming("c1", payload="lang:en"))
    assert words(changed) == snapshot.wording(Language.EN).reply("language_changed")
    assert words(await turns.handle(Incoming("c1", payload="do:person"))) == snapshot.wording(Language.EN).reply(
        "person"
    )


async def test_a_language_nobody_here_reads_is_told_so(snapshot: Snapshot) -> None:
    outgoing = await turns_of(snapshot, FakeEngine()).handle(Incoming("c1", "Здравствуйте, мне звонили из банка"))
    assert "110" in words(outgoing)
    assert outgoing.engine == "direct"


# ---- Danger stays danger ----


async def test_a_calm_sentence_in_between_does_not_end_the_danger(snapshot: Snapshot) -> None:
    memory = Memory()
    turns = turns_of(snapshot, None, memory)
    await turns.handle(Incoming("c1", DANGER))
    await turns.handle(Incoming("c1", CALM))
    talk = memory.find("c1")
    assert talk is not None
    assert talk.assessment is not None
    assert talk.assessment.urgency is Urgency.STOP_NOW


async def test_starting_over_does(snapshot: Snapshot) -> None:
    memory = Memory()
    turns = turns_of(snapshot, None, memory)
    await turns.handle(Incoming("c1", DANGER))
    await turns.handle(Incoming("c1", payload="do:start_over"))
    talk = memory.find("c1")
    assert talk is not None
    assert talk.assessment is None
    assert talk.texts == []


@pytest.mark.parametrize(("before", "now"), list(itertools.product(Urgency, Urgency)))
def test_the_graver_of_two_sentences_counts(before: Urgency, now: Urgency) -> None:
    calm = nothing(Language.EN)
    kept = carried(replace(calm, urgency=now), replace(calm, urgency=before))
    assert kept.urgency.rank == max(before.rank, now.rank)


async def test_no_button_ever_lowers_the_danger(snapshot: Snapshot) -> None:
    memory = Memory()
    turns = turns_of(snapshot, None, memory)
    await turns.handle(Incoming("c1", GONE))
    for payload in ("answer:money_gone:no", "pay:atm", "do:helpful", "do:why", "do:person", "lang:en"):
        await turns.handle(Incoming("c1", payload=payload))
        talk = memory.find("c1")
        assert talk is not None
        assert talk.assessment is not None
        assert talk.assessment.urgency is Urgency.ALREADY_PAID, payload


# ---- Anything a customer can send ----


@pytest.mark.parametrize("text", ["", " ", "\n\t\u3000"])
async def test_no_words_are_answered_with_a_request_for_some(snapshot: Snapshot, text: str) -> None:
    outgoing = await turns_of(snapshot, FakeEngine()).handle(Incoming("c1", text))
    assert words(outgoing) == snapshot.wording(Language.ZH_HANS).reply("empty")
    assert outgoing.assessment is None


@given(st.one_of(st.text(max_size=400), st.text(alphabet="转账公安安全账户1234567890/ \n😀", max_size=400)))
@example("\u200b")
@example("\x00" * 50)
@example("😀" * 200)
@example("/")
@example("公安让我转账到安全账户。" * 660)
@settings(max_examples=40)
def test_whatever_is_sent_gets_an_answer(snapshot: Snapshot, text: str) -> None:
    for engine in (None, FakeEngine()):
        outgoing = asyncio.run(turns_of(snapshot, engine).handle(Incoming("c1", text)))
        assert outgoing.messages
        assert all(m.text.strip() for m in outgoing.messages)
        json.dumps(outgoing.as_dict())


async def test_a_release_that_is_swapped_in_mid_talk_gives_the_next_turn_its_words(snapshot: Snapshot) -> None:
    greet = snapshot.release.replies["person"]
    text = replace(greet.text, zh_hans="新的一句")
    newer = replace(
        snapshot,
        release=replace(snapshot.release, replies={**snapshot.release.replies, "person": replace(greet, text=text)}),
    )
    in_force = [snapshot]
    turns = Turns(lambda: in_force[0], None, Memory())
    await turns.handle(Incoming("c1", CALM))
    in_force[0] = newer
    assert words(await turns.handle(Incoming("c1", payload="do:person"))) == "新的一句"
