"""One case and everything made from it, at the desk."""

from fastapi import FastAPI

from bot.core.publishing import State
from bot.desk.gate_report import GateReport
from bot.desk.service import Desk
from bot.store.views import Name
from bot.web.desk.checking import KIND, Checked
from tests.conversations.running import wait_until
from tests.editorial import LIN
from tests.web.desk.conftest import Enter, alerts
from tests.web.desk.writing import answer, approved

CASE = "/desk/cases/pet_ransom-3"


def states(desk: Desk, *kinds: str) -> dict[str, State]:
    """Where what was made from the case stands."""
    names = desk.flow.pieces.made_from("pet_ransom-3")
    lines = [desk.flow.pieces.piece(*name) for name in names]
    return {line.key: line.state for line in lines if line and (not kinds or line.kind in kinds)}


def test_ticked_templates_become_drafts_of_the_case_all_at_once(enter: Enter, desk: Desk) -> None:
    lin = enter("lin")
    text = lin.get(CASE).text
    assert 'name="make" value="led" checked' in text
    assert 'name="make" value="warning" checked' in text
    page = lin.post(f"{CASE}/draft", {"make": ["led", "warning"]})
    assert "Saved as 2 drafts" in page.text
    assert states(desk) == {"pet_ransom-3-led": State.DRAFT, "pet_ransom-3-warning": State.DRAFT}
    # what is there is offered as a new revision, not ticked
    assert 'name="make" value="led">' in page.text
    body = desk.flow.revision("led", "pet_ransom-3-led", 1).body
    assert (body["from_case"], body["typology"]) == ("pet_ransom-3", "pet_ransom")


def test_nothing_is_drafted_when_one_of_them_is_open_with_somebody_else(enter: Enter, desk: Desk) -> None:
    lin = enter("lin")
    lin.get(CASE)
    lin.post(f"{CASE}/draft", {"make": ["warning"]})
    desk.flow.submit(LIN, "warning", "pet_ransom-3-warning", 1)
    refused = lin.post(f"{CASE}/draft", {"make": ["led", "warning"]})
    assert refused.status_code == 400
    assert states(desk) == {"pet_ransom-3-warning": State.REVIEW}


def test_without_a_tick_it_says_so(enter: Enter) -> None:
    lin = enter("lin")
    lin.get(CASE)
    assert "Tick at least one" in alerts(lin.post(f"{CASE}/draft"))


def test_the_family_is_submitted_and_accepted_as_one(enter: Enter, desk: Desk) -> None:
    lin = enter("lin")
    lin.get(CASE)
    lin.post(f"{CASE}/draft", {"make": ["led", "warning"]})
    page = lin.post(f"{CASE}/submit")
    assert "2 pieces submitted together" in page.text
    assert set(states(desk).values()) == {State.REVIEW}
    keys = {"accept": list(states(desk))}
    for login, step in (("mei", "fact check"), ("hua", "compliance"), ("wu", "approval")):
        editor = enter(login)
        assert 'action="/desk/cases/pet_ransom-3/accept"' in editor.get(CASE).text, step
        assert "2 pieces accepted" in editor.post(f"{CASE}/accept", keys).text, step
    assert set(states(desk).values()) == {State.APPROVED}


def test_a_faulty_draft_keeps_the_whole_family_back(enter: Enter, desk: Desk) -> None:
    lin = enter("lin")
    lin.get(CASE)
    lin.post(f"{CASE}/draft", {"make": ["led", "warning"]})
    body = desk.flow.revision("led", "pet_ransom-3-led", 1).body
    desk.flow.save(LIN, "led", "pet_ransom-3-led", {**body, "text": "看www.example.com"}, base=1)
    refused = lin.post(f"{CASE}/submit")
    assert "none was submitted" in alerts(refused)
    assert set(states(desk).values()) == {State.DRAFT}


def test_handing_in_again_begins_nothing_anew(enter: Enter, desk: Desk) -> None:
    lin = enter("lin")
    lin.get(CASE)
    lin.post(f"{CASE}/draft", {"make": ["led", "warning"]})
    lin.post(f"{CASE}/submit")
    page = lin.post(f"{CASE}/submit")
    assert "0 pieces submitted" in page.text
    rounds = [desk.flow.revision(*name, 1).round for name in desk.flow.pieces.made_from("pet_ransom-3")]
    assert rounds == [1, 1]


def drafted(enter: Enter, *accepted: str) -> None:
    """A sign and a warning of the case, of which these are approved."""
    lin = enter("lin")
    lin.get(CASE)
    lin.post(f"{CASE}/draft", {"make": ["led", "warning"]})
    lin.post(f"{CASE}/submit")
    for login in ("mei", "hua", "wu"):
        editor = enter(login)
        editor.get(CASE)
        editor.post(f"{CASE}/accept", {"accept": list(accepted)})


