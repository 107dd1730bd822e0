"""Published words with the numbers of the place the customer is in."""

import re

import pytest

from bot.conversation.responder import place_mentioned
from bot.conversation.snapshot import Snapshot
from bot.conversation.wording import ROLES, Wording, dial
from bot.core.vocabulary import Language
from bot.core.words import Words

CALL = Words(zh_hans="拨{police}。", en="Call {police}.", zh_hant="撥{police}。")


def test_simplified_gets_the_mainlands_numbers(snapshot: Snapshot) -> None:
    wording = snapshot.wording(Language.ZH_HANS)
    assert wording.say(CALL) == "拨110。"
    assert wording.number("advice") == "96110"


def test_traditional_gets_hong_kongs_and_taiwans_with_their_names(snapshot: Snapshot) -> None:
    wording = snapshot.wording(Language.ZH_HANT)
    assert wording.say(CALL) == "撥香港 999 / 台灣 110。"
    assert wording.number("advice") == "香港 18222 / 台灣 165"
    assert [c["number"] for c in wording.call_list(("police", "advice"))] == ["999", "110", "18222", "165"]


@pytest.mark.parametrize(
    ("place", "police", "advice"),
    [("hk", "999", "18222"), ("tw", "110", "165"), ("sg", "999", "1799"), ("uk", "999", "159"), ("us", "911", None)],
)
def test_a_place_has_its_own_numbers_whatever_the_language(
    snapshot: Snapshot, place: str, police: str, advice: str | None
) -> None:
    for language in Language:
        wording = snapshot.wording(language, (place,))
        assert wording.number("police") == police
        assert advice is None or wording.number("advice") == advice


def test_where_a_place_has_no_such_line_another_stands_in(snapshot: Snapshot) -> None:
    for place in snapshot.release.places:
        wording = snapshot.wording(Language.EN, (place,))
        for role in ROLES:
            if place != "abroad":
                assert wording.number(role), (place, role)


def test_the_consular_line_is_everywhere_the_same(snapshot: Snapshot) -> None:
    assert {snapshot.wording(Language.ZH_HANS, (p,)).number("consular") for p in snapshot.release.places} == {
        "+86-10-12308"
    }


def test_without_a_number_of_its_own_the_bank_is_on_the_card(snapshot: Snapshot) -> None:
    assert snapshot.release.bank.number == ""
    assert snapshot.wording(Language.ZH_HANS).number("bank") == "卡背面的客服电话"
    assert snapshot.wording(Language.EN).call_list(("bank",))[0]["href"] == ""


def test_what_is_filled_in_by_hand_goes_first_and_what_nobody_fills_stays(snapshot: Snapshot) -> None:
    words = Words(zh_hans="{name}：{police}，{unknown_thing}", en="", zh_hant="")
    wording = snapshot.wording(Language.ZH_HANS)
    assert wording.say(words, name="刷单") == "刷单：110，{unknown_thing}"
    assert wording.say(words, name="{police}", police="999").startswith("{police}：999")


def test_a_reply_nobody_wrote_is_empty_and_breaks_nothing(snapshot: Snapshot) -> None:
    assert snapshot.wording(Language.EN).reply("no_such_reply") == ""


def test_a_number_to_tap_holds_only_what_can_be_dialled(snapshot: Snapshot) -> None:
    for place in snapshot.release.places:
        for call in snapshot.wording(Language.EN, (place,)).call_list(("police", "advice", "consular", "police_sms")):
            assert re.fullmatch(r"(?:(?:tel|sms):\+?\d+)?", call["href"]), call
    assert dial("+86-10-12308") == "+861012308"
    assert dial("0300 123 2040") == "03001232040"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("我在伦敦，有人自称使馆", "uk"),
        ("我在倫敦，有人自稱使館", "uk"),
        ("我人在新加坡", "sg"),
        ("我们在台北旅游", "tw"),
        ("我住在香港", "hk"),
        ("我在日本留学", "abroad"),
        ("I'm in London and someone called", "uk"),
        ("I live in the United States", "us"),
        ("我在北京", "cn"),
        ("有人从伦敦寄了包裹", None),
        ("他说他在伦敦", None),
        ("London calling", None),
        ("我在家", None),
        ("", None),
    ],
)
def test_where_a_customer_says_he_is(snapshot: Snapshot, text: str, place: str | None) -> None:
    assert place_mentioned(text, snapshot) == place


def test_a_place_nobody_wrote_down_is_named_as_it_is(snapshot: Snapshot) -> None:
    assert Wording(snapshot.release, Language.EN, ("atlantis",)).place_name("atlantis") == "atlantis"
