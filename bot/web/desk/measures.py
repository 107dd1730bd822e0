"""Measures: which kinds of scam are asked about, where, and what became of each piece."""

from urllib.parse import urlencode

from starlette.responses import Response

from bot.core.measures import Measured
from bot.core.publishing import Right
from bot.desk.charts import Bar, bars
from bot.desk.exchange_columns import Column
from bot.desk.exchange_files import as_csv
from bot.desk.measures import LEAST_ASKERS, Measures, Period, Trend
from bot.web.desk.pieces import address
from bot.web.desk.routes import Pages
from bot.web.desk.visit import Visit

DAYS = (7, 30, 90, 365)
CHARTS = 6
MOST_PIECES = 200
COLUMNS = tuple(Column(name) for name in ("from", "to", "kind", "key", "name", "event", "channel", "place", "count"))


def add(pages: Pages) -> None:
    """Register the pages."""
    pages.get("/desk/measures", Right.READ)(measures_page)
    pages.get("/desk/measures.csv", Right.READ)(measures_file)


def measures_page(visit: Visit) -> Response:
    """Trends, branches and pieces of the days that are asked for."""
    visit.house.services.counts.flush()
    measures, period = Measures(visit.house.services.counts), period_of(visit)
    branches = measures.branches(period)
    place = visit.query("place") if visit.query("place") in branches else ""
    trends = measures.trends(period, place)
    most = max((count for t in trends for _, count in t.steps), default=0)
    return visit.page(
        "measures.html",
        period=period,
        days=DAYS,
        place=place,
        branches=branches,
        least=LEAST_ASKERS,
        trends=trends,
        charts=[(trend, bars_of(visit, trend, most)) for trend in trends[:CHARTS] if trend.asked],
        pieces=[p for p in measures.pieces(period) if p.kind != "typology"][:MOST_PIECES],
        name_of=lambda kind, key: name_of(visit, kind, key),
        address=address,
        export=f"/desk/measures.csv?{urlencode({'days': period.days})}",
    )


def period_of(visit: Visit) -> Period:
    """The days that are asked for, up to today."""
    asked = visit.query("days", "30")
    days = int(asked) if asked in {str(d) for d in DAYS} else 30
    return Period.until(visit.house.services.snapshot.today(), days)


def name_of(visit: Visit, kind: str, key: str) -> str:
    """What a piece that was counted is called."""
    title = visit.house.catalogue.newest().title(kind, key, visit.language)
    return title or (visit.t(f"desk_typology_{key}") if kind == "typology" else "") or key


def bars_of(visit: Visit, trend: Trend, most: int) -> list[Bar]:
    """The bars of one kind of scam, all charts of a page to the same height."""
    return bars([(visit.t.day(day), count) for day, count in trend.steps], most)


def measures_file(visit: Visit) -> Response:
    """The same as a file, for a spreadsheet."""
    visit.house.services.counts.flush()
    period = period_of(visit)
    rows = Measures(visit.house.services.counts).rows(period)
    headings = {c.id: visit.t(f"desk_measures_column_{c.id}") for c in COLUMNS}
    data = as_csv(COLUMNS, (_row(visit, period, m) for m in rows), headings)
    return visit.file(data, "text/csv", f"measures-{period.start}-{period.end}.csv")


def _row(visit: Visit, period: Period, one: Measured) -> dict[str, str]:
    return {
        "from": period.start.isoformat(),
        "to": period.end.isoformat(),
        "kind": one.kind,
        "key": one.key,
        "name": name_of(visit, one.kind, one.key),
        "event": visit.t.or_else(f"desk_event_{one.event}", one.event),
        "channel": one.channel,
        "place": one.place,
        "count": str(one.count),
    }
