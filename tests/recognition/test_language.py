"""In which language a customer is answered."""

import pytest

from bot.core.vocabulary import Language
from bot.recognition.language import detect, is_supported


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("他让我转账到安全账户", "zh-Hans"),
        ("他叫我轉賬到安全賬戶", "zh-Hant"),
        ("He asked me to pay", "en"),
        ("我收到一个 ICBC 的短信，说 account 有问题", "zh-Hans"),
        ("我收到 WhatsApp 訊息，叫我 click 個 link", "zh-Hant"),
        ("Is 安全账户 real? They told me to move my savings there today, should I go on", "en"),
    ],
)
def test_the_script_of_the_text_decides(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize("text", ["", "12345", "😀", "？", "a", "你好", "我要投 ok"])
def test_a_text_that_could_be_either_keeps_the_script_in_use(text: str) -> None:
    assert detect(text, default=Language.ZH_HANT) is Language.ZH_HANT
    assert detect(text, default=Language.ZH_HANS) is Language.ZH_HANS


def test_chinese_is_never_answered_in_english() -> None:
    assert detect("你好", default=Language.EN) is Language.ZH_HANS


@pytest.mark.parametrize("text", ["Привет, как дела", "สวัสดีครับ", "こんにちは元気ですか", "안녕하세요", "مرحبا بك"])
def test_other_scripts_are_known_as_not_ours(text: str) -> None:
    assert not is_supported(text)


@pytest.mark.parametrize("text", ["", "😀😀", "123", "转账", "hello", "我朋友叫 Саша，他要钱", "café naïve"])
def test_what_is_mostly_ours_is_read(text: str) -> None:
    assert is_supported(text)
