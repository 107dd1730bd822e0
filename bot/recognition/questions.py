"""The question that settles most, and what an answer changes."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from bot.core.assessment import Assessment, NextQuestion, RankedTypology
from bot.core.content import Effect, Question, Release
from bot.core.vocabulary import NONE, Urgency

MONEY_GONE = "money_gone"
MAX_QUESTIONS = 3
LIKELY, UNLIKELY, INDIFFERENT = 0.85, 0.15, 0.4
CANDIDATE_TYPOLOGIES = 4
WORTH_ASKING = 0.02


def next_question(release: Release, assessment: Assessment, *, asked: Collection[str] = ()) -> NextQuestion | None:
    """The most telling question not asked yet; none when there is no danger or danger needs no more telling."""
    if assessment.urgency in {Urgency.NONE, Urgency.ALREADY_PAID} or len(asked) >= MAX_QUESTIONS:
        return None
    money = release.question(MONEY_GONE)
    about_money = None if money is None or MONEY_GONE in asked else _shown(money, assessment)
    if assessment.urgency is Urgency.STOP_NOW:
        return about_money
    scored = [(_gain(q, assessment), q.id, q) for q in _candidates(release, assessment) if q.id not in asked]
    gain, _, best = max(scored, key=lambda s: (s[0], s[1]), default=(0.0, "", None))
    if best is not None and gain > WORTH_ASKING:
        return _shown(best, assessment)
    # the kind is clear, but whether anything has moved nobody has said
    return about_money if assessment.urgency is Urgency.WARN else None


def _shown(question: Question, assessment: Assessment) -> NextQuestion:
    return NextQuestion(question.id, question.text.in_(assessment.language))


def _candidates(release: Release, assessment: Assessment) -> list[Question]:
    likely = [r.typology for r in assessment.ranking if r.typology != NONE][:CANDIDATE_TYPOLOGIES]
    return [q for q in release.questions if not q.typology or q.typology in likely]


def _gain(question: Question, assessment: Assessment) -> float:
    """Expected fall in uncertainty over typology and urgency, in bits."""
    typologies = {r.typology: r.probability for r in assessment.ranking if r.typology != NONE}
    urgencies = assessment.urgency_probabilities
    return _expected_fall(typologies, {t: _chance_by_typology(question, t) for t in typologies}) + _expected_fall(
        urgencies, {u: _chance_by_urgency(question, Urgency(u)) for u in urgencies}
    )


def _chance_by_typology(question: Question, typology: str) -> float:
    if typology in question.yes.toward:
        return LIKELY
    return UNLIKELY if typology in question.no.toward else INDIFFERENT


def _chance_by_urgency(question: Question, urgency: Urgency) -> float:
    floor = question.yes.urgency
    if floor is None:
        return 0.5
    return 0.75 if urgency.rank >= floor.rank else 0.25


def _expected_fall(prior: Mapping[str, float], chance_of_yes: Mapping[str, float]) -> float:
    total = sum(prior.values())
    if total <= 0:
        return 0.0
    p = {k: v / total for k, v in prior.items()}
    yes = sum(p[k] * chance_of_yes[k] for k in p)
    after = 0.0
    for weight, likelihood in ((yes, chance_of_yes), (1 - yes, {k: 1 - c for k, c in chance_of_yes.items()})):
        if weight > 0:
            after += weight * _entropy([p[k] * likelihood[k] / weight for k in p])
    return _entropy(list(p.values())) - after


def _entropy(probabilities: Sequence[float]) -> float:
    return -sum(q * math.log2(q) for q in probabilities if q > 0)


def answered(release: Release, assessment: Assessment, question_id: str, answer: str) -> Assessment:
    """The assessment after `yes`, `no` or `unsure` to a question. Danger never falls by an answer."""
    question = release.question(question_id)
    if question is None or answer not in {"yes", "no"}:
        return assessment
    effect, other = (question.yes, question.no) if answer == "yes" else (question.no, question.yes)
    # "not yet" is no word against the kind: a no counts as far as it should have been a yes by now
    told = _reached(assessment, question.yes.urgency) if answer == "no" else 1.0
    ranking = _reweighed(assessment.ranking, effect, other, told)
    typology = assessment.typology
    named = [r.typology for r in ranking if r.typology != NONE]
    if effect.toward and named:
        typology = named[0]
    urgency = assessment.urgency.at_least(effect.urgency or Urgency.NONE)
    return replace(assessment, ranking=ranking, typology=typology, urgency=urgency, question=None)


def _reached(assessment: Assessment, floor: Urgency | None) -> float:
    """How likely the danger has come as far as a question asks for."""
    if floor is None:
        return 1.0
    grave = {u: p for u, p in assessment.urgency_probabilities.items() if u != Urgency.NONE.value}
    return sum(p for u, p in grave.items() if Urgency(u).rank >= floor.rank) / (sum(grave.values()) or 1.0)


def _reweighed(
    ranking: Sequence[RankedTypology], effect: Effect, other: Effect, told: float
) -> tuple[RankedTypology, ...]:
    weights = {r.typology: r.probability for r in ranking}
    total = sum(weights.values())
    for typology in effect.toward:
        weights[typology] = max(weights.get(typology, 0.0), 0.05 * told) * (LIKELY / INDIFFERENT) ** told
    for typology in other.toward:
        if typology in weights and typology not in effect.toward:
            weights[typology] *= (UNLIKELY / INDIFFERENT) ** told
    scale = min(1.0, max(total, 0.5)) / (sum(weights.values()) or 1.0)
    ordered = sorted(weights.items(), key=lambda item: -item[1])
    return tuple(RankedTypology(t, w * scale) for t, w in ordered)
