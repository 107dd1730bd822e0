"""`POST /api/v1/events`: what pages count."""

import pytest
from fastapi import FastAPI

from bot.desk.measures import Measures, Period
from bot.web.services import Services
from tests.web.calling import Caller
from tests.web.conftest import MakeApp


def total(services: Services, key: str) -> dict[str, int]:
    """Event -> how often, of one piece."""
    services.counts.flush()
    today = services.snapshot.today()
    return {m.event: m.count for m in services.counts.totals(today, today, key=key)}


def test_what_happened_to_a_released_piece_is_counted(client: Caller, services: Services) -> None:
    case = services.snapshot.release.cases[0].id
    before = total(services, case).get("opened", 0)
    answer = client.post("/api/v1/events", json={"kind": "case", "key": case, "event": "opened"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert total(services, case)["opened"] == before + 1


def test_the_question_of_a_warning_counts_for_it(client: Caller, services: Services) -> None:
    warning = services.snapshot.release.products.warnings[0].head.id
    for event in ("right", "wrong"):
        client.post("/api/v1/events", json={"kind": "warning", "key": warning, "event": event})
    assert {"right", "wrong"} <= set(total(services, warning))


def test_a_drill_is_counted_and_the_page_of_measures_can_tell_how_many_were_right(
    client: Caller, services: Services
) -> None:
    drill = services.snapshot.release.kiosk.drills[0].id
    for event in ("shown", "right", "wrong"):
        body = {"kind": "drill", "key": drill, "event": event, "channel": "kiosk"}
        assert client.post("/api/v1/events", json=body).status_code == 204
    today = services.snapshot.today()
    assert {"shown", "right", "wrong"} <= set(total(services, drill))
    (piece,) = [p for p in Measures(services.counts).pieces(Period.until(today, 1)) if p.key == drill]
    assert piece.understood == 50


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"kind": "case", "key": "no-such", "event": "opened"}, 404),
        ({"kind": "drill", "key": "no-such", "event": "shown"}, 404),
        ({"kind": "case", "key": "x" * 129, "event": "opened"}, 422),
        ({"kind": "case", "key": "", "event": "opened"}, 422),
        ({"kind": "bank", "key": "bank", "event": "opened"}, 422),
        ({"kind": "case", "key": "no-such", "event": "asked"}, 422),
        ({"kind": "case", "key": "no-such", "event": "opened", "sender": "me"}, 422),
    ],
)
def test_what_is_not_released_or_not_asked_for_is_refused(client: Caller, body: dict[str, str], status: int) -> None:
    answer = client.post("/api/v1/events", json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_who_counts_too_much_is_told_to_wait(make_app: MakeApp, services: Services) -> None:
    app: FastAPI = make_app(address_burst=2, address_per_second=0.001)
    case = services.snapshot.release.cases[0].id
    body = {"kind": "case", "key": case, "event": "opened"}
    statuses = [Caller(app).post("/api/v1/events", json=body).status_code for _ in range(3)]
    assert statuses == [204, 204, 429]
