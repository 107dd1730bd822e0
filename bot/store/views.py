"""What the desk is shown of pieces and revisions, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.core.publishing import State, Verdict

PieceOf = tuple[str, str, dict[str, Any]]
Name = tuple[str, str]
Numbered = tuple[str, str, int]  # a piece's kind and key, and which of its revisions


@dataclass(frozen=True, slots=True)
class Written:
    """A draft to be saved: `base` is the revision it was made from, 0 for a new piece."""

    kind: str
    key: str
    body: dict[str, Any]
    base: int = 0


@dataclass(frozen=True, slots=True)
class PieceLine:
    """One piece, as its newest revision stands.

    `live` is the number customers see, `None` when they see none; `valid_until` is of that one, if there is one.
    """

    kind: str
    key: str
    number: int
    state: State
    step: str
    author: str
    changed_at: datetime
    changed_by: str
    live: int | None
    release_at: datetime | None
    ends_at: datetime | None
    valid_until: datetime | None
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """What somebody said of a revision at a step; `round` counts submissions."""

    round: int
    step: str
    verdict: Verdict
    who: str
    comment: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """One revision of a piece, whole."""

    kind: str
    key: str
    number: int
    body: dict[str, Any]
    author: str
    comment: str
    created_at: datetime
    state: State
    step: str
    round: int
    submitted_by: str
    approved_at: datetime | None
    released_at: datetime | None
    release_at: datetime | None
    ends_at: datetime | None
    valid_until: datetime | None
    decisions: tuple[DecisionLine, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What a release does to one piece: `old` and `new` are revision numbers, `None` where it is not shown."""

    kind: str
    key: str
    old: int | None
    new: int | None


@dataclass(frozen=True, slots=True)
class Left:
    """A piece that a release would leave behind though others of its case go out; where its newest revision stands."""

    kind: str
    key: str
    number: int
    state: State
    step: str
    release_at: datetime | None


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A release that is not one yet. `fingerprint` names exactly this set of revisions.

    `left` tells, for every case of which it takes only a part, what stays behind.
    """

    fingerprint: str
    pieces: list[PieceOf]
    changes: tuple[Change, ...]
    left: Mapping[str, tuple[Left, ...]] = field(default_factory=dict)
