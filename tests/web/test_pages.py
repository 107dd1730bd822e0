"""The pages: their words from the store, nothing from elsewhere, strict headers on every answer."""

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from bot.conversation.memory import Memory
from bot.conversation.snapshot import Snapshot
from bot.core.vocabulary import Language
from bot.web.app import create_app
from bot.web.services import Services
from tests.conftest import PROJECT
from tests.web.calling import Caller
from tests.web.conftest import served

# What anybody may see; the desk is behind its sign-in and has tests of its own.
PAGES = ["/", "/design", "/docs", "/kiosk", "/screen"]
FOLDER = PROJECT / "bot" / "web" / "static"
STATIC = sorted(str(p.relative_to(FOLDER)) for p in FOLDER.rglob("*") if p.is_file())
PLAIN = ["/healthz", "/readyz", "/metrics", "/openapi.json"]
# Names of document types and drawing languages, which no browser fetches.
NAMESPACES = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml", "http://www.w3.org/1999/xlink"}


class Page(HTMLParser):
    """A page taken apart: its tags, and the JSON blocks in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.data: dict[str, Any] = {}
        self._inside: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember a tag."""
        self.tags.append((tag, dict(attrs)))
        self._inside = dict(attrs).get("id") if tag == "script" else None

    def handle_data(self, data: str) -> None:
        """Read the JSON of a script block."""
        if self._inside:
            self.data[self._inside] = json.loads(data)

    def handle_endtag(self, tag: str) -> None:
        """Leave a script block."""
        self._inside = None

    def all(self, tag: str) -> Iterator[dict[str, str | None]]:
        """The attributes of every such tag."""
        return (attributes for name, attributes in self.tags if name == tag)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
