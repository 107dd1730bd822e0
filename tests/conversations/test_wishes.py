"""Everything else a customer may want: questions, hotlines, doubts, a person, another language, a fresh start."""

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest

from bot.core.vocabulary import Language, Urgency
from tests.conversations.conftest import GuardedTalk
from tests.conversations.running import Stack
from tests.conversations.section_six import mentions
from tests.conversations.talking import Published

pytestmark = pytest.mark.engine
Begin = Callable[..., GuardedTalk]

INVESTMENT = "有个老师在群里带我炒股，说内幕消息稳赚不赔，让我下他们的app充钱"
# A plain question may be answered at more length than small talk, but never with a sermon.
ONE_LINE = 140


# ---- Questions ----


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("帮信罪是怎么回事", "help_crime_threshold"),
        ("ATM转出去的钱还可以撤吗", "atm_cancel"),
        ("报警要带哪些材料", "report_what_to_bring"),
        ("什么是百万保障", "what_million_cover"),
    ],
)
def test_a_question_about_fraud_or_law_gets_the_published_answer(
    talk: Begin, published: Published, text: str, answer: str
) -> None:
    assert talk().say(text).texts == [published.answer(answer)]


def test_a_question_in_english_gets_the_answer_in_english(talk: Begin, published: Published) -> None:
    assert talk().say("Can I cancel an ATM transfer?").texts == [published.answer("atm_cancel", Language.EN)]


@pytest.mark.parametrize(
    ("text", "language", "place", "other"),
    [
        ("反诈电话是多少", Language.ZH_HANS, "cn", "uk"),
        ("我在香港，反诈电话打多少", Language.ZH_HANS, "hk", "cn"),
        ("英国那边打哪个电话", Language.ZH_HANS, "uk", "cn"),
        ("我在新加坡，反诈热线是多少", Language.ZH_HANS, "sg", "cn"),
        ("who do I call in the UK", Language.EN, "uk", "cn"),
    ],
)
def test_a_hotline_by_place(
    talk: Begin, published: Published, text: str, language: Language, place: str, other: str
) -> None:
    reply = talk(places=(place,)).say(text)

    assert reply.text.startswith(
        published.wording(language).reply("hotline_lead", place=_name(published, place, language))
    )
    for role in ("police", "advice"):
        for row in published.wording(language, place).rows(role):
            assert mentions(reply.text, row.number)
            assert row.caution.in_(language) in reply.text
    assert not mentions(reply.text, published.wording(language, other).rows("advice")[0].number)


def _name(published: Published, place: str, language: Language) -> str:
    return published.release.places[place].name.in_(language)


@pytest.mark.parametrize(
    "text", ["你们周六开门吗", "大额存单利率多少", "怎么改手机银行的转账限额", "信用卡账单日是哪天"]
)
def test_an_ordinary_bank_question_gets_one_short_message(talk: Begin, text: str) -> None:
    reply = talk().say(text)

    assert len(reply.texts) == 1
    assert not reply.cards
    assert not reply.payloads
    assert len(reply.text) <= ONE_LINE


# ---- Doubts ----


def test_are_you_sure_gives_the_reasons_and_owns_up_to_being_a_machine(talk: Begin, published: Published) -> None:
    doubting = talk()
    card = doubting.say(INVESTMENT).card

    reply = doubting.say("你确定吗")

    assert reply.texts[0].startswith(published.reply("why_lead"))
    assert all(reason["says"] in reply.texts[0] for reason in card["why"])
    assert reply.texts[1:] == [published.reply("are_you_sure")]


def test_why_names_the_customers_own_words(talk: Begin, published: Published) -> None:
    doubting = talk()
    card = doubting.say(INVESTMENT).card

    reply = doubting.say("为什么这么说")

    assert reply.text.startswith(published.reply("why_lead"))
    assert all(reason["text"] in reply.text for reason in card["why"])


def test_why_without_a_story_claims_nothing(talk: Begin, published: Published) -> None:
    assert talk().say("为什么").texts == [published.reply("why_nothing")]


@pytest.mark.parametrize("text", ["这个平台应该是安全的吧？", "没问题吧"])
def test_nothing_is_called_safe_however_it_is_asked(talk: Begin, published: Published, text: str) -> None:
    hoping = talk()
    hoping.say(INVESTMENT)

    assert hoping.say(text).texts == [published.reply("is_it_safe")]


