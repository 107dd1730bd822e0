"""Releasing behind the gate, the history, withdrawing, going back."""

import json
from pathlib import Path

import pytest
from fastapi import FastAPI

from bot.core.publishing import State
from bot.desk.gate_judgement import report
from bot.desk.gate_report import GateReport, Reading, Reason
from bot.desk.gate_words import Finding
from bot.desk.service import Desk
from bot.evaluation import Row
from bot.web.desk.checking import KIND, Checked
from bot.web.desk.jobs import Job
from bot.web.services import Services
from tests.conversations.running import wait_until
from tests.editorial import HUA, WU
from tests.web.desk.conftest import Enter, alerts
from tests.web.desk.writing import answer, approved, released

PIECE = "/desk/pieces/answer/what_is_x"
OPEN = GateReport(3, (), (), (), (), 1.0)
SHUT = GateReport(3, (), (), (), (Reason("missed_danger", True, {"count": "2", "value": "r1, r2"}),), 1.0)


def looked_at(app: FastAPI, desk: Desk, report: GateReport, login: str = "wu") -> str:
    """The gate has run for somebody and found this; the fingerprint it looked at."""
    upcoming = desk.flow.upcoming()
    found = Checked(upcoming.fingerprint, report)
    job = app.state.desk.house.jobs.start(login, KIND, lambda _: found, then="/desk/release")
    wait_until("the gate has run", lambda: job.stage.over, seconds=30)
    return upcoming.fingerprint


def in_force(services: Services) -> int:
    """The newest release."""
    return services.store.newest_release()


def test_the_page_shows_what_a_release_would_change(enter: Enter, desk: Desk) -> None:
    vic = enter("vic")
    assert "Nothing new is approved." in vic.get("/desk/release").text
    approved(desk, answer())
    text = vic.get("/desk/release").text
    assert "What changes (1)" in text
    assert "What is the x scam?" in text
    assert ">added<" in text
    assert 'action="/desk/release"' not in text
    assert 'action="/desk/release/gate"' not in text


def test_nothing_is_released_that_the_gate_has_not_looked_at(
    enter: Enter, desk: Desk, services: Services, app: FastAPI
) -> None:
    approved(desk, answer())
    wu = enter("wu")
    wu.get("/desk/release")
    refused = wu.post("/desk/release", {"expect": desk.flow.upcoming().fingerprint})
    assert (refused.status_code, "Run the gate first" in alerts(refused)) == (400, True)
    # neither by what it found for somebody else, nor for something else
    looked_at(app, desk, OPEN, login="lin")
    assert wu.post("/desk/release", {"expect": desk.flow.upcoming().fingerprint}).status_code == 400
    old = looked_at(app, desk, OPEN)
    approved(desk, answer("another"))
    assert "Run the gate" in wu.get("/desk/release").text
    refused = wu.post("/desk/release", {"expect": old})
    assert "became due meanwhile" in alerts(refused)
    assert in_force(services) == 1


def test_an_open_gate_lets_a_release_out_with_its_note(
    enter: Enter, desk: Desk, services: Services, app: FastAPI
) -> None:
    approved(desk, answer())
    expect = looked_at(app, desk, OPEN)
    wu = enter("wu")
    assert "The gate is open." in wu.get("/desk/release").text
    page = wu.post("/desk/release", {"expect": expect, "note": "about the x scam"})
    assert page.url.path == "/desk/releases/2"
    assert "Release 2 is out." in page.text
    assert "about the x scam" in page.text
    assert in_force(services) == 2
    (entry,) = desk.flow.trail.entries(subject="release/2")
    assert entry.detail["findings"]["rows"] == 3


def test_a_shut_gate_is_only_passed_by_a_reason(enter: Enter, desk: Desk, services: Services, app: FastAPI) -> None:
    approved(desk, answer())
    expect = looked_at(app, desk, SHUT)
    wu = enter("wu")
    text = wu.get("/desk/release").text
    assert "The gate is shut." in text
    assert "2 dangers that are seen now would be missed: r1, r2" in text
    assert 'name="override"' in text
    refused = wu.post("/desk/release", {"expect": expect, "override": "short"})
    assert refused.status_code == 400
    assert "An override needs a name and a reason" in alerts(refused)
    assert in_force(services) == 1
    page = wu.post("/desk/release", {"expect": expect, "override": "the rows are of a kind we no longer warn of"})
    assert page.url.path == "/desk/releases/2"
    (entry,) = desk.flow.trail.entries(subject="release/2")
    assert entry.detail["override"] == "the rows are of a kind we no longer warn of"
    assert entry.detail["findings"]["override"]["publisher"] == "wu"


