"""One case and everything made from it, at the desk."""

from bot.core.publishing import State
from bot.desk.service import Desk
from tests.editorial import LIN
from tests.web.desk.conftest import Enter, alerts

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


def test_a_release_that_takes_only_a_part_of_a_family_is_told(enter: Enter, desk: Desk) -> None:
    lin = enter("lin")
    lin.get(CASE)
    lin.post(f"{CASE}/draft", {"make": ["led", "warning"]})
    lin.post(f"{CASE}/submit")
    for login in ("mei", "hua", "wu"):
        editor = enter(login)
        editor.get(CASE)
        editor.post(f"{CASE}/accept", {"accept": "pet_ransom-3-led"})
    assert "1 more pieces of the case pet_ransom-3" in enter("wu").get("/desk/release").text


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
