"""What the gate found, as values that can be kept as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.core.vocabulary import Urgency
from bot.desk.gate_words import Finding

# How far, in log-odds, learning anew from the same examples moves a text: figures in docs/adr/0014.
RELEARNING = 1.0


@dataclass(frozen=True, slots=True)
class Reading:
    """How one text was read; `margin` is how far beyond what is needed to flag it, in log-odds, where that decided."""

    urgency: str
    typology: str
    margin: float | None = field(default=None, compare=False)

    @property
    def wavers(self) -> bool:
        """Whether it stands so near the line that learning anew puts it on either side."""
        return self.margin is not None and abs(self.margin) <= RELEARNING

    @property
    def flagged(self) -> bool:
        """Whether it counts as flagged."""
        return Urgency(self.urgency).flagged


@dataclass(frozen=True, slots=True)
class Change:
    """An examination row that would be read otherwise; `typology` and `urgency` are its labels."""

    id: str
    text: str
    typology: str
    urgency: str
    before: Reading
    after: Reading
    newly_missed: bool = False

    @property
    def better(self) -> bool:
        """Whether the draft reads it as it is labelled, and the release in force did not."""
        return self._right(self.after) and not self._right(self.before)

    @property
    def worse(self) -> bool:
        """Whether the release in force reads it as it is labelled, and the draft does not."""
        return self._right(self.before) and not self._right(self.after)

    @property
    def wavers(self) -> bool:
        """Whether it stood near the line and still does: no loss of what was known."""
        return self.before.wavers and self.after.wavers

    def _right(self, reading: Reading) -> bool:
        labelled = {(self.urgency, reading.urgency), (self.typology, reading.typology)}
        return all(label in {"", found} for label, found in labelled)


@dataclass(frozen=True, slots=True)
class Recall:
    """One kind of scam in the examination: `of` its rows, how many are flagged, how many are named rightly."""

    typology: str
    of: int
    caught_before: int
    caught_after: int
    named_before: int
    named_after: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the gate is shut, or what else should be looked at; said by the reply `desk_gate_<code>`."""

    code: str
    blocks: bool
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Override:
    """Who opened the gate all the same, and why."""

    publisher: str
    reason: str


@dataclass(frozen=True)
class GateReport:
    """What a release would change."""

    rows: int
    recall: tuple[Recall, ...]
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]
    reasons: tuple[Reason, ...]
    seconds: float
    override: Override | None = None

    @property
    def blocked(self) -> bool:
        """Whether there is a reason that blocks; an override does not take it away."""
        return any(r.blocks for r in self.reasons)

    @property
    def open(self) -> bool:
        """Whether it may be released: nothing blocks, or a publisher answers for it."""
        return not self.blocked or self.override is not None

    @property
    def missed(self) -> tuple[Change, ...]:
        """Dangers that the release in force sees and the draft would not."""
        return tuple(c for c in self.changes if c.newly_missed)

    @property
    def worst_first(self) -> tuple[Change, ...]:
        """The changes: missed dangers, what grew worse, what is neither, what grew better."""
        return tuple(sorted(self.changes, key=lambda c: (not c.newly_missed, not c.worse, c.better, c.id)))

    def as_dict(self) -> dict[str, Any]:
        """For JSON; `from_dict` reads it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> "GateReport":
        """What `as_dict` gave."""
        return cls(
            rows=kept["rows"],
            recall=tuple(Recall(**r) for r in kept["recall"]),
            changes=tuple(
                Change(**{**c, "before": Reading(**c["before"]), "after": Reading(**c["after"])})
                for c in kept["changes"]
            ),
            findings=tuple(Finding(**{**f, "location": tuple(f["location"])}) for f in kept["findings"]),
            reasons=tuple(Reason(**r) for r in kept["reasons"]),
            seconds=kept["seconds"],
            override=Override(**kept["override"]) if kept.get("override") else None,
        )
