"""Shapes of the HTTP API (contract, section 4)."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.core.vocabulary import Form, Language, Stage, Urgency

LONGEST_TEXT = 8000


def whole_characters(text: str) -> str:
    """Half a surrogate pair is no character: it becomes the replacement sign, so offsets stay true."""
    return "".join("�" if "\ud800" <= c <= "\udfff" else c for c in text)


Text = Annotated[str, AfterValidator(whole_characters)]
Tag = Literal["zh-Hans", "zh-Hant", "en"]


class Strict(BaseModel):
    """Unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", strict=True)


class AssessCall(Strict):
    """One text to assess. Over 8,000 characters it is refused with 413."""

    text: Text
    language: Tag | None = None


class ChatCall(Strict):
    """One turn: what was typed, or the payload of the button that was tapped."""

    conversation: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._:-]+$")]
    text: Text | None = None
    payload: Annotated[str, Field(max_length=100), AfterValidator(whole_characters)] | None = None
    language: Tag | None = None


class ContinueCall(Strict):
    """The code of a conversation begun elsewhere, and the id it goes on under here."""

    conversation: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._:-]+$")]
    token: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]


class RankedBody(BaseModel):
    typology: str
    probability: float


class FlagBody(BaseModel):
    id: str
    start: int
    end: int
    text: str
    typology: str
    says: str


class CaseBody(BaseModel):
    id: str
    title: str
    similarity: float


class IndicatorBody(BaseModel):
    kind: str
    start: int
    end: int
    masked: str
    findings: list[str]


class QuestionBody(BaseModel):
    id: str
    text: str
    options: list[str]


class EvidenceBody(BaseModel):
    frame: str
    start: int
    end: int
    negated: bool
    tense: str
    weight: float


class AssessmentBody(BaseModel):
    """Contract, section 3."""

    language: Language
    urgency: Urgency
    typology: str
    ranking: list[RankedBody]
    methods: list[str]
    stage: Stage | None
    red_flags: list[FlagBody]
    similar_cases: list[CaseBody]
    indicators: list[IndicatorBody]
    question: QuestionBody | None
    content_version: int
    elapsed_ms: float
    form: Form
    scam_probability: float
    urgency_probabilities: dict[str, float]
    needed_probability: float
    decided_by: list[str]
    evidence: list[EvidenceBody]
    concerns: list[str]
    about_other: bool
    supported_language: bool


class ButtonBody(BaseModel):
    title: str
    payload: str


class MessageBody(BaseModel):
    text: str
    buttons: list[ButtonBody]
    card: dict[str, Any] | None = None


class ChatAnswer(BaseModel):
    messages: list[MessageBody]
    assessment: AssessmentBody | None


class Continued(ChatAnswer):
    """What is said first where a conversation goes on, and in which language."""

    language: Language


class TypologyBody(BaseModel):
    """A published typology, words by language tag."""

    id: str
    kind: str
    names: dict[str, str]
    summary: dict[str, str]
    steps: list[dict[str, str]]
    victims: dict[str, str]
    methods: list[str]
    red_flags: list[dict[str, Any]]
    never: list[dict[str, str]]
    actions: dict[str, Any]
    version: int


class WarningBody(BaseModel):
    """A warning; words by language tag, days included, priority 1 the most urgent of 3."""

    id: str
    title: dict[str, str]
    text: dict[str, str]
    typology: str
    audiences: list[str]
    places: list[str]
    channels: list[str]
    priority: int
    start: date
    end: date


class Warnings(BaseModel):
    """Warnings in force now."""

    version: int
    warnings: list[WarningBody]
