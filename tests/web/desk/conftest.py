"""The desk over a SQLite file of its own with tiny content and people, called in process like a browser would."""

import asyncio
import re
from collections.abc import Callable, Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine

from bot.content.files import Piece, read_folder
from bot.desk.accounts import Accounts
from bot.desk.flow import Flow
from bot.desk.service import Desk
from bot.recognition.encoder import NgramEncoder
from bot.settings import Settings
from bot.store.database import open_engine, upgrade
from bot.store.releases import ContentStore
from bot.store.staff import StaffStore
from bot.web.app import create_app
from bot.web.services import Services, open_services
from tests.editorial import DESK_RULES, OPERATOR, PEOPLE, QUICK, Clock, employ
from tests.tiny import write_tiny

PASSWORD = "four quiet herons at dusk"


class Editor:
    """A browser of one person: it keeps cookies, follows redirects and fills in the token of the form it was shown."""

    def __init__(self, app: FastAPI, *, https: bool = False, language: str = "en") -> None:
        self._app = app
        self._home = f"{'https' if https else 'http'}://bank.example"
        self._headers = {"accept-language": language, "user-agent": "a browser"}
        self.cookies = httpx.Cookies()
        self.csrf = ""

    def request(self, method: str, path: str, *, follow: bool = True, **more: Any) -> httpx.Response:
        """One request, and with `follow` those it leads to."""

        async def call() -> httpx.Response:
            transport = httpx.ASGITransport(app=self._app, raise_app_exceptions=False, client=("203.0.113.7", 4711))
            async with httpx.AsyncClient(
                transport=transport, base_url=self._home, cookies=self.cookies, follow_redirects=follow
            ) as client:
                headers = {**self._headers, **more.pop("headers", {})}
                answer = await client.request(method, path, headers=headers, **more)
                self.cookies = client.cookies
                return answer

        answer = asyncio.run(call())
        found = re.search(r'name="csrf" value="([^"]+)"', answer.text)
        self.csrf = found.group(1) if found else self.csrf
        return answer

    def get(self, path: str, **more: Any) -> httpx.Response:
        """A page."""
        return self.request("GET", path, **more)

    def post(self, path: str, fields: dict[str, Any] | None = None, **more: Any) -> httpx.Response:
        """A form with the token of the page before."""
        return self.request("POST", path, data={"csrf": self.csrf, **(fields or {})}, **more)

    def sign_in(self, login: str, password: str = PASSWORD) -> httpx.Response:
        """Through the page for it."""
        self.get("/desk/sign-in")
        return self.post("/desk/sign-in", {"login": login, "password": password})


class _Fields(HTMLParser):
    """What a browser would send of a form: the fields outside of templates, in the order of the page."""

    def __init__(self, text: str, form: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._form, self._inside, self._templates = form, False, 0
        self._area: str | None = None
        self._select: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Fields begin, and values of those that are one tag."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = given.get("id") == self._form
        self._templates += tag == "template"
        if not self._inside or self._templates:
            return
        if tag == "textarea":
            self._area, self._text = given["name"], ""
        elif tag == "select":
            self._select, self._chosen = given["name"], None
        elif tag == "option" and self._select and (self._chosen is None or "selected" in given):
            self._chosen = given["value"]
        elif tag == "input" and "name" in given:
            if given.get("type") in {"checkbox", "radio"} and "checked" not in given:
                return
            self.found.append((given["name"], given.get("value", "")))

    def handle_data(self, data: str) -> None:
        """The text of an area."""
        if self._area:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        """Fields end."""
        self._templates -= tag == "template"
        if tag == "textarea" and self._area:
            self.found.append((self._area, self._text))
            self._area = None
        elif tag == "select" and self._select:
            self.found.append((self._select, self._chosen or ""))
            self._select = None


def fields_in(answer: httpx.Response, form: str = "writing") -> dict[str, Any]:
    """The fields of a form as they stand, ready to be changed and sent."""
    found: dict[str, Any] = {}
    for name, value in _Fields(answer.text, form).found:
        found.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


def alerts(answer: httpx.Response) -> str:
    """What a page says went wrong."""
    found = re.findall(r'role="alert">.*?<p>(.*?)</p>', answer.text, re.S)
    return unescape(" ".join(found))


@pytest.fixture
def clock() -> Clock:
    """The desk's time."""
    return Clock()


@pytest.fixture
def seeded(tmp_path: Path, pieces: list[Piece]) -> Iterator[Engine]:
    """A SQLite file with a tiny content, the desk's words, and one release."""
    engine = open_engine(f"sqlite:///{tmp_path / 'desk.db'}")
    upgrade(engine)
    tiny, faults = read_folder(write_tiny(tmp_path / "content", products=True))
    assert faults == []
    words = [p for p in pieces if p.kind == "reply" and p.key.startswith(("desk_", "ui_"))]
    store = ContentStore(engine)
    store.seed((p.kind, p.key, p.body) for p in [*tiny, *words])
    store.publish(author="seed", note="tiny content")
    yield engine
    engine.dispose()


@pytest.fixture
def desk(seeded: Engine, clock: Clock) -> Desk:
    """The desk, its people with one cheap password, nobody's first."""
    employ(seeded)
    staff = StaffStore(seeded, DESK_RULES.flow)
    for person in PEOPLE:
        staff.reset_password(OPERATOR, person.login, QUICK.hash(PASSWORD))
        staff.change_password(person.login, QUICK.hash(PASSWORD))
    return Desk(DESK_RULES, Accounts(seeded, DESK_RULES, clock, QUICK), Flow(seeded, DESK_RULES.flow, clock))


@pytest.fixture
def services(seeded: Engine, desk: Desk, tmp_path: Path) -> Iterator[Services]:
    """Everything the app needs, over that file."""
    settings = Settings(DATABASE_URL=f"sqlite:///{tmp_path / 'desk.db'}", var=tmp_path / "var")
    opened = open_services(settings, with_engine=False, encoder=NgramEncoder())
    opened.desk = desk
    yield opened
    asyncio.run(opened.close())


@pytest.fixture
def app(services: Services) -> FastAPI:
    """The app; its lifespan is left out."""
    return create_app(services)


Enter = Callable[..., Editor]


@pytest.fixture
def enter(app: FastAPI) -> Enter:
    """Signs somebody in: `enter("lin")`; without a name it is a browser nobody has signed in with."""

    def come(login: str = "", **more: Any) -> Editor:
        editor = Editor(app, **more)
        if login:
            answer = editor.sign_in(login)
            assert answer.status_code == 200, alerts(answer)
        return editor

    return come
