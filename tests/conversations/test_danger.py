"""What the assistant is for: somebody tells, forwards or confesses something, and is told what to do first."""

from collections.abc import Callable

import pytest

from bot.core.vocabulary import Language, Urgency
from tests.conversations.conftest import GuardedTalk
from tests.conversations.section_six import mentions
from tests.conversations.talking import Published, Reply

pytestmark = pytest.mark.engine
Begin = Callable[..., GuardedTalk]

FAKE_POLICE = "刚才有个自称公安局的打电话，说我涉嫌洗钱，要我把钱转到安全账户核查，还不许我挂电话"
FAKE_POLICE_EN = "A man from the police says my account is at risk and I must move my savings to a safe account today"
FORWARDED = "帮我看看这条短信：\n【社保中心】您的社保卡将于今日停用，请点击 http://shebao-ns.example/a 认证，逾期冻结"
JUST_PAID = "我被骗了，刚转了三万块"
OPTIONS = ["yes", "no", "unsure"]
# How somebody says it himself when asked how he paid.
TYPED = {
    "atm": "在ATM上转的",
    "phone_now": "手机银行转的，实时到账",
    "phone_later": "手机转的，选的次日到账",
    "counter": "在柜台转的",
    "qr": "扫码付的",
    "cash": "给的现金",
    "gold": "买了黄金给他们",
    "coin": "转的是USDT",
}
TYPED_EN = {"atm": "at the cash machine", "cash": "in cash", "coin": "with bitcoin"}


def asks_how_it_was_paid(reply: Reply, published: Published) -> bool:
    """Whether the answer offers every way of paying, once."""
    return reply.payloads == published.buttons("ask_pay_method")


def test_a_story_brings_the_card_and_one_question(talk: Begin, published: Published) -> None:
    reply = talk().say(FAKE_POLICE)

    assert reply.urgency is Urgency.STOP_NOW
    assert reply.card["typology"]["id"] == "police_gov"
    command = published.release.typologies["police_gov"].actions[Urgency.STOP_NOW].command
    assert reply.text.split("\n")[0] == published.wording().say(command)
    assert reply.card["question"] == published.question("money_gone")
    assert reply.payloads == [f"answer:money_gone:{o}" for o in OPTIONS]


def test_the_card_says_which_of_the_customers_own_words_gave_it_away(talk: Begin) -> None:
    reply = talk().say(FAKE_POLICE)

    assert reply.card["why"]
    assert all(reason["text"] in FAKE_POLICE and reason["says"] for reason in reply.card["why"])
    for flag in reply.assessment["red_flags"]:
        assert FAKE_POLICE[flag["start"] : flag["end"]] == flag["text"]


def test_yes_by_button_sharpens_the_card_to_first_aid_and_asks_how_it_was_paid(
    talk: Begin, published: Published
) -> None:
    told = talk()
    told.say(FAKE_POLICE)

    reply = told.tap("answer:money_gone:yes")

    assert reply.urgency is Urgency.ALREADY_PAID
    assert reply.card["typology"]["id"] == "police_gov"
    assert asks_how_it_was_paid(reply, published)


@pytest.mark.parametrize(("yes", "language"), [("转了", Language.ZH_HANS), ("yes", Language.EN)])
def test_yes_in_words_sharpens_the_card_too(talk: Begin, published: Published, yes: str, language: Language) -> None:
    told = talk()
    told.say(FAKE_POLICE if language is Language.ZH_HANS else FAKE_POLICE_EN)

    reply = told.say(yes)

    assert reply.urgency is Urgency.ALREADY_PAID
    assert asks_how_it_was_paid(reply, published)


@pytest.mark.parametrize("no", ["没有", "没转", "还没有"])
def test_no_keeps_the_danger_and_does_not_ask_again(talk: Begin, no: str) -> None:
    told = talk()
    told.say(FAKE_POLICE)

    reply = told.say(no)

    assert reply.urgency is Urgency.STOP_NOW
    assert not any(p.startswith("answer:money_gone") for p in reply.payloads)


def test_an_answer_to_a_question_is_heard_once(talk: Begin) -> None:
    """A nod after the answer is no second answer to the same question."""
    told = talk()
    told.say(FAKE_POLICE)
    told.say("没有")

    reply = told.say("是的")

    assert not any(c["card"]["urgency"] == "already-paid" for c in reply.cards)


def test_a_warning_sharpens_with_every_answer_and_never_softens_on_yes(talk: Begin) -> None:
    told = talk()
    reply = told.say(FORWARDED)
    seen: list[str] = []

    while reply.payloads and reply.payloads[0].startswith("answer:"):
        before = reply.urgency
        assert reply.payloads[0] not in seen, "asked the same twice"
        seen.append(reply.payloads[0])
        reply = told.tap(reply.payloads[0])
        assert reply.urgency.rank >= before.rank

    assert seen
    assert reply.urgency.rank >= Urgency.STOP_NOW.rank


def test_a_forwarded_message_is_read_as_one_and_its_link_is_not_repeated(talk: Begin) -> None:
    reply = talk().say(FORWARDED)

    assert reply.assessment["form"] == "sms"
    assert reply.urgency.flagged
    assert "shebao-ns.example/a" not in reply.text
    assert all("http" not in i["masked"] for i in reply.assessment["indicators"])


def test_a_pasted_chat_brings_a_card(talk: Begin) -> None:
    chat = (
        "客服：您好，您的快递丢失，给您三倍理赔\n我：怎么赔\n客服：请下载会议软件，打开屏幕共享，我教您操作\n我：好的"
    )

    reply = talk().say(chat)

    assert reply.assessment["form"] in {"chat", "call"}
    assert reply.urgency.flagged


