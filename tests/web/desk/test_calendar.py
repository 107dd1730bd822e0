"""The calendar as an editor meets it."""

from typing import Any

from bot.core.publishing import Actor
from bot.desk.service import Desk
from tests.web.desk.conftest import Enter

BODY: dict[str, Any] = {
    "id": "winter",
    "title": {"zh-Hans": "冬天", "en": "Winter talk"},
    "theme": {"zh-Hans": "慢一步", "en": "Slow down"},
    "channels": ["screen"],
    "start": "2026-12-20",
    "end": "2027-01-10",
    "repeats": "yearly",
    "pieces": ["led/nowhere"],
}


def test_a_month_shows_drafts_what_is_missing_and_the_way_to_each(enter: Enter, desk: Desk) -> None:
    desk.flow.save(Actor("lin"), "campaign", "winter", BODY, base=0)
    desk.flow.save(Actor("lin"), "campaign", "unfinished", {"id": "unfinished"}, base=0)
    page = enter("vic").get("/desk/calendar?month=2027-12").text
    assert "Winter talk" in page
    assert "/desk/pieces/campaign/winter" in page
    assert "led/nowhere" in page
    assert "/desk/pieces/campaign/unfinished" in page
    assert "Winter talk" not in enter("vic").get("/desk/calendar?month=2027-06").text


def test_any_month_that_is_asked_for_is_a_month(enter: Enter) -> None:
    vic = enter("vic")
    for month in ("9999-12", "0001-01", "2027-13", "x", ""):
        assert vic.get(f"/desk/calendar?month={month}").status_code == 200


def test_a_campaign_is_written_in_a_form(enter: Enter) -> None:
    page = enter("lin").get("/desk/new/campaign")
    assert page.status_code == 200
    assert "Comes again" in page.text


def test_a_checklist_is_written_in_a_form(enter: Enter) -> None:
    page = enter("lin").get("/desk/new/checklist")
    assert page.status_code == 200
    assert "When the answer is odd" in page.text
