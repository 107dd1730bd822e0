"""A tracker store that forgets. Rasa's own in-memory one keeps every conversation until the engine stops."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from typing import Any, Callable, Iterable, Optional, Text

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Restarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

# As the app's own memory, and as the assistant promises.
QUIET_SECONDS = 2 * 3600.0
MOST_CONVERSATIONS = 20_000
WIPE = "/restart"


def _ended(tracker: DialogueStateTracker) -> bool:
    """Whether the newest turn is a `/restart`, by which the app has a conversation wiped."""
    for event in reversed(tracker.events):
        if isinstance(event, Restarted):
            return True
        if isinstance(event, UserUttered):
            return event.text == WIPE
    return False


class ForgettingTrackerStore(InMemoryTrackerStore):
    """Conversations in memory, each until it was quiet for two hours; the quietest go first when there are too many.

    Named by `tracker_store: type:` in endpoints.yml; other keys there become arguments.

    Args:
        domain: as for every tracker store.
        event_broker: as for every tracker store.
        host: Rasa hands over the url of the endpoint; there is none.
        quiet_seconds: how long after its last event a conversation is dropped.
        most: how many conversations are kept.
        clock: seconds that only go forward.
    """

    def __init__(
        self,
        domain: Optional[Domain] = None,
        event_broker: Optional[EventBroker] = None,
        host: Optional[Text] = None,
        quiet_seconds: float = QUIET_SECONDS,
        most: int = MOST_CONVERSATIONS,
        clock: Callable[[], float] = time.monotonic,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain or Domain.empty(), event_broker, **kwargs)
        self._quiet_seconds = float(quiet_seconds)
        self._most = int(most)
        self._clock = clock
        # when each conversation had its last event, the quietest first
        self._heard: OrderedDict[Text, float] = OrderedDict()
        self._timer: Optional[asyncio.TimerHandle] = None

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keeps the conversation; only something new in it makes it young again. One that was ended is dropped."""
        self.forget()
        if _ended(tracker):
            self._heard.pop(tracker.sender_id, None)
            self.store.pop(tracker.sender_id, None)
            return
        before = self.store.get(tracker.sender_id)
        await super().save(tracker)
        if self.store[tracker.sender_id] != before:
            self._heard[tracker.sender_id] = self._clock()
            self._heard.move_to_end(tracker.sender_id)
        self.forget()
        self._wake_later()

    async def keys(self) -> Iterable[Text]:
        """The conversations that are not forgotten."""
        self.forget()
        return list(self.store)

    async def _retrieve(self, sender_id: Text, fetch_all_sessions: bool) -> Optional[DialogueStateTracker]:
        self.forget()
        return await super()._retrieve(sender_id, fetch_all_sessions)

    def forget(self) -> None:
        """Drops what was quiet for too long, and the quietest of too many."""
        while self._heard:
            sender_id, heard = next(iter(self._heard.items()))
            if len(self._heard) <= self._most and self._clock() - heard < self._quiet_seconds:
                return
            del self._heard[sender_id]
            self.store.pop(sender_id, None)

    def _wake_later(self) -> None:
        """One timer, for the conversation that is due first: nobody need write for it to be forgotten."""
        if self._timer is None and self._heard:
            due = next(iter(self._heard.values())) + self._quiet_seconds
            self._timer = asyncio.get_running_loop().call_later(max(0.0, due - self._clock()), self._wake)

    def _wake(self) -> None:
        self._timer = None
        self.forget()
        self._wake_later()
