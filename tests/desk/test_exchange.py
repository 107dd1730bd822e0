"""Tables in and out: a dry run that saves nothing, faults by row and column, doubles marked, all or nothing."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.content.check import check_folder
from bot.content.files import Piece
from bot.core.errors import CalledOff, DeskError
from bot.desk.exchange import Reader, release_zip, write
from bot.desk.exchange_columns import COLUMNS, Kind, listed, same
from bot.desk.exchange_files import FORMS, as_csv, as_excel
from bot.desk.exchange_plan import Plan, take_in
from bot.desk.products import Stored
from tests.desk.pieces import tiny_pieces, with_body

CASE = {
    "id": "pet_ransom-4", "typology": "pet_ransom", "stage": "bait", "title_zh": "宠物之四", "title_en": "Fourth pet",
    "story_zh": "老陈等了一天，没有付钱。", "story_en": "Chen waited a day and paid nothing.", "lesson_zh": "等一天。", "lesson_en": "Wait a day.",
}  # fmt: skip
ANSWER = {
    "id": "who_pays", "topic": "pets", "asks_zh": "谁付钱\n要不要付钱", "asks_en": "who pays", "title_zh": "谁付？", "title_en": "Who pays?",
    "text_zh": "拿不准拨{advice}。", "text_en": "Ask {advice}.", "sources": "小河银行",
}  # fmt: skip
EXAMPLE = {
    "text": "捡猫的让我先转两百押金",
    "typology": "pet_ransom",
    "urgency": "warn",
    "form": "first",
    "language": "zh",
}
ROWS: dict[Kind, dict[str, str]] = {"case": CASE, "answer": ANSWER, "examples": EXAMPLE}
HEADINGS = {"text": "原话", "typology": "骗局类型", "urgency": "紧急程度", "form": "形式", "language": "语言"}


@pytest.fixture
def tiny(tmp_path: Path) -> list[Stored]:
    """The tiny content, as pieces."""
    return tiny_pieces(tmp_path)


def table(kind: Kind, rows: Sequence[dict[str, str]], form: str = "csv") -> bytes:
    """Rows as a file."""
    make = as_excel if form == "xlsx" else as_csv
    return make(COLUMNS[kind], rows, {})


def read(
    tiny: list[Stored], rows: Sequence[dict[str, str]], kind: Kind = "examples", form: str = "csv", **more: Any
) -> Plan:
    """The plan for rows."""
    return Reader(tiny, "more", **more).read(table(kind, rows, form), form, kind)


def faults(plan: Plan) -> list[tuple[int, str, str]]:
    """Row, column and what is wrong."""
    return [(f.row, f.column, f.reply.removeprefix("desk_")) for f in plan.faults]


# ---- A file without mistakes ----


@pytest.mark.parametrize("kind", ["case", "answer", "examples"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_row_becomes_a_piece(tiny: list[Stored], kind: Kind, form: str) -> None:
    plan = read(tiny, [ROWS[kind]], kind, form)
    assert (plan.rows, plan.new, plan.changed, plan.faults, plan.ready) == (1, 1, 0, (), True)
    assert plan.pieces[0][0] == kind


def test_a_row_of_a_known_piece_changes_it(tiny: list[Stored]) -> None:
    plan = read(tiny, [{**CASE, "id": "pet_ransom-3"}], "case")
    assert (plan.new, plan.changed) == (0, 1)


def test_the_row_of_an_answer_holds_lists_one_entry_a_line(tiny: list[Stored]) -> None:
    ((_, _, body),) = read(tiny, [ANSWER], "answer").pieces
    assert body["asks"] == {"zh": ["谁付钱", "要不要付钱"], "en": ["who pays"]}
    assert listed("a; b；c|d\ne") == ["a", "b", "c", "d", "e"]


def test_examples_of_one_kind_become_one_piece_named_after_the_import(tiny: list[Stored]) -> None:
    rows = [EXAMPLE, {**EXAMPLE, "text": "今天利息多少呀", "typology": "none", "urgency": "none", "form": "question"}]
    plan = read(tiny, rows)
    made = {key: body for _, key, body in plan.pieces}
    assert made["pet_ransom.more"] == {"typology": "pet_ransom", "zh": {"first": {"warn": [EXAMPLE["text"]]}}}
    assert made["benign_more"]["zh"] == {"question": {"none": ["今天利息多少呀"]}}


def test_a_second_import_of_that_name_keeps_what_the_first_brought(tiny: list[Stored]) -> None:
    first = read(tiny, [EXAMPLE])
    later = {**EXAMPLE, "text": "他说狗受伤了要垫医药费"}
    second = read([*tiny, *first.pieces], [later])
    ((_, _, body),) = second.pieces
    assert body["zh"]["first"]["warn"] == [EXAMPLE["text"], later["text"]]
    assert (second.new, second.changed) == (0, 1)
    assert first.pieces[0][2]["zh"]["first"]["warn"] == [EXAMPLE["text"]]


def test_headings_in_the_editor_s_language_are_read(tiny: list[Stored]) -> None:
    data = as_csv(COLUMNS["examples"], [EXAMPLE], HEADINGS)
    assert Reader(tiny, "more", HEADINGS).read(data, "csv", "examples").ready


# ---- Mistakes ----


@pytest.mark.parametrize(
    ("kind", "change", "fault"),
    [
        ("examples", {"text": ""}, ("text", "import_empty")),
        ("examples", {"urgency": "urgent"}, ("urgency", "import_unknown_value")),
        ("examples", {"form": "fax"}, ("form", "import_unknown_value")),
        ("examples", {"language": "fr"}, ("language", "import_unknown_value")),
        ("examples", {"typology": "pets"}, ("typology", "import_no_typology")),
        ("examples", {"text": "长" * 8001}, ("text", "import_too_long")),
        ("case", {"title_en": ""}, ("title_en", "import_empty")),
        ("case", {"stage": "late"}, ("stage", "import_unknown_value")),
        ("case", {"id": "pet ransom"}, ("id", "fault_shape")),
        ("case", {"lesson_zh": "放心转。"}, ("lesson_zh", "fault_calls_safe")),
        ("case", {"story_zh": "他拨了13800138000。"}, ("story_zh", "fault_typed_number")),
        ("answer", {"text_zh": "拨{advise}"}, ("text_zh", "fault_unknown_placeholder")),
        ("answer", {"id": "Who"}, ("id", "fault_shape")),
        ("answer", {"kind": "poem"}, ("kind", "import_unknown_value")),
    ],
)
def test_a_mistake_is_named_by_row_and_column_and_stops_the_import(
    tiny: list[Stored], kind: Kind, change: dict[str, str], fault: tuple[str, str]
) -> None:
    good = (
        {**ROWS[kind], "id": "good", "text": "猫在他那里要我转账"}
        if kind == "examples"
        else {**ROWS[kind], "id": "good-1" if kind == "case" else "good"}
    )
    plan = read(tiny, [good, {**ROWS[kind], **change}], kind)
    assert (3, *fault) in faults(plan)
    assert all(f.row == 3 for f in plan.faults)
    assert not plan.ready


def test_forty_mistakes_are_told_at_once(tiny: list[Stored]) -> None:
    rows = [{**EXAMPLE, "text": f"第{n}句", "urgency": "soon"} for n in range(40)]
    assert [f.row for f in read(tiny, rows).faults] == list(range(2, 42))


def test_an_id_used_twice_in_the_file_names_the_first_row(tiny: list[Stored]) -> None:
    plan = read(tiny, [CASE, CASE], "case")
    assert faults(plan) == [(3, "id", "import_same_id")]
    assert plan.faults[0].values["number"] == "2"


def test_a_column_that_is_missing_is_told_once_and_one_too_many_is_advice(tiny: list[Stored]) -> None:
    data = b"text,typology,urgency,form,mood\n" + ",".join([*list(EXAMPLE.values())[:4], "sad"]).encode()
    plan = Reader(tiny, "more").read(data, "csv", "examples")
    assert [(f.row, f.column, f.advice) for f in plan.faults] == [(1, "language", False), (1, "mood", True)]
    assert not plan.ready


def test_what_looks_like_a_customer_s_own_data_is_advice(tiny: list[Stored]) -> None:
    plan = read(tiny, [{**EXAMPLE, "text": "他要我的卡号6222021234567890123"}])
    assert [(f.reply, f.advice) for f in plan.faults] == [("desk_import_personal", True)]
    assert plan.ready


def test_a_table_without_rows_brings_nothing(tiny: list[Stored]) -> None:
    for form in ("csv", "xlsx"):
        plan = read(tiny, [], form=form)
        assert (plan.rows, plan.faults, plan.ready) == (0, (), False)


# ---- Doubles ----


def test_a_text_that_is_there_already_is_marked_and_left_out(tiny: list[Stored]) -> None:
    rows = [
        {**EXAMPLE, "text": "有人说，捡到我家的狗 先要赎金！"},
        EXAMPLE,
        {**EXAMPLE, "text": f"{EXAMPLE['text']}。"},
    ]
    plan = read(tiny, rows)
    assert [(d.row, d.of, d.near) for d in plan.duplicates] == [(2, "examples/pet_ransom", False), (4, "3", False)]
    assert plan.pieces[0][2]["zh"]["first"]["warn"] == [EXAMPLE["text"]]


def test_a_text_that_is_alike_is_marked_as_alike(tiny: list[Stored]) -> None:
    plan = read(tiny, [{**EXAMPLE, "text": "有人说捡到我家的狗，先要赎金呀"}])
    assert [(d.row, d.near, d.conflict) for d in plan.duplicates] == [(2, True, False)]
    assert not plan.ready


def test_the_same_text_under_another_label_is_pointed_out(tiny: list[Stored]) -> None:
    rows = [{**EXAMPLE, "text": "有人说捡到我家的狗，先要赎金", "urgency": "stop-now"}, EXAMPLE]
    plan = read(tiny, rows)
    assert [d.conflict for d in plan.duplicates] == [True]
    assert [(f.row, f.reply, f.advice) for f in plan.faults] == [(2, "desk_import_conflict", True)]
    assert plan.ready


def test_a_case_that_is_there_word_for_word_is_marked(tiny: list[Stored]) -> None:
    data = write("case", tiny, "csv")
    plan = Reader(tiny, "more").read(data, "csv", "case")
    assert (len(plan.duplicates), plan.pieces, plan.ready) == (6, (), False)


# ---- All or nothing ----


class Shelf:
    """Stands where the store is: remembers what it was given, or refuses."""

    def __init__(self) -> None:
        self.calls: list[Sequence[Stored]] = []

    def __call__(self, pieces: Sequence[Stored]) -> None:
        """Save."""
        self.calls.append(pieces)


def test_a_plan_is_saved_in_one_call(tiny: list[Stored]) -> None:
    shelf = Shelf()
    plan = read(tiny, [CASE, {**CASE, "id": "pet_ransom-5"}], "case")
    assert take_in(plan, shelf) == 2
    assert shelf.calls == [plan.pieces]


@pytest.mark.parametrize("rows", [[CASE, {**CASE, "id": "pet_ransom-5", "stage": "late"}], []])
def test_a_plan_with_a_fault_or_without_anything_saves_nothing(tiny: list[Stored], rows: list[dict[str, str]]) -> None:
    shelf = Shelf()
    with pytest.raises(DeskError) as refused:
        take_in(read(tiny, rows, "case"), shelf)
    assert refused.value.code == "plan_not_ready"
    assert shelf.calls == []


def test_reading_changes_no_piece_that_is_known(tiny: list[Stored]) -> None:
    before = [(kind, key, repr(body)) for kind, key, body in tiny]
    read(with_body(tiny, "examples", "pet_ransom"), [EXAMPLE])
    assert [(kind, key, repr(body)) for kind, key, body in tiny] == before


# ---- Progress ----


def test_progress_is_told_by_step_and_ends_with_everything(tiny: list[Stored]) -> None:
    told: list[tuple[str, int, int]] = []
    rows = [{**EXAMPLE, "text": f"{n}个人说捡到{n * 7}只猫要{n * 13}元"} for n in range(1200)]
    read(tiny, rows, progress=lambda *step: told.append(step))
    assert [t for t in told if t[0] == "reading"][-1] == ("reading", 1200, 1200)
    assert len([t for t in told if t[0] == "reading"]) == 4
    assert told[-1][0] == "comparing"
    assert told[-1][1] == told[-1][2]


def test_reading_can_be_called_off(tiny: list[Stored]) -> None:
    with pytest.raises(CalledOff):
        read(tiny, [EXAMPLE], called_off=lambda: True)


# ---- There and back ----


@pytest.mark.parametrize("kind", ["case", "answer", "examples"])
@pytest.mark.parametrize("form", FORMS)
def test_what_is_written_is_read_again_as_it_was(pieces: list[Piece], kind: Kind, form: str) -> None:
    if form == "nlu" and kind != "examples":
        return
    kept = [
        (p.kind, p.key, p.body) for p in pieces if p.kind == kind and not (kind == "examples" and "game" not in p.key)
    ]
    rest = [(p.kind, p.key, p.body) for p in pieces if p.kind in {"typology", "hotline", "bank"}]
    plan = Reader(rest, "again").read(write(kind, kept, form), form, kind)
    assert [f for f in plan.faults if not f.advice] == []
    if kind == "examples":
        assert sorted(words(plan.pieces)) == sorted(words(kept))
    else:
        bodies = {key: body for _, key, body in kept}
        assert len(plan.pieces) == len(kept)
        assert all(same(body, bodies[key]) for _, key, body in plan.pieces)


def words(pieces: Sequence[Stored]) -> list[tuple[str, ...]]:
    """Every example with its labels."""
    return [
        (text.strip(), body["typology"], language, str(form), str(urgency))
        for _, _, body in pieces
        for language in ("zh", "en")
        for form, urgencies in body.get(language, {}).items()
        for urgency, texts in urgencies.items()
        for text in texts
    ]


def test_an_empty_table_has_the_headings_to_fill_in() -> None:
    first = write("examples", [], "csv", HEADINGS).decode("utf-8-sig").splitlines()[0]
    assert first == "原话,骗局类型,紧急程度,形式,语言"


@pytest.mark.parametrize(("kind", "form"), [("case", "nlu"), ("examples", "pdf")])
def test_a_form_that_cannot_hold_it_is_refused(kind: Kind, form: str) -> None:
    with pytest.raises(DeskError) as out:
        write(kind, [], form)
    with pytest.raises(DeskError) as into:
        Reader([], "more").read(b"", form, kind)
    assert out.value.code == into.value.code == "wrong_form"


@pytest.mark.parametrize("name", ["", "More", "a.b", "../x", "新"])
def test_a_name_that_could_be_no_piece_s_is_refused(name: str) -> None:
    with pytest.raises(DeskError) as refused:
        Reader([], name).read(b"", "csv", "examples")
    assert refused.value.code == "bad_name"


def test_a_release_is_packed_as_a_folder_that_seeds_another_installation(tiny: list[Stored], tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(release_zip(tiny))) as packed:
        packed.extractall(tmp_path / "out")
    folder = tmp_path / "out" / "content"
    assert check_folder(folder) == []
    assert (
        yaml.safe_load((folder / "led" / "led.yml").read_text(encoding="utf-8"))["led"][0]["id"] == "pet_ransom-2-led"
    )
