"""`/api/v1`: the shapes of the contract, and refusals that say what to do."""

import dataclasses
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import httpx
import pytest

from bot.core.assessment import nothing
from bot.core.vocabulary import Language
from bot.web.app import MOST_BYTES, create_app
from bot.web.schemas import LONGEST_TEXT, AssessmentBody
from bot.web.services import Services
from tests.content.test_shipped import METHODS, TYPOLOGIES
from tests.conversation.fakes import FakeEngine
from tests.core.test_assessment import CONTRACT
from tests.web.calling import Caller
from tests.web.conftest import MakeApp, served

DANGER = "有个自称公安的人让我把钱转到安全账户，我现在就在ATM前面"
ASSESS, CHAT = "/api/v1/assess", "/api/v1/chat"


def refused(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The problem details of a refusal (RFC 9457)."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body.keys() >= {"type", "title", "status", "detail"}
    assert body["status"] == status
    assert "Traceback" not in answer.text
    assert ".py" not in answer.text
    return body


def send(client: Caller, path: str, body: bytes, kind: str = "application/json") -> httpx.Response:
    """A raw body."""
    return client.post(path, content=body, headers={"content-type": kind})


# ---- Answers ----


def test_a_text_is_assessed(client: Caller) -> None:
    answer = client.post(ASSESS, json={"text": DANGER})
    assert answer.status_code == 200
    body = answer.json()
    assert body.keys() >= CONTRACT
    assert body["urgency"] == "stop-now"
    assert body["language"] == "zh-Hans"
    for flag in body["red_flags"]:
        assert DANGER[flag["start"] : flag["end"]] == flag["text"]
    assert body["question"].keys() == {"id", "text", "options"}


def test_the_document_describes_every_field_of_an_assessment() -> None:
    assert set(AssessmentBody.model_fields) == set(nothing(Language.EN).as_dict())


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
def test_the_words_come_in_the_language_asked_for(client: Caller, language: str) -> None:
    assert client.post(ASSESS, json={"text": DANGER, "language": language}).json()["language"] == language


def test_offsets_count_characters_beyond_the_basic_plane_as_one(client: Caller) -> None:
    text = "😀😀" + DANGER
    flags = client.post(ASSESS, json={"text": text}).json()["red_flags"]
    assert flags
    for flag in flags:
        assert text[flag["start"] : flag["end"]] == flag["text"]


@pytest.mark.parametrize(
    "text", ["", " ", "😀", "\u0000\u0001", "'; DROP TABLE piece; --", "<script>alert(1)</script>"]
)
def test_any_text_gets_an_ordinary_answer(client: Caller, text: str) -> None:
    assert client.post(ASSESS, json={"text": text}).status_code == 200
    assert client.post(CHAT, json={"conversation": "c1", "text": text}).status_code == 200


@pytest.mark.parametrize("path", [ASSESS, CHAT])
def test_half_a_character_is_read_as_a_replacement_sign(client: Caller, path: str) -> None:
    body = rb'{"conversation": "c1", "text": "\ud83d\u8f6c\u8d26"}'
    if path == ASSESS:
        body = rb'{"text": "\ud83d\u8f6c\u8d26"}'
    assert send(client, path, body).status_code == 200


def test_a_turn_is_answered_with_messages_and_their_assessment(client: Caller) -> None:
    answer = client.post(CHAT, json={"conversation": "c1", "text": DANGER})
    assert answer.status_code == 200
    body = answer.json()
    assert body.keys() == {"messages", "assessment"}
    first = body["messages"][0]
    assert first.keys() == {"text", "buttons", "card"}
    assert first["card"]["urgency"] == "stop-now"
    assert all(b.keys() == {"title", "payload"} for b in first["buttons"])
    assert body["assessment"].keys() >= CONTRACT


def test_a_message_without_a_card_has_no_such_key(client: Caller) -> None:
    body = client.post(CHAT, json={"conversation": "c1", "payload": "do:person"}).json()
    assert body["messages"][0].keys() == {"text", "buttons"}
    assert body["assessment"] is None


def test_a_conversation_goes_on(client: Caller) -> None:
    client.post(CHAT, json={"conversation": "c1", "text": DANGER})
    body = client.post(CHAT, json={"conversation": "c1", "payload": "answer:money_gone:yes"}).json()
    assert body["messages"][0]["card"]["urgency"] == "already-paid"
    other = client.post(CHAT, json={"conversation": "c2", "payload": "do:why"}).json()
    assert "card" not in other["messages"][0]


def test_a_payload_that_is_none_of_ours_is_answered_all_the_same(client: Caller) -> None:
    answer = client.post(CHAT, json={"conversation": "c1", "payload": "/session_start"})
    assert answer.status_code == 200
    assert answer.json()["messages"]


def test_an_engine_that_fails_costs_the_customer_nothing(make_app: MakeApp) -> None:
    client = Caller(make_app(engine=FakeEngine(fails=True)))
    body = client.post(CHAT, json={"conversation": "c1", "text": DANGER}).json()
    assert body["messages"][0]["card"]["urgency"] == "stop-now"


def test_every_published_typology_is_listed(client: Caller) -> None:
    answer = client.get("/api/v1/typologies")
    assert answer.status_code == 200
    assert {t["id"] for t in answer.json()} == TYPOLOGIES | METHODS


def test_a_typology_is_told_in_three_languages_with_numbers_filled_in(client: Caller) -> None:
    body = client.get("/api/v1/typologies/police_gov").json()
    assert body["id"] == "police_gov"
    assert body["names"].keys() == {"zh-Hans", "zh-Hant", "en"}
    assert body["actions"].keys() == {"ask", "warn", "stop-now", "already-paid"}
    assert "{" not in json.dumps([body["actions"], body["never"], body["summary"], body["red_flags"]]).replace(
        '{"', ""
    ).replace(": {", "")
    assert isinstance(body["version"], int)


def test_a_typology_nobody_published_is_not_found(client: Caller) -> None:
    assert "GET /api/v1/typologies" in refused(client.get("/api/v1/typologies/none_such"), 404)["detail"]


def warned(client: Caller, query: str = "") -> list[str]:
    """Ids of the warnings that are answered."""
    answer = client.get(f"/api/v1/warnings{query}")
    assert answer.status_code == 200
    assert answer.json()["version"] >= 1
    return [w["id"] for w in answer.json()["warnings"]]


@pytest.mark.parametrize("query", ["", "?audience=elders&place=hk", "?audience=&place=", "?else=x"])
def test_warnings_for_everyone_are_in_force_for_each(client: Caller, query: str) -> None:
    assert warned(client, query) == ["police_gov-01-warning"]


def test_a_group_is_warned_of_what_concerns_it_the_most_urgent_first(client: Caller) -> None:
    assert warned(client, "?audience=finance") == ["police_gov-01-warning", "boss_friend-01-warning"]


def test_a_warning_says_its_words_with_the_numbers_put_in(client: Caller) -> None:
    (found,) = client.get("/api/v1/warnings").json()["warnings"]
    assert found["text"].keys() == {"zh-Hans", "zh-Hant", "en"}
    assert "110" in found["text"]["en"]
    assert "{" not in "".join(found["text"].values())
    assert (found["priority"], found["start"], found["typology"]) == (1, "2026-11-01", "police_gov")


@pytest.mark.parametrize(
    ("day", "there"), [("2027-01-14", False), ("2027-01-15", True), ("2027-03-01", True), ("2027-03-02", False)]
)
def test_a_warning_is_in_force_from_its_first_to_its_last_day(services: Services, day: str, there: bool) -> None:
    on_that_day = dataclasses.replace(services.snapshot, today=lambda: date.fromisoformat(day))
    client = Caller(create_app(served(services, on_that_day)))
    assert ("flight-01-warning" in warned(client)) is there


# ---- Refusals ----


@pytest.mark.parametrize("path", [ASSESS, CHAT])
def test_a_text_over_8000_characters_is_refused_with_413(client: Caller, path: str) -> None:
    body = {"text": "字" * (LONGEST_TEXT + 1)} | ({"conversation": "c1"} if path == CHAT else {})
    assert "8000" in refused(client.post(path, json=body), 413)["detail"].replace(",", "")
    body["text"] = "字" * LONGEST_TEXT
    assert client.post(path, json=body).status_code == 200


def test_8000_characters_of_four_bytes_each_written_as_escapes_are_read(client: Caller) -> None:
    body = json.dumps({"text": "😀" * LONGEST_TEXT}).encode()
    assert len(body) > 90_000
    assert send(client, ASSESS, body).status_code == 200


def test_a_hundred_kilobytes_of_text_are_refused(client: Caller) -> None:
    refused(send(client, ASSESS, json.dumps({"text": "a" * 100_000}).encode()), 413)


@pytest.mark.parametrize("path", [ASSESS, CHAT, "/", "/nowhere"])
def test_a_body_over_the_limit_is_refused_whatever_it_is_sent_to(client: Caller, path: str) -> None:
    refused(send(client, path, b"x" * (MOST_BYTES + 1)), 413)


def test_a_body_in_pieces_without_a_length_is_refused_too(client: Caller) -> None:
    taken: list[int] = []

    def pieces() -> Iterator[bytes]:
        for size in [4096] * 10_000:
            taken.append(size)
            yield b"x" * size

    refused(client.post(ASSESS, pieces=pieces()), 413)
    assert sum(taken) < 2 * MOST_BYTES


def test_a_body_that_lies_about_its_length_is_measured(client: Caller) -> None:
    headers = {"content-type": "application/json", "content-length": "10"}
    answer = client.post(ASSESS, content=b'{"text": "' + b"x" * MOST_BYTES + b'"}', headers=headers)
    refused(answer, 413)


BROKEN = {
    "nothing": b"",
    "half an object": b'{"text": ',
    "a word": b"hello",
    "a list": b"[]",
    "a string": b'"text"',
    "null": b"null",
    "no text": b"{}",
    "a number for text": b'{"text": 5}',
    "null for text": b'{"text": null}',
    "a list for text": b'{"text": ["a"]}',
    "an unknown key": b'{"text": "a", "lang": "en"}',
    "an unknown key of half a character": rb'{"text": "a", "\ud800": 1}',
    "an unknown language": b'{"text": "a", "language": "fr"}',
    "a language that is a number": b'{"text": "a", "language": 1}',
    "a number without end": b'{"text": ' + b"9" * 5000 + b"}",
    "brackets without end": b"[" * 50_000,
    "objects without end": b'{"text":' * 15_000,
    "not UTF-8": b'{"text": "\xff\xfe\x00"}',
    "binary": bytes(range(256)),
    "NaN": b'{"text": NaN}',
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("path", [ASSESS, CHAT])
def test_a_body_that_is_not_as_described_is_refused(client: Caller, path: str, body: bytes) -> None:
    answer = send(client, path, body)
    assert answer.status_code in {400, 422}
    assert refused(answer, answer.status_code)["detail"]


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data", ""])
def test_a_body_of_another_kind_is_refused(client: Caller, kind: str) -> None:
    refused(send(client, ASSESS, b'{"text": "a"}', kind), 422)


@pytest.mark.parametrize(
    "body",
    [
        {"text": "a"},
        {"conversation": "", "text": "a"},
        {"conversation": "x" * 65, "text": "a"},
        {"conversation": "a b", "text": "a"},
        {"conversation": "会话", "text": "a"},
        {"conversation": "a\n", "text": "a"},
        {"conversation": 5, "text": "a"},
        {"conversation": "c1"},
        {"conversation": "c1", "text": "a", "payload": "do:person"},
        {"conversation": "c1", "text": None, "payload": None},
        {"conversation": "c1", "payload": "x" * 101},
        {"conversation": "c1", "payload": 7},
        {"conversation": "c1", "text": "a", "channel": "x"},
    ],
)
def test_a_turn_that_is_not_as_described_is_refused(client: Caller, body: dict[str, Any]) -> None:
    refused(client.post(CHAT, json=body), 422)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ASSESS),
        ("PUT", ASSESS),
        ("DELETE", CHAT),
        ("POST", "/api/v1/typologies"),
        ("PATCH", "/api/v1/warnings"),
        ("POST", "/"),
        ("POST", "/healthz"),
        ("DELETE", "/static/base.css"),
    ],
)
def test_another_method_is_refused_with_405(client: Caller, method: str, path: str) -> None:
    refused(client.request(method, path), 405)


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/api/v1",
        "/api/v2/assess",
        "/static/none.css",
        "/static/",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2f..%2fsettings.py",
        "/static/%00",
        "/static/" + "a" * 3000,
        "/%00",
        "/api/v1/typologies/..%2f..",
        "/redoc",
    ],
)
def test_what_is_not_there_is_not_found(client: Caller, path: str) -> None:
    refused(client.get(path), 404)


