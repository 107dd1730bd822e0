"""Figures of one file of rows, whole, by form and by language."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.core.assessment import Assessment
from bot.core.vocabulary import NONE, Urgency
from bot.evaluation.rows import Row
from bot.evaluation.shares import Share

Judged = Sequence[tuple[Row, Assessment]]
BINS = 10
SHARES = {
    "typology": "typology accuracy",
    "typology_rank2": "typology in the first two",
    "urgency": "urgency accuracy",
    "precision": "scam precision",
    "recall": "scam recall",
    "false_alarms": "false alarms",
}
NUMBERS = {"macro_f1": "typology macro-F1", "f1": "scam F1", "brier": "Brier"}
# How the contract and its readers know them in JSON.
JSON_NAMES = {
    "typology": "typology_accuracy",
    "urgency": "urgency_accuracy",
    "macro_f1": "typology_macro_f1",
    "f1": "scam_f1",
}


@dataclass
class Figures:
    """What can be measured of some rows; what they have no labels for is `None`."""

    rows: int
    typology: Share | None = None
    typology_rank2: Share | None = None
    macro_f1: float | None = None
    urgency: Share | None = None
    precision: Share | None = None
    recall: Share | None = None
    f1: float | None = None
    false_alarms: Share | None = None
    brier: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        shares = {name: getattr(self, name) for name in SHARES}
        return {
            "rows": self.rows,
            **{JSON_NAMES.get(name, name): share.as_dict() if share else None for name, share in shares.items()},
            **{JSON_NAMES.get(name, name): getattr(self, name) for name in NUMBERS},
        }

    def as_lines(self) -> list[str]:
        """For people; what is not measured is left out."""
        lines = [f"  {said:<25} {getattr(self, name)}" for name, said in SHARES.items() if getattr(self, name)]
        lines += [
            f"  {said:<25} {getattr(self, name):.3f}"
            for name, said in NUMBERS.items()
            if getattr(self, name) is not None
        ]
        return lines

    def as_line(self) -> str:
        """The main ones in one line."""
        shown = [("urgency", self.urgency), ("typology", self.typology), ("recall", self.recall)]
        said = [f"{name} {share.value:.3f}" for name, share in [*shown, ("false alarms", self.false_alarms)] if share]
        return f"n={self.rows:<5} " + "  ".join(said)


@dataclass
class Report(Figures):
    """Figures of one file."""

    confusion: dict[str, dict[str, int]] = field(default_factory=dict)
    by_form: dict[str, Figures] = field(default_factory=dict)
    by_language: dict[str, Figures] = field(default_factory=dict)
    reliability: list[dict[str, Any]] = field(default_factory=list)
    misjudged: list[tuple[Row, Assessment]] = field(default_factory=list)
    confused: list[tuple[Row, Assessment]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            **super().as_dict(),
            "urgency_confusion": self.confusion,
            "by_form": {name: figures.as_dict() for name, figures in self.by_form.items()},
            "by_language": {name: figures.as_dict() for name, figures in self.by_language.items()},
            "reliability": self.reliability,
            "typology_confusions": [
                {"id": row.id, "truth": row.typology, "found": found.typology} for row, found in self.confused
            ],
        }

    def as_text(self, name: str) -> str:
        """For people."""
        lines = [f"{name}  ({self.rows} rows)", *self.as_lines()]
        for truth, row in self.confusion.items():
            lines.append(f"    {truth:<13} " + "  ".join(f"{u}:{n}" for u, n in row.items()))
        for group in (self.by_form, self.by_language):
            lines += [f"    {key:<13} {figures.as_line()}" for key, figures in group.items()] if len(group) > 1 else []
        if self.reliability:
            lines.append("    said a scam with … and it was one in")
            lines += [f"      {b['from']:.1f}-{b['to']:.1f}  {b['share']:.2f} of {b['n']}" for b in self.reliability]
        return "\n".join(lines)


def evaluate_rows(judged: Judged) -> Report:
    """Figures over rows and what was made of them."""
    whole = figures(judged)
    urgent = [(r, a) for r, a in judged if r.urgency is not None]
    return Report(
        **vars(whole),
        confusion=_confusion(urgent) if urgent else {},
        by_form=_grouped(judged, lambda row: row.form),
        by_language=_grouped(judged, lambda row: row.lang),
        reliability=_reliability(judged),
        misjudged=[(r, a) for r, a in judged if _wrong(r, a)],
        confused=[(r, a) for r, a in judged if r.typology not in {None, NONE, a.typology} and a.flagged],
    )


def figures(judged: Judged) -> Figures:
    """The plain figures of some rows."""
    found = Figures(rows=len(judged))
    typed = [(r, a) for r, a in judged if r.typology is not None]
    urgent = [(r, a) for r, a in judged if r.urgency is not None]
    if typed:
        found.typology = Share(sum(r.typology == a.typology for r, a in typed), len(typed))
        found.typology_rank2 = Share(sum(r.typology in _first_two(a) for r, a in typed), len(typed))
        found.macro_f1 = round(_macro_f1([(str(r.typology), a.typology) for r, a in typed]), 4)
    if urgent:
        found.urgency = Share(sum(r.urgency == a.urgency.value for r, a in urgent), len(urgent))
    _flagging(found, [(bool(r.is_scam), a) for r, a in judged if r.is_scam is not None])
    return found


def _flagging(found: Figures, labelled: Sequence[tuple[bool, Assessment]]) -> None:
    if not labelled:
        return
    caught = sum(is_scam and a.flagged for is_scam, a in labelled)
    flagged = sum(a.flagged for _, a in labelled)
    scams = sum(is_scam for is_scam, _ in labelled)
    if scams:
        found.precision, found.recall = Share(caught, flagged), Share(caught, scams)
        found.f1 = round(2 * caught / (flagged + scams), 4)
    harmless = [a.flagged for is_scam, a in labelled if not is_scam]
    if harmless:
        found.false_alarms = Share(sum(harmless), len(harmless))
    found.brier = round(sum((a.scam_probability - is_scam) ** 2 for is_scam, a in labelled) / len(labelled), 4)


def _first_two(found: Assessment) -> set[str]:
    """The typology shown and the next likeliest kind."""
    others = [r.typology for r in found.ranking if r.typology not in {NONE, found.typology}]
    return {found.typology, *others[:1]}


def _wrong(row: Row, found: Assessment) -> bool:
    if row.urgency is not None:
        return row.urgency != found.urgency.value
    return row.is_scam is not None and row.is_scam != found.flagged


def _confusion(judged: Judged) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row, found in judged:
        counts[str(row.urgency)][found.urgency.value] += 1
    order = [u.value for u in Urgency]
    return {truth: {u: counts[truth][u] for u in order} for truth in order if truth in counts}


def _macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    truths, guesses, both = (
        Counter(t for t, _ in pairs),
        Counter(g for _, g in pairs),
        Counter(t for t, g in pairs if t == g),
    )
    return sum(2 * both[t] / (truths[t] + guesses[t]) for t in truths) / len(truths)


def _grouped(judged: Judged, key: Callable[[Row], str]) -> dict[str, Figures]:
    groups: dict[str, list[tuple[Row, Assessment]]] = defaultdict(list)
    for row, found in judged:
        if key(row):
            groups[key(row)].append((row, found))
    return {name: figures(rows) for name, rows in sorted(groups.items())}


def _reliability(judged: Judged) -> list[dict[str, Any]]:
    """How often it was a scam, by how likely that was said to be."""
    bins: dict[int, list[bool]] = defaultdict(list)
    for row, found in judged:
        if row.is_scam is not None:
            bins[min(BINS - 1, int(found.scam_probability * BINS))].append(row.is_scam)
    return [
        {"from": b / BINS, "to": (b + 1) / BINS, "n": len(hits), "share": round(sum(hits) / len(hits), 4)}
        for b, hits in sorted(bins.items())
    ]