def test_the_gate_runs_in_the_background_and_is_waited_for(
    enter: Enter, desk: Desk, services: Services, tmp_path: Path
) -> None:
    approved(desk, answer())
    rows = [{"id": "1", "text": "短信叫我补包裹关税", "lang": "zh-Hans", "typology": "parcel_fee", "urgency": "warn"}]
    folder = tmp_path / "examinations"
    folder.mkdir()
    (folder / "exam_x.jsonl").write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    services.settings = services.settings.model_copy(update={"examinations": folder})
    wu = enter("wu")
    wu.get("/desk/release")
    started = wu.post("/desk/release/gate", follow=False)
    waiting = started.headers["location"]
    assert waiting.startswith("/desk/jobs/")
    json_ = {"accept": "application/json"}
    wait_until("the gate has run", lambda: wu.get(f"{waiting}/state", headers=json_).json()["over"], seconds=120)
    page = wu.get(waiting)
    assert page.url.path == "/desk/release"
    assert "1 examination rows" in page.text
    # nobody else can see or stop it
    assert enter("lin").get(waiting).status_code == 400


def test_a_gate_without_an_examination_says_so(enter: Enter, desk: Desk, services: Services, tmp_path: Path) -> None:
    services.settings = services.settings.model_copy(update={"examinations": tmp_path / "nowhere"})
    wu = enter("wu")
    wu.get("/desk/release")
    assert "examination" in alerts(wu.post("/desk/release/gate"))


def job_of(app: FastAPI, work: object, login: str = "wu") -> Job:
    """A job of somebody."""
    job: Job = app.state.desk.house.jobs.start(login, "gate", work, then="/desk/release")
    return job


def test_a_job_that_failed_says_why(enter: Enter, app: FastAPI) -> None:
    def work(job: Job) -> None:
        raise ZeroDivisionError

    job = job_of(app, work)
    wait_until("it has ended", lambda: job.stage.over, seconds=30)
    page = enter("wu").get(f"/desk/jobs/{job.id}")
    assert page.status_code == 200
    assert "ZeroDivisionError" in alerts(page)


def test_a_job_is_called_off_from_its_page(enter: Enter, app: FastAPI) -> None:
    def work(job: Job) -> None:
        job.progress("learning", 1, 2)
        while not job.called_off():
            pass

    job = job_of(app, work)
    wu = enter("wu")
    assert f'action="/desk/jobs/{job.id}/off"' in wu.get(f"/desk/jobs/{job.id}").text
    wu.post(f"/desk/jobs/{job.id}/off")
    wait_until("it has ended", lambda: job.stage.over, seconds=30)


# ---- History ----


def test_the_history_lists_releases_and_what_each_changed(enter: Enter, desk: Desk) -> None:
    released(desk, answer())
    released(desk, answer(text={"zh-Hans": "新。", "en": "New."}), base=1)
    vic = enter("vic")
    text = vic.get("/desk/releases").text
    assert [f"/desk/releases/{n}" in text for n in (1, 2, 3, 4)] == [True, True, True, False]
    assert f"{PIECE}/difference?old=1&amp;new=2" in vic.get("/desk/releases/3").text
    assert "This is the first release." in vic.get("/desk/releases/1").text
    for wrong in ("0", "9", "x", "99999999999"):
        assert vic.get(f"/desk/releases/{wrong}").status_code == 404


def test_going_back_needs_a_reason_and_makes_a_new_release(enter: Enter, desk: Desk, services: Services) -> None:
    released(desk, answer())
    wu = enter("wu")
    assert 'name="reason"' not in wu.get("/desk/releases/2").text
    wu.get("/desk/releases/1")
    silent = wu.post("/desk/releases/1/roll-back", {"reason": " "})
    assert (silent.status_code, "Say why" in alerts(silent)) == (400, True)
    page = wu.post("/desk/releases/1/roll-back", {"reason": "a wrong fact"})
    assert page.url.path == "/desk/releases/3"
    assert "Gone back; this is release 3." in page.text
    assert in_force(services) == 3


# ---- Withdrawing ----


def test_a_withdrawal_is_shown_first_and_takes_everything_along(enter: Enter, services: Services) -> None:
    hua = enter("hua")
    text = hua.get("/desk/withdraw?piece=typology/pet_ransom").text
    assert "Goes along (8)" in text
    page = hua.post("/desk/withdraw", {"piece": "typology/pet_ransom", "why": "fact", "reason": "never happened"})
    assert page.url.path == "/desk/releases/2"
    assert "9 pieces withdrawn." in page.text
    assert "A fact is wrong: never happened" in page.text
    assert in_force(services) == 2