def test_a_name_longer_than_any_is_refused(client: Caller) -> None:
    refused(client.get("/api/v1/typologies/" + "a" * 65), 422)
    refused(client.get("/api/v1/warnings?place=" + "a" * 65), 422)


# ---- Too many ----


def test_too_many_turns_of_one_sender_are_told_when_to_come_back(make_app: MakeApp) -> None:
    client = Caller(make_app(sender_burst=3, sender_per_second=0.01))
    calls = [client.post(CHAT, json={"conversation": "c1", "payload": "do:person"}) for _ in range(5)]
    assert [c.status_code for c in calls] == [200, 200, 200, 429, 429]
    refused(calls[-1], 429)
    assert 1 <= int(calls[-1].headers["retry-after"]) <= 100
    assert client.post(CHAT, json={"conversation": "c2", "payload": "do:person"}).status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/typologies/game", "/api/v1/warnings"])
def test_too_many_calls_from_one_address_are_refused(make_app: MakeApp, path: str) -> None:
    client = Caller(make_app(address_burst=2, address_per_second=0.01))
    assert [client.get(path).status_code for _ in range(3)] == [200, 200, 429]
    refused(client.post(ASSESS, json={"text": "a"}), 429)
    refused(client.post(CHAT, json={"conversation": "c9", "text": "a"}), 429)


def test_a_thousand_messages_from_one_sender_lose_none_and_break_nothing(make_app: MakeApp) -> None:
    client = Caller(make_app(sender_burst=20, sender_per_second=0.01))
    statuses = [client.post(CHAT, json={"conversation": "c1", "payload": "do:person"}).status_code for _ in range(200)]
    assert statuses == [200] * 20 + [429] * 180


# ---- A fault inside ----


def test_a_fault_inside_is_told_without_its_inside(make_app: MakeApp) -> None:
    class Broken:
        async def send(self, *_: Any) -> Any:
            raise ZeroDivisionError("secret of the inside")

        begin_session = send

    client = Caller(make_app(engine=Broken()))
    answer = client.post(CHAT, json={"conversation": "c1", "text": DANGER})
    assert "secret" not in answer.text
    assert "police" in refused(answer, 500)["detail"]
