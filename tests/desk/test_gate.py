"""The gate shows what a release would change, and is shut when a danger would be missed or a kind is recognised less."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.content.build import build_release
from bot.core.errors import CalledOff, ContentError, DeskError
from bot.desk.gate import Gate, examination_rows, override, run_gate
from bot.desk.gate_judgement import report
from bot.desk.gate_report import Change, GateReport, Reading
from bot.desk.gate_words import Finding
from bot.desk.products import Stored
from bot.evaluation import Row
from bot.recognition.build import Workshop
from bot.recognition.encoder import NgramEncoder
from tests.conftest import PROJECT
from tests.desk.pieces import tiny_pieces, with_body

TODAY = date(2026, 12, 1)
WARN, STOP, ASK, NONE = (Reading(u, "game") for u in ("warn", "stop-now", "ask", "none"))
OTHER = Reading("warn", "mule")
FOUND = Finding("reply", "greet", "calls_safe", "calls something safe", True)
ADVICE = Finding("led", "x", "sign_one_idea", "shorter", False)

EXAMINATION = [
    Row("1", "有人讲捡到我的狗，不给赎金不还", "zh-Hans", "pet_ransom", "stop-now", True),
    Row("2", "捡猫的催我打赎金，我正在转", "zh-Hans", "pet_ransom", "stop-now", True),
    Row("3", "短信叫我补包裹关税", "zh-Hans", "parcel_fee", "warn", True),
    Row("4", "今天几点开门", "zh-Hans", None, "none", False),
]


def row(urgency: str, *, typology: str | None = "game", name: str = "r", scam: bool | None = None) -> Row:
    """A labelled text."""
    return Row(name, "text", "zh-Hans", typology, urgency, scam)


def compared(rows: list[Row], before: list[Reading], after: list[Reading], *found: Finding) -> GateReport:
    """The report on readings of rows."""
    return report(rows, before, after, found, seconds=1.0)


def codes(given: GateReport) -> list[tuple[str, bool]]:
    """The reasons and whether they block."""
    return [(r.code, r.blocks) for r in given.reasons]


# ---- What blocks ----


def test_nothing_changed_is_open() -> None:
    given = compared([row("warn")], [WARN], [WARN])
    assert (given.open, given.blocked, given.changes, given.reasons) == (True, False, (), ())


@pytest.mark.parametrize("after", [ASK, NONE])
def test_a_danger_that_is_newly_missed_blocks(after: Reading) -> None:
    given = compared([row("stop-now", name="x1")], [STOP], [after])
    assert ("missed_danger", True) in codes(given)
    assert [c.id for c in given.missed] == ["x1"]
    assert given.blocked
    assert not given.open


def test_a_danger_that_was_missed_already_is_not_new() -> None:
    given = compared([row("stop-now")], [ASK], [NONE])
    assert not given.missed
    assert not given.blocked


def test_a_danger_read_as_a_warning_is_not_missed() -> None:
    assert not compared([row("stop-now")], [STOP], [WARN]).blocked


def test_one_scam_less_of_a_kind_blocks_whatever_another_kind_gains() -> None:
    rows = [row("warn"), row("warn"), row("warn", typology="mule")]
    given = compared(rows, [WARN, WARN, NONE], [WARN, ASK, OTHER])
    assert codes(given)[0] == ("recall_fell", True)
    assert dict(given.reasons[0].values) == {"name": "game", "count": "2", "value": "2", "number": "1"}
    (game, mule) = given.recall
    assert (game.of, game.caught_before, game.caught_after) == (2, 2, 1)
    assert (mule.caught_before, mule.caught_after) == (0, 1)


def test_a_kind_of_one_row_is_counted_not_answered() -> None:
    (one,) = compared([row("warn")], [WARN], [WARN]).recall
    assert (repr(one.caught_before), repr(one.named_after)) == ("1", "1")


def stood(urgency: str, margin: float) -> Reading:
    """A reading so far beyond the line."""
    return Reading(urgency, "game", margin)


def test_a_danger_that_stood_at_the_line_and_still_does_is_told_and_blocks_nothing() -> None:
    given = compared([row("stop-now", name="x1")], [stood("stop-now", 0.4)], [stood("ask", -0.6)])
    assert codes(given) == [("missed_wavering", False), ("recall_wavers", False)]
    assert (given.blocked, [c.id for c in given.missed], given.missed[0].wavers) == (False, ["x1"], True)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (stood("stop-now", 1.4), stood("ask", -0.2)),  # it was known
        (stood("stop-now", 0.2), stood("none", -1.4)),  # it is far away now
        (Reading("stop-now", "game"), stood("ask", -0.2)),  # a rule of words had decided
    ],
)
def test_a_danger_that_stood_clear_of_the_line_always_blocks(before: Reading, after: Reading) -> None:
    rows = [row("stop-now")] + [row("warn")] * 9
    gained = [stood("warn", 0.3)] * 9
    given = compared(rows, [before] + [stood("ask", -0.3)] * 9, [after, *gained])
    assert codes(given)[0] == ("missed_danger", True)


@pytest.mark.parametrize(("lost", "gained", "blocks"), [(4, 0, False), (5, 0, True), (5, 2, False), (8, 1, True)])
def test_more_wavering_rows_lost_than_chance_takes_block(lost: int, gained: int, blocks: bool) -> None:
    at, below = stood("warn", 0.2), stood("ask", -0.2)
    before, after = [at] * lost + [below] * gained, [below] * lost + [at] * gained
    given = compared([row("warn")] * (lost + gained), before, after)
    assert given.blocked is blocks
    assert ("recall_fell_all", True) in codes(given) or not blocks


def test_wavering_rows_of_many_kinds_count_together() -> None:
    kinds = ["game", "mule", "nfc", "elder", "crypto"]
    rows = [row("warn", typology=kind) for kind in kinds]
    given = compared(rows, [stood("warn", 0.2)] * 5, [stood("ask", -0.2)] * 5)
    assert [code for code, blocks in codes(given) if blocks] == ["recall_fell_all"]


def test_harmless_rows_of_a_kind_are_no_part_of_its_recall() -> None:
    assert compared([row("none"), row("ask")], [WARN, WARN], [NONE, NONE]).recall == ()
    assert compared([row("warn", scam=False)], [WARN], [NONE]).recall == ()


@pytest.mark.parametrize(("lost", "blocks"), [(1, False), (2, True), (10, True)])
def test_a_fifth_of_a_kind_named_otherwise_blocks_and_a_single_row_is_told(lost: int, blocks: bool) -> None:
    after = [OTHER] * lost + [WARN] * (10 - lost)
    assert codes(compared([row("warn")] * 10, [WARN] * 10, after)) == [("named_less", blocks)]


def test_what_has_to_be_mended_in_the_words_blocks_and_advice_does_not() -> None:
    assert codes(compared([], [], [], ADVICE)) == [("found_advice", False)]
    assert codes(compared([], [], [], ADVICE, FOUND)) == [("found_must", True), ("found_advice", False)]


def test_every_row_that_is_read_otherwise_is_listed() -> None:
    rows = [row("warn", name="better"), row("warn", name="worse"), row("warn", name="same"), row("ask", name="neither")]
    given = compared(rows, [ASK, WARN, WARN, WARN], [WARN, OTHER, WARN, STOP])
    assert {c.id: (c.better, c.worse) for c in given.changes} == {
        "better": (True, False), "worse": (False, True), "neither": (False, False),
    }  # fmt: skip


def test_a_row_without_a_kind_is_right_by_its_urgency() -> None:
    assert Change("x", "t", "", "warn", ASK, OTHER).better


# ---- Override ----


def blocked() -> GateReport:
    """A report that is shut."""
    return compared([row("stop-now")], [STOP], [NONE])


def test_a_publisher_opens_the_gate_with_name_and_reason() -> None:
    opened = override(blocked(), publisher=" 林主任 ", reason="这条考题标错了，已经更正")
    assert opened.open
    assert opened.blocked
    assert (opened.override.publisher, opened.override.reason) == ("林主任", "这条考题标错了，已经更正")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("publisher", "reason"), [("", "这条考题标错了，已经更正"), ("林主任", "好"), ("林主任", "  " * 9)]
)
def test_an_override_without_name_or_reason_is_refused(publisher: str, reason: str) -> None:
    with pytest.raises(DeskError) as refused:
        override(blocked(), publisher=publisher, reason=reason)
    assert refused.value.code == "override_needs_reason"


def test_an_open_gate_needs_no_override() -> None:
    with pytest.raises(DeskError) as refused:
        override(compared([], [], []), publisher="林主任", reason="为了保险起见再写一次")
    assert refused.value.code == "nothing_to_override"


def test_a_report_is_kept_as_json_and_read_again() -> None:
    given = override(
        compared([row("stop-now")], [STOP], [NONE], FOUND, ADVICE),
        publisher="林主任",
        reason="这条考题标错了，已经更正",
    )
    assert GateReport.from_dict(json.loads(json.dumps(given.as_dict()))) == given


# ---- With a real reading ----


class Asked:
    """A stand-in for the editor's stop button: says yes from the given call on."""

    def __init__(self, at: int) -> None:
        self.calls = 0
        self._at = at

    def __call__(self) -> bool:
        """Whether to stop."""
        self.calls += 1
        return self.calls >= self._at


