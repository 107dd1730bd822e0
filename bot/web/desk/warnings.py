"""What goes to subscribers: how far each warning is, how fast, and stopping it."""

from dataclasses import dataclass

from starlette.responses import Response

from bot.core.errors import FlowError
from bot.core.publishing import Right
from bot.delivery.planning import WARNING
from bot.store.broadcasts import Progress
from bot.web.desk.pieces import address
from bot.web.desk.routes import Pages
from bot.web.desk.visit import Visit

SHOWN = 50


def add(pages: Pages) -> None:
    """Register the pages."""
    pages.get("/desk/warnings", Right.READ)(overview)
    pages.get("/desk/warnings/state", Right.READ)(state)
    pages.post("/desk/warnings/{id}/pause", Right.RELEASE, again=overview)(pause)
    pages.post("/desk/warnings/{id}/resume", Right.RELEASE, again=overview)(resume)


@dataclass(frozen=True, slots=True)
class Line:
    """One broadcast as the page shows it, in the editor's words."""

    progress: Progress
    counts: str
    pace: str

    @property
    def path(self) -> str:
        """The page of the warning it sends; empty for what is no warning of its own."""
        return "" if self.progress.kind == "update" else address(WARNING, self.progress.key)

    @property
    def through(self) -> int:
        """How many are through: it arrived, or never will."""
        return self.progress.sent + self.progress.failed

    @property
    def most(self) -> int:
        """How many that can become. What was stopped half way is shown as that."""
        stopped = self.progress.state in {"over", "withdrawn"}
        return self.progress.total - (0 if stopped else self.progress.dropped)


def _lines(visit: Visit) -> list[Line]:
    delivery = visit.house.services.delivery
    found = delivery.broadcasts.progress(limit=SHOWN)
    delivery.rates.saw(found)
    return [_line(visit, p) for p in found]


def _line(visit: Visit, p: Progress) -> Line:
    rates = visit.house.services.delivery.rates
    numbers = {name: f"{getattr(p, name):,}" for name in ("sent", "due", "later", "failed", "dropped", "total")}
    left = rates.seconds_left(p)
    pace = ""
    if p.state == "going" and left is not None:
        pace = visit.t("desk_warnings_pace", count=f"{rates.per_second(p.id):.1f}", minutes=max(1, round(left / 60)))
    return Line(p, visit.t("desk_warnings_counts", **numbers), pace)


def overview(visit: Visit) -> Response:
    """Everything that was sent lately, the newest first."""
    lines = _lines(visit)
    return visit.page("warnings.html", lines=lines, moving=any(_moves(line) for line in lines))


def state(visit: Visit) -> Response:
    """The same for a script."""
    return visit.data(
        [
            {
                "id": line.progress.id,
                "state": line.progress.state,
                "counts": line.counts,
                "pace": line.pace,
                "done": line.through,
                "most": line.most,
            }
            for line in _lines(visit)
        ]
    )


def _moves(line: Line) -> bool:
    return line.progress.state == "going" and (not line.progress.planned or line.progress.due > 0)


def pause(visit: Visit) -> Response:
    """Stop before the next message."""
    if not visit.house.services.delivery.broadcasts.pause(_id(visit)):
        raise FlowError("it is not being sent", code="not_going")
    return visit.go("/desk/warnings", "desk_said_paused")


def resume(visit: Visit) -> Response:
    """Go on."""
    if not visit.house.services.delivery.broadcasts.resume(_id(visit)):
        raise FlowError("it is not paused", code="not_paused")
    return visit.go("/desk/warnings", "desk_said_resumed")


def _id(visit: Visit) -> int:
    asked = visit.path("id")
    return int(asked) if asked.isdecimal() and len(asked) < 10 else 0
