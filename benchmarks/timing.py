"""Small helpers for timing."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of many calls."""

    values: tuple[float, ...]

    def share(self, quantile: float) -> float:
        """The value below which that share of calls lies."""
        ordered = sorted(self.values)
        return ordered[min(len(ordered) - 1, int(quantile * len(ordered)))]

    @property
    def p50(self) -> float:
        """The median."""
        return self.share(0.5)

    @property
    def p95(self) -> float:
        """One call in twenty is slower."""
        return self.share(0.95)

    def __str__(self) -> str:
        return f"p50 {self.p50:7.1f}   p95 {self.p95:7.1f} ms"


def timed(calls: Sequence[Callable[[], object]]) -> Times:
    """The time of each call, one after another."""
    values = []
    for call in calls:
        started = time.perf_counter()
        call()
        values.append((time.perf_counter() - started) * 1000)
    return Times(tuple(values))
