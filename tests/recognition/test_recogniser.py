"""`Recognizer.assess`: what the contract promises of every text, and plain cases that hold whatever the tuning."""

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core.assessment import Assessment
from bot.core.content import Release
from bot.core.vocabulary import Language, Urgency
from bot.recognition.chunks import CHUNK_CHARS, split
from bot.recognition.recogniser import MAX_CHARS, Recognizer

FRAGMENTS = [
    "公安说我涉嫌洗钱",
    "转到安全账户",
    "屏幕共享",
    "刷单返利",
    "他让我",
    "没有",
    "轉賬",
    "安 全 賬 戶",
    "ＡＴＭ",
    "\u200b",
    "，",
    "。\n",
    "https://icbc-vip.top/a",
    "6222021234567890123",
    "13812345678",
    "加微信：abc_12345",
    "I was told to transfer",
    "gift card ",
    "验证码",
    "😀",
    "сбер",
    "客服：您好\n我：你好\n",
    "\x00",
    "١٢٣",
]
SHORT = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("".join))
LONG = st.tuples(st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=12).map("".join), st.integers(1, 400)).map(
    lambda t: (t[0] * t[1])[:MAX_CHARS]
)


def promised(found: Assessment, text: str, release: Release) -> None:
    """What the contract says of every assessment."""
    known = {*release.typologies, "unknown", "none"}
    assert found.urgency in list(Urgency)
    assert found.typology in known
    assert {r.typology for r in found.ranking} | set(found.methods) <= known
    probabilities = [r.probability for r in found.ranking]
    assert all(0 <= p <= 1 for p in probabilities)
    assert sum(probabilities) <= 1 + 1e-6
    assert probabilities == sorted(probabilities, reverse=True)
    assert 0 <= found.scam_probability <= 1 + 1e-6
    for flag in found.red_flags:
        assert 0 <= flag.start < flag.end <= len(text)
        assert flag.text == text[flag.start : flag.end]
        assert flag.says
    for place in (*found.indicators, *found.evidence):
        assert 0 <= place.start < place.end <= len(text)
    assert {c.id for c in found.similar_cases} <= {c.id for c in release.cases}
    assert all(0 <= c.similarity <= 1 + 1e-3 for c in found.similar_cases)
    assert found.flagged or found.urgency in {Urgency.NONE, Urgency.ASK}
    if found.urgency is Urgency.NONE:
        assert found.question is None
        assert found.red_flags == ()
        assert found.stage is None
    if found.flagged:
        assert found.typology != "none"
    if found.question:
        assert release.question(found.question.id) is not None
    assert found.content_version == release.version


@given(SHORT)
@example("")
@example(" \n\t")
@example("\u202e转账\u0000")
@example("'; DROP TABLE piece; --")
@example("<script>alert(1)</script>")
@example("😀" * 100)
@example("Привет 你好 สวัสดี नमस्ते こんにちは 안녕 שלום مرحبا Γειά ⠓⠑⠇ ᚠᚢ 𐍈 𓀀")
@example("(" * 500)
@example("…" * 500)
@example("a" * 2000)
@settings(max_examples=120)
def test_every_text_gets_an_assessment_as_the_contract_says(recogniser: Recognizer, text: str) -> None:
    promised(recogniser.assess(text), text, recogniser.release)


@given(LONG)
@example("转" * MAX_CHARS)
@example("公安让我转账到安全账户。" * 700)
@example("a b " * 2000)
@example("https://icbc-vip.top/ " * 380)
@settings(max_examples=12)
def test_a_text_of_thousands_of_characters_is_read_like_any_other(recogniser: Recognizer, text: str) -> None:
    promised(recogniser.assess(text), text, recogniser.release)


@given(st.lists(SHORT, min_size=2, max_size=3))
@settings(max_examples=25)
def test_the_same_text_gets_the_same_answer_whatever_was_read_between(recogniser: Recognizer, texts: list[str]) -> None:
    first = recogniser.assess(texts[0])
    for between in texts[1:]:
        recogniser.assess(between)
    assert replace(recogniser.assess(texts[0]), elapsed_ms=0.0) == replace(first, elapsed_ms=0.0)


def test_only_the_first_eight_thousand_characters_are_read(recogniser: Recognizer) -> None:
    calm = "今天天气真好。" * 1200
    found = recogniser.assess(calm[:MAX_CHARS] + "公安让我把钱转到安全账户")
    assert replace(found, elapsed_ms=0.0) == replace(recogniser.assess(calm[:MAX_CHARS]), elapsed_ms=0.0)


def test_a_danger_late_in_a_long_story_is_still_seen(recogniser: Recognizer) -> None:
    chat = "甲：吃了吗\n乙：吃了，面条\n" * 200
    danger = "\n公安说我涉嫌洗钱，让我把钱转到安全账户，还不许告诉家里人"
    assert len(chat + danger) > 2 * CHUNK_CHARS
    found = recogniser.assess(chat + danger)
    assert any(f.start > len(chat) for f in found.evidence)


