"""The gate: what a release would change, seen before it is released.

The examination rows are read twice, once as the release in force reads them and once as the draft would; the words of
what changed are checked. A fall in the recall of any kind of scam, or a danger that is newly missed, blocks.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bot.content.build import build_release
from bot.core.errors import CalledOff, DeskError
from bot.core.vocabulary import NONE, Urgency
from bot.desk.gate_report import Change, GateReport, Override, Reading, Reason, Recall
from bot.desk.gate_words import Finding, new_findings
from bot.desk.products import Stored
from bot.evaluation import Row, read_rows
from bot.recognition.build import Workshop
from bot.recognition.recogniser import Recognizer

DANGERS = frozenset({Urgency.STOP_NOW.value, Urgency.ALREADY_PAID.value})
MISSED = frozenset({Urgency.NONE.value, Urgency.ASK.value})
EXAMINATIONS = "exam_*.jsonl"
SHORTEST_REASON = 10
# Learning again from a few more examples moves the name of one row in a dozen: that is no loss of a kind yet.
LEAST_LOST, LOST_SHARE = 2, 5

Progress = Callable[[str, int, int], None]
WorkshopFor = Callable[[Callable[[str], None]], Workshop]


def examination_rows(folder: Path) -> list[Row]:
    """The rows of every `exam_*.jsonl` in the folder, in the order of the files' names.

    Raises:
        DeskError: there is no such file.
        InvalidInputError: a line is no row; the message names it.
    """
    files = sorted(folder.glob(EXAMINATIONS))
    if not files:
        raise DeskError(
            f"no {EXAMINATIONS} in {folder}: set FANGZHA_EXAMINATIONS to the folder of the examination files",
            code="no_examination",
            place=str(folder),
        )
    return [row for file in files for row in read_rows(file)]


@dataclass(frozen=True)
class Gate:
    """How the gate is run.

    Args:
        rows: the examination.
        workshop_for: makes the workshop that learns, with what tells its progress.
        today: the day validity is held against.
        progress: told the step, and how much of it is done; steps are the `desk_gate_step_…` replies.
        called_off: asked often; once it says yes, the run ends with `CalledOff`.
        in_force: the recogniser of the release in force where the app holds it, so that it is not loaded again.
    """

    rows: Sequence[Row]
    workshop_for: WorkshopFor
    today: date
    progress: Progress = lambda _step, _done, _total: None
    called_off: Callable[[], bool] = lambda: False
    in_force: Recognizer | None = None

    def run(self, before: Sequence[Stored], after: Sequence[Stored]) -> GateReport:
        """The release in force against the draft, both as pieces.

        Raises:
            CalledOff: the editor called it off.
            ContentError: the draft cannot be built at all; the message names the piece.
        """
        started = time.monotonic()
        old_release, new_release = build_release(0, before), build_release(0, after)
        workshop = self.workshop_for(self._learning)
        self._step("learning", 0, 2)
        old = workshop.build(old_release, self.in_force)
        self._step("learning", 1, 2)
        # learning is the long part and leaves a core idle: what needs only the old reading is done meanwhile
        with ThreadPoolExecutor(max_workers=1) as meanwhile:
            first = meanwhile.submit(self._read, "reading_before", old)
            findings = meanwhile.submit(self._check, before, after)
            new = workshop.build(new_release, old)
            self._step("learning", 2, 2)
            read_before, found = first.result(), findings.result()
        same = new.learned_from == old.learned_from
        read_after = read_before if same else self._read("reading_after", new)
        return report(self.rows, read_before, read_after, found, seconds=time.monotonic() - started)

    def _check(self, before: Sequence[Stored], after: Sequence[Stored]) -> list[Finding]:
        self._step("checking", 0, 1)
        found = new_findings(before, after, today=self.today)
        self._step("checking", 1, 1)
        return found

    def _read(self, step: str, recogniser: Recognizer) -> list[Reading]:
        readings = []
        for number, row in enumerate(self.rows):
            self._step(step, number, len(self.rows))
            found = recogniser.assess(row.text)
            readings.append(Reading(found.urgency.value, found.typology))
        self._step(step, len(self.rows), len(self.rows))
        return readings

    def _learning(self, _: str) -> None:
        """What the workshop says while it learns is a moment at which it can be called off."""
        self._refuse_if_called_off()

    def _step(self, step: str, done: int, total: int) -> None:
        self._refuse_if_called_off()
        self.progress(step, done, total)

    def _refuse_if_called_off(self) -> None:
        if self.called_off():
            raise CalledOff("the gate was called off: run it again when the draft is ready", code="called_off")


def run_gate(
    before: Sequence[Stored],
    after: Sequence[Stored],
    rows: Sequence[Row],
    *,
    workshop_for: WorkshopFor,
    today: date,
    progress: Progress = lambda _step, _done, _total: None,
    called_off: Callable[[], bool] = lambda: False,
    in_force: Recognizer | None = None,
) -> GateReport:
    """`Gate.run` in one call; see there."""
    return Gate(rows, workshop_for, today, progress, called_off, in_force).run(before, after)


# ---- What came out ----


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
    reasons = [*_missed(changes), *_falls(recall), *_words(findings)]
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
            caught_before=old.flagged,
            caught_after=new.flagged,
            named_before=old.typology == row.typology,
            named_after=new.typology == row.typology,
        )
    return [Recall(typology, **dict(counts[typology])) for typology in sorted(counts)]


def _is_scam(row: Row) -> bool:
    if row.is_scam is not None:
        return row.is_scam
    return row.urgency is not None and Urgency(row.urgency).flagged


def _missed(changes: Iterable[Change]) -> Iterable[Reason]:
    missed = [c for c in changes if c.newly_missed]
    if missed:
        yield Reason("missed_danger", True, {"count": str(len(missed)), "value": ", ".join(c.id for c in missed[:5])})


def _falls(recall: Iterable[Recall]) -> Iterable[Reason]:
    for one in recall:
        told = {"name": one.typology, "count": str(one.of)}
        if one.caught_after < one.caught_before:
            counts = {"value": str(one.caught_before), "number": str(one.caught_after)}
            yield Reason("recall_fell", True, told | counts)
        lost = one.named_before - one.named_after
        if lost > 0:
            told = {**told, "value": str(one.named_before), "number": str(one.named_after)}
            yield Reason("named_less", lost >= LEAST_LOST and lost * LOST_SHARE >= one.of, told)


def _words(findings: Iterable[Finding]) -> Iterable[Reason]:
    for blocks, code in ((True, "found_must"), (False, "found_advice")):
        count = sum(f.blocks is blocks for f in findings)
        if count:
            yield Reason(code, blocks, {"count": str(count)})


def override(given: GateReport, *, publisher: str, reason: str) -> GateReport:
    """The same report, opened by a publisher who answers for it with name and reason; storing it is for the caller.

    Raises:
        DeskError: nothing is blocked, or the name or the reason is missing.
    """
    if not given.blocked:
        raise DeskError("nothing is blocked: release it", code="nothing_to_override")
    if not publisher.strip() or len(reason.strip()) < SHORTEST_REASON:
        raise DeskError(
            f"an override needs a publisher's name and a reason of at least {SHORTEST_REASON} characters",
            code="override_needs_reason",
            count=str(SHORTEST_REASON),
        )
    return replace(given, override=Override(publisher.strip(), reason.strip()))