def test_a_page_is_served_in_the_language_of_its_reader(client: Caller, path: str, language: str) -> None:
    # the browser of a branch's machine knows nothing of who stands before it
    asked = f"{path}?lang={language}" if path == "/kiosk" else path
    answer = client.get(asked, headers={"accept-language": f"{language},fr;q=0.5"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    page = Page(answer.text)
    assert next(page.all("html"))["lang"] == language
    assert "{{" not in answer.text
    assert "{%" not in answer.text


def test_an_address_can_ask_for_a_language_too(client: Caller) -> None:
    answer = client.get("/?lang=en", headers={"accept-language": "zh-CN"})
    assert next(Page(answer.text).all("html"))["lang"] == "en"
    odd = client.get("/?lang=klingon", headers={"accept-language": "fr"})
    assert next(Page(odd.text).all("html"))["lang"] == "zh-Hans"


@pytest.mark.parametrize("path", [*PAGES, *(f"/static/{name}" for name in STATIC)])
def test_nothing_is_fetched_from_elsewhere(client: Caller, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    addresses = set(re.findall(r"(?:https?:)?//[\w.-]+\.[a-z]{2,}[^\s\"'<>)]*", answer.text))
    assert addresses - NAMESPACES == set()
    assert not re.search(r"@import|url\(\s*['\"]?(?:https?:)?//", answer.text)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_needs_no_exception_from_its_own_strict_policy(client: Caller, path: str) -> None:
    page = Page(client.get(path).text)
    assert list(page.all("style")) == []
    for script in page.all("script"):
        assert script.get("src", "").startswith("/static/") or script.get("type") == "application/json"
    for tag, attributes in page.tags:
        assert "style" not in attributes, tag
        assert not [name for name in attributes if name.startswith("on")], tag
        for name in ("src", "href", "action"):
            value = attributes.get(name)
            assert not value or re.match(r"/(?!/)|#|tel:|sms:", value), (tag, value)
    assert list(page.all("iframe")) == []
    assert list(page.all("object")) == []


@pytest.mark.parametrize("path", PAGES)
def test_every_file_a_page_asks_for_is_there(client: Caller, path: str) -> None:
    page = Page(client.get(path).text)
    wanted = [a.get("href") for a in page.all("link")] + [a.get("src") for a in page.all("script")]
    wanted += [a.get("href") for a in page.all("use")]
    for address in filter(None, wanted):
        assert client.get(address.split("#")[0]).status_code == 200, address


def modules(client: Caller, address: str, known: set[str]) -> set[str]:
    """The modules reached from one of them, itself among them."""
    known.add(address)
    for name in re.findall(r'^import .* from "\./([\w-]+\.js)";$', client.get(address).text, re.M):
        if (found := f"{address.rsplit('/', 1)[0]}/{name}") not in known:
            modules(client, found, known)
    return known


@pytest.mark.parametrize("path", ["/", "/design"])
def test_every_module_is_there_and_those_of_the_chat_are_fetched_at_once(client: Caller, path: str) -> None:
    page = Page(client.get(path).text)
    (start,) = [str(a["src"]) for a in page.all("script") if a.get("type") == "module"]
    reached = modules(client, start, set())
    assert {client.get(address).status_code for address in reached} == {200}
    announced = {a["href"] for a in page.all("link") if a.get("rel") == "modulepreload"}
    assert announced == (reached - {start} if path == "/" else set())


def test_every_icon_a_page_shows_is_drawn(client: Caller) -> None:
    drawn = set(re.findall(r'id="([\w-]+)"', client.get("/static/icons.svg").text))
    for path in PAGES:
        shown = {str(a["href"]).split("#")[1] for a in Page(client.get(path).text).all("use")}
        assert shown <= drawn, path


HEADERS = {
    "content-security-policy": "default-src 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "microphone=()",
    "cache-control": "no-store",
}


def strict(headers: Any) -> None:
    """Every strict header is there, once, and the policy allows nothing inline or from elsewhere."""
    for name, value in HEADERS.items():
        assert value in headers[name], name
        assert len(headers.get_list(name)) == 1, name
    policy = headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "*" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize(
    "path", [*PAGES, *PLAIN, *(f"/static/{name}" for name in STATIC), "/nowhere", "/api/v1/warnings"]
)
def test_every_answer_carries_the_strict_headers(client: Caller, path: str) -> None:
    strict(client.get(path).headers)


@pytest.mark.parametrize(
    ("body", "status"),
    [(b'{"text": "a"}', 200), (b"{", 422), (b'{"text": "' + b"a" * 9000 + b'"}', 413), (b"x" * 200_000, 413)],
)
def test_refusals_carry_them_too(client: Caller, body: bytes, status: int) -> None:
    answer = client.post("/api/v1/assess", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == status
    strict(answer.headers)


def test_the_chat_page_brings_its_words_and_numbers_with_it(client: Caller, snapshot: Snapshot) -> None:
    data = Page(client.get("/").text).data["page-data"]
    assert data["words"].keys() == data["numbers"].keys() == data["greeting"].keys() == {t.value for t in Language}
    assert data["numbers"]["zh-Hans"][0]["number"] == "110"
    assert data["numbers"]["zh-Hant"][0]["number"] == "999"
    assert "{" not in json.dumps(data["greeting"]["en"]["text"])
    assert data["words"]["en"]["ui_send"] == snapshot.wording(Language.EN).reply("ui_send")
    assert all(data["words"][t.value][i] for t in Language for i in data["words"]["en"])


def test_the_police_are_one_tap_away_before_any_script_runs(client: Caller) -> None:
    for path in set(PAGES) - {"/screen"}:  # nobody touches a television
        assert "tel:110" in [a.get("href") for a in Page(client.get(path).text).all("a")], path


def test_words_from_the_store_cannot_break_out_of_a_page(services: Services, snapshot: Snapshot) -> None:
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    title = snapshot.release.replies["ui_title"]
    replies = {**snapshot.release.replies, "ui_title": replace(title, text=replace(title.text, zh_hans=evil))}
    named = replace(snapshot, release=replace(snapshot.release, replies=replies))
    text = Caller(create_app(served(services, named))).get("/").text
    assert "alert(1)" in text
    assert "<script>alert" not in text
    assert "<img src=x" not in text


def test_health_says_only_that_it_lives(client: Caller) -> None:
    assert client.get("/healthz").text == "ok"


def test_readiness_says_release_and_engine(client: Caller) -> None:
    body = client.get("/readyz").json()
    assert body["ready"] is True
    assert body["release"] >= 1
    assert body["engine"] == "down"


def test_metrics_count_turns_and_hold_no_text(client: Caller) -> None:
    client.post("/api/v1/chat", json={"conversation": "somebody-17", "text": "我的电话是13812345678"})
    text = client.get("/metrics").text
    assert "fangzha_turns_total" in text
    assert "somebody-17" not in text
    assert "13812345678" not in text


def test_the_api_page_lists_every_call_of_the_document(client: Caller) -> None:
    text = client.get("/docs").text
    for path in client.get("/openapi.json").json()["paths"]:
        assert path in text


async def test_starting_and_stopping_begins_and_ends_the_watch(services: Services, snapshot: Snapshot) -> None:
    own = served(services, snapshot)
    app = create_app(own)
    async with app.router.lifespan_context(app):
        assert own.live.steps == ["start"]  # type: ignore[attr-defined]  # the stand-in of these tests
    assert own.live.steps == ["start", "stop"]  # type: ignore[attr-defined]


class Forgetful(Memory):
    """A memory that notes when it is kept forgetting."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[str] = []
        self.begun = asyncio.Event()

    async def keep_forgetting(self, every: float = 0.0) -> None:
        """Until cancelled."""
        self.steps.append("start")
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.steps.append("stop")


async def test_while_it_runs_it_forgets_the_silent(services: Services, snapshot: Snapshot) -> None:
    memory = Forgetful()
    app = create_app(replace(served(services, snapshot), memory=memory))
    async with app.router.lifespan_context(app):
        await asyncio.wait_for(memory.begun.wait(), 30)
        assert memory.steps == ["start"]
    assert memory.steps == ["start", "stop"]
