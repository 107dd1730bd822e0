"""The rules between probabilities and urgency, one at a time."""

import numpy as np
import pytest

from bot.core.assessment import RankedTypology
from bot.core.vocabulary import Urgency
from bot.recognition.decision import Signs, decide, leading


def signs(*groups: str, frames: int = 2, certain: bool = False, link: bool = False) -> Signs:
    """Signs with so many kinds of evidence of these groups."""
    return Signs(frozenset(), frozenset(groups), certain, frames, link)


def urgency(probabilities: np.ndarray, sure: float, found: Signs) -> Urgency:
    """What is decided."""
    return decide(probabilities, sure, found).urgency


def chances(**given: float) -> np.ndarray:
    """Probabilities in the order of urgency; `none` takes the rest."""
    order = ("none", "ask", "warn", "stop", "paid")
    values = [given.get(name, 0.0) for name in order]
    values[0] = 1.0 - sum(values[1:])
    return np.array(values)


def test_flagged_when_as_sure_as_asked() -> None:
    assert urgency(chances(warn=0.6), 0.55, signs("act")) is Urgency.WARN
    assert urgency(chances(warn=0.6), 0.65, signs("act")) is not Urgency.WARN


@pytest.mark.parametrize(("frames", "expected"), [(0, Urgency.NONE), (1, Urgency.ASK), (2, Urgency.STOP_NOW)])
def test_the_less_evidence_the_surer_it_must_be(frames: int, expected: Urgency) -> None:
    assert urgency(chances(stop=0.59, ask=0.1), 0.58, signs(frames=frames)) is expected


def test_danger_in_words_no_frame_knows_is_a_question_rather_than_silence() -> None:
    assert urgency(chances(stop=0.4, paid=0.25), 0.5, signs(frames=0)) is Urgency.ASK
    assert urgency(chances(stop=0.3, paid=0.25), 0.5, signs(frames=0)) is Urgency.NONE
    assert urgency(chances(stop=0.4, paid=0.25), 0.5, signs("hold", frames=0)) is Urgency.NONE
    assert decide(chances(warn=0.7), 0.5, signs(frames=0)).rules == ("uneasy",)


def test_money_said_to_have_moved_is_the_graver_of_two() -> None:
    both = chances(stop=0.5, paid=0.4)
    assert urgency(both, 0.5, signs("moved")) is Urgency.ALREADY_PAID
    assert urgency(both, 0.5, signs("moved", "hold")) is Urgency.STOP_NOW
    assert urgency(both, 0.5, signs("act")) is Urgency.STOP_NOW


def test_words_nobody_honest_says_while_something_moves_are_stop_now() -> None:
    assert urgency(chances(ask=0.6), 0.5, signs("about_to", certain=True)) is Urgency.STOP_NOW
    assert urgency(chances(ask=0.6), 0.5, signs("about_to", "talk", certain=True)) is Urgency.ASK
    assert urgency(chances(), 0.5, signs("about_to", certain=True)) is Urgency.NONE


def test_a_link_dressed_as_another_is_at_least_a_warning() -> None:
    assert urgency(chances(), 0.5, signs(link=True)) is Urgency.WARN
    assert urgency(chances(), 0.5, signs("talk", link=True)) is Urgency.NONE


def test_a_doubt_is_no_reason_to_wait_when_the_whole_pattern_is_there() -> None:
    assert urgency(chances(ask=0.6, warn=0.35), 0.5, signs("act", frames=4)) is Urgency.WARN
    assert urgency(chances(ask=0.6, warn=0.35), 0.5, signs("act", frames=3)) is Urgency.ASK
    assert urgency(chances(ask=0.4, warn=0.35), 0.5, signs("act", frames=4)) is Urgency.ASK


def test_money_gone_and_a_person_at_a_loss_is_never_nothing() -> None:
    assert urgency(chances(), 0.5, signs("moved", "suspicion")) is Urgency.ASK
    assert urgency(chances(), 0.5, signs("moved", "suspicion", "harmless")) is Urgency.NONE


def test_every_decision_names_its_rules() -> None:
    assert decide(chances(warn=0.9), 0.5, signs("act")).rules == ("sure",)
    assert decide(chances(ask=0.6), 0.5, signs("about_to", certain=True)).rules == ("unsure", "floor:certain-in-motion")
    assert decide(chances(), 0.5, signs()).rules == ("nothing",)
    assert decide(chances(ask=0.6), 0.5, signs(frames=0)).rules == ("likely-ask",)


def test_a_kind_that_would_hurt_if_wrong_is_named_only_when_likely() -> None:
    ranked = [RankedTypology("mule", 0.4), RankedTypology("cash_gold", 0.3)]
    assert leading(ranked, Urgency.ALREADY_PAID, {"mule": 0.5}) == "cash_gold"
    assert leading(ranked, Urgency.ALREADY_PAID, {"mule": 0.4}) == "mule"
    assert leading(ranked[:1], Urgency.WARN, {"mule": 0.5}) == "unknown"
    assert decide(chances(), 0.5, signs(frames=0)).needed > 0.5