@pytest.mark.parametrize("text", ["警察让我把钱转到安全账户，这是安全的吧？", "他让我把钱转到安全账户，我要找真人"])
def test_a_wish_in_the_same_breath_does_not_hide_the_danger(talk: Begin, text: str) -> None:
    assert talk().say(text).urgency is Urgency.STOP_NOW


def test_who_is_not_convinced_is_not_argued_with(talk: Begin, published: Published) -> None:
    doubting = talk()
    doubting.say(INVESTMENT)

    assert doubting.say("我还是不太信").texts == [published.reply("not_convinced")]


@pytest.mark.parametrize(
    ("text", "language"), [("我要找真人", Language.ZH_HANS), ("I want to talk to a real person", Language.EN)]
)
def test_a_person_is_offered_at_once(talk: Begin, published: Published, text: str, language: Language) -> None:
    assert talk().say(text).texts == [published.reply("person", language)]


def test_what_it_is_and_what_it_keeps(talk: Begin, published: Published) -> None:
    assert talk().say("你是机器人吗").texts == [published.reply("what_are_you")]


# ---- Language ----


def test_another_language_midway_by_asking(talk: Begin, published: Published) -> None:
    changing = talk()
    changing.say(INVESTMENT)

    assert changing.say("can we speak English please").texts == [published.reply("language_changed", Language.EN)]
    assert changing.say("thank you").texts == [published.reply("thanks", Language.EN)]
    changing.agreed = Language.ZH_HANT
    assert changing.say("請用繁體中文").texts == [published.reply("language_changed", Language.ZH_HANT)]
    assert changing.say("谢谢").texts == [published.reply("thanks", Language.ZH_HANT)]


def test_another_language_midway_by_writing_it(talk: Begin, published: Published) -> None:
    changing = talk()
    changing.say(INVESTMENT)

    assert changing.say("thank you very much").texts == [published.reply("thanks", Language.EN)]
    assert changing.say("谢谢您了").texts == [published.reply("thanks")]


def test_one_latin_word_is_not_another_language(talk: Begin, published: Published) -> None:
    """ATM, USDT and OK are words of Chinese customers too; the numbers of their place must stay."""
    paid = talk()
    paid.say("我被騙了，剛剛匯了八萬出去")
    paid.agreed = Language.ZH_HANT

    assert paid.say("ATM").texts[0] == published.reply("first_aid_atm", Language.ZH_HANT)


def test_the_script_asked_for_holds_also_for_a_story_in_the_other(talk: Begin) -> None:
    changing = talk()
    changing.agreed = Language.ZH_HANT
    changing.say("請用繁體中文回答我")

    # the guard reads every line of the card for simplified characters
    card = changing.say(INVESTMENT).card

    assert card["why"]


@pytest.mark.parametrize("text", ["Привет, мне звонили из банка и просят код", "هل يمكنك مساعدتي من فضلك"])
def test_a_language_it_does_not_read_is_told_so(talk: Begin, published: Published, text: str) -> None:
    assert talk().say(text).texts == [published.reply("unsupported_language")]


# ---- Small talk, noise, and a fresh start ----


@pytest.mark.parametrize(
    ("text", "reply"), [("你好", "greet"), ("谢谢你啊", "thanks"), ("你们就是一群废物", "abuse"), ("再见", "goodbye")]
)
def test_small_talk_is_answered_in_one_message(talk: Begin, published: Published, text: str, reply: str) -> None:
    assert talk().say(text).texts == [published.reply(reply)]


def test_three_unclear_turns_offer_a_person(talk: Begin, published: Published) -> None:
    noise = talk()

    said = [noise.say(text).text for text in ("今天天气怎么样", "。。。。", "写首诗")]

    assert said == [published.reply(f"unclear_{n}") for n in (1, 2, 3)]


def test_start_over_forgets_the_story(talk: Begin, published: Published) -> None:
    again = talk()
    again.say(INVESTMENT)

    assert again.say("重新开始").texts == [published.reply("restart")]
    assert again.say("为什么").texts == [published.reply("why_nothing")]


