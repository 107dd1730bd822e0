"""What has to be kept up: validity that ends, the approved table of numbers, and where pieces are showing."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from starlette.responses import Response

from bot.content.expiry import DAYS_AHEAD
from bot.content.product_bodies import PRODUCT_KINDS
from bot.core.errors import FlowError
from bot.core.publishing import Right
from bot.store.views import PieceLine
from bot.web.desk.pieces import address, listed
from bot.web.desk.routes import Pages
from bot.web.desk.visit import Visit

WITHIN = (0, 7, 14, 30)
CHANNELS = ("led", "screen", "kiosk", "counter", "print", "poster", "web", "sms", "other")


def add(pages: Pages) -> None:
    """Register the pages."""
    pages.get("/desk/overdue", Right.READ)(overdue_page)
    pages.get("/desk/hotlines", Right.READ)(hotlines_page)
    pages.get("/desk/showings", Right.READ)(showings_page)
    pages.post("/desk/showings", Right.WRITE, again=showings_page)(put_up)
    pages.post("/desk/showings/{id}/down", Right.COMMENT, again=showings_page)(taken_down)


# ---- Validity ----


def overdue_page(visit: Visit) -> Response:
    """What customers see and whose validity has ended or soon will."""
    asked = visit.query("within", "14")
    days = int(asked) if asked in {str(d) for d in WITHIN} else 14
    rules = visit.desk.rules.flow
    lines = visit.desk.flow.pieces.overdue(rules, within=timedelta(days=days))
    over = {(line.kind, line.key) for line in visit.desk.flow.pieces.overdue(rules)}
    return visit.page(
        "overdue.html", pieces=listed(visit, lines), over=over, days=days, choices=WITHIN, validity=rules.validity
    )


# ---- The table of numbers ----


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table, with its newest words. `ends` is `over`, `soon` or empty."""

    line: PieceLine
    body: dict[str, Any]
    path: str
    ends: str


def hotlines_page(visit: Visit) -> Response:
    """The approved table, place by place."""
    reader, today = visit.desk.flow.pieces, visit.house.services.snapshot.today()
    rows: dict[str, list[Row]] = {}
    for line in sorted(reader.pieces(kind="hotline", limit=1000), key=lambda found: found.key):
        revision = reader.revision(line.kind, line.key, line.live or line.number)
        body = revision.body if revision else {}
        row = Row(line, body, address("hotline", line.key), _ends(str(body.get("valid_until", "")), today))
        rows.setdefault(str(body.get("place", "")), []).append(row)
    places = dict(visit.house.catalogue.newest().names("place", visit.language))
    return visit.page("hotlines.html", rows=rows, places=places)


def _ends(until: str, today: date) -> str:
    try:
        left = (date.fromisoformat(until) - today).days
    except ValueError:
        return "over"
    return "over" if left < 0 else "soon" if left <= DAYS_AHEAD else ""


# ---- The place register ----


def showings_page(visit: Visit) -> Response:
    """Where pieces show; with `?gone=yes` also where they did."""
    gone = visit.query("gone") == "yes"
    found = visit.desk.flow.showings.shown(gone=gone)
    catalogue = visit.house.catalogue.newest()
    reader = visit.desk.flow.pieces
    lines = {name: reader.piece(*name) for name in {(s.kind, s.key) for s in found}}
    return visit.page(
        "showings.html",
        showings=[(s, catalogue.title(s.kind, s.key, visit.language) or s.key, lines[s.kind, s.key]) for s in found],
        gone=gone,
        channels=CHANNELS,
        pieces=_can_show(visit),
        chosen=visit.form.text("piece") or visit.query("piece"),
        form=visit.form,
    )


def _can_show(visit: Visit) -> list[tuple[str, str]]:
    """(kind/key, title) of every released product."""
    catalogue = visit.house.catalogue.newest()
    return [
        (f"{kind}/{key}", f"{visit.t.kind(kind)} · {title or key}")
        for kind in PRODUCT_KINDS
        for key, title in catalogue.names(kind, visit.language)
    ]


def put_up(visit: Visit) -> Response:
    """Note that what customers see of a piece shows at a place."""
    kind, _, key = visit.form.text("piece").partition("/")
    line = visit.desk.flow.pieces.piece(kind, key)
    if line is None:
        raise FlowError(f"{kind}/{key}: no such piece", code="no_piece", piece=f"{kind}/{key}")
    if line.live is None:
        raise FlowError(f"{kind}/{key} is not released", code="not_released")
    place = visit.form.text("place")
    if not place:
        raise FlowError("name the place", code="place_missing")
    visit.desk.flow.showings.put_up(
        visit.actor,
        kind,
        key,
        line.live,
        channel=visit.form.text("channel", "other")[:32],
        place=place[:200],
        until=visit.t.moment(visit.form.text("until")),
    )
    return visit.go("/desk/showings", "desk_said_put_up", place=place)


def taken_down(visit: Visit) -> Response:
    """Confirm that a place shows it no more."""
    asked = visit.path("id")
    visit.desk.flow.showings.taken_down(visit.actor, int(asked) if asked.isdecimal() and len(asked) < 10 else 0)
    return visit.go("/desk/showings", "desk_said_taken_down")
