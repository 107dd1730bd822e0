"""A sentence over the length of its channel is named with its count."""

from typing import Any

import pytest

from bot.content.lengths import limit_of, measured, too_long

FITS = {"zh-Hans": "停", "en": "stop"}


def warning(text: str, *channels: str) -> dict[str, Any]:
    """A warning's body."""
    return {"title": FITS, "text": {"zh-Hans": text, "en": "stop"}, "channels": list(channels)}


@pytest.mark.parametrize(("channels", "limit"), [(("web",), 200), (("web", "chat"), 120), (("chat", "sms"), 60)])
def test_the_narrowest_channel_of_a_warning_sets_the_limit(channels: tuple[str, ...], limit: int) -> None:
    assert list(too_long("warning", warning("停" * limit, *channels), {})) == []
    (found,) = too_long("warning", warning("停" * (limit + 1), *channels), {})
    assert (found.location, found.count, found.limit) == (("text", "zh-Hans"), limit + 1, limit)


def test_english_has_its_own_limit() -> None:
    body = {"title": {"zh-Hans": "停", "en": "s" * 61}, "lines": [FITS]}
    (found,) = too_long("screen", body, {})
    assert (found.location, found.limit) == (("title", "en"), 60)


def test_every_sentence_of_a_list_is_counted() -> None:
    body = {"title": FITS, "points": [FITS, {"zh-Hans": "停" * 29, "en": "stop"}], "foot": FITS}
    assert [t.location for t in too_long("prompt_card", body, {})] == [("points", 1, "zh-Hans")]


def test_a_placeholder_counts_as_its_number_or_as_a_bank_s() -> None:
    assert measured("拨{police}", {"police": "110"}) == 4
    assert measured("拨{police}", {}) == 6


def test_what_has_no_limit_has_none() -> None:
    assert limit_of("led", "source") is None
    assert list(too_long("case", {"title": {"zh-Hans": "停" * 999}}, {})) == []


def test_a_body_that_is_not_whole_yet_is_no_error() -> None:
    assert list(too_long("warning", {"title": None, "channels": None}, {})) == []
