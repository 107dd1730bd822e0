"""The terminal as a channel."""

import asyncio

from rich.console import Console

from bot.conversation.messages import Choice, Incoming, Outgoing
from bot.conversation.turn import Turns

PROMPT = "> "


async def talk(turns: Turns, conversation: str) -> None:
    """Read lines and show answers until the end of input. A bare number taps that button."""
    console = Console(highlight=False)
    buttons: tuple[Choice, ...] = ()
    while True:
        try:
            line = await asyncio.to_thread(input, PROMPT)
        except (EOFError, KeyboardInterrupt):
            return
        outgoing = await turns.handle(_incoming(conversation, line, buttons))
        buttons = tuple(b for m in outgoing.messages for b in m.buttons)
        _show(console, outgoing)


def _incoming(conversation: str, line: str, buttons: tuple[Choice, ...]) -> Incoming:
    chosen = line.strip()
    if chosen.isdecimal() and 1 <= int(chosen) <= len(buttons):
        return Incoming(conversation, payload=buttons[int(chosen) - 1].payload, channel="terminal")
    return Incoming(conversation, text=line, channel="terminal")


def _show(console: Console, outgoing: Outgoing) -> None:
    number = 0
    for message in outgoing.messages:
        console.print(message.text, markup=False)
        for button in message.buttons:
            number += 1
            console.print(f"  [{number}] {button.title}", markup=False)
        console.print()
