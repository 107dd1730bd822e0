"""What a piece, draft or not, would say in a channel: the same values the channels are given, without any of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.content import schema
from bot.content.build import parse, typology_of
from bot.content.product_bodies import PRODUCT_KINDS, HandbookBody, QuizBody, WarningBody
from bot.content.wording import words
from bot.conversation.cards import card
from bot.conversation.messages import Choice, Message
from bot.conversation.wording import Wording
from bot.core.assessment import nothing
from bot.core.errors import ContentError, DeskError
from bot.core.products import Film, PublicWarning, Screen
from bot.core.vocabulary import Urgency
from bot.desk.products import as_product

PHONE, TELEGRAM, PORTRAIT, LANDSCAPE = "phone", "telegram", "portrait", "landscape"
SIGN, A5, A4 = "sign", "a5", "a4"
TALKED = (PHONE, TELEGRAM)
WALL = (PORTRAIT, LANDSCAPE)
PRINTED = (A5, A4)
CHANNELS: dict[str, tuple[str, ...]] = {
    "warning": (*TALKED, *WALL),
    "screen": WALL,
    "film": WALL,
    "led": (SIGN,),
    "prompt_card": PRINTED,
    "leaflet": PRINTED,
    "handbook": TALKED,
    "quiz": TALKED,
    "typology": TALKED,
    "case": TALKED,
    "answer": TALKED,
    "reply": TALKED,
    "question": TALKED,
}


@dataclass(frozen=True, slots=True)
class Slide:
    """What one item of a screen's loop says."""

    title: str
    lines: tuple[str, ...]
    seconds: int = 0


def messages(  # noqa: PLR0911  # one return a kind reads best
    kind: str, key: str, body: dict[str, Any], wording: Wording, urgency: Urgency = Urgency.STOP_NOW
) -> list[Message]:
    """What a chat says of a piece; `urgency` chooses the card of a typology.

    Raises:
        DeskError: it has not the shape of its kind yet, or no chat ever says it.
    """
    typed, say = _typed(kind, key, body), wording.say
    match typed:
        case schema.TypologyBody():
            return [_card(typed, wording, urgency)]
        case schema.ReplyBody():
            buttons = tuple(Choice(say(words(b.title)), b.payload) for b in typed.buttons)
            return [Message(say(words(typed.text)), buttons)]
        case schema.QuestionBody():
            said = tuple(Choice(wording.reply(one), one) for one in ("yes", "no", "unsure"))
            return [Message(say(words(typed.text)), said)]
        case schema.AnswerBody():
            return [Message(say(words(typed.text)))]
        case schema.CaseBody():
            return [Message(_lines(say(words(part)) for part in (typed.title, typed.story, typed.lesson)))]
        case WarningBody():
            return [Message(_lines([say(words(typed.title)), say(words(typed.text))]))]
        case QuizBody():
            options = tuple(Choice(say(words(o)), str(n)) for n, o in enumerate(typed.options, 1))
            return [Message(say(words(typed.question)), options), Message(say(words(typed.why)))]
        case HandbookBody():
            parts = [typed.title, typed.summary, *typed.how, *typed.signs, *typed.do, *typed.never]
            return [Message(_lines(say(words(part)) for part in parts))]
    raise _unseen(kind)


def slide(kind: str, body: dict[str, Any], wording: Wording) -> Slide:
    """What a screen shows of a piece.

    Raises:
        DeskError: it has not the shape of its kind yet, or no screen ever shows it.
    """
    made = as_product(kind, body)
    match made:
        case Screen() | Film():
            return Slide(wording.say(made.title), tuple(wording.say(line) for line in made.lines), made.seconds)
        case PublicWarning():
            return Slide(wording.say(made.title), (wording.say(made.text),))
    raise _unseen(kind)


def _card(body: schema.TypologyBody, wording: Wording, urgency: Urgency) -> Message:
    typology = typology_of(body)
    release = replace(wording.release, typologies={**wording.release.typologies, typology.id: typology})
    known = replace(nothing(wording.language), urgency=urgency, typology=typology.id)
    return card(known, replace(wording, release=release))


def _typed(kind: str, key: str, body: dict[str, Any]) -> Any:
    if kind in PRODUCT_KINDS:
        as_product(kind, body)  # tells of a wrong shape by the place
    try:
        return parse(kind, key, body)
    except ContentError as error:
        raise DeskError(str(error), code="shape", label=f"{kind}/{key}", value=str(error)) from error


def _lines(parts: Any) -> str:
    said: Sequence[str] = list(parts)
    return "\n".join(part for part in said if part)


def _unseen(kind: str) -> DeskError:
    return DeskError(f"a {kind} is not shown there", code="no_look", value=kind)
