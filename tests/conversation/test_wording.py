"""Published words with the numbers of the place the customer is in."""

import re
from dataclasses import replace
from datetime import date

import pytest

from bot.conversation.responder import place_mentioned
from bot.conversation.snapshot import Snapshot
from bot.conversation.wording import ROLES, Wording, dial
from bot.core.vocabulary import Language
from bot.core.words import Words

TODAY = date(2026, 11, 23)
LONG_AFTER = date(2040, 1, 1)  # every row of the shipped table has expired
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


def test_who_thinks_of_dying_gets_a_number_that_rings_where_he_is(snapshot: Snapshot) -> None:
    numbers = {
        place: snapshot.wording(Language.ZH_HANS, (place,)).number("mental") for place in ("cn", "hk", "uk", "mo")
    }
    assert numbers == {"cn": "12356", "hk": "18111", "uk": "116 123", "mo": "999"}


def test_one_number_for_two_lines_is_said_once(snapshot: Snapshot) -> None:
    assert "call 999.\n" in snapshot.wording(Language.EN, ("uk",)).reply("self_harm")
    assert "拨110或120。\n" in snapshot.wording(Language.ZH_HANS, ("cn",)).reply("self_harm")


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


def test_every_number_words_may_name_can_be_called_from_where_it_stands(snapshot: Snapshot) -> None:
    links = snapshot.wording(Language.EN).dial_links()
    assert links["110"] == "tel:110"
    assert links["12110"] == "sms:12110"
    assert links["+86-10-12308"] == "tel:+861012308"
    assert {"96110", "12356", "120", "999", "18222", "0300 123 2040"} <= set(links)
    assert "12381" not in links, "a number that only sends is never called"
    bank = replace(snapshot.release.bank, number="95000")
    own = Wording(replace(snapshot.release, bank=bank), Language.EN, ("cn",), LONG_AFTER).dial_links()
    assert own["95000"] == "tel:95000"
    assert "96110" not in own


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


def test_where_the_police_take_no_texts_nobody_is_told_to_text_them(snapshot: Snapshot) -> None:
    for language in Language:
        at_home = snapshot.wording(language, ("cn",)).reply("held")
        assert "12110" in at_home
        for place in ("hk", "uk", "tw"):
            lines = snapshot.wording(language, (place,)).reply("held").split("\n")
            assert len(lines) == at_home.count("\n"), (language, place)
            assert not [line for line in lines if re.search("短信|短訊|簡訊|text", line)]
    words = Words(zh_hans="甲。发短信到{police_sms}，说清。乙。", en="One. Text {police_sms} now. Two.", zh_hant="")
    assert snapshot.wording(Language.ZH_HANS, ("hk",)).say(words) == "甲。乙。"
    assert snapshot.wording(Language.EN, ("hk",)).say(words) == "One. Two."


# ---- Rows that expired ----


def later(snapshot: Snapshot, *places: str, language: Language = Language.ZH_HANS) -> Wording:
    """Words for a customer long after the table was last confirmed."""
    return Wording(snapshot.release, language, places or ("cn",), LONG_AFTER)


def test_an_expired_number_is_not_told_and_the_alarm_number_is(snapshot: Snapshot) -> None:
    assert [c["number"] for c in later(snapshot).call_list(("police", "advice", "mental", "ambulance"))] == ["110"]
    assert later(snapshot).say(CALL) == "拨110。"


def test_the_alarm_number_stands_in_for_every_line_that_expired(snapshot: Snapshot) -> None:
    assert {role: later(snapshot).number(role) for role in ROLES - {"bank"}} == dict.fromkeys(ROLES - {"bank"}, "110")
    assert later(snapshot, "hk").number("advice") == "999"


def test_a_row_is_told_on_its_last_day_and_not_on_the_next(snapshot: Snapshot) -> None:
    (row,) = snapshot.wording(Language.ZH_HANS).rows("advice")
    last = date.fromisoformat(row.valid_until)
    days = [Wording(snapshot.release, Language.ZH_HANS, ("cn",), day) for day in (last, last.replace(year=2041))]
    assert [[r.number for r in wording.rows("advice")] for wording in days] == [["96110"], []]


def test_the_day_is_asked_for_at_every_answer(snapshot: Snapshot) -> None:
    days = iter([TODAY, LONG_AFTER])
    turning = replace(snapshot, today=lambda: next(days))
    assert [turning.wording(Language.ZH_HANS).number("advice") for _ in range(2)] == ["96110", "110"]


def test_a_place_nobody_wrote_down_is_named_as_it_is(snapshot: Snapshot) -> None:
    assert Wording(snapshot.release, Language.EN, ("atlantis",), TODAY).place_name("atlantis") == "atlantis"
