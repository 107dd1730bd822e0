"""The gate: what a release would change, seen before it is released.

The examination rows are read twice, once as the release in force reads them and once as the draft would; the words of
what changed are checked. A fall in the recall of any kind of scam, or a danger that is newly missed, blocks, unless it
is what learning anew does by itself: rows that stood at the line and still do, and not more of them lost than chance
takes. Why so: docs/adr/0014.
"""

import math
import time
from collections.abc import Callable, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from bot.content.build import build_release
from bot.core.assessment import Assessment
from bot.core.errors import CalledOff, DeskError
from bot.desk.gate_judgement import report
from bot.desk.gate_report import GateReport, Override, Reading
from bot.desk.gate_words import Finding, new_findings
from bot.desk.products import Stored
from bot.evaluation import Row, read_rows
from bot.recognition.build import Workshop
from bot.recognition.recogniser import Recognizer

EXAMINATIONS = "exam_*.jsonl"
SHORTEST_REASON = 10
# Rules of `bot.recognition.decision` that hold a probability against what is needed.
BY_PROBABILITY = frozenset({"sure", "sure:moved", "unsure", "nothing"})

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
        known: how the rows were read by the release in force, from one run to the next.
    """

    rows: Sequence[Row]
    workshop_for: WorkshopFor
    today: date
    progress: Progress = lambda _step, _done, _total: None
    called_off: Callable[[], bool] = lambda: False
    in_force: Recognizer | None = None
    known: MutableMapping[str, list[Reading]] = field(default_factory=dict)

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
            first = meanwhile.submit(self._read_before, old)
            findings = meanwhile.submit(self._check, before, after)
            new = workshop.build(new_release, old)
            self._step("learning", 2, 2)
            read_before, found = first.result(), findings.result()
        same = new.learned_from == old.learned_from
        read_after = read_before if same else self._read("reading_after", new)
        return report(self.rows, read_before, read_after, found, seconds=time.monotonic() - started)

    def _read_before(self, old: Recognizer) -> list[Reading]:
        depends = (old.release.hotlines, old.release.bank.number, tuple(row.text for row in self.rows))
        name = f"{old.learned_from} {hash(depends)}"
        if name not in self.known:
            read = self._read("reading_before", old)
            self.known.clear()
            self.known[name] = read
        return self.known[name]

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
            readings.append(Reading(found.urgency.value, found.typology, _margin(found)))
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
    known: MutableMapping[str, list[Reading]] | None = None,
) -> GateReport:
    """`Gate.run` in one call; see there."""
    kept = {} if known is None else known
    return Gate(rows, workshop_for, today, progress, called_off, in_force, kept).run(before, after)


def _margin(found: Assessment) -> float | None:
    """Unknown where a rule decided, whatever the probability: such a row does not waver."""
    if not BY_PROBABILITY.issuperset(found.decided_by):
        return None
    return _log_odds(found.scam_probability) - _log_odds(found.needed_probability)


def _log_odds(probability: float) -> float:
    held = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(held / (1 - held))


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
