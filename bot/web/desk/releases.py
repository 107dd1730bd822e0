"""What was released when: the history, what each release changed, and going back to one."""

from starlette.responses import Response

from bot.core.errors import FlowError
from bot.core.publishing import Right
from bot.web.desk.release import told
from bot.web.desk.routes import Pages
from bot.web.desk.visit import Visit

PER_PAGE = 30


def add(pages: Pages) -> None:
    """Register the pages."""
    pages.get("/desk/releases", Right.READ)(history)
    pages.get("/desk/releases/{number}", Right.READ)(one)
    pages.post("/desk/releases/{number}/roll-back", Right.RELEASE, again=one)(roll_back)


def history(visit: Visit) -> Response:
    """Every release, newest first."""
    page = visit.page_number()
    found = visit.house.services.store.history(page * PER_PAGE + 1)
    return visit.page(
        "releases.html",
        releases=found[(page - 1) * PER_PAGE : page * PER_PAGE],
        more=len(found) > page * PER_PAGE,
        page=page,
        turned=lambda number: f"/desk/releases?page={number}",
        newest=visit.house.services.store.newest_release(),
    )


def one(visit: Visit) -> Response:
    """What one release changed."""
    number, newest = _number(visit), visit.house.services.store.newest_release()
    notes = visit.house.services.store.history(newest - number + 1)
    note = next((n for n in notes if n.number == number), None)
    if note is None:
        raise FlowError(f"there is no release {number}", code="no_release", release=str(number))
    changes = visit.desk.flow.pieces.changes(number - 1, number)
    return visit.page(
        "release_one.html",
        release=note,
        changes=told(visit, changes[:500]) if number > 1 else [],
        count=len(changes),
        newest=newest,
        in_force=visit.house.services.live.version,
        reason=visit.form.text("reason"),
    )


def _number(visit: Visit) -> int:
    asked = visit.path("number")
    if not asked.isdecimal() or len(asked) > 9:
        raise FlowError(f"there is no release {asked}", code="no_release", release=asked)
    return int(asked)


def roll_back(visit: Visit) -> Response:
    """A new release with what this one held."""
    done = visit.desk.flow.roll_back(visit.actor, _number(visit), reason=visit.form.text("reason"))
    kept = len(done.kept) + len(done.left_out)
    said = "desk_said_rolled_back_but" if kept else "desk_said_rolled_back"
    return visit.go(f"/desk/releases/{done.release}", said, number=done.release, count=kept)
