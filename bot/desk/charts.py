"""Bars of a chart as numbers, for a picture that needs no script and no colour to be read."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 320.0, 72.0
GAP = 0.25


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: where it stands and what it says."""

    x: float
    y: float
    width: float
    height: float
    label: str
    value: int


def bars(values: Sequence[tuple[str, int]], most: int = 0) -> list[Bar]:
    """A bar for each (label, value), the highest as high as the chart, or as high as its part of `most`."""
    if not values:
        return []
    room = WIDTH / len(values)
    top = max(most, *(value for _, value in values), 1)
    found = []
    for number, (label, value) in enumerate(values):
        height = round(HEIGHT * value / top, 1)
        x, width = round(number * room + room * GAP / 2, 2), round(room * (1 - GAP), 2)
        found.append(Bar(x, round(HEIGHT - height, 1), width, height, label, value))
    return found
