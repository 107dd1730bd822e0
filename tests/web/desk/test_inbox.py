"""The inbox as an editor meets it."""

from html import unescape

import pytest

from bot.core.publishing import State
from bot.desk.service import Desk
from bot.web.services import Services
from tests.desk.test_inbox import SOCIAL, heard
from tests.web.desk.conftest import Enter, alerts


@pytest.fixture
def group(services: Services) -> int:
    """Three people wrote the same; the name of their group."""
    for number in range(3):
        services.listener(heard(SOCIAL[0], f"c{number}", typology="pet_ransom"))
    services.listener(heard("图书证怎么续", "c9"))
    services.listener.write()
    return services.inbox.overview().groups[0].id


def test_what_three_people_wrote_is_shown_and_what_one_wrote_is_not(enter: Enter, group: int) -> None:
    page = enter("mei").get("/desk/inbox").text
    assert SOCIAL[0] in page
    assert "图书证怎么续" not in page
    assert "3 people wrote like this" in page
    assert "1 more texts are not shown" in page


@pytest.mark.parametrize("kind", ["case", "examples", "answer"])
def test_one_click_makes_a_draft_of_the_editors_own_and_takes_the_group_out(
    enter: Enter, group: int, desk: Desk, kind: str
) -> None:
    lin = enter("lin")
    lin.get("/desk/inbox")
    answer = lin.post(f"/desk/inbox/{group}/make", {"kind": kind})
    assert answer.status_code == 200
    assert answer.url.path.endswith("/edit")
    assert "write all of it anew" in unescape(answer.text)
    line = desk.flow.pieces.pieces(kind=kind, state=State.DRAFT)[0]
    assert (line.author, "inbox" in line.key) == ("lin", True)
    assert "Nothing that at least three" in lin.get("/desk/inbox").text


def test_a_group_somebody_else_dealt_with_is_told_so(enter: Enter, group: int) -> None:
    lin = enter("lin")
    lin.get("/desk/inbox")
    lin.post(f"/desk/inbox/{group}/dismiss")
    again = lin.post(f"/desk/inbox/{group}/make", {"kind": "case"})
    assert again.status_code == 400
    assert "Somebody has dealt with this group" in alerts(again)
    assert lin.post("/desk/inbox/x/make", {"kind": "case"}).status_code == 400


def test_nothing_else_is_made_of_it(enter: Enter, group: int) -> None:
    lin = enter("lin")
    lin.get("/desk/inbox")
    assert lin.post(f"/desk/inbox/{group}/make", {"kind": "bank"}).status_code == 404


def test_who_only_looks_at_content_does_not_read_what_customers_wrote(enter: Enter, group: int) -> None:
    assert enter("vic").get("/desk/inbox").status_code == 403
    mei = enter("mei")
    mei.get("/desk/inbox")
    assert mei.post(f"/desk/inbox/{group}/dismiss").status_code == 403
