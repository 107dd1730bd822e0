"""What the kiosk in a branch shows to be tapped: pictures, choices that lead to a card, and drills."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core.vocabulary import Urgency
from bot.core.words import Words


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing on a 64-unit grid, as SVG paths: `soft` tinted areas, then `fill`, then `line` strokes."""

    id: str
    line: tuple[str, ...]
    fill: tuple[str, ...]
    soft: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tap:
    """One large choice. It leads to further choices, to a kind of scam, to a way of paying, or opens a screen.

    Attributes:
        under: the choice it stands below; empty on the first screen.
        title, plain: what it says, and the same in fewer and plainer words.
        reads: what the recogniser reads in place of the customer's words.
        typology, urgency: what a tap on it means at the least.
        pays: one of the ways of paying.
        opens: a screen of its own.
        known: questions the choice itself has answered.
    """

    id: str
    under: str
    order: int
    picture: str
    title: Words
    plain: Words
    reads: str = ""
    typology: str = ""
    urgency: Urgency = Urgency.ASK
    pays: str = ""
    opens: str = ""
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DrillLine:
    """What the screen says in the drill; `flag` tells what gives it away, where something does."""

    words: Words
    flag: Words | None


@dataclass(frozen=True, slots=True)
class Drill:
    """The screen plays the other side, harmlessly; then one question, whose right option is counted from 1."""

    id: str
    typology: str
    title: Words
    lines: tuple[DrillLine, ...]
    question: Words
    options: tuple[Words, ...]
    right: int
    why: Words


@dataclass(frozen=True)
class Kiosk:
    """All of it in one release."""

    taps: tuple[Tap, ...] = ()
    drills: tuple[Drill, ...] = ()
    pictures: Mapping[str, Picture] = field(default_factory=dict)

    def tap(self, tap_id: str) -> Tap | None:
        """The choice of that id."""
        return next((t for t in self.taps if t.id == tap_id), None)
