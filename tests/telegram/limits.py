"""The limits Telegram documents for one bot: a second overall, a second in a chat, a minute in a group."""

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Limits:
    """Counts what was sent and says how long to wait. `on` may be switched while it runs."""

    on: bool = True
    overall: int = 30
    per_chat: int = 1
    per_group_minute: int = 20
    clock: Callable[[], float] = time.monotonic
    refused: int = 0
    _sent: dict[object, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def wait(self, chat: int) -> int:
        """0 when it may be sent now, which counts it; else whole seconds, as `retry_after` tells them."""
        if not self.on:
            return 0
        now = self.clock()
        rules: list[tuple[object, int, float]] = [("all", self.overall, 1.0), (chat, self.per_chat, 1.0)]
        if chat < 0:
            rules = [rules[0], (("minute", chat), self.per_group_minute, 60.0)]
        waits = [self._over(key, most, seconds, now) for key, most, seconds in rules]
        if any(waits):
            self.refused += 1
            return math.ceil(max(waits))
        for key, _, _ in rules:
            self._sent[key].append(now)
        return 0

    def _over(self, key: object, most: int, seconds: float, now: float) -> float:
        sent = self._sent[key]
        while sent and now - sent[0] >= seconds:
            sent.popleft()
        return max(0.001, seconds - (now - sent[0])) if len(sent) >= most else 0.0
