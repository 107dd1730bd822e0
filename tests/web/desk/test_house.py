"""The trail, the staff, validity, the table of numbers, the place register."""

import re

from sqlalchemy import Engine, text

from bot.desk.service import Desk
from tests.editorial import LIN, WU, Clock
from tests.web.desk.conftest import PASSWORD, Enter, alerts
from tests.web.desk.writing import answer, draft, released

LED = {"id": "l1", "text": "先停十分钟", "start": "2026-12-01", "end": "2027-02-01"}


# ---- The trail ----


def test_the_trail_tells_who_did_what(enter: Enter, desk: Desk) -> None:
    draft(desk, answer())
    page = enter("wu").get("/desk/trail").text
    assert "saved a draft" in page
    assert 'href="/desk/pieces/answer/what_is_x"' in page
    assert "signed in" in page


def test_the_trail_says_how_somebody_signed_in_and_where_a_piece_hangs_in_words(enter: Enter, desk: Desk) -> None:
    desk.flow.showings.put_up(WU, "case", "pet_ransom-1", 1, channel="poster", place="East branch")
    text = enter("ada").get("/desk/trail").text
    assert "by</span> password" in text
    assert "channel</span> poster" in text.lower()


def test_what_a_number_is_for_is_told_in_words(enter: Enter) -> None:
    text = enter("vic").get("/desk/hotlines").text
    assert "<td>advice on fraud</td>" in text
    assert "<td>advice</td>" not in text


def test_a_piece_tells_what_it_names_by_its_title(enter: Enter) -> None:
    text = enter("vic").get("/desk/pieces/led/pet_ransom-2-led").text
    assert "Second pet</span>" in text


def test_the_trail_is_narrowed_and_turned(enter: Enter, desk: Desk) -> None:
    base = 0
    for number in range(60):
        base = draft(desk, answer(text={"zh-Hans": f"第{number}", "en": f"{number}"}), base=base)
    wu = enter("wu")
    page = wu.get("/desk/trail?subject=answer/what_is_x&actor=lin").text
    assert page.count("saved a draft") == 50
    older = re.search(r'href="(/desk/trail\?[^"]*before[^"]*)"', page)
    assert older is not None
    rest = wu.get(older.group(1).replace("&amp;", "&")).text
    assert rest.count("saved a draft") == 10
    assert wu.get("/desk/trail?before=x").status_code == 200
    assert wu.get("/desk/trail?actor=nobody").status_code == 200


def test_the_trail_is_verified_and_a_change_is_found(enter: Enter, desk: Desk, seeded: Engine) -> None:
    draft(desk, answer())
    wu = enter("wu")
    page = wu.get("/desk/trail?verify=yes").text
    assert "nobody altered anything" in page
    head = re.search(r"<code>([0-9a-f]{64})</code>", page)
    assert head is not None
    assert "nobody altered anything" in wu.get(f"/desk/trail?verify=yes&head={head.group(1)}").text
    assert "report them at once" in wu.get(f"/desk/trail?verify=yes&head={'0' * 63}1").text
    with seeded.begin() as connection:
        for (name,) in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text("UPDATE audit_entry SET actor = 'mei' WHERE action = 'piece.saved'"))
    assert "was changed" in wu.get("/desk/trail?verify=yes").text


# ---- Staff ----


def test_a_member_is_added_and_his_first_password_is_shown_once(enter: Enter) -> None:
    ada = enter("ada")
    ada.get("/desk/staff")
    page = ada.post("/desk/staff", {"login": "new.one", "name": "新人", "role": ["author", "reviewer"]})
    first = re.search(r'class="secret">([^<]+)<', page.text)
    assert first is not None
    assert "secret" not in ada.get("/desk/staff").text
    assert enter().sign_in("new.one", first.group(1)).url.path == "/desk/password"


def test_what_was_typed_for_a_member_that_cannot_be_added_is_kept(enter: Enter) -> None:
    ada = enter("ada")
    ada.get("/desk/staff")
    page = ada.post("/desk/staff", {"login": "lin", "name": "另一位林", "role": "author"})
    assert (page.status_code, alerts(page)) == (400, "There is an account lin already. Choose another login.")
    assert 'value="另一位林"' in page.text
    page = ada.post("/desk/staff", {"login": "Bad Login", "name": "x", "role": "author"})
    assert "A login has 2 to 32" in alerts(page)
    page = ada.post("/desk/staff", {"login": "fine", "name": "x"})
    assert alerts(page) == "Choose at least one role."


def test_a_member_known_elsewhere_has_no_password(enter: Enter) -> None:
    ada = enter("ada")
    ada.get("/desk/staff")
    fields = {"login": "oidc.one", "name": "x", "role": "viewer", "external": "https://id.example#42"}
    page = ada.post("/desk/staff", fields)
    assert "oidc.one was added." in page.text
    assert 'class="secret"' not in page.text


