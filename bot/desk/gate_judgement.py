"""What two readings of the examination come to: recall by kind, rows read otherwise, and what of it blocks.

Learning anew from one example more moves rows that stand at the line. Such a row blocks nothing by itself; a row that
stood clear of the line does, and so do more lost rows than chance takes. Figures: docs/adr/0014.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from bot.core.vocabulary import NONE, Urgency
from bot.desk.gate_report import Change, GateReport, Reading, Reason, Recall
from bot.desk.gate_words import Finding
from bot.evaluation import Row

DANGERS = frozenset({Urgency.STOP_NOW.value, Urgency.ALREADY_PAID.value})
MISSED = frozenset({Urgency.NONE.value, Urgency.ASK.value})
# Learning again from a few more examples moves the name of one row in a dozen: that is no loss of a kind yet.
LEAST_LOST, LOST_SHARE = 2, 5
CHANCE = 0.05
Pair = tuple[Reading, Reading]


def report(
    rows: Sequence[Row],
    before: Sequence[Reading],
    after: Sequence[Reading],
    findings: Sequence[Finding],
    *,
    seconds: float,
) -> GateReport:
    """What the two readings of the same rows, and what was found in the words, come to."""
    changes = [
        Change(row.id, row.text, row.typology or "", row.urgency or "", old, new, _newly_missed(row, old, new))
        for row, old, new in zip(rows, before, after, strict=True)
        if old != new
    ]
    recall = _recall(rows, before, after)
    reasons = [*_missed(changes), *_falls(rows, before, after), *_names(recall), *_words(findings)]
    return GateReport(
        rows=len(rows),
        recall=tuple(recall),
        changes=tuple(changes),
        findings=tuple(findings),
        reasons=tuple(sorted(reasons, key=lambda r: not r.blocks)),
        seconds=round(seconds, 1),
    )


def _newly_missed(row: Row, before: Reading, after: Reading) -> bool:
    return row.urgency in DANGERS and after.urgency in MISSED and before.urgency not in MISSED


def _recall(rows: Sequence[Row], before: Sequence[Reading], after: Sequence[Reading]) -> list[Recall]:
    """For every kind in the examination: how many of its scams are caught, and how many are named rightly."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row, old, new in zip(rows, before, after, strict=True):
        if not row.typology or row.typology == NONE or not _is_scam(row):
            continue
        counts[row.typology].update(
            of=1,
            caught_before=int(old.flagged),
            caught_after=int(new.flagged),
            named_before=int(old.typology == row.typology),
            named_after=int(new.typology == row.typology),
        )
    return [Recall(typology, **dict(counts[typology])) for typology in sorted(counts)]


def _is_scam(row: Row) -> bool:
    if row.is_scam is not None:
        return row.is_scam
    return row.urgency is not None and Urgency(row.urgency).flagged


def _missed(changes: Iterable[Change]) -> Iterable[Reason]:
    missed = [c for c in changes if c.newly_missed]
    for code, found in (
        ("missed_danger", [c for c in missed if not c.wavers]),
        ("missed_wavering", [c for c in missed if c.wavers]),
    ):
        if found:
            told = {"count": str(len(found)), "value": ", ".join(c.id for c in found[:5])}
            yield Reason(code, code == "missed_danger", told)


def _falls(rows: Sequence[Row], before: Sequence[Reading], after: Sequence[Reading]) -> Iterable[Reason]:
    """Kinds of which fewer are caught, and all scams together."""
    kinds: dict[str, list[Pair]] = defaultdict(list)
    for row, old, new in zip(rows, before, after, strict=True):
        if row.typology and row.typology != NONE and _is_scam(row):
            kinds[row.typology].append((old, new))
    for typology, pairs in sorted(kinds.items()):
        caught = [sum(reading.flagged for reading in side) for side in zip(*pairs, strict=True)]
        if caught[1] < caught[0]:
            told = {"name": typology, "count": str(len(pairs)), "value": str(caught[0]), "number": str(caught[1])}
            blocks = _is_clear(pairs)
            yield Reason("recall_fell" if blocks else "recall_wavers", blocks, told)
    every = [pair for pairs in kinds.values() for pair in pairs]
    lost, gained = _lost(every), _lost((new, old) for old, new in every)
    if _beyond_chance(len(lost), len(gained)):
        yield Reason("recall_fell_all", True, {"value": str(len(lost)), "number": str(len(gained))})


def _lost(pairs: Iterable[Pair]) -> list[Pair]:
    return [(old, new) for old, new in pairs if old.flagged and not new.flagged]


def _is_clear(pairs: Sequence[Pair]) -> bool:
    """Whether a row was lost that stood clear of the line, or more were lost than chance takes."""
    lost, gained = _lost(pairs), _lost((new, old) for old, new in pairs)
    return any(not (old.wavers and new.wavers) for old, new in lost) or _beyond_chance(len(lost), len(gained))


def _beyond_chance(lost: int, gained: int) -> bool:
    """Whether so many more are lost than gained that a fair coin does it less often than once in twenty."""
    changed = lost + gained
    as_many = sum(math.comb(changed, k) for k in range(lost, changed + 1))
    return lost > gained and as_many < CHANCE * 2**changed


def _names(recall: Iterable[Recall]) -> Iterable[Reason]:
    for one in recall:
        lost = one.named_before - one.named_after
        if lost > 0:
            told = {"name": one.typology, "count": str(one.of)}
            told |= {"value": str(one.named_before), "number": str(one.named_after)}
            yield Reason("named_less", lost >= LEAST_LOST and lost * LOST_SHARE >= one.of, told)


def _words(findings: Iterable[Finding]) -> Iterable[Reason]:
    for blocks, code in ((True, "found_must"), (False, "found_advice")):
        count = sum(f.blocks is blocks for f in findings)
        if count:
            yield Reason(code, blocks, {"count": str(count)})
