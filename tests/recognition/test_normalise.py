"""Reading through disguise, and the way back to the customer's own characters."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.recognition.normalise import Normalised, normalise

DISGUISES = "安全账户賬戶轉帳薇信ＡＢＣ１２３\u200b\u200d\ufeff\u00ad 　\n\tасеρ①㎏ﬁé̂😀。，!abc0 .-_·"
TEXTS = st.one_of(st.text(max_size=120), st.text(alphabet=DISGUISES, max_size=120))


def original(text: str, words: str, read: Normalised) -> str:
    """What stands in `text` for `words` of the normalised text."""
    at = read.text.index(words)
    start, end = read.span(at, at + len(words))
    return text[start:end]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("轉賬到安全賬戶", "转账到安全账户"),
        ("ＡＴＭ１２３", "atm123"),
        ("安\u200b全\u200d账\ufeff户", "安全账户"),
        ("安 全 账 户", "安全账户"),
        ("安　全　账　户", "安全账户"),
        ("s.a.f.e account", "safe account"),
        ("v-p-n", "vpn"),
        ("раураl", "paypal"),
        ("TRANSFER", "transfer"),
        ("①号②号", "1号2号"),
        ("ﬁne", "fine"),
        ("a\tb", "a b"),
    ],
)
def test_a_disguise_is_undone(written: str, read: str) -> None:
    assert normalise(written).text == read


@pytest.mark.parametrize(
    "plain", ["转账给我", "hello world", "3.5 元", "你好\n再见", "I am here", "a b", "账户: 123", "第一。 第二"]
)
def test_plain_words_are_left_alone(plain: str) -> None:
    assert normalise(plain).text == plain.lower()


@pytest.mark.parametrize(
    ("text", "words", "stands_for"),
    [
        ("他說轉\u200b賬到安 全 賬 戶去", "安全账户", "安 全 賬 戶"),
        ("他說轉\u200b賬到安全賬戶去", "转账", "轉\u200b賬"),
        ("請打ＡＴＭ", "atm", "ＡＴＭ"),
        ("my s.a.f.e account", "safe", "s.a.f.e"),
        ("重㎏量", "kg", "㎏"),
    ],
)
def test_what_was_read_leads_back_to_what_was_written(text: str, words: str, stands_for: str) -> None:
    assert original(text, words, normalise(text)) == stands_for


def test_an_evasion_stands_for_its_plain_word() -> None:
    text = "加我薇信聊"
    read = normalise(text, {"薇信": "微信", "vx": "微信"})
    assert read.text == "加我微信聊"
    assert original(text, "微信", read) == "薇信"


def test_an_evasion_longer_or_shorter_than_its_word_keeps_the_offsets_of_the_rest() -> None:
    text = "用支fu宝或VX付 款吧"
    read = normalise(text, {"支fu宝": "支付宝", "vx": "微信"})
    assert read.text == "用支付宝或微信付款吧"
    assert original(text, "支付宝", read) == "支fu宝"
    assert original(text, "微信", read) == "VX"
    assert original(text, "付款", read) == "付 款"


def test_a_latin_evasion_is_a_whole_word_or_nothing() -> None:
    assert normalise("加vx吧", {"vx": "微信"}).text == "加微信吧"
    assert normalise("devx", {"vx": "微信"}).text == "devx"


def test_the_longest_evasion_wins() -> None:
    assert normalise("加薇信群", {"薇信": "微信", "薇信群": "微信群组"}).text == "加微信群组"


def test_a_line_end_is_kept_where_a_sentence_ends() -> None:
    assert normalise("甲：你好。\n乙：转账").text.count("\n") == 1
    assert normalise("hello\r\nthere").text.count("\n") >= 1


@given(TEXTS)
@example("")
@example(" \n")
@example("\ud800")
@example("é" * 3 + "\u0301" * 5)
@settings(max_examples=300)
def test_every_character_read_comes_from_a_place_in_the_text(text: str) -> None:
    read = normalise(text, {"薇信": "微信"})
    assert len(read.text) == len(read.starts) == len(read.ends)
    assert list(read.starts) == sorted(read.starts)
    for start, end in zip(read.starts, read.ends, strict=True):
        assert 0 <= start < end <= len(text)


@given(TEXTS)
@settings(max_examples=300)
def test_each_character_read_is_what_its_own_place_reads_as(text: str) -> None:
    read = normalise(text)
    for char, start, end in zip(read.text, read.starts, read.ends, strict=True):
        assert char in normalise(text[start:end]).text


@given(TEXTS, st.data())
@settings(max_examples=200)
def test_every_stretch_read_maps_to_a_stretch_inside_the_text(text: str, data: st.DataObject) -> None:
    read = normalise(text, {"薇信": "微信"})
    start = data.draw(st.integers(0, len(read.text)))
    end = data.draw(st.integers(0, len(read.text)))
    first, last = read.span(start, end)
    assert 0 <= first <= last <= len(text)
    assert (first < last) == (start < end)


@given(st.text(alphabet="安全账户转钱abc12", max_size=60))
@settings(max_examples=150)
def test_invisible_characters_never_change_what_is_read(text: str) -> None:
    hidden = "".join(char + "\u200b" for char in text)
    assert normalise(hidden).text == normalise(text).text


@given(st.text(alphabet="转账安全账户汇款验证码网络贷款", max_size=40))
@settings(max_examples=150)
def test_spacing_chinese_out_never_changes_what_is_read(text: str) -> None:
    assert normalise(" ".join(text)).text == text
