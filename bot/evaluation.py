"""How good the recogniser is on labelled rows, with intervals."""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.core.assessment import Assessment
from bot.core.errors import InvalidInputError
from bot.core.vocabulary import Urgency

Z = 1.96


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled text; labels that are not given are not measured."""

    id: str
    text: str
    lang: str = ""
    typology: str | None = None
    urgency: str | None = None
    is_scam: bool | None = None
    form: str = ""


def read_rows(path: Path) -> list[Row]:
    """The rows of a JSONL file.

    Raises:
        InvalidInputError: a line is no row; the message names it.
    """
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
            rows.append(
                Row(
                    str(raw["id"]),
                    raw["text"],
                    raw.get("lang", ""),
                    raw.get("typology"),
                    raw.get("urgency"),
                    raw.get("is_scam"),
                    raw.get("form", ""),
                )
            )
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidInputError(f"{path}:{number}: not a row with id and text: {error}") from error
    return rows


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


@dataclass
class Report:
    """Figures of one file."""

    rows: int
    typology: Share | None = None
    macro_f1: float | None = None
    urgency: Share | None = None
    confusion: dict[str, dict[str, int]] = field(default_factory=dict)
    precision: Share | None = None
    recall: Share | None = None
    f1: float | None = None
    false_alarms: Share | None = None
    brier: float | None = None
    by_form: dict[str, dict[str, Any]] = field(default_factory=dict)
    misjudged: list[tuple[Row, Assessment]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """For JSON; what the rows have no labels for is null."""
        shares = ("typology", "urgency", "precision", "recall", "false_alarms")
        return {
            "rows": self.rows,
            **{
                f"{name}_accuracy" if name in {"typology", "urgency"} else name: _dict(getattr(self, name))
                for name in shares
            },
            "typology_macro_f1": self.macro_f1,
            "urgency_confusion": self.confusion,
            "scam_f1": self.f1,
            "brier": self.brier,
            "by_form": self.by_form,
        }

    def as_text(self, name: str) -> str:
        """For people."""
        lines = [f"{name}  ({self.rows} rows)"]
        for label, value in (
            ("typology accuracy", self.typology),
            ("urgency accuracy", self.urgency),
            ("scam precision", self.precision),
            ("scam recall", self.recall),
            ("false alarms", self.false_alarms),
        ):
            if value is not None:
                lines.append(f"  {label:<20} {value}")
        for label, number in (("typology macro-F1", self.macro_f1), ("scam F1", self.f1), ("Brier", self.brier)):
            if number is not None:
                lines.append(f"  {label:<20} {number:.3f}")
        for truth, row in self.confusion.items():
            lines.append(f"    {truth:<13} " + "  ".join(f"{u}:{n}" for u, n in row.items()))
        return "\n".join(lines)


def _dict(share: Share | None) -> dict[str, Any] | None:
    return share.as_dict() if share else None


def evaluate_rows(judged: Sequence[tuple[Row, Assessment]]) -> Report:
    """Figures over rows and what was made of them."""
    report = Report(rows=len(judged))
    typed = [(r, a) for r, a in judged if r.typology is not None]
    urgent = [(r, a) for r, a in judged if r.urgency is not None]
    labelled = [(r, a) for r, a in judged if r.is_scam is not None]
    if typed:
        report.typology = Share(sum(r.typology == a.typology for r, a in typed), len(typed))
        report.macro_f1 = round(_macro_f1([(str(r.typology), a.typology) for r, a in typed]), 4)
    if urgent:
        report.urgency = Share(sum(r.urgency == a.urgency.value for r, a in urgent), len(urgent))
        report.confusion = _confusion(urgent)
    if labelled:
        caught = sum(bool(r.is_scam) and a.flagged for r, a in labelled)
        flagged = sum(a.flagged for _, a in labelled)
        scams = sum(bool(r.is_scam) for r, _ in labelled)
        if scams:
            report.precision, report.recall = Share(caught, flagged), Share(caught, scams)
            report.f1 = round(2 * caught / (flagged + scams), 4) if flagged + scams else 0.0
        harmless = [a.flagged for r, a in labelled if not r.is_scam]
        if harmless:
            report.false_alarms = Share(sum(harmless), len(harmless))
        report.brier = round(sum((a.scam_probability - bool(r.is_scam)) ** 2 for r, a in labelled) / len(labelled), 4)
    report.by_form = _by_form(judged)
    report.misjudged = [(r, a) for r, a in judged if _wrong(r, a)]
    return report


def _wrong(row: Row, found: Assessment) -> bool:
    if row.urgency is not None:
        return row.urgency != found.urgency.value
    return row.is_scam is not None and row.is_scam != found.flagged


def _confusion(judged: Sequence[tuple[Row, Assessment]]) -> dict[str, dict[str, int]]:
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


def _by_form(judged: Sequence[tuple[Row, Assessment]]) -> dict[str, dict[str, Any]]:
    groups: dict[str, list[tuple[Row, Assessment]]] = defaultdict(list)
    for row, found in judged:
        if row.form:
            groups[row.form].append((row, found))
    figures: dict[str, dict[str, Any]] = {}
    for form, rows in sorted(groups.items()):
        urgent = [(r, a) for r, a in rows if r.urgency is not None]
        typed = [(r, a) for r, a in rows if r.typology is not None]
        figures[form] = {
            "n": len(rows),
            "urgency_accuracy": Share(sum(r.urgency == a.urgency.value for r, a in urgent), len(urgent)).as_dict(),
            "typology_accuracy": Share(sum(r.typology == a.typology for r, a in typed), len(typed)).as_dict(),
        }
    return figures
