"""The vocabularies of the contract."""

import itertools

import pytest

from bot.core.vocabulary import Language, Stage, Urgency

RISING = ["none", "ask", "warn", "stop-now", "already-paid"]


def test_urgencies_are_the_contracts_and_rise_in_its_order() -> None:
    assert [u.value for u in Urgency] == RISING
    assert [Urgency(name).rank for name in RISING] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(("one", "other"), list(itertools.product(Urgency, Urgency)))
def test_when_two_urgencies_fit_the_higher_counts(one: Urgency, other: Urgency) -> None:
    higher = RISING[max(RISING.index(one), RISING.index(other))]
    assert one.at_least(other) == higher
    assert other.at_least(one) == higher


def test_flagged_means_warn_or_higher() -> None:
    assert {u.value for u in Urgency if u.flagged} == {"warn", "stop-now", "already-paid"}


def test_stages_are_the_contracts() -> None:
    assert [s.value for s in Stage] == ["contact", "trust", "bait", "demand", "escalate", "recovery"]


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("zh-Hans", "zh-Hans"),
        ("zh-Hant", "zh-Hant"),
        ("en", "en"),
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh_cn", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("ZH-hk", "zh-Hant"),
        ("zh_TW", "zh-Hant"),
        ("zh-MO", "zh-Hant"),
        ("zh-Hant-HK", "zh-Hant"),
        ("zh-Hant-TW", "zh-Hant"),
        ("zh-Hans-CN", "zh-Hans"),
        ("EN-gb", "en"),
        (" en ", "en"),
        ("fr", None),
        ("", None),
        (None, None),
        ("*", None),
    ],
)
def test_a_language_tag_is_read_whatever_its_case_and_region(tag: str | None, language: str | None) -> None:
    assert Language.parse(tag) == language
