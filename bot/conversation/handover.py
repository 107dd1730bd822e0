"""Going on with a conversation somewhere else, by a code that works once and for two minutes."""

import asyncio
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.conversation.memory import Conversation, Memory

VALID_SECONDS = 120
MOST_OFFERS = 1000
SWEEP_SECONDS = 30.0
# 192 bits in 32 characters: with a word before it, it fits Telegram's start parameter of 64
TOKEN_BYTES = 24


@dataclass(frozen=True, slots=True)
class _Offer:
    talk: Conversation
    until: float


class Handover:
    """Copies of conversations by token, in memory only. Safe to use from several threads.

    A copy outlives the forgetting of its original: whoever walked away with the code still gets it.
    """

    def __init__(self, memory: Memory, clock: Callable[[], float] = time.monotonic) -> None:
        self._memory = memory
        self._clock = clock
        self._offers: OrderedDict[str, _Offer] = OrderedDict()
        self._lock = threading.Lock()

    def offer(self, conversation_id: str) -> str:
        """A new token for the conversation as it stands now; one never begun is carried as an empty one."""
        known = self._memory.find(conversation_id) or Conversation("")
        token = secrets.token_urlsafe(TOKEN_BYTES)
        now = self._clock()
        with self._lock:
            self._drop_old(now)
            self._offers[token] = _Offer(_copy(known, ""), now + VALID_SECONDS)
        return token

    def take(self, token: str) -> Conversation | None:
        """The conversation behind the token, the first time within two minutes; its id is empty."""
        with self._lock:
            offer = self._offers.pop(token, None)
        return offer.talk if offer and self._clock() <= offer.until else None

    def move(self, token: str, conversation_id: str) -> Conversation | None:
        """Take it and go on with it in memory under another id."""
        talk = self.take(token)
        return self._memory.keep(replace(talk, id=conversation_id)) if talk else None

    async def keep_forgetting(self, every: float = SWEEP_SECONDS) -> None:
        """Drop what nobody took in time; until cancelled."""
        while True:
            await asyncio.sleep(every)
            with self._lock:
                self._drop_old(self._clock())

    @property
    def size(self) -> int:
        """How many copies are held, due or not."""
        return len(self._offers)

    def _drop_old(self, now: float) -> None:
        while self._offers:
            oldest = next(iter(self._offers.values()))
            if len(self._offers) < MOST_OFFERS and now <= oldest.until:
                return
            self._offers.popitem(last=False)


def _copy(talk: Conversation, conversation_id: str) -> Conversation:
    return replace(talk, id=conversation_id, texts=[*talk.texts], asked=[*talk.asked], open=None)
