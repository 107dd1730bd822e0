"""Messages as WeChat can show them: plain text of at most 2,048 bytes, and numbers where others have buttons."""

import unicodedata
from collections.abc import Sequence

from bot.conversation.messages import Choice, Message

LONGEST_BYTES = 2048


def choices_of(messages: Sequence[Message]) -> tuple[Choice, ...]:
    """What the numbers under them mean, from 1 on."""
    return tuple(choice for message in messages for choice in message.buttons)


def render(messages: Sequence[Message], invitation: str) -> list[str]:
    """The texts to send. `invitation` says that a number is enough."""
    blocks: list[str] = []
    number = 0
    for message in messages:
        lines = [message.text]
        if message.buttons:
            lines += ["", invitation]
        for choice in message.buttons:
            number += 1
            lines.append(f"{number}  {choice.title}")
        blocks.append("\n".join(lines).strip())
    return split("\n\n".join(b for b in blocks if b))


def split(text: str, longest: int = LONGEST_BYTES) -> list[str]:
    """The text in pieces of at most `longest` bytes, cut at the end of a line where there is one."""
    pieces: list[str] = []
    rest = text.strip()
    while len(rest.encode()) > longest:
        end = len(rest.encode()[:longest].decode(errors="ignore"))
        line = rest.rfind("\n", 0, end)
        cut = line if line > end // 2 else end
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].strip()
    return [p for p in [*pieces, rest] if p]


def chosen(text: str, choices: Sequence[Choice]) -> Choice | None:
    """The button a bare number means, whatever digits it is written in."""
    bare = text.strip().rstrip(".。、)）")
    if not 1 <= len(bare) <= 2 or not all(c.isdecimal() for c in bare):
        return None
    number = int("".join(str(unicodedata.decimal(c)) for c in bare))
    return choices[number - 1] if 1 <= number <= len(choices) else None
