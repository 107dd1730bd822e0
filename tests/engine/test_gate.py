"""The assessment overrules the intent where danger is concerned, and nowhere else."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.engine

SURE, RATHER_SURE, UNSURE, NO_IDEA = 0.9, 0.55, 0.35, 0.05


def told(urgency: str, *concerns: str, typology: str = "police_gov", before: str = "none") -> dict[str, Any]:
    """Metadata as it comes with a message; `before` is what was known when it came."""
    return {"urgency": urgency, "before": before, "concerns": list(concerns), "typology": typology}


# what is described: (intent, confidence, metadata, what is decided)
TABLE: dict[str, tuple[str | None, float, dict[str, Any], str]] = {
    # -- life before everything
    "self-harm over a sure wish": ("thanks", SURE, told("none", "self_harm"), "self_harm"),
    "self-harm over a paid story": ("already_paid", SURE, told("already-paid", "self_harm"), "self_harm"),
    "held": ("describe", SURE, told("stop-now", "held"), "held"),
    "a child": ("pay_method", SURE, told("already-paid", "child"), "child"),
    "listened to is dictated": ("bank_question", SURE, told("none", "listened"), "dictated"),
    "self-harm before all other concerns": (
        "greet",
        SURE,
        told("none", "listened", "child", "held", "self_harm"),
        "self_harm",
    ),
    "a concern nobody knows": ("thanks", SURE, told("none", "unheard_of"), "thanks"),
    # -- danger
    "a warning over small talk": ("thanks", SURE, told("warn"), "describe"),
    "a warning over a question": ("ask_topic", SURE, told("warn"), "describe"),
    "a warning over a bank question": ("bank_question", SURE, told("stop-now"), "describe"),
    "a warning over goodbye": ("goodbye", SURE, told("stop-now"), "describe"),
    "a warning over nonsense": ("nonsense", SURE, told("stop-now"), "describe"),
    "a warning without any wish": (None, 0.0, told("stop-now"), "describe"),
    "paid over what was told": ("describe", SURE, told("already-paid"), "already_paid"),
    "paid over a question": ("ask_topic", SURE, told("already-paid"), "already_paid"),
    "paid through a mule's card": ("describe", SURE, told("already-paid", typology="mule"), "lent_card"),
    "a mule who is only warned": ("describe", SURE, told("warn", typology="mule"), "describe"),
    "a sure wish for a person in danger": ("person", SURE, told("stop-now"), "person"),
    "an unsure wish for a person in danger": ("person", UNSURE, told("stop-now"), "describe"),
    "a sure way round in danger": ("bypass", SURE, told("stop-now"), "bypass"),
    "an unsure way round in danger": ("bypass", UNSURE, told("stop-now"), "describe"),
    "a wish that is only likely in danger": ("injected", RATHER_SURE, told("stop-now"), "describe"),
    "a scam script in danger": ("write_scam", SURE, told("warn"), "write_scam"),
    # -- cannot tell
    "cannot tell, small talk": ("thanks", SURE, told("ask"), "describe"),
    "cannot tell, no wish": (None, 0.0, told("ask"), "describe"),
    "cannot tell, a sure question": ("ask_topic", SURE, told("ask"), "ask_topic"),
    "cannot tell, an unsure question": ("ask_topic", UNSURE, told("ask"), "describe"),
    "cannot tell, a sure hotline": ("ask_hotline", SURE, told("ask"), "ask_hotline"),
    "cannot tell, a sure why": ("why", SURE, told("ask"), "why"),
    # -- nothing dangerous
    "a plain wish": ("bank_question", SURE, told("none"), "bank_question"),
    "a plain wish, unsure": ("bank_question", UNSURE, told("none"), "bank_question"),
    "nothing understood": ("greet", NO_IDEA, told("none"), "nonsense"),
    "no intent at all": (None, 0.0, told("none"), "nonsense"),
    "an unsure story without danger is a question": ("describe", UNSURE, told("none"), "ask_topic"),
    "an unsure loss without danger is a question": ("already_paid", UNSURE, told("none"), "ask_topic"),
    "a sure loss without danger": ("already_paid", SURE, told("none"), "already_paid"),
    "starting over is never guessed": ("start_over", UNSURE, told("none"), "nonsense"),
    "a sure fresh start": ("start_over", SURE, told("none"), "start_over"),
    # -- in the middle of a danger
    "what now": ("what_now", SURE, told("none", before="stop-now"), "what_now"),
    "what now, in words that tell the danger again": (
        "what_now",
        SURE,
        told("stop-now", before="stop-now"),
        "what_now",
    ),
    "what now, in words that make it worse": (
        "what_now",
        SURE,
        told("already-paid", before="stop-now"),
        "already_paid",
    ),
    "done, in words that make it worse": ("did_it", SURE, told("already-paid", before="warn"), "already_paid"),
    "done, as known": ("did_it", SURE, told("already-paid", before="already-paid"), "did_it"),
    "sent, in few words": ("already_paid", SURE, told("stop-now", before="stop-now"), "already_paid"),
    "sent, in words that tell nothing": ("already_paid", SURE, told("none", before="warn"), "already_paid"),
    "sent, perhaps": ("already_paid", UNSURE, told("none", before="warn"), "nonsense"),
    "what now beside a first story": ("what_now", SURE, told("stop-now"), "describe"),
    "what now of somebody who told nothing": ("what_now", SURE, told("none"), "what_now"),
    "a guessed goodbye in danger": ("goodbye", UNSURE, told("none", before="stop-now"), "nonsense"),
    "a sure goodbye in danger": ("goodbye", SURE, told("none", before="stop-now"), "goodbye"),
    "a guessed question in danger": ("ask_topic", UNSURE, told("none", before="already-paid"), "nonsense"),
    "a guessed yes in danger": ("affirm", UNSURE, told("none", before="stop-now"), "affirm"),
    "a guessed way of paying in danger": ("pay_method", UNSURE, told("none", before="already-paid"), "pay_method"),
    "a guessed thought of dying in danger": ("self_harm", UNSURE, told("none", before="stop-now"), "self_harm"),
    "a guessed goodbye without danger": ("goodbye", UNSURE, told("none"), "goodbye"),
    # -- plain `rasa shell`: no assessment
    "without metadata": ("greet", SURE, {}, "greet"),
    "without metadata, nothing understood": ("greet", NO_IDEA, {}, "nonsense"),
}


@pytest.fixture(scope="module")
def decided(in_rasa: Callable[[str, Any], Any]) -> dict[str, str]:
    """Every row of the table, decided in one call."""
    given = [[intent, confidence, metadata] for intent, confidence, metadata, _ in TABLE.values()]
    return dict(zip(TABLE, in_rasa("decide_in_rasa.py", given), strict=True))


@pytest.mark.parametrize("row", TABLE)
def test_the_gate_decides(decided: dict[str, str], row: str) -> None:
    assert decided[row] == TABLE[row][3]
