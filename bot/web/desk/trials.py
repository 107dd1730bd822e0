"""Chats with drafts, in memory only: a few at a time, for each hangs on to a whole reading."""

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.conversation.memory import Memory
from bot.conversation.messages import Incoming, Message
from bot.conversation.snapshot import Snapshot
from bot.conversation.turn import Turns

KEPT = 2
MOST_TURNS = 40


@dataclass(frozen=True)
class Said:
    """One turn: what the editor wrote or tapped, and what came back."""

    text: str
    messages: tuple[Message, ...]


@dataclass
class Trial:
    """One editor's chat with the drafts as they stood; `left_out` are drafts not yet whole, as kind and key.

    It is the chat of every channel without the dialogue engine, which knows only what is released. Nothing of it is
    stored or counted.
    """

    snapshot: Snapshot
    left_out: tuple[tuple[str, str], ...] = ()
    said: list[Said] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.turns = Turns(lambda: self.snapshot, None, Memory())

    def say(self, text: str, payload: str, language: str, title: str = "") -> None:
        """One turn; `title` is what the tapped button said."""
        incoming = Incoming("trial", text, payload, language)
        answer = asyncio.run(self.turns.handle(incoming))
        self.said = [*self.said, Said(title or text, answer.messages)][-MOST_TURNS:]

    def begin_anew(self) -> None:
        """Forget what was said."""
        self.said = []
        self.turns = Turns(lambda: self.snapshot, None, Memory())


class Trials:
    """The newest trials, by editor. Any thread may ask."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._kept: OrderedDict[str, Trial] = OrderedDict()

    def of(self, owner: str) -> Trial | None:
        """An editor's trial, if it is still here."""
        with self._guard:
            return self._kept.get(owner)

    def keep(self, owner: str, trial: Trial) -> None:
        """Keep one; the oldest goes."""
        with self._guard:
            self._kept.pop(owner, None)
            self._kept[owner] = trial
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)

    def drop(self, owner: str) -> None:
        """Forget an editor's trial."""
        with self._guard:
            self._kept.pop(owner, None)

    def owners(self) -> Sequence[str]:
        """Who has one."""
        with self._guard:
            return tuple(self._kept)
