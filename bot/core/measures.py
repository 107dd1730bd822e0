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
