"""The kiosk's own calls: all it needs as one JSON, the way by tapping as a conversation, and forgetting it."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from bot.conversation.memory import Conversation
from bot.conversation.messages import Message
from bot.core.errors import EngineError
from bot.core.measures import Event
from bot.core.vocabulary import Language, Urgency
from bot.store.counts import Counts
from bot.store.database import open_engine, upgrade
from bot.web.app import create_app
from bot.web.kiosk.asked import LEAST_ASKERS, Asked
from bot.web.kiosk.codes import drawn
from bot.web.services import Services
from tests.web.calling import Caller
from tests.web.conftest import served

WAY = {"conversation": "kiosk-1", "language": "zh-Hans", "tap": "money_account"}


@pytest.fixture
def hall(services: Services) -> Services:
    """Services whose memory is this test's own."""
    return served(services, services.snapshot)


@pytest.fixture
def kiosk(hall: Services) -> Caller:
    """A caller of the app."""
    return Caller(create_app(hall))


@pytest.fixture
def book(kiosk: Caller) -> dict[str, Any]:
    """The JSON."""
    answer = kiosk.get("/kiosk/content.json")
    assert answer.status_code == 200
    return answer.json()


# ---- The JSON ----


def sentences(value: Any) -> list[dict[str, str]]:
    """Every sentence of the JSON."""
    if isinstance(value, dict):
        own = [value] if "zh-Hans" in value and isinstance(value["zh-Hans"], str) else []
        return own + [s for inner in value.values() for s in sentences(inner)]
    return [s for inner in value for s in sentences(inner)] if isinstance(value, list) else []


def test_every_sentence_is_there_in_every_language(book: dict[str, Any]) -> None:
    said = sentences(book)
    assert len(said) > 500
    for one in said:
        assert set(one) == {"zh-Hans", "zh-Hant", "en"}
        assert all(one.values()), one


def test_every_kind_has_a_command_and_numbers_at_every_urgency(book: dict[str, Any], hall: Services) -> None:
    assert set(book["cards"]) == {*hall.snapshot.release.typologies, "unknown"}
    for card in book["cards"].values():
        assert set(card["at"]) == {"ask", "warn", "stop-now", "already-paid"}
        for at in card["at"].values():
            assert all(at[tag]["command"] and at[tag]["steps"] for tag in at)
    for urgency in ("stop-now", "already-paid"):
        assert book["numbers"][urgency]["zh-Hans"][0]["number"] == "110"


def test_every_picture_question_and_card_that_is_named_is_there(book: dict[str, Any]) -> None:
    def walk(node: dict[str, Any]) -> None:
        assert node["typology"] in book["cards"]
        if "question" in node:
            assert node["question"] in book["questions"]
            for then in node["then"].values():
                walk(then)

    for tap in book["taps"]:
        assert tap["picture"] in book["pictures"]
        if "tree" in tap:
            walk(tap["tree"])


def test_the_loop_has_warnings_tips_and_cases(book: dict[str, Any]) -> None:
    kinds = {item["kind"] for item in book["loop"]}
    assert kinds == {"warning", "screen", "case"}
    assert all(item["seconds"] >= 5 and item["title"]["en"] for item in book["loop"])