@pytest.fixture
def tiny(tmp_path: Path) -> list[Stored]:
    """The tiny content, as pieces."""
    return tiny_pieces(tmp_path)


@pytest.fixture
def workshop_for(tmp_path: Path) -> Callable[[Callable[[str], None]], Workshop]:
    """A workshop with the quick encoder, that keeps what it learns for the test."""
    return lambda say: Workshop(NgramEncoder(), tmp_path / "learned", say)


def run(before: list[Stored], after: list[Stored], workshop_for: Any, **more: Any) -> GateReport:
    """The gate over the small examination."""
    return run_gate(before, after, EXAMINATION, workshop_for=workshop_for, today=TODAY, **more)


def test_other_words_leave_the_reading_as_it_is(tiny: list[Stored], workshop_for: Any) -> None:
    steps: list[str] = []
    after = with_body(tiny, "reply", "greet", text={"zh-Hans": "您好。", "en": "Hello."})
    given = run(tiny, after, workshop_for, progress=lambda step, _d, _t: steps.append(step))
    assert (given.rows, given.changes, given.open) == (4, (), True)
    assert set(steps) == {"learning", "reading_before", "checking"}


def test_the_reading_in_force_is_taken_from_the_app_that_holds_it(tiny: list[Stored], tmp_path: Path) -> None:
    said: list[str] = []
    held = Workshop(NgramEncoder()).build(build_release(1, tiny))

    def workshop_for(say: Callable[[str], None]) -> Workshop:
        def told(line: str) -> None:
            said.append(line)
            say(line)

        return Workshop(NgramEncoder(), tmp_path / "learned", told)

    run(tiny, tiny, workshop_for, in_force=held)
    assert not [line for line in said if line.startswith("learning")]
    run(tiny, tiny, workshop_for)
    assert [line for line in said if line.startswith("learning")]