def looked_at(app: FastAPI, desk: Desk, *names: Name) -> str:
    """The gate has looked at a release of everything, or of just these, and found nothing; its fingerprint."""
    upcoming = desk.flow.upcoming(only=names or None)
    found = Checked(upcoming.fingerprint, GateReport(3, (), (), (), (), 1.0))
    job = app.state.desk.house.jobs.start("wu", KIND, lambda _: found, then="/desk/release")
    wait_until("the gate has run", lambda: job.stage.over, seconds=30)
    return upcoming.fingerprint


def test_a_whole_case_is_released_by_itself_in_one_release(enter: Enter, desk: Desk, app: FastAPI) -> None:
    drafted(enter, "pet_ransom-3-led", "pet_ransom-3-warning")
    approved(desk, answer())
    wu = enter("wu")
    page = wu.get(CASE).text
    assert "nothing is missing" in page
    assert 'href="/desk/release?case=pet_ransom-3"' in page
    assert 'href="/desk/release?case=pet_ransom-3"' in wu.get("/desk/release").text
    family = [("case", "pet_ransom-3"), *desk.flow.pieces.made_from("pet_ransom-3")]
    expect = looked_at(app, desk, *family)
    page = wu.get("/desk/release?case=pet_ransom-3").text
    assert "What changes (2)" in page
    assert "What is the x scam?" not in page
    assert 'name="apart"' not in page
    out = wu.post("/desk/release", {"case": "pet_ransom-3", "expect": expect})
    assert out.url.path == "/desk/releases/2"
    assert set(states(desk).values()) == {State.RELEASED}
    assert desk.flow.revision("answer", "what_is_x", 1).state is State.APPROVED


def test_a_part_of_a_case_is_released_only_with_a_reason(enter: Enter, desk: Desk, app: FastAPI) -> None:
    drafted(enter, "pet_ransom-3-led")
    wu = enter("wu")
    page = wu.get(CASE).text
    assert "These are still missing" in page
    assert "waits for Fact check" in page
    expect = looked_at(app, desk)
    page = wu.get("/desk/release").text
    assert "1 more pieces of the case Third pet would stay behind" in page
    assert "waits for Fact check" in page
    refused = wu.post("/desk/release", {"expect": expect})
    assert (refused.status_code, "would stay behind" in alerts(refused)) == (400, True)
    assert states(desk)["pet_ransom-3-led"] is State.APPROVED
    out = wu.post("/desk/release", {"expect": expect, "apart": "the sign cannot wait"})
    assert out.url.path == "/desk/releases/2"
    (entry,) = [e for e in desk.flow.trail.entries(subject="case/pet_ransom-3") if e.action == "release.apart"]
    assert entry.detail["reason"] == "the sign cannot wait"
    assert "released apart" in enter("ada").get("/desk/trail").text


def test_a_piece_may_go_alone_and_says_what_it_leaves(enter: Enter, desk: Desk) -> None:
    drafted(enter, "pet_ransom-3-led", "pet_ransom-3-warning")
    wu = enter("wu")
    alone = "/desk/release?piece=led/pet_ransom-3-led"
    page = wu.get("/desk/pieces/led/pet_ransom-3-led").text
    assert f'href="{alone}"' in page.replace("%2F", "/")
    page = wu.get(alone).text
    assert "What changes (1)" in page
    assert "is approved, and not taken along this time" in page
    assert wu.get("/desk/release?piece=led/none").status_code == 404
    assert wu.get("/desk/release?case=none").status_code == 404


def test_a_case_is_given_one_time(enter: Enter, desk: Desk) -> None:
    drafted(enter, "pet_ransom-3-led", "pet_ransom-3-warning")
    wu = enter("wu")
    wu.get(CASE)
    assert "2 pieces go out at that time" in wu.post(f"{CASE}/schedule", {"release_at": "2027-01-05T08:00"}).text
    times = {desk.flow.revision(*name, 1).release_at for name in desk.flow.pieces.made_from("pet_ransom-3")}
    assert len(times) == 1
    assert set(states(desk).values()) == {State.SCHEDULED}
    assert "no longer scheduled" in wu.post(f"{CASE}/schedule", {"release_at": ""}).text
    assert set(states(desk).values()) == {State.APPROVED}


def test_with_a_case_everything_made_from_it_is_withdrawn(enter: Enter, desk: Desk) -> None:
    hua = enter("hua")
    page = hua.get("/desk/withdraw?piece=case/pet_ransom-2")
    made = desk.flow.pieces.made_from("pet_ransom-2")
    assert len(made) >= 4
    assert f"({len(made)})" in page.text
    hua.post("/desk/withdraw", {"piece": "case/pet_ransom-2", "why": "protest"})
    assert all(line.withdrawn for name in made if (line := desk.flow.pieces.piece(*name)))
    assert desk.flow.pieces.made_from("pet_ransom-2") == []


def test_a_piece_leads_to_its_family(enter: Enter) -> None:
    vic = enter("vic")
    assert 'href="/desk/cases/pet_ransom-2"' in vic.get("/desk/pieces/case/pet_ransom-2").text
    assert vic.get("/desk/cases/pet_ransom-2").status_code == 200
    assert vic.get("/desk/cases/nobody").status_code == 404