def test_it_is_sent_again_only_when_it_changed(kiosk: Caller) -> None:
    first = kiosk.get("/kiosk/content.json")
    again = kiosk.get("/kiosk/content.json", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["cache-control"] == "no-cache"


def test_another_day_may_have_other_numbers_and_is_another_json(hall: Services) -> None:
    tomorrow = replace(hall.snapshot, today=lambda: date(2026, 11, 24))
    first = Caller(create_app(hall)).get("/kiosk/content.json").headers["etag"]
    second = Caller(create_app(served(hall, tomorrow))).get("/kiosk/content.json").headers["etag"]
    assert first != second


def test_the_page_itself_is_kept_by_no_browser(kiosk: Caller) -> None:
    assert kiosk.get("/kiosk").headers["cache-control"] == "no-store"


# ---- The way by tapping, as a conversation ----


def test_the_way_becomes_a_conversation_that_quotes_nobody(kiosk: Caller, hall: Services) -> None:
    assert kiosk.request("PUT", "/kiosk/conversation", json=WAY).status_code == 204
    talk = hall.memory.find("kiosk-1")
    assert talk is not None and talk.assessment is not None
    assert (talk.assessment.typology, talk.assessment.urgency) == ("police_gov", Urgency.STOP_NOW)
    assert (talk.assessment.red_flags, talk.texts) == ((), [])


def test_an_answer_counts_and_so_does_how_it_was_paid(kiosk: Caller, hall: Services) -> None:
    kiosk.request("PUT", "/kiosk/conversation", json={**WAY, "answers": ["yes"], "paid": True, "paid_by": "atm"})
    talk = hall.memory.find("kiosk-1")
    assert talk is not None and talk.assessment is not None
    assert (talk.assessment.urgency, talk.paid_by) == (Urgency.ALREADY_PAID, "atm")


@pytest.mark.parametrize(
    "wrong",
    [{"tap": "../x"}, {"answers": ["maybe"]}, {"answers": ["no"] * 9}, {"language": "fr"}, {"conversation": ""}],
)
def test_what_no_kiosk_sends_is_refused(kiosk: Caller, wrong: dict[str, Any]) -> None:
    assert kiosk.request("PUT", "/kiosk/conversation", json={**WAY, **wrong}).status_code == 422


def test_a_choice_that_is_published_no_longer_is_no_trouble(kiosk: Caller, hall: Services) -> None:
    sent = {**WAY, "tap": "gone", "answers": ["yes"], "paid_by": "by_balloon", "paid": True}
    assert kiosk.request("PUT", "/kiosk/conversation", json=sent).status_code == 204
    talk = hall.memory.find("kiosk-1")
    assert talk is not None and talk.paid_by == ""


def test_the_phone_goes_on_where_the_kiosk_was(kiosk: Caller, hall: Services) -> None:
    offer = kiosk.post("/kiosk/phone", json={**WAY, "language": "en"}).json()
    assert offer["seconds"] == 120 and offer["chat"]["size"] > 30
    (token,) = hall.handover._offers
    moved = hall.handover.move(token, "phone")
    assert moved is not None and moved.language is Language.EN
    assert moved.assessment is not None and moved.assessment.typology == "police_gov"


def test_a_code_is_square_and_has_its_quiet_zone() -> None:
    code = drawn("https://bank.example/?continue=abc")
    assert code["path"].startswith("M4 4h1v1h-1z")
    assert code["size"] % 4 == 1  # 17 + 4 × version, and a quiet zone of 4 on either side


# ---- Forgetting ----


class Engine:
    """Stands where the engine stands; keeps whom it was told to forget."""

    def __init__(self, *, fails: bool = False) -> None:
        self.forgotten: list[str] = []
        self._fails = fails

    async def forget(self, sender: str) -> None:
        """Forget."""
        if self._fails:
            raise EngineError("late")
        self.forgotten.append(sender)

    async def send(self, sender: str, text: str, metadata: dict[str, Any]) -> list[Message]:
        """Never asked here."""
        raise EngineError("absent")

    async def begin_session(self, sender: str, metadata: dict[str, Any]) -> None:
        """Never asked here."""


@pytest.mark.parametrize("fails", [False, True])
def test_a_wipe_forgets_here_and_in_the_engine(services: Services, fails: bool) -> None:
    engine = Engine(fails=fails)
    hall = served(services, services.snapshot, engine=engine)
    hall.memory.open("kiosk-1").remember("what was said")
    assert Caller(create_app(hall)).post("/kiosk/wipe", json={"conversation": "kiosk-1"}).status_code == 204
    assert hall.memory.find("kiosk-1") is None
    assert engine.forgotten == ([] if fails else ["kiosk-1"])


def test_a_turn_under_way_does_not_bring_back_what_is_wiped(services: Services) -> None:
    hall = served(services, services.snapshot)

    async def both() -> Conversation | None:
        from bot.conversation.messages import Incoming

        speaking = asyncio.create_task(hall.turns.handle(Incoming("kiosk-1", "公安局让我转账")))
        await asyncio.sleep(0)
        await hall.turns.forget("kiosk-1")
        await speaking
        return hall.memory.find("kiosk-1")

    assert asyncio.run(both()) is None


# ---- What is asked here ----


@pytest.fixture
def counts(tmp_path: Any) -> Counts:
    """A database of its own."""
    engine = open_engine(f"sqlite:///{tmp_path / 'counts.db'}")
    upgrade(engine)
    return Counts(engine, lambda: date(2026, 11, 23))


def test_a_kind_counts_from_five_askers_each_counted_once(counts: Counts) -> None:
    asked = Asked(counts, lambda: date(2026, 11, 23))
    for visitor in range(LEAST_ASKERS - 1):
        for _ in range(3):
            asked.count(f"kiosk-{visitor}", "romance", "north")
    counts.flush()
    assert asked.this_week("north") == {}
    asked.count("kiosk-last", "romance", "north")
    counts.flush()
    assert asked.this_week("north") == {"romance": LEAST_ASKERS}
    assert asked.this_week("south") == {}


def test_a_week_ago_is_over_and_other_channels_do_not_count(counts: Counts) -> None:
    for visitor in range(LEAST_ASKERS):
        Asked(counts, lambda: date(2026, 11, 23)).count(f"kiosk-{visitor}", "game", "")
        counts.count("typology", "flight", Event.ASKED, "web")
    counts.flush()
    assert Asked(counts, lambda: date(2026, 11, 29)).this_week("") == {"game": LEAST_ASKERS}
    assert Asked(counts, lambda: date(2026, 11, 30)).this_week("") == {}


def test_only_published_kinds_are_counted(kiosk: Caller) -> None:
    for typology in ("romance", "invented", ""):
        sent = {"conversation": "kiosk-9", "typology": typology}
        assert kiosk.post("/kiosk/asked", json=sent).status_code == 204
    assert kiosk.get("/kiosk/asked").json() == {"typologies": {}}


# ---- The paper ----


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_the_paper_has_the_command_the_numbers_and_what_can_be_saved(kiosk: Caller, language: str) -> None:
    answer = kiosk.get(f"/kiosk/paper/police_gov/already-paid?lang={language}&paid_by=atm")
    assert answer.status_code == 200
    assert "110" in answer.text and "police_gov@" in answer.text
    assert ("撤销" if language == "zh-Hans" else "24 hours") in answer.text
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["no_kind/warn", "police_gov/none", "police_gov/loud"])
def test_a_card_that_is_none_has_no_paper(kiosk: Caller, path: str) -> None:
    assert kiosk.get(f"/kiosk/paper/{path}").status_code == 404


def test_nobody_calls_without_end(services: Services, make_app: Callable[..., Any]) -> None:
    caller = Caller(make_app(sender_burst=2, sender_per_second=0.01))
    answers = [caller.post("/kiosk/wipe", json={"conversation": "kiosk-1"}) for _ in range(3)]
    assert [a.status_code for a in answers] == [204, 204, 429]
    assert json.loads(answers[-1].text)["status"] == 429


class _Named:
    """Stands where a Telegram bot stands that has told its name, or has not yet."""

    def __init__(self, *, up: bool) -> None:
        self.ready = asyncio.Event()
        if up:
            self.ready.set()
        self.application = SimpleNamespace(bot=SimpleNamespace(username="brook_bank_bot"))


@pytest.mark.parametrize("up", [True, False])
def test_a_telegram_bot_that_is_up_has_a_code_of_its_own(hall: Services, up: bool) -> None:
    app = create_app(hall)
    app.state.messengers.telegram = {"1": _Named(up=up)}
    offer = Caller(app).post("/kiosk/phone", json=WAY).json()
    assert ("telegram" in offer) is up
    assert len(hall.handover._offers) == 1 + up