def test_start_over_ends_first_aid_too(talk: Begin, published: Published) -> None:
    again = talk()
    again.say("我被骗了，刚转了三万块")

    assert again.say("重新开始").texts == [published.reply("restart")]
    assert again.say("你好").texts == [published.reply("greet")]


# ---- Feedback ----


@pytest.mark.parametrize("wish", ["helpful", "not_helpful"])
def test_feedback_is_thanked_for_and_counted_without_a_word_of_the_customer(
    talk: Begin, published: Published, stack: Stack, wish: str
) -> None:
    pleased = talk()
    card = pleased.say(INVESTMENT).card
    before = _feedback(stack)

    reply = pleased.tap(f"do:{wish}")

    assert reply.texts == [published.reply(wish)]
    assert _feedback(stack)[len(before) :] == [(wish == "helpful", card["urgency"], card["typology"]["id"])]


def test_feedback_in_words(talk: Begin, published: Published, stack: Stack) -> None:
    before = _feedback(stack)

    assert talk().say("很有帮助").texts == [published.reply("helpful")]
    assert [kept[:2] for kept in _feedback(stack)[len(before) :]] == [(True, "none")]


def _feedback(stack: Stack) -> list[tuple[bool, str, str]]:
    with closing(sqlite3.connect(stack.database)) as store:
        rows = store.execute("SELECT helpful, urgency, typology FROM feedback ORDER BY id").fetchall()
    return [(bool(helpful), urgency, typology) for helpful, urgency, typology in rows]


# ---- In the middle of it ----

FAKE_POLICE = "刚才有个自称公安局的打电话，说我涉嫌洗钱，要我把钱转到安全账户核查，还不许我挂电话"
JUST_PAID = "我被骗了，刚转了三万块"


@pytest.mark.parametrize("text", ["怎么办", "我好害怕，手都在抖", "我不会弄"])
def test_who_is_frightened_is_told_the_one_thing_to_do(talk: Begin, published: Published, text: str) -> None:
    told = talk()
    told.say(FAKE_POLICE)

    reply = told.say(text)

    assert reply.texts[0] == published.reply("steady")
    assert reply.urgency is Urgency.STOP_NOW


@pytest.mark.parametrize("text", ["我挂了", "好的", "知道了"])
def test_what_was_done_is_taken_up_with_the_open_question(talk: Begin, published: Published, text: str) -> None:
    told = talk()
    told.say(FAKE_POLICE)

    assert told.say(text).texts == [published.reply("did_it"), published.question("money_gone")]


def test_after_how_it_was_paid_a_nod_is_not_asked_again(talk: Begin, published: Published) -> None:
    paid = talk()
    paid.say(JUST_PAID)
    paid.tap("pay:phone_now")

    assert paid.say("好的").texts == [published.reply("did_it_paid")]
    assert paid.say("那我现在怎么办").texts == [
        published.reply(r) for r in ("steady", "first_aid_phone_now", "first_aid_common")
    ]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("能追回来吗", "will_it_come_back"),
        ("110占线打不通", "line_is_busy"),
        ("他又打电话来了", "they_call_again"),
        ("我卡里还有五万", "rest_of_the_money"),
        ("我是不是很笨", "not_your_doing"),
        ("我不想让家里人知道", "tell_the_family"),
        ("我怕警察", "afraid_of_the_police"),
    ],
)
def test_a_question_in_the_middle_of_it_is_answered(talk: Begin, published: Published, text: str, answer: str) -> None:
    paid = talk()
    paid.say(JUST_PAID)
    paid.tap("pay:phone_now")

    assert paid.say(text).texts == [published.answer(answer)]


def test_what_nobody_understands_in_a_danger_brings_the_danger_again(talk: Begin, published: Published) -> None:
    told = talk()
    told.say(FAKE_POLICE)

    reply = told.say("番茄炒蛋怎么做")

    assert reply.texts[0] == published.reply("unclear_in_danger")
    assert reply.urgency is Urgency.STOP_NOW


def test_a_thought_of_dying_ends_the_questions_about_money(talk: Begin, published: Published) -> None:
    paid = talk()
    paid.say(JUST_PAID)

    assert paid.say("我不想活了").texts == [published.reply("self_harm")]
    assert paid.say("谢谢你").texts == [published.reply("here_for_you")]