def test_a_withdrawal_needs_a_reason(enter: Enter, services: Services) -> None:
    hua = enter("hua")
    hua.get("/desk/withdraw?piece=case/pet_ransom-1")
    refused = hua.post("/desk/withdraw", {"piece": "case/pet_ransom-1", "why": "", "reason": ""})
    assert (refused.status_code, "Say why" in alerts(refused)) == (400, True)
    assert in_force(services) == 1


def test_a_typology_can_be_withdrawn_alone(enter: Enter, desk: Desk) -> None:
    hua = enter("hua")
    hua.get("/desk/withdraw?piece=case/pet_ransom-1")
    hua.post("/desk/withdraw", {"piece": "case/pet_ransom-1", "why": "law", "alone": "yes"})
    line = desk.flow.pieces.piece("case", "pet_ransom-1")
    other = desk.flow.pieces.piece("case", "pet_ransom-2")
    assert line is not None
    assert other is not None
    assert (line.state, other.state) == (State.WITHDRAWN, State.RELEASED)


def test_what_still_shows_somewhere_is_named_after_a_withdrawal(enter: Enter, desk: Desk) -> None:
    desk.flow.showings.put_up(WU, "case", "pet_ransom-1", 1, channel="poster", place="East branch, door")
    hua = enter("hua")
    assert "East branch, door" in hua.get("/desk/withdraw?piece=case/pet_ransom-1").text
    page = hua.post("/desk/withdraw", {"piece": "case/pet_ransom-1", "why": "protest"})
    assert page.url.path == "/desk/showings"
    assert "1 places still show it" in page.text
    assert "No longer what customers see; take it down" in page.text


@pytest.mark.parametrize("piece", ["", "case/nothing", "nonsense", "case/"])
def test_nothing_is_withdrawn_that_is_not_there(enter: Enter, piece: str) -> None:
    hua = enter("hua")
    assert hua.get(f"/desk/withdraw?piece={piece}").status_code == 404
    hua.get("/desk")
    assert hua.post("/desk/withdraw", {"piece": piece, "reason": "x"}).status_code == 404


def test_a_note_that_the_new_release_is_not_in_use_yet(enter: Enter, desk: Desk) -> None:
    approved(desk, answer())
    desk.flow.release(WU)
    assert HUA.login == "hua"
    # this app does not watch for releases, so it goes on with the first one
    assert "It is being taken into use." in enter("vic").get("/desk/releases/2").text


def test_everything_the_gate_found_is_a_page_of_its_own(enter: Enter, desk: Desk, app: FastAPI) -> None:
    approved(desk, answer())
    rows = [
        Row("r1", "捡猫的催我打赎金，我正在转", "zh-Hans", "pet_ransom", "stop-now", True),
        Row("r2", "短信叫我补包裹关税", "zh-Hans", "parcel_fee", "warn", True),
        Row("r3", "<b>狗</b>", "zh-Hans", "pet_ransom", "warn", True),
    ]
    seen = [Reading("stop-now", "pet_ransom", 2.0), Reading("warn", "parcel_fee", 0.1), Reading("ask", "none", -0.1)]
    then = [Reading("none", "none", -2.0), Reading("ask", "parcel_fee", -0.1), Reading("warn", "pet_ransom", 0.3)]
    found = Finding("answer", "what_is_x", "calls_safe", "calls something safe", True, {"value": "没事的"}, ("text",))
    looked_at(app, desk, report(rows, seen, then, [found], seconds=41.5))
    wu = enter("wu")
    assert 'href="/desk/release/gate"' in wu.get("/desk/release").text
    text = wu.get("/desk/release/gate").text
    assert "The gate is shut." in text
    assert text.index("r1") < text.index("r2") < text.index("r3")
    assert "Danger missed" in text
    assert "stood at the line" in text
    assert "Better" in text
    assert "&lt;b&gt;狗" in text
    assert 'href="/desk/pieces/answer/what_is_x"' in text
    assert "41.5 seconds" in text
    approved(desk, answer("another"))
    assert "Something changed since" in wu.get("/desk/release/gate").text


def test_before_the_gate_ran_its_page_leads_to_the_release(enter: Enter) -> None:
    assert enter("wu").get("/desk/release/gate").url.path == "/desk/release"
