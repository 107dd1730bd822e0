"""The weekly report, as a page and as a PDF of the same sections."""

from datetime import date, timedelta

from starlette.responses import Response

from bot.core.publishing import Right
from bot.desk.measures import Measures, Piece
from bot.desk.report import Week, gather, week_of
from bot.desk.report_pdf import Section, report_pdf
from bot.store.releases import ReleaseNote
from bot.web.desk.measures import name_of
from bot.web.desk.routes import Pages
from bot.web.desk.visit import Visit

MOST_RELEASES = 200
WEEK = timedelta(days=7)


def add(pages: Pages) -> None:
    """Register the pages."""
    pages.get("/desk/report", Right.COMMENT)(report_page)
    pages.get("/desk/report.pdf", Right.COMMENT)(report_file)


def report_page(visit: Visit) -> Response:
    """A week; without `?week=` the one that is running."""
    week = _week(visit)
    start = week.period.start
    return visit.page(
        "report.html",
        title=_title(visit, week),
        sections=_sections(visit, week),
        before=start - WEEK,
        after=start + WEEK if start + WEEK <= visit.house.services.snapshot.today() else None,
        start=start,
    )


def report_file(visit: Visit) -> Response:
    """The same on paper."""
    week = _week(visit)
    pdf = report_pdf(
        _title(visit, week),
        visit.t("desk_report_lead"),
        visit.house.services.snapshot.release.bank.name.in_(visit.language),
        _sections(visit, week),
        language=visit.language,
        made=week.period.end,
    )
    return visit.file(pdf, "application/pdf", f"report-{week.period.start}.pdf")


def _week(visit: Visit) -> Week:
    services = visit.house.services
    services.counts.flush()
    try:
        asked = date.fromisoformat(visit.query("week"))
    except ValueError:
        asked = services.snapshot.today()
    period = week_of(min(max(asked, date(2000, 1, 3)), services.snapshot.today()))
    return gather(period, Measures(services.counts), services.inbox, services.snapshot.release)


def _title(visit: Visit, week: Week) -> str:
    return visit.t("desk_report_title", value=f"{week.period.start} – {week.period.end}")


def _sections(visit: Visit, week: Week) -> list[Section]:
    """Every sentence of the report in the editor's language."""
    t = visit.t

    def kind(key: str) -> str:
        return name_of(visit, "typology", key)

    asked = tuple((kind(x.key), str(x.asked), str(x.before)) for x in week.asked)
    rose = tuple((kind(x.key), f"+{x.change}", str(x.asked)) for x in week.rose)
    heard = tuple((g.shown[0].text, kind(g.typology), str(g.people)) for g in week.heard)
    releases = tuple(
        (
            " · ".join(filter(None, (t("desk_release_number", number=r.number), r.note))),
            visit.who(r.author),
            t.when(r.created_at),
        )
        for r in _releases(visit, week)
    )
    expiring = tuple(
        (_product_name(visit, p.head.id), t.day(p.head.showing.end))
        for p in sorted(week.expiring, key=lambda p: p.head.showing.end)
    )
    typology, piece = t("desk_kind_typology"), t("desk_pieces_piece")
    return [
        _section(visit, "asked", (typology, t("desk_event_asked"), t("desk_measures_before")), asked),
        _section(visit, "rose", (typology, t("desk_measures_change"), t("desk_event_asked")), rose),
        _section(
            visit,
            "shown",
            (piece, t("desk_event_shown"), t("desk_event_opened"), t("desk_measures_understood")),
            tuple(_shown(visit, p) for p in week.shown),
        ),
        _section(visit, "heard", (t("desk_report_text"), typology, t("desk_report_people")), heard),
        _section(
            visit, "releases", (t("desk_releases_note"), t("desk_releases_by"), t("desk_releases_when")), releases
        ),
        _section(visit, "expiring", (piece, t("desk_field_end")), expiring),
    ]


def _section(visit: Visit, name: str, headings: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> Section:
    return Section(visit.t(f"desk_report_{name}"), headings, rows, visit.t(f"desk_report_no_{name}"))


def _shown(visit: Visit, piece: Piece) -> tuple[str, ...]:
    understood = "–"
    if piece.understood is not None:
        answered = piece["right"] + piece["wrong"]
        understood = visit.t("desk_measures_percent", value=piece.understood, count=answered)
    name = f"{name_of(visit, piece.kind, piece.key)} · {visit.t.kind(piece.kind)}"
    return name, str(piece["shown"]), str(piece["opened"]), understood


def _releases(visit: Visit, week: Week) -> list[ReleaseNote]:
    notes = visit.house.services.store.history(MOST_RELEASES)
    days = week.period
    return [n for n in notes if days.start <= n.created_at.astimezone(visit.house.zone).date() <= days.end]


def _product_name(visit: Visit, key: str) -> str:
    catalogue = visit.house.catalogue.newest()
    kinds = ("warning", "screen", "led", "prompt_card", "leaflet", "handbook", "quiz")
    found = ((kind, catalogue.title(kind, key, visit.language)) for kind in kinds)
    return next((f"{title} · {visit.t.kind(kind)}" for kind, title in found if title), key)
