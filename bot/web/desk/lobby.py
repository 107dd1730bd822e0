"""The lobby page: calls for help ring on the branch manager's phone; one person takes each and says what came of it."""

from typing import Any

from starlette.responses import Response

from bot.conversation.redaction import redact
from bot.core.publishing import Right
from bot.store.help_calls import Call
from bot.web.desk.routes import Pages
from bot.web.desk.visit import Visit

PATH = "/desk/lobby"


def add(pages: Pages) -> None:
    """Register the pages."""
    pages.get(PATH, Right.LOBBY)(lobby_page)
    pages.get(f"{PATH}/calls", Right.LOBBY)(calls)
    pages.post(f"{PATH}/calls/{{id}}/take", Right.LOBBY, again=lobby_page, most=8192)(take)
    pages.post(f"{PATH}/calls/{{id}}/close", Right.LOBBY, again=lobby_page, most=8192)(close)


def lobby_page(visit: Visit) -> Response:
    """What rings and what is being seen to; of one place with `?place=`, and always what has none."""
    return visit.page(
        "lobby.html", **_shown(visit), places=visit.house.catalogue.newest().names("place", visit.language)
    )


def calls(visit: Visit) -> Response:
    """The list alone, for the page that renews it."""
    return visit.page("lobby_calls.html", **_shown(visit))


def _shown(visit: Visit) -> dict[str, Any]:
    place = visit.query("place")
    known = dict(visit.house.catalogue.newest().names("place", visit.language))
    found: list[Call] = [c for c in visit.house.services.help_calls.open() if not place or c.place in {place, ""}]
    return {
        "calls": [(c, known.get(c.place, c.place)) for c in found],
        "place": place,
        "login": visit.visitor.member.login,
    }


def take(visit: Visit) -> Response:
    """Go there."""
    visit.house.services.help_calls.take(visit.actor, _id(visit))
    return _back(visit)


def close(visit: Visit) -> Response:
    """Say what happened; numbers that tell of a person are masked."""
    outcome = redact(visit.form.text("outcome")).text
    visit.house.services.help_calls.close(visit.actor, _id(visit), outcome)
    return _back(visit)


def _back(visit: Visit) -> Response:
    return visit.data({}) if visit.wants_data else visit.go(PATH)


def _id(visit: Visit) -> int:
    asked = visit.path("id")
    return int(asked) if asked.isdecimal() and len(asked) < 10 else 0
