"""Adding films at the desk, and playing them on screens."""

from fastapi import FastAPI

from bot.store.releases import ContentStore
from bot.web.services import Services
from tests.desk.test_films import MP4
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


def test_a_film_plays_on_screens_in_parts_and_only_when_it_is_released(app: FastAPI, services: Services) -> None:
    screen = Caller(app)
    name = services.films.add(MP4)
    assert screen.get(f"/screen/films/{name}").status_code == 404
    body = {"id": "f", "title": {"zh-Hans": "短片", "en": "Film"}, "lines": [{"zh-Hans": "停", "en": "Stop"}],
            "file": name, "start": "2020-01-01", "end": "2099-12-31"}  # fmt: skip
    store = ContentStore(services.database)
    store.seed([("film", "f", body)])
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
