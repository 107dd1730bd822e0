"""The page of measures and its export."""

import csv
import io

import pytest

from bot.core.measures import Event
from bot.web.services import Services
from tests.web.desk.conftest import Enter


@pytest.fixture(autouse=True)
def counted(services: Services) -> None:
    """Something happened, some of it to a piece with a name a spreadsheet would run."""
    count = services.counts.count
    count("typology", "pet_ransom", Event.ASKED, "kiosk", "north", times=6)
    count("typology", "parcel_fee", Event.ASKED, "kiosk", "north", times=4)
    count("case", "pet_ransom-1", Event.OPENED, "web", times=3)
    count("case", "=HYPERLINK(1)", Event.SHOWN, "web")


def test_the_page_tells_kinds_branches_and_pieces_and_keeps_few_askers_to_itself(enter: Enter) -> None:
    page = enter("vic").get("/desk/measures?days=7").text
    assert page.count('role="img"') == 2
    branch = page[page.index('id="branches-title"') : page.index('id="pieces-title"')]
    assert "<strong>6</strong>" in branch
    assert "<strong>4</strong>" not in branch
    assert "/desk/pieces/case/pet_ransom-1" in page
    at_north = enter("vic").get("/desk/measures?days=7&place=north").text
    assert at_north.count('role="img"') == 1


def test_strange_wishes_show_the_usual_page(enter: Enter) -> None:
    assert enter("vic").get("/desk/measures?days=-1&place=<script>").status_code == 200


def test_a_spreadsheet_runs_nothing_of_the_export(enter: Enter) -> None:
    answer = enter("vic", language="zh-CN").get("/desk/measures.csv?days=7")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:3] == ["开始", "结束", "种类"]
    assert {row[3] for row in rows[1:]} == {"pet_ransom", "parcel_fee", "pet_ransom-1", "'=HYPERLINK(1)"}
    assert {(row[3], row[7]) for row in rows[1:]} >= {("pet_ransom", "north"), ("parcel_fee", "")}
