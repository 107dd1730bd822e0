"""The Assessment overrules the intent where danger is concerned.

The classifier only knows what customers *want*. Whether they are in danger was decided before, by the recogniser, and
arrives as message metadata; this component turns it into the intent the rules act on.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY
from rasa.shared.nlu.training_data.message import Message

CONCERNS = {"self_harm": "self_harm", "held": "held", "child": "child", "listened": "dictated"}
# What may still be meant by somebody whose text also tells of danger.
KEPT_IN_DANGER = {"bypass", "write_scam", "injected", "person", "dictated", "lent_card", "not_convinced", "is_it_safe"}
KEPT_WHEN_ASKING = KEPT_IN_DANGER | {"ask_topic", "ask_hotline", "why", "are_you_sure", "what_are_you"}
STORIES = {"describe", "already_paid", "for_other", "lent_card"}
# What may be meant by somebody who is told what to do already, as long as his words make nothing worse.
GOES_ON = {"what_now", "did_it"}
# In the middle of a danger a guess is not good enough, but for these: a short answer, a call for help.
HEARD_UNSURE = {"affirm", "deny", "unsure", "did_it", "pay_method", "self_harm", "person", "ask_hotline"}
# What forgets everything is never done on a guess.
DRASTIC = {"start_over"}
URGENCIES = ("none", "ask", "warn", "stop-now", "already-paid")
FLAGGED = {"warn", "stop-now", "already-paid"}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class AssessmentGate(GraphComponent):
    """Sets the intent from `metadata` of the message: concerns first, then urgency, then what the words want."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """How sure a wish must be.

        `sure`: to count as one; `beside_danger`: to stand beside a text that tells of danger; `unclear`: below this
        nothing was understood.
        """
        return {"sure": 0.5, "beside_danger": 0.6, "unclear": 0.2}

    def __init__(self, config: Dict[Text, Any]) -> None:
        self._config = config

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> AssessmentGate:
        """Nothing is trained, so nothing is loaded."""
        return cls(config)

    def process(self, messages: List[Message]) -> List[Message]:
        """Decides the intent of every message that is not a tapped button."""
        for message in messages:
            text = message.get("text") or ""
            if text.startswith("/"):
                continue
            intent = message.get(INTENT) or {}
            name, confidence = intent.get(INTENT_NAME_KEY), float(intent.get(PREDICTED_CONFIDENCE_KEY) or 0.0)
            decided = self.decide(name, confidence, message.get("metadata") or {})
            if decided != name:
                message.set(INTENT, {INTENT_NAME_KEY: decided, PREDICTED_CONFIDENCE_KEY: 1.0}, add_to_output=True)
        return messages

    def decide(self, intent: Optional[Text], confidence: float, metadata: Dict[Text, Any]) -> Text:
        """The intent the dialogue acts on."""
        concerns = metadata.get("concerns") or []
        for concern, as_intent in CONCERNS.items():
            if concern in concerns:
                return as_intent
        urgency, before = metadata.get("urgency"), metadata.get("before") or "none"
        wish = intent if confidence >= self._config["sure"] else None
        going_on = self._going_on(wish, before, metadata)
        if going_on is not None:
            return going_on
        if urgency in FLAGGED:
            kept = wish in KEPT_IN_DANGER and confidence >= self._config["beside_danger"]
            return wish if kept else self._story(urgency, metadata)
        if urgency == "ask":
            return wish if wish in KEPT_WHEN_ASKING else "describe"
        if intent is None or confidence < self._config["unclear"]:
            return "nonsense"
        return wish or self._guessed(intent, before, told=urgency is not None)

    @staticmethod
    def _guessed(intent: Text, before: Text, told: bool) -> Text:
        """What a guess may count as; `told`: an Assessment came with the message, and saw no danger in it."""
        if intent in DRASTIC or (before in FLAGGED and intent not in HEARD_UNSURE):
            return "nonsense"
        return "ask_topic" if told and intent in STORIES else intent

    def _going_on(self, wish: Optional[Text], before: Text, metadata: Dict[Text, Any]) -> Optional[Text]:
        """What somebody means who told his story before and goes on from there."""
        if wish == "already_paid" and before in FLAGGED:
            # "I already sent it" answers the question that is open, however little the words tell by themselves
            return self._story("already-paid", metadata)
        if wish in GOES_ON and before != "none" and not self._worse(metadata.get("urgency"), before):
            return wish
        return None

    @staticmethod
    def _worse(urgency: Optional[Text], before: Text) -> bool:
        known = urgency if urgency in URGENCIES else "none"
        return URGENCIES.index(known) > URGENCIES.index(before)

    @staticmethod
    def _story(urgency: Text, metadata: Dict[Text, Any]) -> Text:
        if urgency == "already-paid":
            return "lent_card" if metadata.get("typology") == "mule" else "already_paid"
        return "describe"
