"""From a tapped choice to the card: what the recogniser makes of it, and of every answer on the way."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.core.assessment import Assessment, RankedTypology
from bot.core.kiosk import Tap
from bot.core.vocabulary import UNKNOWN, Language, Urgency
from bot.recognition.questions import MONEY_GONE, next_question
from bot.recognition.recogniser import Recognizer

ANSWERS = ("yes", "no", "unsure")
# A tapped picture says what it is more plainly than a sentence does.
CHOSEN = 0.6
# Before the card; in danger the card comes at once and asks only whether money has gone.
QUESTIONS_BEFORE_CARD = 2


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands on the way: what is known, and what was asked."""

    known: Assessment
    asked: tuple[str, ...] = ()
    # what the choice itself has answered
    settled: tuple[str, ...] = ()

    @property
    def question(self) -> str:
        """The id of the question to put now; empty where there is none."""
        question = self.known.question
        if question is None or (len(self.asked) >= QUESTIONS_BEFORE_CARD and question.id != MONEY_GONE):
            return ""
        return question.id


def begin(recogniser: Recognizer, tap: Tap, language: Language = Language.ZH_HANS) -> Standing:
    """What a choice means: the recogniser's reading of its words, and at least what the choice itself says."""
    read = recogniser.assess(tap.reads, language)
    typology = tap.typology or UNKNOWN
    ranking = read.ranking if typology == UNKNOWN else _first(read.ranking, typology)
    known = replace(read, typology=typology, ranking=ranking, urgency=read.urgency.at_least(tap.urgency))
    return Standing(_with_next(recogniser, known, (), tap.known), settled=tap.known)


def go_on(recogniser: Recognizer, standing: Standing, answer: str) -> Standing:
    """After an answer to the question that is open; without one nothing changes."""
    question = standing.question
    if not question:
        return standing
    asked = (*standing.asked, question)
    known = sharpened(recogniser, standing.known, question, answer, standing.asked)
    return replace(standing, known=_with_next(recogniser, known, asked, standing.settled), asked=asked)


def sharpened(
    recogniser: Recognizer, known: Assessment, question: str, answer: str, asked: Sequence[str]
) -> Assessment:
    """An assessment after one answer, never below `ask`: somebody asked because something is going on."""
    sharper = recogniser.update(known, question, answer, asked=asked)
    if question == MONEY_GONE and answer == "no":
        sharper = replace(sharper, urgency=sharper.urgency.at_least(Urgency.STOP_NOW))
    return replace(sharper, urgency=sharper.urgency.at_least(Urgency.ASK))


def tree(recogniser: Recognizer, tap: Tap) -> dict[str, Any]:
    """Every way on from a choice, so that a page can go it without asking anybody."""
    return _node(recogniser, begin(recogniser, tap))


def _node(recogniser: Recognizer, standing: Standing) -> dict[str, Any]:
    known = standing.known
    node: dict[str, Any] = {"urgency": known.urgency.value, "typology": known.typology}
    if standing.question:
        node["question"] = standing.question
        node["then"] = {a: _node(recogniser, go_on(recogniser, standing, a)) for a in ANSWERS}
    return node


def _with_next(recogniser: Recognizer, known: Assessment, asked: Sequence[str], settled: Sequence[str]) -> Assessment:
    """The question to put next, none of those the choice has answered."""
    open_ones = tuple(q for q in recogniser.release.questions if q.id not in settled)
    return known.with_question(next_question(replace(recogniser.release, questions=open_ones), known, asked=asked))


def _first(ranking: Sequence[RankedTypology], typology: str) -> tuple[RankedTypology, ...]:
    own = max(CHOSEN, next((r.probability for r in ranking if r.typology == typology), 0.0))
    others = [r for r in ranking if r.typology != typology]
    scale = (1 - own) / (sum(r.probability for r in others) or 1.0)
    return (
        RankedTypology(typology, own),
        *(RankedTypology(r.typology, r.probability * min(1.0, scale)) for r in others),
    )
