"""Coming in and going out: cookies, lock-out, the first password, sessions, the language."""

import re

import pytest
from fastapi import FastAPI

from bot.desk.service import Desk
from bot.web.limits import RateLimit
from tests.editorial import ADA
from tests.web.desk.conftest import PASSWORD, Enter, alerts


def cookies_of(set_cookie: list[str]) -> dict[str, str]:
    """Name -> attributes of what an answer sets."""
    return {line.split("=", 1)[0]: line for line in set_cookie}


@pytest.mark.parametrize("https", [False, True], ids=["http", "https"])
def test_the_session_is_in_a_cookie_that_no_script_and_no_other_site_can_use(enter: Enter, https: bool) -> None:
    lin = enter(https=https)
    lin.get("/desk/sign-in")
    answer = lin.post("/desk/sign-in", {"login": "lin", "password": PASSWORD}, follow=False)
    assert answer.status_code == 303
    session = cookies_of(answer.headers.get_list("set-cookie"))["desk_session"]
    assert "HttpOnly" in session
    assert "SameSite=strict" in session
    assert "Path=/desk" in session
    assert ("Secure" in session) is https


def test_whoever_was_sent_to_sign_in_goes_on_to_where_he_wanted(enter: Enter) -> None:
    lin = enter()
    answer = lin.get("/desk/releases?page=1")
    assert answer.url.path == "/desk/sign-in"
    wanted = re.search(r'name="next" value="([^"]+)"', answer.text)
    assert wanted is not None
    answer = lin.post("/desk/sign-in", {"login": "lin", "password": PASSWORD, "next": wanted.group(1)})
    assert (answer.url.path, answer.status_code) == ("/desk/releases", 200)


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/desk", "//evil.example", "/desk//evil.example", "/deskevil", "/", "/desk\\x"]
)
def test_signing_in_never_leads_elsewhere(enter: Enter, elsewhere: str) -> None:
    lin = enter()
    lin.get("/desk/sign-in")
    answer = lin.post("/desk/sign-in", {"login": "lin", "password": PASSWORD, "next": elsewhere}, follow=False)
    assert answer.headers["location"] == "/desk"


def test_a_wrong_name_and_a_wrong_password_are_told_alike(enter: Enter) -> None:
    lin = enter()
    told = {alerts(lin.sign_in("lin", "wrong")), alerts(lin.sign_in("nobody", "wrong"))}
    assert told == {"The login or the password is wrong."}


def test_a_name_pauses_after_a_few_wrong_passwords(enter: Enter) -> None:
    lin = enter()
    for _ in range(5):
        assert lin.sign_in("lin", "wrong").status_code == 400
    answer = lin.sign_in("lin")
    assert answer.status_code == 429
    assert "Wait 60 seconds" in alerts(answer)


def test_an_address_that_tries_and_tries_has_to_wait(enter: Enter, app: FastAPI) -> None:
    # a clock that stands still: on a slow machine the tries would come back as fast as they are used
    object.__setattr__(app.state.desk.house, "tries", RateLimit(60, 1.0, clock=lambda: 0.0))
    guesser = enter()
    statuses = [guesser.sign_in(f"guess{number}", "wrong").status_code for number in range(62)]
    assert set(statuses[:60]) == {400}
    assert statuses[-1] == 429


def test_the_form_before_a_session_carries_a_token_of_the_browser_too(enter: Enter) -> None:
    lin = enter()
    lin.get("/desk/sign-in")
    lin.cookies.clear()
    answer = lin.post("/desk/sign-in", {"login": "lin", "password": PASSWORD})
    assert answer.status_code == 403


def test_the_two_new_passwords_must_be_alike_and_good(enter: Enter) -> None:
    lin = enter("lin")
    lin.get("/desk/password")
    answer = lin.post("/desk/password", {"old": PASSWORD, "new": "a", "again": "b"})
    assert (answer.status_code, alerts(answer)) == (400, "The two new passwords differ.")
    answer = lin.post("/desk/password", {"old": PASSWORD, "new": "short", "again": "short"})
    assert "at least 12" in alerts(answer)
    answer = lin.post("/desk/password", {"old": PASSWORD, "new": " a heron, alone ", "again": " a heron, alone "})
    assert answer.url.path == "/desk"
    assert "The password is changed" in answer.text
    assert enter().sign_in("lin", " a heron, alone ").url.path == "/desk"


def test_sessions_are_listed_and_can_be_ended(enter: Enter) -> None:
    here, there = enter("lin"), enter("lin")
    page = here.get("/desk/sessions").text
    assert page.count("203.0.113.7") == 2
    assert page.count("This one") == 1
    other = re.search(r'name="session" value="(\d+)"><button[^>]*>End<', page)
    assert other is not None
    assert "That session has ended." in here.post("/desk/sessions/end", {"session": other.group(1)}).text
    assert there.get("/desk").url.path == "/desk/sign-in"
    assert here.get("/desk").url.path == "/desk"


def test_nobody_ends_the_session_of_another(enter: Enter, desk: Desk) -> None:
    lin, mei = enter("lin"), enter("mei")
    page = mei.get("/desk/sessions").text
    number = re.search(r'name="session" value="(\d+)"', page)
    assert number is not None
    lin.get("/desk/sessions")
    lin.post("/desk/sessions/end", {"session": number.group(1)})
    assert mei.get("/desk").url.path == "/desk"


def test_signing_out_ends_the_session_for_good(enter: Enter) -> None:
    lin = enter("lin")
    kept = dict(lin.cookies)
    answer = lin.post("/desk/sign-out")
    assert answer.url.path == "/desk/sign-in"
    assert "You are signed out." in answer.text
    lin.cookies.update(kept)
    assert lin.get("/desk").url.path == "/desk/sign-in"


def test_a_session_ends_with_the_account(enter: Enter, desk: Desk) -> None:
    mei = enter("mei")
    desk.accounts.disable(ADA, "mei")
    assert mei.get("/desk").url.path == "/desk/sign-in"


def test_roles_that_are_taken_count_at_the_next_click(enter: Enter, desk: Desk) -> None:
    lin = enter("lin")
    assert lin.get("/desk/new/case").status_code == 200
    desk.accounts.set_roles(ADA, "lin", ["viewer"])
    assert lin.get("/desk/new/case").status_code == 403


def test_a_note_is_said_once(enter: Enter) -> None:
    lin = enter("lin")
    lin.get("/desk/password")
    first = lin.post("/desk/password", {"old": PASSWORD, "new": "herons at dawn", "again": "herons at dawn"})
    assert 'role="status"' in first.text
    assert 'role="status"' not in lin.get("/desk").text


@pytest.mark.parametrize("note", ["%7B", "%22x%22", "%7B%22id%22%3A1%7D", "%7B%22id%22%3A%22x%22%2C%22fills%22%3A3%7D"])
def test_a_note_that_is_none_of_ours_is_not_said(enter: Enter, note: str) -> None:
    lin = enter("lin")
    lin.cookies.set("desk_said", note, domain="bank.example", path="/desk")
    answer = lin.get("/desk")
    assert answer.status_code == 200
    assert 'role="status"' not in answer.text


def test_the_language_is_asked_chosen_and_kept(enter: Enter) -> None:
    lin = enter(language="zh-CN,zh;q=0.9")
    assert '<html lang="zh-Hans">' in lin.get("/desk/sign-in").text
    assert '<html lang="en">' in lin.get("/desk/sign-in?lang=en").text
    assert '<html lang="en">' in lin.get("/desk/sign-in").text
    assert '<html lang="zh-Hans">' in lin.get("/desk/sign-in?lang=zh-Hant").text
