"""The fixed vocabularies of the contract. Typologies are not here: they are content."""

from enum import StrEnum
from typing import Self


class Urgency(StrEnum):
    """What the person needs, in rising order."""

    NONE = "none"
    ASK = "ask"
    WARN = "warn"
    STOP_NOW = "stop-now"
    ALREADY_PAID = "already-paid"

    @property
    def rank(self) -> int:
        """0 for `none` up to 4 for `already-paid`."""
        return _RANKS[self]

    @property
    def flagged(self) -> bool:
        """Whether this counts as "flagged as a scam" (`warn` or higher)."""
        return self.rank >= Urgency.WARN.rank

    def at_least(self, other: "Urgency") -> "Urgency":
        """The higher of the two: when two urgencies fit, take the higher (R14)."""
        return self if self.rank >= other.rank else other


_RANKS = {urgency: rank for rank, urgency in enumerate(Urgency)}


class Language(StrEnum):
    """Languages a customer is answered in."""

    ZH_HANS = "zh-Hans"
    ZH_HANT = "zh-Hant"
    EN = "en"

    @classmethod
    def parse(cls, tag: str | None) -> Self | None:
        """Read a language tag, tolerant of case and region; `None` when it is none of ours."""
        if not tag:
            return None
        lowered = tag.strip().lower().replace("_", "-")
        if lowered.startswith("zh-hant") or lowered in {"zh-tw", "zh-hk", "zh-mo"}:
            return cls("zh-Hant")
        if lowered.startswith("zh"):
            return cls("zh-Hans")
        return cls("en") if lowered.startswith("en") else None


class Stage(StrEnum):
    """How far the modus operandi has run."""

    CONTACT = "contact"
    TRUST = "trust"
    BAIT = "bait"
    DEMAND = "demand"
    ESCALATE = "escalate"
    RECOVERY = "recovery"


class Form(StrEnum):
    """In what shape a text reaches the bank."""

    FIRST = "first"  # the customer's own account
    THIRD = "third"  # a relative, neighbour or colleague tells it
    QUESTION = "question"
    SMS = "sms"  # a forwarded message
    CHAT = "chat"  # a pasted chat with both voices
    CALL = "call"  # a call in turns
    PITCH = "pitch"  # the other side's opening words
    AFTER = "after"  # told after the loss


UNKNOWN = "unknown"
NONE = "none"
