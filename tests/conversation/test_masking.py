"""Masking for people of the bank: who, where and how much."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.masking import LONGEST, for_people


@pytest.mark.parametrize(
    ("text", "secrets"),
    [
        ("我叫张伟，住在朝阳区建国路88号院3号楼2单元501室", ["张伟", "建国路", "501"]),
        ("王女士让我把三万二千五百块转给李建国", ["王女士", "二千五百", "李建国"]),
        ("收款人：欧阳明华 账号6222021234567890123", ["欧阳明华", "622202"]),
        ("张伟让我转账五万", ["张伟"]),
        ("我儿子李小龙被绑架了", ["李小龙"]),
        ("对方叫王建军，让我买黄金", ["王建军"]),
        ("阳光花园小区的王阿姨", ["阳光花园", "王阿姨"]),
        ("方经理加我微信 wxid_abc123", ["方经理", "wxid_abc123"]),
        ("车牌粤B12345，2026年3月5日收到", ["B12345", "3月5日"]),
        ("被骗了38500元，房东还叫我转6500押金", ["38500", "6500"]),
        (
            "My name is John Smith, 12 Baker Street, NW1 6XE, sent £12,500 to Mr Brown",
            ["John", "Smith", "Baker", "NW1", "12,500", "Brown"],
        ),
        ("加我QQ 1234 5678 聊", ["1234 5678"]),
        ("验证码 834512，链接 https://a.example/x?u=9", ["834512", "a.example"]),
    ],
)
def test_what_could_point_to_somebody_is_gone(text: str, secrets: list[str]) -> None:
    masked = for_people(text)
    for secret in secrets:
        assert secret not in masked, masked


@pytest.mark.parametrize(
    "text",
    [
        "马上让我转账到安全账户",
        "他让我下载一个叫做云视的软件",
        "拨打96110和12381，还有95588",
        "任务单叫我垫付三次",
        "我老公说没事，周末给我打电话",
        "有人叫我开一个共享",
        "someone asked me to share my screen about a parcel",
    ],
)
def test_what_the_publicity_team_needs_stays(text: str) -> None:
    assert for_people(text) == text


@pytest.mark.parametrize(
    ("text", "coarse"),
    [("交保证金12888", "交保证金10000"), ("要付三万八千五百块", "要付三万多块"), ("清关费30块", "清关费30块")],
)
def test_an_amount_keeps_its_size_and_nothing_more(text: str, coarse: str) -> None:
    assert for_people(text) == coarse


@given(st.text(alphabet="王张李我叫路号楼12389元万 ,，。abCD@.-*", max_size=60))
def test_masking_again_changes_nothing(text: str) -> None:
    masked = for_people(text)
    assert len(masked) <= LONGEST
    assert for_people(masked) == masked


@pytest.mark.parametrize("character", ["1", "a", "王", " ", "零", "号", "A"])
def test_a_long_text_of_one_character_is_read_in_time(character: str) -> None:
    assert len(for_people(character * 8000)) <= LONGEST
