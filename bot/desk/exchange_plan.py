"""What a file would bring, before anything is saved, and taking it in whole."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.core.errors import DeskError
from bot.desk.products import Stored


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong in one cell, said by the reply `reply`. `row` is the number the editor sees; 0 is the whole file.

    `advice` is worth a look and stops nothing.
    """

    row: int
    column: str
    reply: str
    values: Mapping[str, str] = field(default_factory=dict)
    advice: bool = False


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A row that says what is there already: `of` is an earlier row of the file, or a piece as kind/key.

    `near` is alike, not the same; `conflict` has another label there than here.
    """

    row: int
    of: str
    near: bool = False
    conflict: bool = False


@dataclass(frozen=True)
class Plan:
    """What a file would bring. `new` and `changed` count pieces; duplicates are left out of `pieces`."""

    kind: str
    rows: int
    pieces: tuple[Stored, ...]
    faults: tuple[RowFault, ...]
    duplicates: tuple[Duplicate, ...]
    new: int
    changed: int

    @property
    def ready(self) -> bool:
        """Whether it can be taken in."""
        return bool(self.pieces) and all(f.advice for f in self.faults)


def take_in(plan: Plan, save: Callable[[Sequence[Stored]], None]) -> int:
    """Hand all pieces of a plan to `save`, at once; how many there were. `save` keeps them all or none.

    Raises:
        DeskError: a row has to be mended first, or there is nothing new.
    """
    if not plan.ready:
        wrong = sum(not f.advice for f in plan.faults)
        message = f"{wrong} rows have to be mended first" if wrong else "there is nothing new in it"
        raise DeskError(message, code="plan_not_ready", count=str(wrong))
    save(plan.pieces)
    return len(plan.pieces)
