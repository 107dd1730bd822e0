"""Links, numbers and messenger ids: found, masked, compared with the approved table."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.assessment import Indicator
from bot.recognition.indicators import MAX_INDICATORS, ApprovedTable, find_indicators

TABLE = ApprovedTable(
    domains=frozenset({"icbc.com.cn", "hsbc.com.hk"}), numbers=frozenset({"95588", "110", "96110", "18222"})
)


def the_one(text: str) -> Indicator:
    """The only indicator in a text; its offsets fit."""
    (indicator,) = find_indicators(text, TABLE)
    assert 0 <= indicator.start < indicator.end <= len(text)
    return indicator


@pytest.mark.parametrize(
    "link",
    [
        "http://icbc-vip.top/a",
        "https://www.lcbc.com.cn/login",
        "www.1cbc.com",
        "icbcc.com.cn",
        "http://icbc.com.cn.evil.top/x",
        "https://m.icbc.login-safe.com",
        "http://wap-icbc.com",
    ],
)
def test_a_link_that_looks_like_a_banks_is_named(link: str) -> None:
    assert "lookalike:icbc" in the_one(f"点这个 {link} 就行").findings


@pytest.mark.parametrize(
    ("text", "link", "findings"),
    [
        ("请登录icbc.com.cn查询", "icbc.com.cn", ()),
        ("请点icbc-vip.top领取", "icbc-vip.top", ("unusual-suffix", "lookalike:icbc")),
        ("点kefu-help.top/pay然后输密码", "kefu-help.top/pay", ("unusual-suffix",)),
        ("看 http://icbc-vip.top，快", "http://icbc-vip.top", ("unusual-suffix", "lookalike:icbc")),
        ("（www.icbc.com.cn）", "www.icbc.com.cn", ()),
        ("官网是icbc.com.cn。", "icbc.com.cn", ()),
    ],
)
def test_a_link_ends_where_chinese_begins(text: str, link: str, findings: tuple[str, ...]) -> None:
    found = the_one(text)
    assert text[found.start : found.end] == link
    assert found.findings == findings


@pytest.mark.parametrize("link", ["https://www.icbc.com.cn/", "http://m.icbc.com.cn/x?y=1", "icbc.com.cn"])
def test_the_banks_own_address_looks_like_nothing_else(link: str) -> None:
    assert the_one(f"官网 {link} 可以查").findings == ()


@pytest.mark.parametrize(
    ("link", "finding"),
    [
        ("https://t.cn/A6xYz", "shortened"),
        ("http://bit.ly/3abcd", "shortened"),
        ("http://203.0.113.9/pay", "bare-ip"),
        ("https://kefu-help.top", "unusual-suffix"),
        ("http://xn--80ak6aa92e.com/", "punycode"),
    ],
)
def test_what_is_odd_about_a_link_is_told(link: str, finding: str) -> None:
    assert finding in the_one(f"收到短信 {link}").findings


@pytest.mark.parametrize("link", ["https://kefu-help.top/pay?id=9", "www.example.com/path", "http://203.0.113.9/pay"])
def test_a_link_is_shown_so_that_nobody_can_follow_it(link: str) -> None:
    shown = the_one(f"看 {link} 吧").masked
    assert len(shown) <= 14
    assert not re.match(r"https?:", shown)
    assert shown.endswith("…")


def test_the_link_stands_where_the_customer_wrote_it() -> None:
    text = "短信说：请点https://t.cn/A6xYz，逾期作废"
    link = the_one(text)
    assert text[link.start : link.end] == "https://t.cn/A6xYz"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("打给我13812345678", "phone"),
        ("电话 138-1234-5678", "phone"),
        ("138****5678打来的", "phone"),
        ("卡号6222021234567890123", "account"),
        ("卡号 6222 0212 3456 7890 123", "account"),
        ("是95588发的", "hotline"),
        ("010-12345678打来", "phone"),
        ("+85291234567 打来", "phone"),
    ],
)
def test_a_number_is_known_for_what_it_is(text: str, kind: str) -> None:
    assert the_one(text).kind == kind


@pytest.mark.parametrize("text", ["打给我13812345678", "卡号 6222 0212 3456 7890 123", "+85291234567 打来"])
def test_the_middle_of_a_number_is_hidden(text: str) -> None:
    masked = the_one(text).masked
    assert "*" in masked
    assert sum(c.isdigit() for c in masked) <= 7


def test_a_number_of_the_table_is_marked_and_a_foreign_one_too() -> None:
    assert the_one("95588打来的").findings == ("in-approved-table",)
    assert the_one("+447911123456 called me").findings == ("overseas",)
    assert the_one("+8613812345678打来").findings == ()


@pytest.mark.parametrize("text", ["一共3000元", "2026年11月23日", "验证码123456", "三点半", "第12345号", "v1.2.3"])
def test_an_amount_a_date_or_a_code_is_no_indicator(text: str) -> None:
    assert find_indicators(text, TABLE) == ()


def test_a_messenger_id_is_found_and_hidden() -> None:
    text = "加微信：scam_king88 聊"
    found = the_one(text)
    assert found.kind == "messenger"
    assert text[found.start : found.end] == "scam_king88"
    assert found.masked == "sc***"


def test_indicators_come_in_order_without_overlap_and_not_without_end() -> None:
    text = "。".join(f"https://site{n}.top 打1381234{n:04d}" for n in range(40))
    found = find_indicators(text, TABLE)
    assert len(found) == MAX_INDICATORS
    for one, other in zip(found, found[1:], strict=False):
        assert one.end <= other.start


@given(st.text(alphabet="0123456789+-* 。a.cntop/:htpwxn一微信", max_size=80))
@settings(max_examples=300)
def test_whatever_is_written_offsets_fit_and_nothing_long_is_shown(text: str) -> None:
    for indicator in find_indicators(text, TABLE):
        assert 0 <= indicator.start < indicator.end <= len(text)
        assert not re.search(r"\d{8}", indicator.masked)
