"""From probabilities and evidence to urgency, typology, methods and stage: rules an auditor can read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.core.assessment import Indicator, RankedTypology
from bot.core.vocabulary import NONE, UNKNOWN, Stage, Urgency
from bot.recognition.evidence import Finding
from bot.recognition.model import URGENCIES
from bot.recognition.ngrams import Array

METHOD = 0.12
RANKED = 8
FLAGGED = tuple(u for u in URGENCIES if u.flagged)
# Meaning alone deceives (small talk about money reads like a pitch): the less evidence, the surer it must be.
SURE_WITHOUT_EVIDENCE = {0: 0.85, 1: 0.62}
# Said to have moved, and not unlikely to be gone: of two urgencies that fit, the higher (R14).
GONE = 0.4
PLENTY, UNLIKELY = 4, 0.15
# A question costs little where meaning alone says that it cannot be told.
LIKELY = 0.5
# Danger likelier than not, in words that no frame knows: people tell a loss by what is left of it.
UNEASY = 0.6
DANGER_GROUPS = frozenset({"who", "act", "door", "promise", "pressure", "moved", "about_to", "gave", "concern"})
DECEIVING_LINK = "lookalike:"


@dataclass(frozen=True, slots=True)
class Signs:
    """The kinds of evidence in a text that decide beside the probabilities."""

    frames: frozenset[str]
    groups: frozenset[str]
    certain: bool
    weight: int
    deceiving_link: bool

    @classmethod
    def of(cls, findings: Sequence[Finding], indicators: Sequence[Indicator] = ()) -> "Signs":
        """From everything found and not negated. `weight` counts kinds of evidence; a strong red flag counts two."""
        said = [f.rule for f in findings if not f.negated]
        strong = any(r.strength in {"strong", "certain"} for r in said)
        return cls(
            frames=frozenset(r.id for r in said if r.group != "flag"),
            groups=frozenset(r.group for r in said),
            certain=any(r.strength == "certain" for r in said),
            weight=len({r.id for r in said if r.group in DANGER_GROUPS}) + 2 * strong,
            deceiving_link=any(f.startswith(DECEIVING_LINK) for i in indicators for f in i.findings),
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """An urgency, how sure it had to be, and the rules that led to it, for whoever asks why."""

    urgency: Urgency
    needed: float
    rules: tuple[str, ...]


def decide(probabilities: Array, sure: float, signs: Signs) -> Decision:
    """Flagged when as sure as this form of text asks; then the likeliest of the flagged, danger first."""
    by_urgency = dict(zip(URGENCIES, (float(p) for p in probabilities), strict=True))
    flagged = sum(by_urgency[u] for u in FLAGGED)
    likeliest = max(FLAGGED, key=lambda u: (by_urgency[u], u.rank))
    needed = max(sure, SURE_WITHOUT_EVIDENCE.get(signs.weight, 0.0))
    told = signs.weight or "suspicion" in signs.groups
    if flagged >= needed:
        gone = by_urgency[Urgency.ALREADY_PAID] >= GONE * flagged
        if gone and "moved" in signs.groups and "hold" not in signs.groups:
            decided, rule = Urgency.ALREADY_PAID, "sure:moved"
        else:
            decided, rule = likeliest, "sure"
    elif told and by_urgency[Urgency.ASK] + flagged > by_urgency[Urgency.NONE]:
        if signs.weight >= PLENTY and by_urgency[Urgency.NONE] < UNLIKELY:
            # so much of the pattern is there that a doubt about it is no reason to wait
            decided, rule = likeliest, "plenty-of-evidence"
        else:
            decided, rule = Urgency.ASK, "unsure"
    elif by_urgency[Urgency.ASK] >= LIKELY:
        decided, rule = Urgency.ASK, "likely-ask"
    elif flagged >= UNEASY and "hold" not in signs.groups:
        decided, rule = Urgency.ASK, "uneasy"
    else:
        decided, rule = Urgency.NONE, "nothing"
    least, why = _floor(decided, signs)
    raised = least.rank > decided.rank
    return Decision(decided.at_least(least), needed, (rule, why) if raised else (rule,))


def _floor(decided: Urgency, signs: Signs) -> tuple[Urgency, str]:
    """What the words alone ask for, and the name of that rule.

    Words nobody honest says while something is about to move: stop-now. A link dressed as a bank's: warn. Money that
    has moved, and a person at a loss: never nothing.
    """
    in_motion = signs.groups & {"about_to", "gave"}
    if signs.certain and in_motion and not signs.groups & {"talk", "hold"} and decided is not Urgency.NONE:
        return Urgency.STOP_NOW, "floor:certain-in-motion"
    if signs.deceiving_link and "talk" not in signs.groups:
        return Urgency.WARN, "floor:deceiving-link"
    if {"moved", "suspicion"} <= signs.groups and not signs.groups & {"talk", "hold", "harmless"}:
        return Urgency.ASK, "floor:moved-and-at-a-loss"
    return Urgency.NONE, ""


def ranking(classes: Sequence[str], probabilities: Array) -> tuple[RankedTypology, ...]:
    """The likeliest typologies in order, their probabilities as calibrated."""
    order = np.argsort(-probabilities)[:RANKED]
    return tuple(RankedTypology(classes[i], float(probabilities[i])) for i in order)


def leading(ranked: Sequence[RankedTypology], decided: Urgency, named_from: Mapping[str, float]) -> str:
    """The typology to speak of: for a flagged text the likeliest scam, or `unknown` when none stands out.

    `named_from` is how likely each must be: to hint that somebody lends out his account is worse than to say less.
    """
    if not decided.flagged:
        return ranked[0].typology
    for candidate in ranked:
        if candidate.typology != NONE and candidate.probability >= named_from.get(candidate.typology, 0.0):
            return candidate.typology
    return UNKNOWN


def methods(
    ranked: Sequence[RankedTypology], findings: Sequence[Finding], known: frozenset[str], lead: str
) -> tuple[str, ...]:
    """Methods that cross typologies: likely, or with strong words of their own in the text."""
    likely = {r.typology for r in ranked if r.typology in known and r.probability >= METHOD}
    said = {
        f.rule.typology
        for f in findings
        if f.rule.typology in known and not f.negated and f.rule.strength in {"strong", "certain"}
    }
    return tuple(sorted((likely | said) - {lead}))


def stage(decided: Urgency, signs: Signs) -> Stage | None:
    """How far it has run, read from what is asked and what has moved."""
    if decided is Urgency.NONE:
        return None
    if "who_lawyer" in signs.frames and "moved" in signs.groups:
        return Stage.RECOVERY
    if decided is Urgency.ALREADY_PAID or "door_app" in signs.frames:
        return Stage.ESCALATE
    if decided is Urgency.STOP_NOW or signs.groups & {"about_to"}:
        return Stage.DEMAND
    if "promise" in signs.groups:
        return Stage.BAIT
    return Stage.TRUST if "who_sweetheart" in signs.frames else Stage.CONTACT
