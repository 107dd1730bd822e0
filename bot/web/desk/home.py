"""The first page: what waits for this editor, what is overdue, what was released last."""

from dataclasses import dataclass
from datetime import timedelta

from starlette.responses import Response

from bot.core.publishing import Right, State, Step
from bot.web.desk.pieces import Listed, listed
from bot.web.desk.routes import Pages
from bot.web.desk.visit import Visit

SHOWN = 8
AHEAD = timedelta(days=14)


def add(pages: Pages) -> None:
    """Register the page."""
    pages.get("/desk", Right.READ)(home)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Pieces at one step of the chain that this editor may decide."""

    step: Step
    count: int
    pieces: list[Listed]


def home(visit: Visit) -> Response:
    """What waits."""
    flow, member = visit.desk.flow, visit.visitor.member
    counts: dict[tuple[State, str], int] = {}
    for (_, state, step), number in flow.pieces.counts().items():
        counts[state, step] = counts.get((state, step), 0) + number
    overdue = flow.pieces.overdue(visit.desk.rules.flow, within=AHEAD)
    return visit.page(
        "home.html",
        waiting=_waiting(visit, counts),
        drafts=_drafts(visit) if visit.may(Right.WRITE) else [],
        approved=counts.get((State.APPROVED, ""), 0),
        scheduled=counts.get((State.SCHEDULED, ""), 0),
        overdue=listed(visit, overdue[:SHOWN]),
        overdue_count=len(overdue),
        releases=visit.house.services.store.history(5),
        name=member.name,
    )


def _waiting(visit: Visit, counts: dict[tuple[State, str], int]) -> list[Waiting]:
    """For each step of his, what is there and not by himself."""
    member, found = visit.visitor.member, []
    for step in visit.desk.rules.flow.steps:
        count = counts.get((State.REVIEW, step.id), 0)
        if set(step.roles) & set(member.roles):
            lines = visit.desk.flow.pieces.pieces(state=State.REVIEW, step=step.id, limit=SHOWN) if count else []
            found.append(Waiting(step, count, listed(visit, lines)))
    return found


def _drafts(visit: Visit) -> list[Listed]:
    """His own drafts, and what became a draft again by itself."""
    own = {visit.visitor.member.login, "sweep"}
    lines = visit.desk.flow.pieces.pieces(state=State.DRAFT, limit=200)
    return listed(visit, [line for line in lines if line.author in own][:SHOWN])
