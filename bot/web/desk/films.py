"""Adding the bank's own films, looking at them before a piece speaks of them, and letting them go."""

from starlette.responses import FileResponse, Response

from bot.core.errors import DeskError
from bot.core.publishing import Right
from bot.desk.films import MOST_BYTES
from bot.web.app_headers import SECURITY
from bot.web.desk.routes import Pages
from bot.web.desk.visit import Visit

PATH = "/desk/films"
ROOM_FOR_THE_FORM = 64 * 1024
WITH_FILMS = SECURITY["content-security-policy"] + "; media-src 'self'"


def add(pages: Pages) -> None:
    """Register the pages."""
    pages.get(PATH, Right.READ)(films_page)
    pages.post(PATH, Right.WRITE, again=films_page, most=MOST_BYTES + ROOM_FOR_THE_FORM)(keep)
    pages.get(f"{PATH}/{{name}}", Right.READ)(film)
    pages.post(f"{PATH}/{{name}}/delete", Right.WRITE, again=films_page)(delete)


def films_page(visit: Visit) -> Response:
    """Every film, and the form that adds one."""
    used = {f.file for f in visit.house.services.snapshot.release.products.films}
    page = visit.page("films.html", films=visit.house.services.films.all(), used=used, limit=MOST_BYTES // 1024**2)
    page.headers["content-security-policy"] = WITH_FILMS
    return page


def keep(visit: Visit) -> Response:
    """Add one."""
    sent = visit.form.file("film")
    if sent is None:
        raise DeskError("choose a file", code="film_missing")
    visit.house.services.films.add(sent.data)
    return visit.go(PATH, "desk_said_film_added", name=sent.name)


def delete(visit: Visit) -> Response:
    """Delete one that no piece speaks of."""
    name, films = visit.path("name"), visit.house.services.films
    visit.house.services.film_uses.let_go(visit.actor, name, lambda: films.remove(name))
    return visit.go(PATH, "desk_said_film_deleted", name=name[:12])


def film(visit: Visit) -> Response:
    """The film itself."""
    path = visit.house.services.films.path(visit.path("name"))
    if path is None:
        raise DeskError("there is no such film", code="no_film")
    return FileResponse(path)
