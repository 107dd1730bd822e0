"""The page of what goes to subscribers: counts that move, pausing and going on by those who may."""

import re

from bot.core.subscriptions import Preferences
from bot.store.broadcasts import Planned
from bot.store.outbox import End, Outbox, Outcome, Words
from bot.store.tables import now
from bot.web.services import Services
from tests.web.desk.conftest import Enter, alerts

PLACES = {(tag, "all"): Words("", "text", "", ()) for tag in ("zh-Hans", "zh-Hant", "en")}


def sent_to(services: Services, *addresses: str) -> int:
    """A warning planned for these people."""
    delivery = services.delivery
    for address in addresses:
        delivery.subscriptions.agree("telegram", address, Preferences(), 1)
    ends = now().replace(year=now().year + 1)
    made = delivery.broadcasts.make(
        Planned("warning", "w1", 1, "先别付钱", "d", 1, ("telegram",), ("all",), ("all",), ends), PLACES
    )
    while delivery.broadcasts.plan(made):
        pass
    return made


def test_the_page_counts_and_a_script_is_told_the_same(enter: Enter, services: Services) -> None:
    vic = enter("vic")
    assert "Nothing was sent yet" in vic.get("/desk/warnings").text
    sent_to(services, "tg:1:1", "tg:1:2", "tg:1:3")
    outbox = Outbox(services.database, "w")
    outbox.settle([Outcome(outbox.claim("telegram", 1, None)[0], End.SENT)])
    text = vic.get("/desk/warnings").text
    assert "先别付钱" in text
    assert "3 people: 1 delivered, 2 in line" in text
    assert '<form method="post" action="/desk/warnings/' not in text
    (row,) = vic.get("/desk/warnings/state", headers={"accept": "application/json"}).json()
    assert (row["state"], row["done"], row["most"]) == ("going", 1, 3)
    assert row["counts"] in text


def test_who_may_release_may_pause_and_go_on(enter: Enter, services: Services) -> None:
    made = sent_to(services, "tg:1:1")
    wu = enter("wu")
    page = wu.get("/desk/warnings").text
    assert re.search(rf'action="/desk/warnings/{made}/pause"', page)
    assert "Paused." in wu.post(f"/desk/warnings/{made}/pause").text
    assert services.delivery.broadcasts.progress(made)[0].state == "paused"
    again = wu.post(f"/desk/warnings/{made}/pause")
    assert (again.status_code, "not being sent" in alerts(again)) == (400, True)
    assert "It goes on." in wu.post(f"/desk/warnings/{made}/resume").text
    assert "not paused" in alerts(wu.post(f"/desk/warnings/{made}/resume"))
    assert "not being sent" in alerts(wu.post("/desk/warnings/999999999999/pause"))


def test_who_may_only_look_may_not_pause(enter: Enter, services: Services) -> None:
    made = sent_to(services, "tg:1:1")
    lin = enter("vic")
    lin.get("/desk/warnings")
    assert lin.post(f"/desk/warnings/{made}/pause").status_code == 403
