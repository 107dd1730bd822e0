"""A share of rows with its interval."""

import math
from dataclasses import dataclass
from typing import Any

Z = 1.96


@dataclass(frozen=True, slots=True)
class Share:
    """A share of rows with its 95 % interval (Wilson)."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        """The share; 0 of 0 is 0."""
        return self.hits / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper bound."""
        if not self.of:
            return (0.0, 0.0)
        n, p = self.of, self.value
        middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
        half = Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
        return (max(0.0, middle - half), min(1.0, middle + half))

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        low, high = self.interval
        return {"value": round(self.value, 4), "low": round(low, 4), "high": round(high, 4), "n": self.of}

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.value:.3f} [{low:.3f}, {high:.3f}] n={self.of}"
