"""The desk as a whole: every module of pages, registered behind the guard."""

from types import ModuleType

from starlette.responses import Response

from bot.core.publishing import Right
from bot.web.desk import (
    calendar,
    checking,
    devices,
    edit,
    exchange,
    family,
    films,
    home,
    inbox,
    keeping,
    lobby,
    looks,
    measures,
    oidc,
    piece,
    pieces,
    release,
    releases,
    report,
    sign_in,
    staff,
    trail,
    trying,
    waiting,
    warnings,
    withdrawing,
)
from bot.web.desk.house import open_house
from bot.web.desk.routes import Pages, message
from bot.web.desk.visit import Visit
from bot.web.services import Services

# A new module of pages is one more name here.
MODULES: tuple[ModuleType, ...] = (
    sign_in,
    home,
    waiting,
    pieces,
    piece,
    edit,
    exchange,
    family,
    checking,
    release,
    releases,
    withdrawing,
    trail,
    trying,
    staff,
    keeping,
    lobby,
    looks,
    oidc,
    devices,
    films,
    inbox,
    measures,
    report,
    calendar,
    warnings,
)


def desk_pages(services: Services) -> Pages:
    """Everything under /desk.

    Raises:
        FangzhaError: the desk's time zone is none.
    """
    pages = Pages(open_house(services))
    for module in MODULES:
        module.add(pages)
    pages.get("/desk/{rest:path}", Right.READ)(_nothing_here)
    return pages


def _nothing_here(visit: Visit) -> Response:
    return message(visit, visit.t("desk_error_no_page"), 404)
