"""Published words in three languages."""

from bot.core.vocabulary import Language
from bot.core.words import Words


def test_a_sentence_is_given_in_the_language_asked_for() -> None:
    words = Words(zh_hans="简", en="plain", zh_hant="繁")
    assert [words.in_(language) for language in Language] == ["简", "繁", "plain"]
    assert words.as_dict() == {"zh-Hans": "简", "zh-Hant": "繁", "en": "plain"}


def test_traditional_falls_back_to_simplified() -> None:
    assert Words.of({"zh-Hans": "简", "en": "plain"}).zh_hant == "简"
    assert Words.of({"zh-Hans": "简", "zh-Hant": "繁", "en": "plain"}).zh_hant == "繁"
