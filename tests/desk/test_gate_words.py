"""What is wrong with new words is found, and what stood there before is left alone."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.desk.gate_words import Finding, new_findings, plain
from bot.desk.products import Stored
from tests.desk.pieces import tiny_pieces, with_body, without

TODAY = date(2026, 12, 1)
EXAMPLE = "有人说捡到我家的狗，先要赎金"


@pytest.fixture
def tiny(tmp_path: Path) -> list[Stored]:
    """The tiny content, as pieces."""
    return tiny_pieces(tmp_path)


def said(words: str) -> dict[str, str]:
    """A sentence."""
    return {"zh-Hans": words, "en": "Stop."}


def found(before: list[Stored], after: list[Stored]) -> list[Finding]:
    """What is new and wrong."""
    return new_findings(before, after, today=TODAY)


def examples(typology: str, urgency: str, *texts: str) -> Stored:
    """A piece of examples."""
    return "examples", f"{typology}.new", {"typology": typology, "zh": {"first": {urgency: list(texts)}}}


def test_what_stands_there_already_is_not_told(tiny: list[Stored]) -> None:
    bad = with_body(tiny, "reply", "greet", text=said("请您放心转。"))
    assert found(bad, bad) == []
    assert [f.code for f in found(tiny, bad)] == ["calls_safe"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("这个绝对安全。", "calls_safe"),
        ("都怪您贪小便宜。", "blames"),
        ("一定追回。", "promises"),
        ("拨96110。", "typed_number"),
        ("拨0571-87654321。", "number_not_approved"),
        ("拨+852 2345 6789。", "number_not_approved"),
        ("去www.bank.cn看。", "typed_address"),
        ("拨{mental}", "no_number_"),
    ],
)
def test_words_that_may_not_reach_a_customer_block(tiny: list[Stored], words: str, code: str) -> None:
    new = found(tiny, with_body(tiny, "reply", "greet", text=said(words)))
    if code == "no_number_":  # the police stand in for the mental line
        assert new == []
        return
    assert code in {f.code for f in new}
    assert all(f.blocks and (f.kind, f.key) == ("reply", "greet") for f in new)


def test_a_role_without_a_line_in_the_table_blocks(tiny: list[Stored]) -> None:
    bare = without(without(tiny, "hotline", "cn_police"), "hotline", "cn_advice")
    new = found(bare, with_body(bare, "reply", "greet", text=said("拨{advice}")))
    assert [(f.code, f.values["value"]) for f in new] == [("no_number", "advice")]


@pytest.mark.parametrize("words", ["损失136000元", "2026-12-01起", "一共12345678元", "他转了1100块"])
def test_sums_and_days_are_no_telephone_numbers(tiny: list[Stored], words: str) -> None:
    assert found(tiny, with_body(tiny, "reply", "greet", text=said(words))) == []


def test_a_product_too_long_for_its_channel_blocks(tiny: list[Stored]) -> None:
    new = found(tiny, with_body(tiny, "warning", "pet_ransom-2-warning", title=said("停" * 21)))
    assert [(f.code, f.blocks, f.values["limit"]) for f in new] == [("too_long", True, "20")]


def test_advice_on_a_sign_does_not_block(tiny: list[Stored]) -> None:
    new = found(tiny, with_body(tiny, "led", "pet_ransom-2-led", text="停" * 21))
    assert [(f.code, f.blocks) for f in new] == [("sign_one_idea", False)]


def test_a_case_that_goes_leaves_its_products_without_it_though_they_did_not_change(tiny: list[Stored]) -> None:
    new = found(tiny, without(tiny, "case", "pet_ransom-2"))
    assert {f.key for f in new if f.code == "no_such_piece"} == {
        f"pet_ransom-2-{name}" for name in ("warning", "screen", "led", "quiz")
    }


def test_an_example_that_says_what_another_says_is_told_and_does_not_block(tiny: list[Stored]) -> None:
    new = found(tiny, [*tiny, examples("pet_ransom", "warn", f"{EXAMPLE}啊")])
    assert [(f.code, f.blocks) for f in new] == [("near_duplicate", False)]


def test_one_text_under_two_labels_is_told(tiny: list[Stored]) -> None:
    new = found(tiny, [*tiny, examples("parcel_fee", "stop-now", f"{EXAMPLE}！")])
    (two,) = [f for f in new if f.code == "contradiction"]
    assert two.values["name"] == "pet_ransom warn / parcel_fee stop-now"
    assert two.key == "parcel_fee.new"


def test_two_labels_that_stood_there_before_are_left_alone(tiny: list[Stored]) -> None:
    before = [*tiny, examples("parcel_fee", "stop-now", f"{EXAMPLE}！")]
    assert found(before, with_body(before, "reply", "greet", text=said("停"))) == []


def test_a_hotline_whose_day_is_near_does_not_block(tiny: list[Stored]) -> None:
    new = found(tiny, with_body(tiny, "hotline", "cn_advice", valid_until="2026-12-05"))
    assert [(f.code, f.blocks) for f in new] == [("other", False)]
    assert "cn_advice expires" in new[0].values["value"]


@pytest.mark.parametrize(("one", "other"), [("转钱！", "转 钱"), ("OTP code", "otp-code")])
def test_a_text_is_known_again_by_its_letters(one: str, other: str) -> None:
    assert plain(one) == plain(other)


def test_a_text_of_marks_is_known_by_them(tiny: list[Any]) -> None:
    assert plain("？？") == "？？"
