"""A `Message` as Telegram can show it: plain text in pieces that fit, buttons under the last of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import InlineKeyboardButtonLimit, MessageLimit

from bot.conversation.messages import Choice, Message

LONGEST = MessageLimit.MAX_TEXT_LENGTH.value
MOST_BUTTONS = 100
ROW_WIDTH = 26  # of a narrow phone, where a Chinese character counts as two
ROW_BUTTONS = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """One call of sendMessage."""

    text: str
    buttons: InlineKeyboardMarkup | None = None


def render(message: Message) -> list[Piece]:
    """The pieces of a message, in order; none when there is nothing to show.

    No markup is used, so that nothing a customer or a crook wrote can be read as any.
    """
    texts = split(message.text)
    if not texts:
        return []
    return [*(Piece(t) for t in texts[:-1]), Piece(texts[-1], keyboard(message.buttons))]


def keyboard(choices: tuple[Choice, ...]) -> InlineKeyboardMarkup | None:
    """Buttons in rows as wide as their words allow; a payload that Telegram would refuse has no button."""
    rows: list[list[InlineKeyboardButton]] = []
    width = 0
    for choice in choices[:MOST_BUTTONS]:
        payload = choice.payload.encode()
        if not choice.title or not 0 < len(payload) <= InlineKeyboardButtonLimit.MAX_CALLBACK_DATA:
            continue
        needs = sum(1 if c.isascii() else 2 for c in choice.title) + 3
        if not rows or len(rows[-1]) == ROW_BUTTONS or width + needs > ROW_WIDTH:
            rows.append([])
            width = 0
        rows[-1].append(InlineKeyboardButton(choice.title, callback_data=choice.payload))
        width += needs
    return InlineKeyboardMarkup(rows) if rows else None


def split(text: str, longest: int = LONGEST) -> list[str]:
    """The text in pieces of at most `longest` UTF-16 units, cut at the end of a line where there is one."""
    pieces: list[str] = []
    rest = text.strip()
    while units(rest) > longest:
        end = _fits(rest, longest)
        line = rest.rfind("\n", 0, end + 1)
        cut = line if line > end // 2 else end
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].strip()
    return [p for p in [*pieces, rest] if p]


def units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _fits(text: str, longest: int) -> int:
    """How many characters from the beginning are within `longest` units."""
    counted = 0
    for at, character in enumerate(text):
        counted += 2 if ord(character) > 0xFFFF else 1
        if counted > longest:
            return at
    return len(text)


def joined(messages: Iterable[Message]) -> list[Message]:
    """The messages of one turn in as few as they fit in: Telegram lets only about one a second into a chat.

    Two that both have buttons stay apart, so that each keeps its own under it.
    """
    together: list[Message] = []
    for message in messages:
        last = together[-1] if together else None
        if last and not (last.buttons and message.buttons) and units(last.text) + units(message.text) + 2 <= LONGEST:
            together[-1] = Message(f"{last.text}\n\n{message.text}", last.buttons or message.buttons)
        else:
            together.append(message)
    return together
