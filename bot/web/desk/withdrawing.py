"""Taking something away from customers at once, and the places that still show it."""

from starlette.responses import Response

from bot.core.errors import FlowError
from bot.core.publishing import Right
from bot.store.views import Name
from bot.web.desk.pieces import listed
from bot.web.desk.routes import Pages
from bot.web.desk.visit import Visit

# Why one withdraws at once; anything else is said in one's own words.
REASONS = ("law", "number", "fact", "protest", "sign", "brand", "police")


def add(pages: Pages) -> None:
    """Register the pages."""
    pages.get("/desk/withdraw", Right.WITHDRAW)(withdraw_page)
    pages.post("/desk/withdraw", Right.WITHDRAW, again=withdraw_page)(withdraw)


def _named(visit: Visit) -> Name:
    kind, _, key = (visit.form.text("piece") or visit.query("piece")).partition("/")
    if visit.desk.flow.pieces.piece(kind, key) is None:
        raise FlowError(f"{kind}/{key}: no such piece", code="no_piece", piece=f"{kind}/{key}")
    return kind, key


def withdraw_page(visit: Visit) -> Response:
    """What would go, and where it shows."""
    kind, key = _named(visit)
    flow = visit.desk.flow
    with_it = flow.belonging(kind, key)
    lines = [line for name in ((kind, key), *with_it) if (line := flow.pieces.piece(*name)) is not None]
    pieces = listed(visit, lines)
    return visit.page(
        "withdraw.html",
        piece=pieces[0],
        belonging=pieces[1:],
        showings=flow.showings.shown([(kind, key), *with_it]),
        reasons=REASONS,
        reason=visit.form.text("reason"),
    )


def withdraw(visit: Visit) -> Response:
    """Withdraw it, and say where it still has to be taken down."""
    kind, key = _named(visit)
    why = visit.form.text("why")
    words = [visit.t(f"desk_withdraw_reason_{why}") if why in REASONS else "", visit.form.text("reason")]
    done = visit.desk.flow.withdraw(
        visit.actor,
        [(kind, key)],
        reason=": ".join(word for word in words if word),
        with_belongings=visit.form.text("alone") != "yes",
    )
    if done.still_showing:
        return visit.go("/desk/showings", "desk_said_withdrawn_showing", count=len(done.still_showing))
    return visit.go(f"/desk/releases/{done.release}", "desk_said_withdrawn", count=len(done.pieces))
