"""Personal data is masked before anything is kept, sent on or shown."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.redaction import redact

CHINESE = dict(zip("0123456789", "零一二三四五六七八九", strict=True))
BACK = str.maketrans("〇零一幺二两三四五六七八九", "0011223456789")


def bare(text: str) -> str:
    """A text as someone would read its digits: one width, Chinese numerals as digits, nothing between them."""
    plain = unicodedata.normalize("NFKC", text).translate(BACK)
    return re.sub(r"[\s\-—_.·]", "", plain)


def spelt(digits: str, form: str) -> str:
    """Digits as a customer may write them."""
    groups = [digits[i : i + 4] for i in range(0, len(digits), 4)]
    separators = {
        "spaces": " ",
        "dashes": "-",
        "long dashes": "—",
        "dots": ".",
        "underscores": "_",
        "wide spaces": "\u3000",
        "hard spaces": "\u00a0",
        "two spaces": "  ",
        "spaced dashes": " - ",
    }
    if form in separators:
        return separators[form].join(groups)
    if form == "full width":
        return "".join(chr(ord(d) + 0xFEE0) for d in digits)
    if form == "full width in groups":
        return " ".join("".join(chr(ord(d) + 0xFEE0) for d in g) for g in groups)
    if form == "Chinese":
        return "".join(CHINESE[d] for d in digits)
    if form == "Chinese in groups":
        return " ".join("".join(CHINESE[d] for d in g) for g in groups)
    if form == "one by one":
        return " ".join(digits)
    return digits


FORMS = [
    "plain",
    "spaces",
    "dashes",
    "long dashes",
    "dots",
    "underscores",
    "wide spaces",
    "hard spaces",
    "two spaces",
    "spaced dashes",
    "full width",
    "full width in groups",
    "Chinese",
    "Chinese in groups",
    "one by one",
]
AROUND = st.text(alphabet="我的卡号是：，。 在这儿吗？card number NO\n()（）", max_size=12)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=60)
@given(digits=st.from_regex(r"[1-9][0-9]{12,18}", fullmatch=True), before=AROUND, after=AROUND)
def test_no_card_number_survives(form: str, digits: str, before: str, after: str) -> None:
    masked = redact(f"{before}{spelt(digits, form)}{after}")
    assert digits not in bare(masked.text)
    assert not re.search(r"\d{9}", bare(masked.text))
    assert masked.sensitive


@pytest.mark.parametrize(
    ("written", "secret"),
    [
        ("我的电话13812345678", "13812345678"),
        ("打138-1234-5678", "13812345678"),
        ("打138 1234 5678", "13812345678"),
        ("打１３８１２３４５６７８", "13812345678"),
        ("打一三八一二三四五六七八", "13812345678"),
        ("打幺三八幺二三四五六七八", "13812345678"),
        ("+86 13812345678", "13812345678"),
        ("打13812345678或13987654321", "13987654321"),
        ("打13812345678 13987654321", "13812345678"),
        ("打13812345678 13987654321", "13987654321"),
        ("身份证140400199001011234", "140400199001011234"),
        ("身份证 14040019900101123X 是我", "14040019900101123X"),
        ("卡号6222021234567890123 密码123456", "123456"),
        ("6222021234567890 123456", "6222021234567890"),
        ("卡6222021234567890123,62220212345678901", "62220212345678901"),
        ("验证码是482913", "482913"),
        ("验证码：４８２９１３", "482913"),
        ("482913是验证码", "482913"),
        ("482913（验证码）别告诉别人", "482913"),
        ("Your code is 482913", "482913"),
        ("OTP: 4829", "4829"),
        ("PIN 4829", "4829"),
        ("cvv 482", "482"),
        ("密码是Abc12345", "Abc12345"),
        ("my password is hunter22", "hunter22"),
        ("邮箱 zhang.san@example.com", "zhang.san"),
        ("卡号贰贰贰贰零贰壹贰叁肆伍陆柒捌玖零", "贰壹贰叁肆伍"),
        ("card6222021234567890123", "6222021234567890123"),
    ],
)
def test_a_secret_is_not_in_what_is_kept(written: str, secret: str) -> None:
    kept = redact(written).text
    assert secret not in bare(kept)
    assert secret not in kept


@pytest.mark.parametrize(
    "plain",
    [
        "他让我转三万块",
        "付了5000元",
        "打110或96110",
        "95588打来的",
        "2026年11月23日下午3点",
        "我今年68岁，老伴70岁",
        "一二三四五，上山打老虎",
        "第十二届",
        "验证码不要告诉别人",
        "they asked for a code",
        "一共123.45元",
    ],
)
def test_what_is_no_personal_data_is_left_alone(plain: str) -> None:
    assert redact(plain).text == plain
    assert not redact(plain).sensitive


def test_enough_is_left_to_recognise_ones_own_number() -> None:
    assert redact("打13812345678").text == "打138****5678"
    assert redact("卡6222021234567890123").text.endswith("0123")
    assert redact("140400199001011234").text == "140400**********34"


@pytest.mark.parametrize(
    ("text", "sensitive"),
    [("打13812345678", False), ("卡6222021234567890123", True), ("验证码是482913", True), ("14040019900101123X", True)],
)
def test_what_must_never_be_shared_is_known_as_sensitive(text: str, sensitive: bool) -> None:
    assert redact(text).sensitive is sensitive


def test_a_link_is_broken_unless_it_is_wanted() -> None:
    text = "点 https://icbc-vip.top/login?card=1 更新"
    assert "icbc-vip.top/login" not in redact(text).text
    assert "hxxp" in redact(text).text
    assert redact(text, links=False).text == text


@given(st.text(max_size=300))
@settings(max_examples=200)
def test_any_text_can_be_masked_and_masking_again_changes_nothing(text: str) -> None:
    once = redact(text, links=False).text
    assert redact(once, links=False).text == once
