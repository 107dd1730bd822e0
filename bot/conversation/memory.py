"""What is remembered of a conversation: in memory only, masked, bounded, forgotten after two quiet hours."""

import asyncio
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.core.assessment import Assessment
from bot.core.measures import Unresolved
from bot.core.vocabulary import Language

QUIET_SECONDS = 2 * 3600
MOST_CONVERSATIONS = 20_000
KEPT_TEXTS = 4
SWEEP_SECONDS = 60.0


@dataclass
class Conversation:
    """One conversation as it stands. `texts` are masked.

    `shown` are the pieces of the last answer, `asked_of` the kinds of scam that were counted already; `open` is the
    text that was answered with a question, while nothing has settled it.
    """

    id: str
    language: Language = Language.ZH_HANS
    language_fixed: bool = False
    places: tuple[str, ...] = ()
    assessment: Assessment | None = None
    paid_by: str = ""
    method_asked: int = 0
    concern: str = ""
    texts: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    unclear: int = 0
    offered: bool = False
    turns: int = 0
    session_turns: int = 0
    seen_at: float = 0.0
    channel: str = ""
    place: str = ""
    shown: tuple[tuple[str, str], ...] = ()
    asked_of: frozenset[str] = frozenset()
    not_understood: bool = False
    open: Unresolved | None = None

    def remember(self, text: str) -> None:
        """Keep a masked text, the last few only."""
        self.texts = [*self.texts, text][-KEPT_TEXTS:]


class Memory:
    """Conversations by id, the least recently used dropped first. Safe to use from several threads.

    Args:
        clock: seconds.
        ended: told each conversation that fell silent; not those that were forgotten because somebody asked for it.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, ended: Callable[[Conversation], None] = lambda _: None
    ) -> None:
        self._clock = clock
        self._ended = ended
        self._conversations: OrderedDict[str, Conversation] = OrderedDict()
        self._lock = threading.Lock()

    def open(self, conversation_id: str) -> Conversation:
        """The conversation of that id, new when unknown or quiet for too long."""
        now = self._clock()
        with self._lock:
            known = self._conversations.pop(conversation_id, None)
            if known is not None and now - known.seen_at > QUIET_SECONDS:
                self._ended(known)
                known = None
            if known is None:
                known = Conversation(conversation_id)
            known.seen_at = now
            self._conversations[conversation_id] = known
            self._drop_old(now)
            return known

    def find(self, conversation_id: str) -> Conversation | None:
        """The conversation of that id, if it is still remembered."""
        with self._lock:
            known = self._conversations.get(conversation_id)
            return known if known and self._clock() - known.seen_at <= QUIET_SECONDS else None

    def keep(self, talk: Conversation) -> Conversation:
        """Hold a conversation that began elsewhere, in place of any of its id."""
        now = self._clock()
        talk.seen_at = now
        with self._lock:
            self._conversations.pop(talk.id, None)
            self._conversations[talk.id] = talk
            self._drop_old(now)
        return talk

    def forget(self, conversation_id: str) -> None:
        """Forget a conversation at once."""
        with self._lock:
            self._conversations.pop(conversation_id, None)

    async def keep_forgetting(self, every: float = SWEEP_SECONDS) -> None:
        """Drop what fell silent, though nobody writes any more; until cancelled."""
        while True:
            await asyncio.sleep(every)
            with self._lock:
                self._drop_old(self._clock())

    @property
    def size(self) -> int:
        """How many conversations are held, due or not."""
        return len(self._conversations)

    def _drop_old(self, now: float) -> None:
        while self._conversations:
            oldest = next(iter(self._conversations.values()))
            if len(self._conversations) <= MOST_CONVERSATIONS and now - oldest.seen_at <= QUIET_SECONDS:
                return
            self._ended(self._conversations.popitem(last=False)[1])
