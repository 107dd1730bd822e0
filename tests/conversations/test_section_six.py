"""The guard over all conversations itself: it lets a good answer through and hears every kind of bad one."""

from typing import Any

import pytest

from bot.content.build import build_release
from bot.content.files import read_folder
from bot.conversation.wording import Wording
from bot.core.content import Release
from bot.core.vocabulary import Language
from tests.conftest import PROJECT, WHEN_WRITTEN
from tests.conversations.section_six import breaches, secrets
from tests.conversations.talking import Reply

GOOD_CARD = "先挂断，一分钱也别转。\n马上拨110，另一部手机打卡背面的客服电话。\n钱转出去了吗？\n· 现金别交出手。"


@pytest.fixture(scope="module")
def release() -> Release:
    """The shipped content."""
    pieces, _ = read_folder(PROJECT / "content")
    return build_release(1, [(p.kind, p.key, p.body) for p in pieces])


def heard(release: Release, text: str, *, language: Language = Language.ZH_HANS, typed: str = "", **card: Any) -> str:
    """What the guard says to an answer of one message."""
    message: dict[str, Any] = {"text": text, "buttons": []}
    if card:
        message["card"] = {"command": text.split("\n", maxsplit=1)[0], "numbers": [], **card}
    wording = Wording(release, language, release.home_places[language], WHEN_WRITTEN)
    return "\n".join(breaches(Reply({"messages": [message], "assessment": None}), wording, [typed]))


def test_a_good_card_passes(release: Release) -> None:
    assert heard(release, GOOD_CARD, urgency="stop-now", numbers=[{"number": "110"}]) == ""


def test_the_customers_own_words_may_be_quoted(release: Release) -> None:
    assert heard(release, "“放心，是安全的”：这样说的人，先别信。") == ""


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("R1", "放心，这个平台是安全的。"),
        ("R1", "The link is safe."),
        ("R1", "他一定是骗子。"),
        ("R2", "您就是贪小便宜。"),
        ("R2", "You should have known better."),
        ("R6", "钱一定能追回。"),
        ("R11", "您说的是 http://shebao-ns.example/a 吧。"),
        ("R16", "請先掛斷。"),
    ],
)
def test_a_bad_sentence_is_heard(release: Release, rule: str, text: str) -> None:
    assert heard(release, text).startswith(rule)


@pytest.mark.parametrize(
    ("language", "text"), [(Language.EN, "Hang up 现在."), (Language.ZH_HANT, "請先挂斷，錢别轉。")]
)
def test_another_script_is_heard(release: Release, language: Language, text: str) -> None:
    assert heard(release, text, language=language).startswith("R16")


@pytest.mark.parametrize(
    ("rule", "text", "card"),
    [
        ("R12 the first line", GOOD_CARD, {"urgency": "stop-now", "command": "先停。"}),
        ("R12 the command is too long", "先" * 21 + GOOD_CARD, {"urgency": "stop-now"}),
        ("R12 no police", GOOD_CARD.replace("110", "96110号"), {"urgency": "already-paid"}),
        ("R12 no bank", GOOD_CARD.replace("卡背面的客服电话", "银行"), {"urgency": "stop-now"}),
        ("R12 more than one", GOOD_CARD.replace("钱转", "谁打来的？钱转"), {"urgency": "stop-now"}),
        ("R13", "我先问一句：钱转了吗？\n随您。", {"urgency": "ask"}),
        ("R7", GOOD_CARD, {"urgency": "stop-now", "numbers": [{"number": "400-000-0000"}]}),
    ],
)
def test_a_bad_card_is_heard(release: Release, rule: str, text: str, card: dict[str, Any]) -> None:
    assert rule in heard(release, text, **card)


@pytest.mark.parametrize(
    "shown", ["6222021234567890123", "6222 0212 3456 7890 123", "６２２２０２１２３４５６７８９０１２３"]
)
def test_a_number_that_comes_back_is_heard_however_it_is_written(release: Release, shown: str) -> None:
    assert "R3" in heard(release, f"您的卡号{shown}", typed="我的卡号6222-0212-3456-7890-123")


def test_what_counts_as_a_secret() -> None:
    assert secrets("卡6222 0212 3456 7890 123，电话138-0013-8000，转了50000元") == {
        "6222021234567890123",
        "13800138000",
    }