def test_already_paid_brings_first_aid_and_asks_how(talk: Begin, published: Published) -> None:
    reply = talk().say(JUST_PAID)

    assert reply.urgency is Urgency.ALREADY_PAID
    assert reply.text.split("\n")[1] == published.reply("call_paid")
    assert asks_how_it_was_paid(reply, published)


def test_the_greeting_button_begins_first_aid_without_a_story(talk: Begin, published: Published) -> None:
    reply = talk().tap("do:already_paid")

    assert reply.urgency is Urgency.ALREADY_PAID
    assert asks_how_it_was_paid(reply, published)


def test_every_button_says_what_can_still_be_saved(talk: Begin, published: Published) -> None:
    for payload in published.buttons("ask_pay_method"):
        paid = talk()
        paid.say(JUST_PAID)

        method = payload.removeprefix("pay:")
        assert paid.tap(payload).texts == [published.reply(f"first_aid_{method}"), published.reply("first_aid_common")]


@pytest.mark.parametrize(("method", "words"), TYPED.items(), ids=TYPED)
def test_the_way_of_paying_in_words_says_what_can_still_be_saved(
    talk: Begin, published: Published, method: str, words: str
) -> None:
    paid = talk()
    paid.say(JUST_PAID)

    assert paid.say(words).texts == [published.reply(f"first_aid_{method}"), published.reply("first_aid_common")]


@pytest.mark.parametrize(("method", "words"), TYPED_EN.items(), ids=TYPED_EN)
def test_the_way_of_paying_in_english_words(talk: Begin, published: Published, method: str, words: str) -> None:
    paid = talk()
    paid.say("I was scammed, I just sent him 3000 pounds and now he blocked me")

    expected = [published.reply(f"first_aid_{method}", Language.EN), published.reply("first_aid_common", Language.EN)]
    assert paid.say(words).texts == expected


@pytest.mark.parametrize(
    ("text", "method"),
    [
        ("我被骗了，现金八万已经交给上门来取的人了", "cash"),
        ("上午被骗子骗了，在柜台汇了五万给他们", "counter"),
        ("I got scammed, I handed over 8,000 in cash an hour ago", "cash"),
    ],
)
def test_who_says_at_once_how_he_paid_is_not_asked_again(
    talk: Begin, published: Published, text: str, method: str
) -> None:
    language = Language.EN if text.isascii() or text.startswith("I") else Language.ZH_HANS
    reply = talk().say(text)

    assert reply.urgency is Urgency.ALREADY_PAID
    assert published.reply(f"first_aid_{method}", language) in reply.texts
    assert not asks_how_it_was_paid(reply, published)


def test_a_question_between_does_not_lose_how_it_was_paid(talk: Begin, published: Published) -> None:
    paid = talk()
    paid.say(JUST_PAID)

    between = paid.say("转人工")
    assert between.texts == [published.reply("person"), published.reply("ask_pay_method")]

    assert paid.say("在ATM上转的").texts[0] == published.reply("first_aid_atm")


def test_first_aid_is_asked_for_once(talk: Begin, published: Published) -> None:
    paid = talk()
    paid.say(JUST_PAID)
    paid.tap("pay:cash")

    assert paid.say("谢谢你").texts == [published.reply("thanks")]


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("我妈接到个电话说她涉嫌洗钱，要去银行把钱转到安全账户，怎么劝她", Urgency.STOP_NOW),
        ("我爸刚给骗子汇了五万，他吓坏了，我该怎么办", Urgency.ALREADY_PAID),
        ("邻居王奶奶被人骗走了三万块现金，我能帮她做什么", Urgency.ALREADY_PAID),
    ],
)
def test_asking_for_someone_else_says_what_the_asker_can_do(
    talk: Begin, published: Published, text: str, urgency: Urgency
) -> None:
    reply = talk().say(text)

    assert reply.urgency is urgency
    assert published.reply("for_other") in reply.texts


def test_a_calmer_sentence_does_not_end_the_danger(talk: Begin) -> None:
    told = talk()
    told.say(FAKE_POLICE)
    told.say("谢谢你")

    assert told.tap("answer:money_gone:no").urgency is Urgency.STOP_NOW


def test_a_loss_told_in_few_words_keeps_the_kind_that_is_known(talk: Begin) -> None:
    told = talk()
    kind = told.say(FAKE_POLICE).card["typology"]["id"]

    reply = told.say("已经转过去了")

    assert reply.urgency is Urgency.ALREADY_PAID
    assert reply.card["typology"]["id"] == kind


def test_a_customer_abroad_gets_the_numbers_of_his_place(talk: Begin, published: Published) -> None:
    reply = talk(places=("uk",)).say("我在伦敦，有人打电话自称使馆，说我涉案，要我把钱转到安全账户，不许挂电话")

    assert reply.urgency is Urgency.STOP_NOW
    assert mentions(reply.text.split("\n")[1], published.wording(Language.ZH_HANS, "uk").number("police"))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (FAKE_POLICE, Language.ZH_HANS),
        ("收到電話說我的健保卡被盜用，要我把錢轉到監管帳戶，不能告訴家人", Language.ZH_HANT),
        (FAKE_POLICE_EN, Language.EN),
    ],
    ids=["zh-Hans", "zh-Hant", "en"],
)
def test_the_card_is_in_the_customers_script_with_his_numbers(
    talk: Begin, published: Published, text: str, language: Language
) -> None:
    reply = talk().say(text)

    assert reply.urgency is Urgency.STOP_NOW
    assert reply.text.split("\n")[1] == published.reply("call_stop", language)
    assert reply.card["question"] == published.question("money_gone", language)
    assert reply.card["numbers"][0]["number"] == published.wording(language).rows("police")[0].number
