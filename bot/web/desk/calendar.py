"""The calendar: a month of campaigns, released and drafted, with what gets in the way and what is missing."""

from dataclasses import dataclass
from datetime import date, timedelta

from starlette.responses import Response

from bot.content.build import parse
from bot.content.plan_bodies import CampaignBody, campaign
from bot.core.errors import ContentError
from bot.core.plans import Campaign
from bot.core.publishing import Right
from bot.desk.calendar import bars, conflicts, gaps, missing, runs, weeks_of
from bot.store.views import PieceLine
from bot.web.desk.pieces import address
from bot.web.desk.routes import Pages
from bot.web.desk.visit import Visit

# Gaps are looked for in the month and in the weeks after it, while something can still be done.
WEEKS_AHEAD = 8


def add(pages: Pages) -> None:
    """Register the page."""
    pages.get("/desk/calendar", Right.READ)(calendar_page)


@dataclass(frozen=True)
class Planned:
    """All campaigns with where each stands; keys of drafts that are not complete enough to be laid out."""

    campaigns: tuple[Campaign, ...]
    lines: dict[str, PieceLine]
    incomplete: tuple[str, ...]


def calendar_page(visit: Visit) -> Response:
    """A month."""
    month, planned = _month(visit), _planned(visit)
    mondays = weeks_of(month)
    last = mondays[-1] + timedelta(days=6)
    shown = runs(planned.campaigns, mondays[0], last)
    ahead = [mondays[0] + timedelta(weeks=n) for n in range(len(mondays) + WEEKS_AHEAD)]
    audiences = dict(visit.house.catalogue.newest().names("audience", visit.language))
    soon = runs(planned.campaigns, ahead[0], ahead[-1] + timedelta(days=6))
    return visit.page(
        "calendar.html",
        month=month,
        before=(month - timedelta(days=1)).replace(day=1),
        after=(month.replace(day=28) + timedelta(days=4)).replace(day=1),
        today=visit.house.services.snapshot.today(),
        weeks=[([monday + timedelta(days=n) for n in range(7)], bars(shown, monday)) for monday in mondays],
        lines=planned.lines,
        incomplete=planned.incomplete,
        conflicts=conflicts(shown),
        missing=missing(shown, _ends(visit)),
        gaps=gaps(soon, audiences, ahead),
        until=ahead[-1] + timedelta(days=6),
        audience=lambda key: audiences.get(key) or visit.t.or_else(f"desk_audience_{key}", key),
        address=address,
    )


def _month(visit: Visit) -> date:
    try:
        asked = date.fromisoformat(f"{visit.query('month')}-01")
    except ValueError:
        asked = visit.house.services.snapshot.today()
    return min(max(asked, date(2000, 1, 1)), date(2100, 1, 1)).replace(day=1)


def _planned(visit: Visit) -> Planned:
    """The newest words of every campaign that is not withdrawn."""
    reader = visit.desk.flow.pieces
    campaigns, lines, incomplete = [], {}, []
    for line in reader.pieces(kind="campaign", limit=500):
        revision = reader.revision(line.kind, line.key, line.number)
        if line.withdrawn or revision is None:
            continue
        try:
            body = parse(line.kind, line.key, revision.body)
        except ContentError:
            incomplete.append(line.key)
            continue
        if isinstance(body, CampaignBody):
            campaigns.append(campaign(body))
            lines[body.id] = line
    return Planned(tuple(campaigns), lines, tuple(incomplete))


def _ends(visit: Visit) -> dict[str, date | None]:
    """The last day of everything released; products have one."""
    catalogue = visit.house.catalogue.newest()
    ends: dict[str, date | None] = {f"{kind}/{key}": None for kind, key, _ in catalogue.titles}
    for kind, key, body in visit.house.services.store.pieces_of(catalogue.release):
        if isinstance(body.get("end"), str):
            ends[f"{kind}/{key}"] = date.fromisoformat(body["end"])
    return ends