def test_a_kind_whose_examples_are_gone_shuts_the_gate(tiny: list[Stored], workshop_for: Any) -> None:
    after = [p for p in tiny if p[:2] != ("examples", "pet_ransom")]
    after = with_body(after, "typology", "pet_ransom", red_flags=[{
        "id": "none_left", "act": "none", "strength": "weak", "says": {"zh-Hans": "停。", "en": "Stop."}, "patterns": {"zh": ["没有这个词"]},
    }])  # fmt: skip
    steps: list[str] = []
    given = run(tiny, after, workshop_for, progress=lambda step, _d, _t: steps.append(step))
    assert given.blocked
    assert "pet_ransom" in {r.values.get("name") for r in given.reasons}
    assert {c.id for c in given.changes} & {"1", "2"}
    assert "reading_after" in steps


def test_progress_ends_with_everything_done(tiny: list[Stored], workshop_for: Any) -> None:
    last: dict[str, tuple[int, int]] = {}
    run(tiny, tiny, workshop_for, progress=lambda step, done, total: last.update({step: (done, total)}))
    assert all(done == total for done, total in last.values())


@pytest.mark.parametrize("at", [1, 2, 5])
def test_it_can_be_called_off_at_any_time(tiny: list[Stored], workshop_for: Any, at: int) -> None:
    with pytest.raises(CalledOff):
        run(tiny, tiny, workshop_for, called_off=Asked(at))


def test_it_is_called_off_while_it_learns(tiny: list[Stored], tmp_path: Path) -> None:
    asked = Asked(10**9)
    lines: list[str] = []

    def workshop_for(say: Callable[[str], None]) -> Workshop:
        def told(line: str) -> None:
            lines.append(line)
            asked.calls = 10**9  # from the first word of learning on
            say(line)

        return Workshop(NgramEncoder(), tmp_path / "learned", told)

    with pytest.raises(CalledOff):
        run(tiny, tiny, workshop_for, called_off=asked)
    assert len(lines) == 1


def test_a_draft_that_cannot_be_built_is_an_error_that_names_the_piece(tiny: list[Stored], workshop_for: Any) -> None:
    with pytest.raises(ContentError, match="reply/greet"):
        run(tiny, with_body(tiny, "reply", "greet", text="hello"), workshop_for)


# ---- The examination ----


def test_the_rows_that_ship_are_found() -> None:
    rows = examination_rows(PROJECT / "tests" / "recognition")
    assert len(rows) >= 600
    assert all(r.text for r in rows)


def test_a_folder_without_rows_is_told_how_to_be_named(tmp_path: Path) -> None:
    with pytest.raises(DeskError, match="FANGZHA_EXAMINATIONS"):
        examination_rows(tmp_path)


def test_a_gate_is_a_value_that_can_be_run_again(tiny: list[Stored], workshop_for: Any) -> None:
    gate = Gate(EXAMINATION, workshop_for, TODAY)
    first, second = gate.run(tiny, tiny), gate.run(tiny, tiny)
    assert (first.recall, first.changes) == (second.recall, second.changes)
