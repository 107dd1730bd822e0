"""From a turn to the inbox: a queue that never makes a customer wait, and what writes it in the background."""

import asyncio
import queue
from dataclasses import replace

import structlog

from bot.conversation.masking import for_people
from bot.conversation.memory import Conversation
from bot.conversation.turn import left_open
from bot.core.measures import Unresolved
from bot.store.inbox import InboxStore

MOST_WAITING = 1000
WRITE_SECONDS = 2.0
WRITES_BETWEEN_SWEEPS = 900
SHORTEST = 4

log = structlog.get_logger()


class Listener:
    """Takes texts from turns and writes them, masked for people. What does not fit is lost, and the loss is told."""

    def __init__(self, store: InboxStore) -> None:
        self._store = store
        self._waiting: queue.Queue[Unresolved] = queue.Queue(MOST_WAITING)
        self._lost = 0

    def __call__(self, one: Unresolved) -> None:
        """Take a text; returns at once, whatever happens to it."""
        try:
            self._waiting.put_nowait(one)
        except queue.Full:
            self._lost += 1

    def ended(self, talk: Conversation) -> None:
        """Take what a conversation that fell silent left open."""
        left = left_open(talk)
        if left is not None:
            self(left)

    def write(self) -> None:
        """Write what waits.

        Raises:
            StoreError: the database does not answer; what was to be written is counted as lost.
        """
        texts = []
        while not self._waiting.empty():
            one = self._waiting.get_nowait()
            masked = for_people(one.text)
            if len(masked) >= SHORTEST:
                texts.append(replace(one, text=masked))
        if texts:
            self._lost += len(texts)
            self._lost += self._store.keep(texts) - len(texts)

    async def keep_writing(self, every: float = WRITE_SECONDS) -> None:
        """Write again and again, and delete what is too old, in a thread; until cancelled, and then once more."""
        turns = 0
        try:
            while True:
                if turns % WRITES_BETWEEN_SWEEPS == 0:
                    await asyncio.to_thread(self._or_tell, sweep=True)
                turns += 1
                await asyncio.sleep(every)
                await asyncio.to_thread(self._or_tell)
        finally:
            self._or_tell()

    def _or_tell(self, *, sweep: bool = False) -> None:
        try:
            if sweep:
                self._store.sweep()
            self.write()
        except Exception as error:  # whatever it was, the next time is tried
            _tell(error)
        lost, self._lost = self._lost, 0
        if lost:
            log.warning("inbox_lost", count=lost)


def _tell(error: Exception) -> None:
    log.error("inbox_not_kept", reason=str(error), kind=type(error).__name__)
