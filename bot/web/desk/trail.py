"""The audit trail, and the proof that nobody altered it."""

from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from bot.core.publishing import Right
from bot.store.audit import Entry
from bot.web.desk.routes import Pages
from bot.web.desk.visit import Visit

PER_PAGE = 50
# What stands in an entry for machines, or is told by its other columns.
NOT_TOLD = frozenset({"digest", "findings", "source"})
# Actions whose subject is a piece.
OF_PIECES = ("piece.", "step.", "showing.", "release.apart")


def add(pages: Pages) -> None:
    """Register the pages."""
    pages.get("/desk/trail", Right.AUDIT)(trail_page)


def trail_page(visit: Visit) -> Response:
    """Who did what to what, newest first; `?verify=yes` walks all of it."""
    subject, actor, before = visit.query("subject").strip(), visit.query("actor").strip(), visit.query("before")
    trail = visit.desk.flow.trail
    entries = trail.entries(
        before=int(before) if before.isdecimal() and len(before) < 10 else None,
        limit=PER_PAGE + 1,
        subject=subject or None,
        actor=actor or None,
    )
    shown = entries[:PER_PAGE]
    verified = trail.verify(head=visit.query("head").strip() or None) if visit.query("verify") == "yes" else None
    older = {"subject": subject, "actor": actor, "before": shown[-1].number if shown else ""}
    return visit.page(
        "trail.html",
        entries=[(entry, _detail(visit, entry), _path(entry)) for entry in shown],
        older=f"/desk/trail?{urlencode(older)}" if len(entries) > PER_PAGE else "",
        subject=subject,
        actor=actor,
        verified=verified,
        head=visit.query("head"),
        people=visit.desk.accounts.members(),
    )


def _detail(visit: Visit, entry: Entry) -> list[tuple[str, str]]:
    """What else an entry says, as pairs."""
    told = {name: value for name, value in entry.detail.items() if name not in NOT_TOLD}
    return [(name, _plain(_named(visit, name, value))) for name, value in told.items() if value not in (None, "", [])]


def _named(visit: Visit, name: str, value: Any) -> Any:
    """Steps, roles and people by their names."""
    if name == "roles" and isinstance(value, list):
        return [visit.t.role(str(role)) for role in value]
    if name == "channel":
        return visit.t.option("where", value)
    if name == "way":
        return visit.t.or_else(f"desk_detail_way_{value}", str(value))
    if name == "step":
        return visit.t.step(str(value))
    return visit.who(str(value)) if name == "author" else value


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(one) for one in value[:20])
    text = str(value)
    return text if len(text) <= 160 else f"{text[:160]}…"


def _path(entry: Entry) -> str:
    """The page of what it is about, where there is one."""
    kind, slash, key = entry.subject.partition("/")
    return f"/desk/pieces/{kind}/{key}" if slash and entry.action.startswith(OF_PIECES) else ""
