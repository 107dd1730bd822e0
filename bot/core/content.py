"""What the publicity team writes, as frozen values. A `Release` of it is all the app ever reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.core.kiosk import Kiosk
from bot.core.plans import Plans
from bot.core.products import Products
from bot.core.vocabulary import Form, Language, Stage, Urgency
from bot.core.words import Words

# The number for a life or for money that is leaving: the one role that outlives its `valid_until`.
ALARM_ROLE = "police"
# What published words may ask the table of numbers for, each as `{role}`.
NUMBER_ROLES = frozenset({"police", "advice", "bank", "consular", "mental", "ambulance", "police_sms"})


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the modus operandi."""

    stage: Stage
    words: Words


@dataclass(frozen=True, slots=True)
class RedFlag:
    """Words that give a scam away, what they ask for and what the customer is told when they are underlined."""

    id: str
    act: str
    strength: str
    says: Words
    patterns: tuple[str, ...]
    typology: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """What to do first (one command) and next, at one urgency."""

    command: Words
    steps: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """What an answer to a question makes likelier; `urgency` is a floor."""

    toward: tuple[str, ...] = ()
    urgency: Urgency | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A yes/no question that tells neighbours apart or settles the urgency."""

    id: str
    text: Words
    yes: Effect
    no: Effect
    typology: str = ""


@dataclass(frozen=True, slots=True)
class Typology:
    """One kind of scam, or one method that crosses kinds (`kind` is `typology` or `method`)."""

    id: str
    kind: str
    names: Words
    summary: Words
    steps: tuple[Step, ...]
    victims: Words
    methods: tuple[str, ...]
    red_flags: tuple[RedFlag, ...]
    never: tuple[Words, ...]
    actions: Mapping[Urgency, Action]
    questions: tuple[Question, ...]
    named_from: int = 12  # percent: how likely it must be before a customer is told it is this


@dataclass(frozen=True, slots=True)
class Case:
    """An invented or de-identified case."""

    id: str
    typology: str
    title: Words
    stage: Stage
    methods: tuple[str, ...]
    story: Words
    lesson: Words


@dataclass(frozen=True, slots=True)
class Example:
    """A text as it reaches the bank, labelled. `typology` is `none` for harmless ones; `source` is its piece."""

    text: str
    typology: str
    urgency: Urgency
    form: Form
    language: Language
    source: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A question people really ask, its answer, and the sources kept beside it (never shown as a mirror's address)."""

    id: str
    topic: str
    asks: tuple[str, ...]
    title: Words
    text: Words
    sources: tuple[str, ...]
    kind: str = "answer"


@dataclass(frozen=True, slots=True)
class Button:
    """A choice under a message."""

    title: Words
    payload: str


@dataclass(frozen=True, slots=True)
class Reply:
    """Any other sentence the bot says, by the name the dialogue uses for it."""

    id: str
    text: Words
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """A kind of evidence: whose name, which act, which door, pressure, promise, money moved, signs of the harmless."""

    id: str
    group: str
    patterns: tuple[str, ...]
    says: Words | None = None


@dataclass(frozen=True, slots=True)
class Hotline:
    """One row of the approved table. `role` is what a placeholder in published words asks for."""

    id: str
    place: str
    role: str
    number: str
    name: Words
    caution: Words
    valid_until: str
    href: str = ""
    kind: str = "phone"

    def told_on(self, today: date) -> bool:
        """Whether a customer may be given it: to the end of its last day; the alarm number always."""
        return self.role == ALARM_ROLE or today.isoformat() <= self.valid_until


@dataclass(frozen=True, slots=True)
class Place:
    """A place with its own numbers, and how customers name it.

    Without a `timezone` it has the bank's. A branch has the numbers of the place it lies `within`.
    """

    id: str
    name: Words
    mentions: tuple[str, ...]
    timezone: str = ""
    within: str = ""


@dataclass(frozen=True, slots=True)
class Bank:
    """The bank that runs this installation; the number may be empty: then "the number on your card"."""

    name: Words
    number: str
    card_number_words: Words


@dataclass(frozen=True)
class Release:
    """An immutable, numbered set of content: what the running app holds in memory and swaps whole."""

    version: int
    bank: Bank
    typologies: Mapping[str, Typology]
    cases: tuple[Case, ...]
    examples: tuple[Example, ...]
    answers: tuple[Answer, ...]
    replies: Mapping[str, Reply]
    frames: tuple[Frame, ...]
    questions: tuple[Question, ...]
    hotlines: tuple[Hotline, ...]
    places: Mapping[str, Place]
    home_places: Mapping[Language, tuple[str, ...]]
    variants: Mapping[str, str] = field(default_factory=dict)
    products: Products = field(default_factory=Products)
    kiosk: Kiosk = field(default_factory=Kiosk)
    plans: Plans = field(default_factory=Plans)

    def around(self, place: str) -> tuple[str, ...]:
        """A place and those it lies within, the nearest first; nothing for one that is not known."""
        found: list[str] = []
        while place in self.places and place not in found:
            found.append(place)
            place = self.places[place].within
        return tuple(found)

    def question(self, question_id: str) -> Question | None:
        """The question of that id, general or of any typology."""
        for question in self.questions:
            if question.id == question_id:
                return question
        return None
