"""What is found, and whether it is denied, done or still to come."""

from dataclasses import replace

import pytest

from bot.core.content import Frame, Release
from bot.recognition.evidence import EvidenceFinder, Finding


@pytest.fixture(scope="module")
def finder(release: Release) -> EvidenceFinder:
    """Frames of our own, so that the shipped ones may change."""
    frames = (
        Frame("act_transfer", "act", ("转账", "转钱", "汇款", "transfer", "send money")),
        Frame("act_code", "act", ("验证码", "code")),
        Frame("moved", "moved", ("付了", "paid")),
        Frame("talk", "talk", ("作业",)),
        Frame("no_telling", "shield", ("请勿告诉", "do not tell…code")),
    )
    return EvidenceFinder(replace(release, frames=frames, typologies={}, variants={"转賬": "转账", "转帐": "转账"}))


def find(finder: EvidenceFinder, text: str) -> list[Finding]:
    """Everything found in a text as a customer wrote it."""
    normalised, doc = finder.read(text)
    return finder.find(doc, normalised.text)


def the_one(finder: EvidenceFinder, text: str, frame: str) -> Finding:
    """The only finding of a frame."""
    (finding,) = [f for f in find(finder, text) if f.rule.id == frame]
    return finding


@pytest.mark.parametrize(
    "text",
    [
        "我没有转账",
        "我没转钱给他",
        "千万别转账",
        "不要汇款",
        "从不要求转账",
        "I did not transfer anything",
        "never send money",
        "I didn't send money",
    ],
)
def test_what_is_denied_or_forbidden_is_known_as_such(finder: EvidenceFinder, text: str) -> None:
    assert the_one(finder, text, "act_transfer").negated


@pytest.mark.parametrize(
    "text",
    [
        "他让我转账",
        "我要不要转账",
        "是不是要转账",
        "能不能不说，先转账",
        "有没有人转钱",
        "没错，我转账了",
        "给一个没见过面的人转账",
        "why not send money",
        "he said to transfer it",
    ],
)
def test_a_question_is_no_denial(finder: EvidenceFinder, text: str) -> None:
    assert not the_one(finder, text, "act_transfer").negated


def test_a_denial_ends_with_its_clause(finder: EvidenceFinder) -> None:
    assert not the_one(finder, "我没听他的，转账的事先放着", "act_transfer").negated


def test_talk_is_never_denied_away(finder: EvidenceFinder) -> None:
    assert not the_one(finder, "这不是作业", "talk").negated


@pytest.mark.parametrize("text", ["我转账了", "转账过一次", "刚汇款完"])
def test_what_is_done_is_past(finder: EvidenceFinder, text: str) -> None:
    assert the_one(finder, text, "act_transfer").tense == "past"


@pytest.mark.parametrize(
    "text", ["他要我转账", "让我汇款", "准备转账", "he wants me to transfer it", "I will transfer it"]
)
def test_what_is_asked_for_is_still_to_come(finder: EvidenceFinder, text: str) -> None:
    assert the_one(finder, text, "act_transfer").tense == "future"


def test_the_same_words_in_two_places_are_found_twice(finder: EvidenceFinder) -> None:
    places = [(f.start, f.end) for f in find(finder, "转账，再转账") if f.rule.id == "act_transfer"]
    assert sorted(places) == [(0, 2), (4, 6)]


def test_a_disguised_word_is_found_and_leads_back(finder: EvidenceFinder) -> None:
    text = "請 轉\u200b帳 給我"
    normalised, doc = finder.read(text)
    (finding,) = finder.find(doc, normalised.text)
    start, end = normalised.span(finding.start, finding.end)
    assert text[start:end] == "轉\u200b帳"


def test_nothing_is_found_in_nothing(finder: EvidenceFinder) -> None:
    assert find(finder, "") == []
    assert find(finder, "😀 \n") == []


def test_what_a_warning_forbids_is_not_asked_for(finder: EvidenceFinder) -> None:
    shielded = the_one(finder, "do not tell anyone this code", "act_code")
    assert shielded.negated
    assert not the_one(finder, "now read me the code", "act_code").negated
    beside = [
        f.negated
        for f in find(finder, "do not tell anyone this code. He says send money")
        if f.rule.id == "act_transfer"
    ]
    assert beside == [False]
