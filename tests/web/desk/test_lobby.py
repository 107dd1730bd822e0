"""The lobby page and the calls that ring on it."""

import re

import pytest
from fastapi import FastAPI

from bot.core.errors import StoreError
from bot.desk.service import Desk
from bot.store.help_calls import HelpKind
from bot.web.branch import PRESSES
from bot.web.services import Services
from tests.editorial import ADA
from tests.web.calling import Caller
from tests.web.desk.conftest import PASSWORD, Enter, alerts


@pytest.fixture
def kiosk(app: FastAPI) -> Caller:
    """Somebody at a kiosk."""
    return Caller(app)


def ring(kiosk: Caller, kind: str = "quiet") -> int:
    """Press the button."""
    answer = kiosk.post("/api/v1/help-calls", json={"kind": kind, "place": ""})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def test_a_call_from_a_kiosk_rings_on_the_lobby_page_and_is_taken_and_closed(kiosk: Caller, enter: Enter) -> None:
    wu = enter("wu")
    assert "Nobody is calling" in wu.get("/desk/lobby").text
    call = ring(kiosk)
    page = wu.get("/desk/lobby")
    assert "Quiet call" in page.text
    assert 'data-rings="yes"' in wu.get("/desk/lobby/calls").text
    page = wu.post(f"/desk/lobby/calls/{call}/take")
    assert "You are seeing to it" in page.text
    assert 'data-rings="no"' in page.text
    page = wu.post(f"/desk/lobby/calls/{call}/close", {"outcome": "was on the phone with a stranger, hung up"})
    assert "Nobody is calling" in page.text


def test_the_second_to_take_a_call_is_told_who_has_it(kiosk: Caller, enter: Enter) -> None:
    wu, lin = enter("wu"), enter("lin")
    call = ring(kiosk)
    lin.get("/desk/lobby")
    wu.get("/desk/lobby")
    wu.post(f"/desk/lobby/calls/{call}/take")
    answer = lin.post(f"/desk/lobby/calls/{call}/take", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()) == (400, {"message": "Wu has taken it already."})
    assert "Wu is seeing to it" in lin.get("/desk/lobby").text


def test_a_number_in_the_word_on_what_happened_is_masked(kiosk: Caller, enter: Enter, services: Services) -> None:
    wu = enter("wu")
    call = ring(kiosk)
    wu.get("/desk/lobby")
    kept: list[str] = []
    services.help_calls.close = lambda actor, id_, outcome: kept.append(outcome)  # type: ignore[method-assign]
    wu.post(f"/desk/lobby/calls/{call}/close", {"outcome": "called back on 13800001234"})
    assert kept
    assert "13800001234" not in kept[0]


def test_whoever_only_answers_calls_begins_at_the_lobby_and_sees_nothing_else(desk: Desk, enter: Enter) -> None:
    first = desk.accounts.add(ADA, "lob", name="Lobby", roles=["lobby"])
    lob = enter()
    lob.sign_in("lob", first)
    lob.get("/desk/password")
    page = lob.post("/desk/password", {"old": first, "new": PASSWORD, "again": PASSWORD})
    assert page.url.path == "/desk/lobby"
    assert page.status_code == 200
    assert lob.get("/lobby").url.path == "/desk/lobby"
    for path in ("/desk/pieces", "/desk/staff", "/desk/releases"):
        refused = lob.get(path)
        assert refused.status_code == 403
        assert "top__find" not in refused.text


def test_the_lobby_asks_for_its_right(enter: Enter) -> None:
    answer = enter("vic").get("/desk/lobby")
    assert answer.status_code == 403
    assert "answer calls from the lobby" in answer.text


def test_one_branch_can_be_watched_alone_but_a_call_without_a_place_always_shows(
    enter: Enter, services: Services
) -> None:
    services.help_calls.ring(HelpKind.PERSON, place="cn", device="Kiosk one")
    services.help_calls.ring(HelpKind.PERSON, place="hk", device="Kiosk two")
    services.help_calls.ring(HelpKind.PERSON)
    page = enter("wu").get("/desk/lobby?place=cn").text
    assert re.findall(r"Kiosk \w+", page) == ["Kiosk one"]
    assert "not paired" in page
    assert "mainland China" in page


def test_a_call_says_nothing_of_where_it_is_by_itself(kiosk: Caller, services: Services) -> None:
    """Anybody can send a place; only a paired device is believed."""
    kiosk.post("/api/v1/help-calls", json={"kind": "quiet", "place": "cn"})
    assert [c.place for c in services.help_calls.open()] == [""]


def test_a_machine_that_presses_a_thousand_times_is_slowed_down(kiosk: Caller) -> None:
    answers = [kiosk.post("/api/v1/help-calls", json={"kind": "person"}) for _ in range(PRESSES + 1)]
    assert [a.status_code for a in answers] == [201] * PRESSES + [429]
    assert int(answers[-1].headers["retry-after"]) >= 1


@pytest.mark.parametrize("body", [{}, {"kind": "loud"}, {"kind": "quiet", "who": "me"}, {"kind": 1}, []])
def test_a_call_that_is_none_is_refused(kiosk: Caller, body: object) -> None:
    answer = kiosk.post("/api/v1/help-calls", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_call_that_cannot_be_kept_says_try_again(kiosk: Caller, services: Services) -> None:
    def down(*_: object, **__: object) -> int:
        raise StoreError("the store did not answer")

    services.help_calls.ring = down  # type: ignore[method-assign]
    answer = kiosk.post("/api/v1/help-calls", json={"kind": "quiet"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


def test_a_word_must_be_said_to_close_a_call(kiosk: Caller, enter: Enter) -> None:
    wu = enter("wu")
    call = ring(kiosk)
    wu.get("/desk/lobby")
    answer = wu.post(f"/desk/lobby/calls/{call}/close")
    assert answer.status_code == 400
    assert "Say in a word" in alerts(answer) or "Say in a word" in answer.text
