"""What the recogniser says about one text (contract, section 3)."""

from dataclasses import dataclass, field, replace
from typing import Any

from bot.core.vocabulary import NONE, Form, Language, Stage, Urgency


@dataclass(frozen=True, slots=True)
class RankedTypology:
    """One typology with its calibrated probability."""

    typology: str
    probability: float


@dataclass(frozen=True, slots=True)
class FoundFlag:
    """A red flag found in the text; `start` and `end` are offsets into the text as the customer wrote it."""

    id: str
    start: int
    end: int
    text: str
    typology: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True)
class SimilarCase:
    """A published case that resembles the text."""

    id: str
    title: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Indicator:
    """A link, phone, account or messenger id, masked, with what was noticed about it."""

    kind: str
    start: int
    end: int
    masked: str
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NextQuestion:
    """The question that would settle most, in the customer's language."""

    id: str
    text: str
    options: tuple[str, ...] = ("yes", "no", "unsure")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One evidence frame found: which, where, negated or not, and how much it spoke for danger.

    `weight` is its share of the log-odds of danger in this text, in natural units; below zero it spoke against.
    """

    frame: str
    start: int
    end: int
    negated: bool = False
    tense: str = ""
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Assessment:
    """The reading of one text. Immutable; a follow-up answer gives a new one."""

    language: Language
    urgency: Urgency
    typology: str
    ranking: tuple[RankedTypology, ...] = ()
    methods: tuple[str, ...] = ()
    stage: Stage | None = None
    red_flags: tuple[FoundFlag, ...] = ()
    similar_cases: tuple[SimilarCase, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    question: NextQuestion | None = None
    content_version: int = 0
    elapsed_ms: float = 0.0
    form: Form = Form.FIRST
    scam_probability: float = 0.0
    urgency_probabilities: dict[str, float] = field(default_factory=dict)
    needed_probability: float = 0.0
    decided_by: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    concerns: tuple[str, ...] = ()
    about_other: bool = False
    supported_language: bool = True

    @property
    def flagged(self) -> bool:
        """Whether the text counts as "flagged as a scam"."""
        return self.urgency.flagged

    def with_question(self, question: NextQuestion | None) -> "Assessment":
        """The same assessment with another next question."""
        return replace(self, question=question)

    def as_dict(self) -> dict[str, Any]:
        """The JSON shape of the contract."""
        return {
            "language": self.language.value,
            "urgency": self.urgency.value,
            "typology": self.typology,
            "ranking": [{"typology": r.typology, "probability": round(r.probability, 4)} for r in self.ranking],
            "methods": list(self.methods),
            "stage": self.stage.value if self.stage else None,
            "red_flags": [
                {"id": f.id, "start": f.start, "end": f.end, "text": f.text, "typology": f.typology, "says": f.says}
                for f in self.red_flags
            ],
            "similar_cases": [
                {"id": c.id, "title": c.title, "similarity": round(c.similarity, 3)} for c in self.similar_cases
            ],
            "indicators": [
                {
                    "kind": i.kind,
                    "start": i.start,
                    "end": i.end,
                    "masked": i.masked,
                    "findings": list(i.findings),
                }
                for i in self.indicators
            ],
            "question": None
            if self.question is None
            else {"id": self.question.id, "text": self.question.text, "options": list(self.question.options)},
            "content_version": self.content_version,
            "elapsed_ms": round(self.elapsed_ms, 2),
            "form": self.form.value,
            "scam_probability": round(self.scam_probability, 4),
            "urgency_probabilities": {k: round(v, 4) for k, v in self.urgency_probabilities.items()},
            "needed_probability": round(self.needed_probability, 4),
            "decided_by": list(self.decided_by),
            "evidence": [
                {
                    "frame": e.frame,
                    "start": e.start,
                    "end": e.end,
                    "negated": e.negated,
                    "tense": e.tense,
                    "weight": round(e.weight, 3),
                }
                for e in self.evidence
            ],
            "concerns": list(self.concerns),
            "about_other": self.about_other,
            "supported_language": self.supported_language,
        }


def nothing(language: Language, *, content_version: int = 0) -> Assessment:
    """The assessment of a text with nothing in it."""
    return Assessment(language=language, urgency=Urgency.NONE, typology=NONE, content_version=content_version)
