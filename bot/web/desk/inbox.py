"""The inbox: what customers wrote and nobody could answer, and what an editor makes of it."""

from starlette.responses import Response

from bot.core.errors import FlowError
from bot.core.publishing import Right
from bot.desk.inbox import LEAST_PEOPLE, Group, draft_key, draft_of
from bot.store.inbox import KEPT_DAYS
from bot.web.desk.pieces import address
from bot.web.desk.routes import Pages
from bot.web.desk.visit import Visit

MADE = ("case", "examples", "answer")


def add(pages: Pages) -> None:
    """Register the pages."""
    pages.get("/desk/inbox", Right.COMMENT)(inbox_page)
    pages.post("/desk/inbox/{group}/make", Right.WRITE, again=inbox_page)(make)
    pages.post("/desk/inbox/{group}/dismiss", Right.WRITE, again=inbox_page)(dismiss)


def inbox_page(visit: Visit) -> Response:
    """Groups of texts, those of most people first."""
    overview = visit.house.services.inbox.overview()
    catalogue = visit.house.catalogue.newest()
    return visit.page(
        "inbox.html",
        groups=overview.groups,
        withheld=overview.withheld,
        made=MADE,
        least=LEAST_PEOPLE,
        days=KEPT_DAYS,
        kind_of=lambda key: (
            catalogue.title("typology", key, visit.language) or visit.t.or_else(f"desk_typology_{key}", key)
        ),
    )


def _group(visit: Visit) -> Group:
    asked = visit.path("group")
    return visit.house.services.inbox.group(int(asked) if asked.isdecimal() and len(asked) < 10 else 0)


def make(visit: Visit) -> Response:
    """A draft of this editor's, which begins with what people wrote."""
    group, kind = _group(visit), visit.form.text("kind")
    if kind not in MADE:
        raise FlowError(f"nothing of the kind {kind} is made of the inbox", code="no_piece", piece=kind)
    key = draft_key(group, kind)
    comment = visit.t("desk_inbox_comment", count=group.people)
    visit.desk.flow.save(visit.actor, kind, key, draft_of(group, kind), base=0, comment=comment)
    visit.house.services.inbox.became(group, kind, key)
    return visit.go(address(kind, key, "edit"), "desk_said_inbox_made")


def dismiss(visit: Visit) -> Response:
    """Nothing comes of it."""
    visit.house.services.inbox.dismiss(_group(visit))
    return visit.go("/desk/inbox", "desk_said_inbox_dismissed")