@pytest.mark.parametrize("language", list(Language))
def test_the_words_come_in_the_language_asked_for(recogniser: Recognizer, language: Language) -> None:
    found = recogniser.assess("公安让我把钱转到安全账户，我正要转", language)
    release = recogniser.release
    assert found.language is language
    says = {f.says.in_(language) for t in release.typologies.values() for f in t.red_flags}
    says |= {f.says.in_(language) for f in release.frames if f.says}
    assert found.red_flags
    assert {f.says for f in found.red_flags} <= says
    assert found.question is not None
    known = release.question(found.question.id)
    assert known is not None
    assert found.question.text == known.text.in_(language)


def test_a_text_that_could_be_either_script_keeps_the_one_in_use(recogniser: Recognizer) -> None:
    assert recogniser.assess("123", default=Language.ZH_HANT).language is Language.ZH_HANT


DANGER_NOW = [
    "有个自称公安的人让我把钱转到安全账户，我现在就在ATM前面",
    "客服在电话里催我念验证码，我正要念给他",
    "他让我开了屏幕共享，现在还开着，叫我登录手机银行",
    "公安叫我取二十万现金交给专员，人马上就到楼下了",
    "有個自稱警察嘅人叫我而家即刻轉錢去安全戶口，我喺櫃員機前面",
    "The caller wants the code from my text message now, I'm about to read it out",
]
MONEY_GONE = [
    "刚把三万块转给他了，是不是被骗了",
    "我已经付了5000块，现在联系不上卖家",
    "我妈刚把10万转给了“警察”",
    "刷单垫了八千，提不出来了，他把我拉黑了",
    "钱已经转出去了，怎么办",
    "I just sent $2000 to the man on the phone and now he is gone",
]
ORDINARY = [
    "什么是安全账户",
    "怎么挂失银行卡",
    "怎么修改手机银行的登录密码",
    "跨行转账要手续费吗",
    "今天天气真好",
    "你好",
    "谢谢",
    "【工商银行】您尾号1234的卡于12月3日支出200元，余额500元。",
    "how do I report a lost card",
    "what are your opening hours",
]


@pytest.mark.parametrize("text", DANGER_NOW)
def test_what_can_still_be_stopped_is_stop_now(recogniser: Recognizer, text: str) -> None:
    assert recogniser.assess(text).urgency is Urgency.STOP_NOW


@pytest.mark.parametrize("text", MONEY_GONE)
def test_money_that_is_gone_is_already_paid(recogniser: Recognizer, text: str) -> None:
    assert recogniser.assess(text).urgency is Urgency.ALREADY_PAID


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_question_is_none(recogniser: Recognizer, text: str) -> None:
    found = recogniser.assess(text)
    assert found.urgency is Urgency.NONE
    assert not found.flagged


@pytest.mark.parametrize(
    ("text", "typology"),
    [
        ("有人加我微信说刷单一天赚三百，先垫付再返", "task_rebate"),
        ("公安说我涉嫌洗钱，要我把钱转到安全账户", "police_gov"),
        ("网上认识的男朋友叫我跟他投资，还没见过面", "romance"),
    ],
)
def test_a_plain_story_is_named(recogniser: Recognizer, text: str, typology: str) -> None:
    found = recogniser.assess(text)
    assert found.flagged
    assert typology in {r.typology for r in found.ranking[:2]}


@pytest.mark.parametrize(
    "disguised",
    [
        "公安說我涉嫌洗黑錢，要我把錢轉到安全賬戶",
        "公 安 说 我 涉 嫌 洗 钱 ， 要 我 把 钱 转 到 安 全 账 户",
        "公\u200b安说我涉\u200b嫌洗钱，要我把钱转\u200b到安全\u200b账户",
        "公安说我涉嫌洗钱，要我把钱转到安全帐户",
    ],
)
def test_a_disguise_does_not_help(recogniser: Recognizer, disguised: str) -> None:
    found = recogniser.assess(disguised)
    assert found.flagged
    assert found.typology == "police_gov"
    assert found.red_flags


def test_a_link_dressed_as_a_banks_is_noticed(recogniser: Recognizer) -> None:
    found = recogniser.assess("工行短信让我点 http://icbc-vip.top/login 更新资料")
    assert [i.findings for i in found.indicators if "lookalike:icbc" in i.findings]
    assert found.flagged


def test_a_long_text_is_cut_without_losing_a_character() -> None:
    for text in ("字" * 2500, "一句话。" * 700, "word " * 900, "short", "", "行\n" * 1000):
        chunks = split(text)
        assert "".join(chunks) == text or "".join(chunks).strip() == text.strip()
        assert all(len(c) <= CHUNK_CHARS for c in chunks)
        assert chunks


def test_the_reading_can_be_followed(recogniser: Recognizer) -> None:
    """Which evidence spoke for danger and how much, how sure it had to be, and which rule decided."""
    found = recogniser.assess("警察打电话说我涉嫌洗钱，要我现在把钱转到安全账户")
    weights = {e.frame: e.weight for e in found.evidence}
    assert "safe_account" in weights
    assert max(weights.values()) > 0
    assert found.decided_by
    assert 0 < found.needed_probability <= found.scam_probability
    nothing = recogniser.assess("你们几点开门")
    assert nothing.decided_by == ("nothing",)


def test_signs_of_the_harmless_speak_against_danger(recogniser: Recognizer) -> None:
    found = recogniser.assess("【工商银行】您的登录验证码为 482913，请勿告诉任何人，工作人员不会索要")
    assert sum(e.weight for e in found.evidence) < 0
