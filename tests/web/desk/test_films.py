"""Adding films at the desk, and playing them on screens."""

from fastapi import FastAPI

from bot.store.releases import ContentStore
from bot.web.services import Services
from tests.desk.test_films import MP4
from tests.editorial import OPERATOR
from tests.web.calling import Caller
from tests.web.desk.conftest import Enter, alerts


def upload(enter: Enter, data: bytes = MP4, login: str = "lin") -> tuple[int, str]:
    """Add a film through the form; status and page."""
    lin = enter(login)
    lin.get("/desk/films")
    files = {"film": ("lobby.mp4", data, "video/mp4")}
    answer = lin.post("/desk/films", files=files)
    return answer.status_code, answer.text


def test_a_film_is_added_and_offered_to_be_written_about(enter: Enter, services: Services) -> None:
    status, page = upload(enter)
    (film,) = services.films.all()
    assert status == 200
    assert "lobby.mp4 is added" in page
    assert f"/desk/new/film?file={film.name}" in page
    form = enter("lin").get(f"/desk/new/film?file={film.name}")
    assert f'value="{film.name}"' in form.text


def test_what_is_no_film_is_told_and_only_authors_add_any(enter: Enter, services: Services) -> None:
    status, page = upload(enter, b"<svg onload=alert(1)>")
    assert status == 400
    assert "neither an MP4 nor a WebM" in page
    assert upload(enter, login="vic")[0] == 403
    assert services.films.all() == []


def test_no_file_is_told(enter: Enter) -> None:
    lin = enter("lin")
    lin.get("/desk/films")
    assert "Choose a file first" in alerts(lin.post("/desk/films"))


def about(name: str) -> dict[str, object]:
    """A piece that shows a film."""
    return {"id": "f", "title": {"zh-Hans": "短片", "en": "Film"}, "lines": [{"zh-Hans": "停", "en": "Stop"}],
            "file": name, "start": "2020-01-01", "end": "2099-12-31"}  # fmt: skip


def test_a_film_that_no_piece_shows_is_deleted_and_the_trail_says_by_whom(enter: Enter, services: Services) -> None:
    name = services.films.add(MP4)
    assert f"/desk/films/{name}/delete" not in enter("vic").get("/desk/films").text
    vic = enter("vic")
    vic.get("/desk/films")
    assert vic.post(f"/desk/films/{name}/delete").status_code == 403
    lin = enter("lin")
    assert f"/desk/films/{name}/delete" in lin.get("/desk/films").text
    page = lin.post(f"/desk/films/{name}/delete")
    assert "is deleted" in page.text
    assert services.films.all() == []
    (entry, *_) = services.desk.flow.trail.entries(subject=f"media/{name}")
    assert (entry.actor, entry.action) == ("lin", "film.deleted")
    again = lin.post(f"/desk/films/{name}/delete")
    assert "no such film" in alerts(again)
    assert len(services.desk.flow.trail.entries(subject=f"media/{name}")) == 1


def test_a_film_stays_while_a_piece_shows_it_or_is_about_to(enter: Enter, services: Services) -> None:
    name = services.films.add(MP4)
    store = ContentStore(services.database)
    store.seed([("film", "f", about(name))])
    lin = enter("lin")
    lin.get("/desk/films")
    assert "still show this film (f)" in alerts(lin.post(f"/desk/films/{name}/delete"))  # approved, not yet released
    store.publish(author="seed")
    services.live.refresh()
    assert f"/desk/films/{name}/delete" not in lin.get("/desk/films").text
    page = lin.post(f"/desk/films/{name}/delete")
    assert page.status_code == 400
    assert "still show this film (f)" in alerts(page)
    assert [f.name for f in services.films.all()] == [name]
    services.desk.flow.withdraw(OPERATOR, [("film", "f")], reason="shot in the wrong branch")
    services.live.refresh()
    lin.get("/desk/films")
    assert "is deleted" in lin.post(f"/desk/films/{name}/delete").text
    assert services.films.all() == []


def test_a_film_plays_on_screens_in_parts_and_only_when_it_is_released(app: FastAPI, services: Services) -> None:
    screen = Caller(app)
    name = services.films.add(MP4)
    assert screen.get(f"/screen/films/{name}").status_code == 404
    store = ContentStore(services.database)
    store.seed([("film", "f", about(name))])
    store.publish(author="seed")
    services.live.refresh()
    items = screen.get("/screen/playlist.json").json()["items"]
    assert [(i["kind"], i["file"]) for i in items if i["kind"] == "film"] == [("film", name)]
    whole = screen.get(f"/screen/films/{name}")
    assert (whole.status_code, whole.content) == (200, MP4)
    assert "immutable" in whole.headers["cache-control"]
    part = screen.get(f"/screen/films/{name}", headers={"range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, b"ftyp")
    assert screen.get("/screen/films/..%2f..%2ffangzha.db").status_code == 404
