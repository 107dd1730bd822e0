"""The desk's people: adding, roles, new first passwords, closing and opening accounts."""

from starlette.responses import Response

from bot.core.publishing import Right
from bot.web.desk.routes import Pages
from bot.web.desk.visit import Visit


def add(pages: Pages) -> None:
    """Register the pages."""
    pages.get("/desk/staff", Right.STAFF)(staff_page)
    pages.post("/desk/staff", Right.STAFF, again=staff_page)(new)
    pages.post("/desk/staff/{login}/roles", Right.STAFF, again=staff_page)(roles)
    pages.post("/desk/staff/{login}/reset", Right.STAFF, again=staff_page)(reset)
    pages.post("/desk/staff/{login}/disable", Right.STAFF, again=staff_page)(disable)
    pages.post("/desk/staff/{login}/enable", Right.STAFF, again=staff_page)(enable)


def staff_page(visit: Visit) -> Response:
    """Everybody who has an account."""
    return _page(visit)


def _page(visit: Visit, *, login: str = "", password: str = "") -> Response:
    """The list; with a first password it is shown this once, and kept nowhere."""
    rules = visit.desk.rules.flow
    return visit.page(
        "staff.html",
        members=visit.desk.accounts.members(),
        roles=list(rules.roles.values()),
        handed_to=login,
        handed=password,
        form=visit.form if not password else None,
    )


def new(visit: Visit) -> Response:
    """A new account."""
    login, external = visit.form.text("login"), visit.form.text("external")
    password = visit.desk.accounts.add(
        visit.actor,
        login,
        name=visit.form.text("name"),
        roles=visit.form.texts("role"),
        external=external or None,
    )
    if not password:
        return visit.go("/desk/staff", "desk_said_staff_added", name=login)
    return _page(visit, login=login, password=password)


def roles(visit: Visit) -> Response:
    """Other roles."""
    login = visit.path("login")
    visit.desk.accounts.set_roles(visit.actor, login, visit.form.texts("role"))
    return visit.go("/desk/staff", "desk_said_staff_roles", name=login)


def reset(visit: Visit) -> Response:
    """Another first password."""
    login = visit.path("login")
    return _page(visit, login=login, password=visit.desk.accounts.reset(visit.actor, login))


def disable(visit: Visit) -> Response:
    """Close an account."""
    visit.desk.accounts.disable(visit.actor, visit.path("login"))
    return visit.go("/desk/staff", "desk_said_staff_disabled", name=visit.path("login"))


def enable(visit: Visit) -> Response:
    """Open it again."""
    visit.desk.accounts.enable(visit.actor, visit.path("login"))
    return visit.go("/desk/staff", "desk_said_staff_enabled", name=visit.path("login"))
