"""What is counted of a piece, without saying by whom."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Event(StrEnum):
    """What happened to a piece. A channel with a measure of its own adds a name here."""

    ASKED = "asked"  # somebody's words were read as this scam; once a conversation
    SHOWN = "shown"
    OPENED = "opened"
    HELPFUL = "helpful"
    NOT_HELPFUL = "not_helpful"
    QUESTIONS = "questions"  # somebody who was shown it wrote again
    RIGHT = "right"  # the comprehension question
    WRONG = "wrong"


class Reason(StrEnum):
    """Why a text is kept for the publicity team."""

    UNCLEAR = "unclear"  # the bot said that it did not understand, or had nothing to say without its engine
    UNKNOWN = "unknown"  # a scam, and nobody knows which kind
    OPEN = "open"  # it asked, and the conversation ended without an answer
    UNHELPFUL = "unhelpful"


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A text that taught something, masked. `conversation` is only hashed, never kept."""

    conversation: str
    text: str
    language: str
    form: str
    urgency: str
    typology: str
    reason: Reason
    release: int


@dataclass(frozen=True, slots=True)
class Measured:
    """How often something happened to a piece, on a day, through a channel, at a place; empty where nobody asked."""

    kind: str
    key: str
    event: str
    count: int
    day: date | None = None
    channel: str = ""
    place: str = ""
