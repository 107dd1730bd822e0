"""How fast broadcasts go and how long they still take, from looking at them now and again."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable

from bot.store.broadcasts import Progress

OVER_SECONDS = 20.0


class Rates:
    """Remembers what was seen of each broadcast in the last moments. Safe to use from several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: dict[int, deque[tuple[float, int]]] = {}
        self._guard = threading.Lock()

    def saw(self, found: Iterable[Progress]) -> None:
        """Somebody looked, and this is how far they were."""
        moment = self._clock()
        with self._guard:
            for progress in found:
                seen = self._seen.setdefault(progress.id, deque())
                seen.append((moment, progress.sent))
                while len(seen) > 2 and moment - seen[1][0] >= OVER_SECONDS:
                    seen.popleft()

    def per_second(self, broadcast_id: int) -> float:
        """How many a second; 0 while nobody can say."""
        with self._guard:
            seen = self._seen.get(broadcast_id)
            if seen is None or len(seen) < 2 or seen[-1][0] <= seen[0][0]:
                return 0.0
            return (seen[-1][1] - seen[0][1]) / (seen[-1][0] - seen[0][0])

    def seconds_left(self, progress: Progress) -> int | None:
        """How long what is due still takes; none while nobody can say."""
        rate = self.per_second(progress.id)
        return round(progress.due / rate) if rate > 0 and progress.due else None
