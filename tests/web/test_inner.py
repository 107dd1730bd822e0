"""The inner port: Rasa's actions and words, for those who know the token of this run."""

from typing import Any

import pytest
import yaml

from actions import all_actions
from bot.conversation.snapshot import Snapshot
from bot.core.vocabulary import Language
from bot.web.inner import inner_app
from bot.web.services import Services
from tests.conftest import PROJECT
from tests.web.calling import Caller
from tests.web.conftest import served

TOKEN = "token-of-this-run"
DANGER = "有个自称公安的人让我把钱转到安全账户，我现在就在ATM前面"


@pytest.fixture
def own(services: Services, snapshot: Snapshot) -> Services:
    """Services with a memory of their own."""
    return served(services, snapshot)


@pytest.fixture
def inner(own: Services) -> Caller:
    """A caller of the inner port."""
    return Caller(inner_app(own, token=TOKEN))


def action(name: str, *, sender: str = "c1", text: str = "", metadata: Any = None, **slots: Any) -> dict[str, Any]:
    """The body Rasa sends for an action."""
    latest = {"text": text, "intent": {"name": "describe"}, "entities": [], "metadata": metadata or {}}
    tracker = {
        "sender_id": sender,
        "slots": slots,
        "latest_message": latest,
        "events": [],
        "paused": False,
        "followup_action": None,
        "active_loop": {},
        "latest_action_name": None,
    }
    return {"next_action": name, "sender_id": sender, "tracker": tracker, "domain": {}, "version": "3.6.21"}


def words(name: str, sender: str = "c1") -> dict[str, Any]:
    """The body Rasa sends for a response."""
    return {"response": name, "arguments": {}, "tracker": {"sender_id": sender}, "channel": {"name": "rest"}}


@pytest.mark.parametrize("path", ["/webhook", "/nlg"])
@pytest.mark.parametrize("query", ["", "?token=", "?token=wrong", f"?token={TOKEN}x", "?token=%C3%A9", "?Token=x"])
def test_without_the_token_nothing_is_said(inner: Caller, path: str, query: str) -> None:
    body = action("action_hotline") if path == "/webhook" else words("utter_greet")
    answer = inner.post(f"{path}{query}", json=body)
    assert answer.status_code == 401
    assert "110" not in answer.text


def test_health_needs_none(inner: Caller) -> None:
    assert inner.get("/health").status_code == 200


def test_a_plain_rasa_shell_is_asked_for_none(own: Services) -> None:
    caller = Caller(inner_app(own, token=None))
    assert caller.post("/nlg", json=words("utter_greet")).status_code == 200


def test_a_response_is_the_published_reply_with_its_buttons(inner: Caller, snapshot: Snapshot) -> None:
    answer = inner.post(f"/nlg?token={TOKEN}", json=words("utter_greet")).json()
    assert answer["text"] == snapshot.wording(Language.ZH_HANS).reply("greet")
    assert {b["payload"] for b in answer["buttons"]} >= {"do:person"}


def test_a_response_comes_in_the_language_and_for_the_place_of_the_conversation(inner: Caller, own: Services) -> None:
    talk = own.memory.open("c1")
    talk.language, talk.places = Language.EN, ("uk",)
    answer = inner.post(f"/nlg?token={TOKEN}", json=words("utter_person")).json()
    assert "999" in answer["text"]
    assert own.memory.find("nobody") is None


def test_a_question_put_twice_is_not_put_again(inner: Caller, own: Services) -> None:
    own.memory.open("c1")
    asked = [inner.post(f"/nlg?token={TOKEN}", json=words("utter_ask_pay_method")).json() for _ in range(3)]
    assert [bool(a["text"]) for a in asked] == [True, True, False]
    assert asked[2] == {"text": "", "buttons": []}


def test_after_a_thought_of_dying_thanks_are_answered_gently(inner: Caller, own: Services, snapshot: Snapshot) -> None:
    own.memory.open("c1").concern = "self_harm"
    answer = inner.post(f"/nlg?token={TOKEN}", json=words("utter_thanks")).json()
    assert answer["text"] == snapshot.wording(Language.ZH_HANS).reply("here_for_you")


@pytest.mark.parametrize("body", [{}, {"response": None, "tracker": None}, words("utter_no_such_thing")])
def test_a_response_nobody_wrote_is_empty_words(inner: Caller, body: dict[str, Any]) -> None:
    assert inner.post(f"/nlg?token={TOKEN}", json=body).json() == {"text": "", "buttons": []}


def test_an_action_says_what_is_known_and_sets_the_slots(inner: Caller, own: Services, snapshot: Snapshot) -> None:
    talk = own.memory.open("c1")
    talk.assessment = snapshot.recogniser.assess(DANGER)
    body = action("action_warn", text=DANGER, metadata={"language": "zh-Hans"})
    answer = inner.post(f"/webhook?token={TOKEN}", json=body)
    assert answer.status_code == 200
    said = answer.json()["responses"]
    assert "110" in said[0]["text"].split("\n")[1]
    assert [r["custom"]["card"]["urgency"] for r in said if r.get("custom")] == ["stop-now"]
    slots = {e["name"]: e["value"] for e in answer.json()["events"] if e["event"] == "slot"}
    assert slots["urgency"] == "stop-now"


def test_a_text_from_a_plain_shell_is_assessed_on_arrival(inner: Caller) -> None:
    answer = inner.post(f"/webhook?token={TOKEN}", json=action("action_warn", sender="shell", text=DANGER))
    assert [r["custom"]["card"]["urgency"] for r in answer.json()["responses"] if r.get("custom")] == ["stop-now"]


def test_an_action_nobody_wrote_is_not_found(inner: Caller) -> None:
    answer = inner.post(f"/webhook?token={TOKEN}", json=action("action_dance"))
    assert answer.status_code == 404
    assert answer.json()["action_name"] == "action_dance"


def test_every_action_of_the_domain_is_served(inner: Caller) -> None:
    domain = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))
    served_here = {a.name() for a in all_actions(lambda _: pytest.fail("no action is run here"))}
    assert set(domain["actions"]) == served_here


@pytest.mark.parametrize("name", sorted(a.name() for a in all_actions(lambda _: pytest.fail("not run"))))
@pytest.mark.parametrize("known", [True, False])
def test_every_action_answers_whatever_is_known(
    inner: Caller, own: Services, snapshot: Snapshot, name: str, known: bool
) -> None:
    if known:
        own.memory.open("c1").assessment = snapshot.recogniser.assess(DANGER)
    body = action(name, text="反诈法主要讲什么", metadata={"language": "zh-Hans"}, pay_method="atm", place="uk")
    answer = inner.post(f"/webhook?token={TOKEN}", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["responses"]
    for response in answer.json()["responses"]:
        assert "{" not in (response.get("text") or "")