def test_roles_are_changed_passwords_reset_accounts_closed_and_opened(enter: Enter, desk: Desk) -> None:
    ada, mei = enter("ada"), enter("mei")
    ada.get("/desk/staff")
    assert "count at once" in ada.post("/desk/staff/mei/roles", {"role": ["author"]}).text
    assert mei.get("/desk/new/answer").status_code == 200
    page = ada.post("/desk/staff/mei/reset")
    first = re.search(r'class="secret">([^<]+)<', page.text)
    assert first is not None
    assert mei.get("/desk").url.path == "/desk/sign-in"
    assert enter().sign_in("mei", PASSWORD).status_code == 400
    assert "mei is disabled" in ada.post("/desk/staff/mei/disable").text
    assert enter().sign_in("mei", first.group(1)).status_code == 400
    assert "mei is enabled" in ada.post("/desk/staff/mei/enable").text
    assert enter().sign_in("mei", first.group(1)).url.path == "/desk/password"


def test_the_last_administrator_stays(enter: Enter) -> None:
    ada = enter("ada")
    ada.get("/desk/staff")
    page = ada.post("/desk/staff/ada/disable")
    assert (page.status_code, "Nobody would be left" in alerts(page)) == (400, True)
    assert ada.post("/desk/staff/nobody.here/disable").status_code == 400


# ---- Validity and the table of numbers ----


def test_what_grows_old_is_listed(enter: Enter, clock: Clock) -> None:
    vic = enter("vic")
    assert "Everything is valid." in vic.get("/desk/overdue").text
    clock.passes(days=25)
    vic = enter("vic")
    text = vic.get("/desk/overdue").text
    assert 'href="/desk/pieces/hotline/cn_police"' in text
    assert "<strong>Over</strong>" not in text
    assert "Everything is valid." in vic.get("/desk/overdue?within=0").text
    clock.passes(days=10)
    assert "<strong>Over</strong>" in enter("vic").get("/desk/overdue?within=nonsense").text


def test_the_table_of_numbers_is_shown_place_by_place(enter: Enter, desk: Desk) -> None:
    row = {"id": "x", "place": "cn", "role": "bank", "number": "95000", "name": {"zh-Hans": "甲", "en": "A"}}
    desk.flow.save(LIN, "hotline", "x", {**row, "valid_until": "2020-01-01"}, base=0)
    desk.flow.save(LIN, "hotline", "y", {"id": "y", "place": "nowhere"}, base=0)
    text_ = enter("lin").get("/desk/hotlines").text
    assert ">mainland China</h2>" in text_
    assert "96110" in text_
    assert "Over, not told any more" in text_
    assert 'href="/desk/new/hotline?place=cn"' in text_
    assert "/desk/new/hotline" not in enter("vic").get("/desk/hotlines").text


# ---- The place register ----


def test_what_is_put_up_is_noted_and_confirmed_down(enter: Enter, desk: Desk) -> None:
    released(desk, LED, kind="led")
    lin = enter("lin")
    assert 'value="led/l1"' in lin.get("/desk/showings").text
    wish = {"piece": "led/l1", "channel": "led", "place": "East branch, door", "until": "2027-01-31T18:00"}
    page = lin.post("/desk/showings", wish)
    assert "Noted: East branch, door." in page.text
    (shown,) = desk.flow.showings.shown()
    assert (shown.number, shown.until is not None) == (1, True)
    assert "East branch, door" in lin.get("/desk/pieces/led/l1").text
    page = lin.post(f"/desk/showings/{shown.id}/down")
    assert "Confirmed." in page.text
    assert "The register is empty." in page.text
    assert "East branch, door" in lin.get("/desk/showings?gone=yes").text
    again = lin.post(f"/desk/showings/{shown.id}/down")
    assert (again.status_code, "confirmed it already" in alerts(again)) == (400, True)
    assert lin.post("/desk/showings/x/down").status_code == 400


def test_only_what_is_released_is_put_up(enter: Enter, desk: Desk) -> None:
    desk.flow.save(WU, "led", "l1", LED, base=0)
    lin = enter("lin")
    lin.get("/desk/showings")
    page = lin.post("/desk/showings", {"piece": "led/l1", "channel": "led", "place": "door"})
    assert (page.status_code, "not released" in alerts(page)) == (400, True)
    assert 'value="door"' in page.text
    released_piece = {"piece": "typology/pet_ransom", "channel": "led", "place": " "}
    assert alerts(lin.post("/desk/showings", released_piece)) == "Name the place."
    assert lin.post("/desk/showings", {"piece": "led/none", "place": "door"}).status_code == 404
