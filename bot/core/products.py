"""What one case becomes beside a story: a warning, a screen, a sign's line, a card, a leaflet, a page, a question."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.core.words import Words

EVERYONE = "all"


@dataclass(frozen=True, slots=True)
class Audience:
    """A group that is spoken to in a way of its own."""

    id: str
    name: Words


@dataclass(frozen=True, slots=True)
class Showing:
    """For whom, where and from which day to which, both included; on screens only at `dayparts`, if any are named."""

    audiences: tuple[str, ...]
    places: tuple[str, ...]
    start: date
    end: date
    dayparts: tuple[tuple[str, str], ...] = ()

    def in_force(self, today: date) -> bool:
        """Whether it may be seen on that day."""
        return self.start <= today <= self.end

    def meant_for(self, audience: str, place: str) -> bool:
        """Whether that group at that place is spoken to; what is meant for everyone is meant for each."""
        return bool({audience, EVERYONE} & set(self.audiences) and {place, EVERYONE} & set(self.places))


@dataclass(frozen=True, slots=True)
class Head:
    """What every product carries; `from_case` and `typology` may be empty, `ai_made` is shown and kept in files."""

    id: str
    from_case: str
    typology: str
    showing: Showing
    ai_made: bool = False


@dataclass(frozen=True, slots=True)
class PublicWarning:
    """A warning.

    `priority` 1 is the most urgent of 3, `quiz` the question that asks whether it was understood. For
    `interrupt_minutes` after its release the most urgent one takes screens for itself.
    """

    head: Head
    title: Words
    text: Words
    channels: tuple[str, ...]
    priority: int
    quiz: str = ""
    interrupt_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Screen:
    """One item of a kiosk's or lobby screen's loop: a headline and at most three lines, shown for `seconds`."""

    head: Head
    title: Words
    lines: tuple[Words, ...]
    seconds: int


@dataclass(frozen=True, slots=True)
class Film:
    """A film of the bank's own, shown without sound for `seconds`; its lines are read while it runs."""

    head: Head
    title: Words
    lines: tuple[Words, ...]
    file: str
    seconds: int


@dataclass(frozen=True, slots=True)
class LedLine:
    """One idea on a ticker. Chinese only: the sign knows GB2312."""

    head: Head
    text: str


@dataclass(frozen=True, slots=True)
class PromptCard:
    """The card on the counter: what to look for, and the one number."""

    head: Head
    title: Words
    points: tuple[Words, ...]
    foot: Words


@dataclass(frozen=True, slots=True)
class Leaflet:
    """A page to take home."""

    head: Head
    title: Words
    lead: Words
    story: Words
    signs: tuple[Words, ...]
    do: tuple[Words, ...]
    never: tuple[Words, ...]
    foot: Words


@dataclass(frozen=True, slots=True)
class HandbookEntry:
    """A page of the bank's own handbook: how it goes, how to tell, what to do."""

    head: Head
    title: Words
    summary: Words
    how: tuple[Words, ...]
    signs: tuple[Words, ...]
    do: tuple[Words, ...]
    never: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Quiz:
    """One question; `right` is the place of the right option, counted from 1."""

    head: Head
    question: Words
    options: tuple[Words, ...]
    right: int
    why: Words


Product = PublicWarning | Screen | Film | LedLine | PromptCard | Leaflet | HandbookEntry | Quiz


@dataclass(frozen=True)
class Products:
    """All products of a release, by kind."""

    warnings: tuple[PublicWarning, ...] = ()
    screens: tuple[Screen, ...] = ()
    leds: tuple[LedLine, ...] = ()
    prompt_cards: tuple[PromptCard, ...] = ()
    leaflets: tuple[Leaflet, ...] = ()
    handbook: tuple[HandbookEntry, ...] = ()
    quizzes: tuple[Quiz, ...] = ()
    films: tuple[Film, ...] = ()
    audiences: Mapping[str, Audience] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Product]:
        for group in (
            self.warnings,
            self.screens,
            self.leds,
            self.prompt_cards,
            self.leaflets,
            self.handbook,
            self.quizzes,
            self.films,
        ):
            yield from group

    def warnings_for(self, today: date, audience: str = EVERYONE, place: str = EVERYONE) -> tuple[PublicWarning, ...]:
        """Warnings in force for that group at that place, the most urgent first, then the newest."""
        shown = ((w.head.showing, w) for w in self.warnings)
        found = (w for showing, w in shown if showing.in_force(today) and showing.meant_for(audience, place))
        return tuple(sorted(found, key=lambda w: (w.priority, -w.head.showing.start.toordinal(), w.head.id)))
