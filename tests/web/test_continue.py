"""Going on at the chat page with what began in the hall."""

import pytest

from bot.conversation.memory import Conversation
from bot.core.vocabulary import Language, Urgency
from bot.web.app import create_app
from bot.web.services import Services
from tests.web.calling import Caller
from tests.web.conftest import served

STORY = "公安局打电话说我涉嫌洗钱，让我把钱转到安全账户"


@pytest.fixture
def hall(services: Services) -> Services:
    """Services whose memory is this test's own."""
    return served(services, services.snapshot)


def go_on(hall: Services, token: str) -> tuple[int, dict]:
    """What the phone is answered."""
    answer = Caller(create_app(hall)).post("/api/v1/continue", json={"conversation": "phone", "token": token})
    return answer.status_code, answer.json()


def told(hall: Services, language: Language = Language.ZH_HANS) -> Conversation:
    """A conversation in the hall in which a story was told."""
    talk = hall.memory.open("hall")
    talk.language = language
    talk.assessment = hall.snapshot.recogniser.assess(STORY, language)
    return talk


def test_the_card_stands_there_at_once_in_the_language_of_the_hall(hall: Services) -> None:
    told(hall, Language.EN)
    status, body = go_on(hall, hall.handover.offer("hall"))
    assert status == 200
    assert body["language"] == "en"
    card = next(m["card"] for m in body["messages"] if "card" in m)
    assert card["urgency"] == "stop-now" and card["typology"]["id"] == "police_gov"
    known = hall.memory.find("phone")
    assert known is not None and known.assessment is not None and known.assessment.urgency is Urgency.STOP_NOW


def test_how_it_was_paid_is_not_asked_again(hall: Services) -> None:
    talk = told(hall)
    responder = hall.turns.responder()
    responder.paid(talk)
    responder.first_aid(talk, "atm")
    _, body = go_on(hall, hall.handover.offer("hall"))
    said = [m["text"] for m in body["messages"]]
    assert said[0] == responder.reply(talk, "continued")[0].text
    assert responder.reply(talk, "first_aid_atm")[0].text in said


def test_who_told_nothing_is_asked_what_is_happening(hall: Services) -> None:
    status, body = go_on(hall, hall.handover.offer("hall"))
    assert (status, body["assessment"]) == (200, None)
    assert [m["text"] for m in body["messages"]] == [
        m.text for m in hall.turns.responder().reply(Conversation("x"), "continued_fresh")
    ]


def test_a_code_used_up_or_invented_is_told_and_nothing_begins(hall: Services) -> None:
    token = hall.handover.offer("hall")
    assert go_on(hall, token)[0] == 200
    hall.memory.forget("phone")
    for gone in (token, "A" * 32):
        status, body = go_on(hall, gone)
        assert status == 404 and "new one" in body["detail"]
    assert hall.memory.find("phone") is None


def test_a_malformed_code_is_refused(hall: Services) -> None:
    assert go_on(hall, "../../etc")[0] == 422
