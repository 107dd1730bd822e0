"""The steps of the dialogue. An action reads the tracker, lets the Responder speak, and sets slots."""

from collections.abc import Callable
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, AllSlotsReset, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.conversation.memory import Conversation
from bot.conversation.messages import Message
from bot.conversation.responder import PAY_METHODS, Responder
from bot.core.vocabulary import Language, Urgency

Say = Callable[[Responder, Conversation, Tracker], list[Message]]
Open = Callable[[Tracker], tuple[Responder, Conversation]]
Event = dict[str, Any]
Then = Callable[[Conversation, Tracker], list[Event]]
YES_NO = {"affirm": "yes", "deny": "no", "unsure": "unsure", "already_paid": "yes"}
CONCERN_OF = {"self_harm": "self_harm", "held": "held", "child": "child", "dictated": "listened"}


class Step(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """An action that says what `say` gives and sets the slots of what is known now."""

    def __init__(self, name: str, say: Say, open_conversation: Open, *, then: Then):
        self._name = name
        self._say = say
        self._open = open_conversation
        self._then = then

    def name(self) -> str:
        """As domain.yml knows it."""
        return self._name

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Event]:
        """Say it, and tell the engine what is known now."""
        responder, talk = self._open(tracker)
        for message in self._say(responder, talk, tracker):
            dispatcher.utter_message(
                text=message.text, buttons=[{"title": b.title, "payload": b.payload} for b in message.buttons]
            )
            if message.card is not None:
                dispatcher.utter_message(json_message={"card": message.card})
        return [*_known(talk), *self._then(talk, tracker)]


def _known(talk: Conversation) -> list[Event]:
    known = talk.assessment
    if known is None:
        return []
    return [
        SlotSet("urgency", known.urgency.value),
        SlotSet("typology", known.typology),
        SlotSet("methods", list(known.methods)),
        SlotSet("pending_question", known.question.id if known.question else None),
    ]


def all_actions(open_conversation: Open) -> list[Action]:
    """Every action of the domain.

    Args:
        open_conversation: gives, for a tracker, who speaks and the conversation it belongs to.
    """

    def step(name: str, say: Say, then: Then = lambda *_: []) -> Step:
        return Step(name, say, open_conversation, then=then)

    return [
        step("action_warn", lambda r, talk, _: r.warn(talk, ask_method=False), _ask_how_if_paid),
        step("action_what_now", lambda r, talk, _: r.what_now(talk, ask_method=False), _ask_how_if_paid),
        step("action_did_it", _did_it, _ask_how_if_paid),
        step("action_paid", lambda r, talk, _: r.paid(talk, ask_method=False), _told_how),
        step("action_for_other", _for_other),
        step("action_follow_up", _follow_up, _ask_how_if_paid),
        step("action_first_aid", lambda r, talk, t: r.first_aid(talk, str(t.get_slot("pay_method"))), _forget_method),
        step("action_why", lambda r, talk, _: r.why(talk)),
        step("action_answer", _answer),
        step(
            "action_hotline",
            lambda r, talk, t: r.hotline(talk, t.get_slot("place")),
            lambda *_: [SlotSet("place", None)],
        ),
        step("action_unclear", _unclear, _ask_how_if_paid),
        step("action_change_language", _change_language),
        step("action_restart_talk", lambda r, talk, _: r.restart(talk), lambda *_: [ActiveLoop(None), AllSlotsReset()]),
        step("action_feedback", lambda r, talk, t: r.feedback(talk, helpful=_intent(t) == "helpful")),
        step(
            "action_concern",
            lambda r, talk, t: r.concern(talk, CONCERN_OF.get(_intent(t), "self_harm")),
            # life before money: how it was paid is not asked again on top
            lambda *_: [ActiveLoop(None), SlotSet("requested_slot", None)],
        ),
    ]


def _intent(tracker: Tracker) -> str:
    name: str = tracker.latest_message.get("intent", {}).get("name") or ""
    return name


def _entity(tracker: Tracker, name: str) -> str | None:
    return next((str(value) for value in tracker.get_latest_entity_values(name)), None)


def _ask_how_if_paid(talk: Conversation, _: Tracker) -> list[Event]:
    paid = talk.assessment is not None and talk.assessment.urgency is Urgency.ALREADY_PAID
    return [FollowupAction("first_aid_form")] if paid and not talk.paid_by else []


def _told_how(_: Conversation, tracker: Tracker) -> list[Event]:
    """Who tells in the same breath how it was paid is not asked again."""
    told = set(tracker.get_latest_entity_values("pay_method")).intersection(PAY_METHODS)
    return [SlotSet("pay_method", told.pop())] if len(told) == 1 else []


def _forget_method(*_: object) -> list[Event]:
    return [SlotSet("pay_method", None)]


def _for_other(responder: Responder, talk: Conversation, tracker: Tracker) -> list[Message]:
    known = talk.assessment
    if known is None or not known.flagged:
        return responder.reply(talk, "for_other")
    messages = responder.warn(talk)
    return messages if known.about_other else [*messages, *responder.reply(talk, "for_other")]


def _follow_up(responder: Responder, talk: Conversation, tracker: Tracker) -> list[Message]:
    pending = talk.assessment.question if talk.assessment else None
    question = _entity(tracker, "question") or (pending.id if pending else None)
    answer = _entity(tracker, "answer") or YES_NO.get(_intent(tracker), "unsure")
    if question is None:
        # a nod to what was said
        return (
            responder.did_it(talk, ask_method=False) if answer == "yes" else responder.what_now(talk, ask_method=False)
        )
    return responder.follow_up(talk, question, answer, ask_method=False)


def _answer(responder: Responder, talk: Conversation, tracker: Tracker) -> list[Message]:
    text = str(tracker.latest_message.get("text") or "")
    if responder.snapshot.answers.best(text) is None and _intent(tracker) == "bank_question":
        return responder.reply(talk, "bank_question")
    return responder.answer(talk, text, ask_method=False)


def _did_it(responder: Responder, talk: Conversation, tracker: Tracker) -> list[Message]:
    """A nod, as "I told the police" is; it may also ask what comes then."""
    text = str(tracker.latest_message.get("text") or "")
    if responder.snapshot.answers.best(text) is not None:
        return responder.answer(talk, text, ask_method=False)
    return responder.did_it(talk, ask_method=False)


def _unclear(responder: Responder, talk: Conversation, tracker: Tracker) -> list[Message]:
    """In a danger a question may be a short one: an answer is looked for before it counts as not understood."""
    if talk.assessment is not None and talk.assessment.flagged:
        return responder.answer(talk, str(tracker.latest_message.get("text") or ""), ask_method=False)
    return responder.unclear(talk, ask_method=False)


def _change_language(responder: Responder, talk: Conversation, tracker: Tracker) -> list[Message]:
    return responder.change_language(talk, Language.parse(_entity(tracker, "language")))
