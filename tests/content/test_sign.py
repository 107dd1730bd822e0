"""The rules of the sign: every breach is named with its mend, and no screen says the opposite of its sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.sign import SAID, breaches, forbidden, screens, seconds, shown, width

# Written and counted by the publicity team for a sign of 11 panels.
GOOD = [
    "谁要您转到安全账户谁就是骗子",
    "屏幕共享一开卡里的钱就不归您管",
    "验证码等于钥匙念给谁听谁就能开",
    "先交钱再放款贷款一定是假的",
    "百万保障免费自动不用关",
    "卡不能借不能租借了要担责",
    "银行不会让您把卡贴在手机背面",
    "遇到催您转账先停十分钟",
    "被骗立刻拨110越早越好",
]


def rules(line: str, panels: int = 11) -> dict[str, str]:
    """Rule -> the part of the line that breaks it."""
    return {b.rule: line[b.start : b.end] for b in breaches(line, panels)}


@pytest.mark.parametrize("line", GOOD)
def test_a_good_line_breaks_no_rule_and_fits_one_screen_of_eleven_panels(line: str) -> None:
    assert breaches(line) == []
    assert screens(line) == [line]


@pytest.mark.parametrize(
    ("line", "rule", "part"),
    [
        ("", "empty", ""),
        ("   ", "empty", "   "),
        ("先停" * 11, "one_idea", "先停"),
        ("先停" * 21, "one_pass", "先停"),
        ("先停十分钟。再问家里人", "two_ideas", "再问家里人"),
        ("先停！再问", "two_ideas", "再问"),
        ("先停\n再问", "line_break", "\n"),
        ("先停😀", "emoji", "😀"),
        ("請停", "traditional", "請"),
        ("小心囧事", "rare", "囧"),
        ("先停,再问", "half_width", ","),
        ("先停？", "half_width", "？"),
        ("先停 再问", "mark", " "),
        ("“先停”", "mark", "”"),
        ("先下载app", "small_latin", "app"),
        ("上www.bank.cn", "address", "www.bank.cn"),
        ("他被骗十二万元", "amount", "十二万元"),
    ],
)  # fmt: skip
def test_a_breach_is_named_where_it_stands(line: str, rule: str, part: str) -> None:
    assert rules(line)[rule] == part


def test_a_traditional_character_is_mended_with_its_simplified_one() -> None:
    (found,) = breaches("請停")
    assert (found.fills["value"], found.fills["name"]) == ("請", "请")


def test_capitals_and_digits_may_stand() -> None:
    assert breaches("ATM转错了拨110") == []


def test_twenty_characters_are_one_idea_and_forty_one_pass() -> None:
    assert rules("停" * 20) == {}
    assert [b.must for b in breaches("停" * 21)] == [False]
    assert set(rules("停" * 40)) == {"one_idea"}
    assert [b.must for b in breaches("停" * 41)] == [True]


def test_an_address_is_not_told_off_for_its_letters_too() -> None:
    assert set(rules("上www.bank.cn")) == {"address"}


def test_every_rule_has_a_sentence_that_takes_what_the_breach_gives() -> None:
    lines = [
        "",
        "停" * 41,
        "停" * 21,
        "停。停",
        "停\n",
        "😀",
        "請",
        "囧",
        ",",
        "“",
        "a",
        "www.a.cn",
        "银行不会叫您转账",
        "十万元是骗子",
    ]
    said = {b.rule: str(b) for line in lines for b in breaches(line, 2)}
    assert said.keys() == SAID.keys()
    assert not [s for s in said.values() if "{" in s]


# ---- Negation ----


def test_what_is_forbidden_must_stand_on_one_screen() -> None:
    line = "公安不会让您把钱转到安全账户，先挂断"
    assert "negation_split" not in rules(line, 11)
    (split,) = [b for b in breaches(line, 5) if b.rule == "negation_split"]
    assert line[split.start : split.end] == "不会让您把钱转到安全账户"
    assert (split.must, split.fills["count"]) == (True, "6")


def test_the_line_is_cut_so_that_what_is_forbidden_stays_whole_where_it_can() -> None:
    for line, parts in (
        ("接到电话，不要转到安全账户", ["接到电话，", "不要转到安全账户"]),
        ("先停一停不要转到安全账户", ["先停一停", "不要转到安全账户"]),
    ):
        assert screens(line, 5) == parts
        assert "negation_split" not in rules(line, 5)


@pytest.mark.parametrize("word", ["特别", "分别", "不但", "识别"])
def test_a_word_that_only_holds_a_sign_of_negation_forbids_nothing(word: str) -> None:
    assert forbidden(f"{word}提醒您先停") == []


@given(st.text(alphabet="不别要会转到安全账户，。银行您把钱卡110", min_size=1, max_size=40), st.integers(1, 12))
def test_no_screen_goes_on_with_what_another_forbids_unless_it_is_told(line: str, panels: int) -> None:
    parts = screens(line, panels)
    assert "".join(parts) == line
    assert all(len(p) <= width(panels) for p in parts)
    ends = {sum(len(p) for p in parts[: n + 1]) for n in range(len(parts) - 1)}
    cut_through = any(start < end < stop for start, stop in forbidden(line) for end in ends)
    assert cut_through is ("negation_split" in {b.rule for b in breaches(line, panels)} and bool(line.strip()))


def test_half_of_what_is_called_a_trick_is_advice_only() -> None:
    found = {b.rule: b.must for b in breaches("谁要您转到安全账户谁就是骗子", 4)}
    assert found == {"verdict_split": False}


# ---- Screens and seconds ----


def test_a_number_is_never_cut() -> None:
    for panels in (2, 3, 4):
        assert any("110" in screen for screen in screens("拨打110再说", panels))


def test_ten_characters_stand_five_seconds_and_longer_for_old_people() -> None:
    assert seconds("一二三四五六七八九十", 5) == [5]
    assert seconds("一二三四五六七八九十", 5, elders=True) == [8]


def test_a_sign_without_panels_has_one() -> None:
    assert screens("先停", 0) == ["先停"]


def test_numbers_are_counted_as_they_are_shown() -> None:
    assert shown("马上拨{police}", {"police": "110"}) == "马上拨110"
    assert shown("马上拨{police}", {}) == "马上拨{police}"
