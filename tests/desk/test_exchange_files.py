"""Files as people save them: other encodings, other separators, formulas, broken lines, and what is no table at all."""

import io
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from bot.core.errors import DeskError
from bot.desk import exchange_files
from bot.desk.exchange_columns import COLUMNS, flat
from bot.desk.exchange_files import as_csv, as_excel, open_table
from bot.desk.exchange_nlu import nlu_table

ROW = {"text": "他说“先转两百”", "typology": "game", "urgency": "warn", "form": "first", "language": "zh"}
HEAD = "text,typology,urgency,form,language"


def rows(data: bytes, form: str = "csv", kind: str = "examples", **headings: str) -> list[tuple[int, Any]]:
    """(number, row) of a file."""
    return list(open_table(data, form, kind, headings).rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_table_is_read_however_it_was_saved(encoding: str, separator: str, end: str) -> None:
    text = end.join(separator.join(line) for line in (HEAD.split(","), ROW.values())) + end
    assert rows(text.encode(encoding)) == [(2, ROW)]


def test_a_cell_of_several_lines_does_not_shift_the_numbers() -> None:
    data = f'{HEAD}\n"甲\n乙",game,warn,chat,zh\n\n丙,game,warn,first,zh\n'.encode()
    assert [(n, r["text"]) for n, r in rows(data)] == [(2, "甲\n乙"), (4, "丙")]


def test_a_workbook_gives_the_numbers_the_editor_sees() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (HEAD.split(","), list(ROW.values()), [None] * 5, [110, "game", "warn", "first", "zh"]):
        sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    assert rows(out.getvalue(), "xlsx") == [(2, ROW), (4, {**ROW, "text": "110"})]


@pytest.mark.parametrize("text", ["=1+1", "+86 138", "-先转", "@他", "'=already"])
def test_what_a_spreadsheet_would_run_is_written_as_text_and_read_as_it_was(text: str) -> None:
    row = {**ROW, "text": text}
    assert rows(as_csv(COLUMNS["examples"], [row], {}))[0][1]["text"] == text
    assert as_csv(COLUMNS["examples"], [row], {}).decode("utf-8-sig").splitlines()[1].startswith("'")
    book = as_excel(COLUMNS["examples"], [row], {})
    assert rows(book, "xlsx")[0][1]["text"] == text
    cell = load_workbook(io.BytesIO(book)).worksheets[0]["A2"]
    assert cell.data_type == "s"


def test_characters_a_workbook_cannot_hold_are_left_out() -> None:
    assert rows(as_excel(COLUMNS["examples"], [{**ROW, "text": "甲\x0b乙"}], {}), "xlsx")[0][1]["text"] == "甲乙"


def test_a_line_that_is_no_json_is_given_with_what_is_wrong() -> None:
    data = b'{"text": "a"}\n\n{"text": \n[1]\n'
    found = rows(data, "jsonl")
    assert [n for n, _ in found] == [1, 3, 4]
    assert found[0][1] == {"text": "a"}
    assert isinstance(found[1][1], str)
    assert "expected an object" in found[2][1]


def test_a_body_as_the_store_keeps_it_is_read_as_a_row() -> None:
    body = {
        "id": "x",
        "title": {"zh-Hans": "甲", "en": "A", "zh-Hant": "乙"},
        "methods": ["nfc", "ai_fake"],
        "stage": None,
    }
    assert flat("case", body) == {
        "id": "x", "title_zh": "甲", "title_en": "A", "title_hant": "乙", "methods": "nfc\nai_fake", "stage": "",
    }  # fmt: skip
    assert flat("examples", {"text": "a", "lang": "en"}) == {"text": "a", "language": "en"}


@pytest.mark.parametrize(
    ("data", "form", "code"),
    [
        (b"text,typology", "xlsx", "not_excel"),
        (b"PK\x03\x04nothing", "xlsx", "not_excel"),
        (b"\xff\xfe\x00\xd8", "csv", "not_text"),
        (b"\xff\xfe\x00\xd8", "jsonl", "not_text"),
    ],
)
def test_what_is_no_such_file_is_refused_with_its_mend(data: bytes, form: str, code: str) -> None:
    with pytest.raises(DeskError) as refused:
        rows(data, form)
    assert refused.value.code == code


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange_files, "MOST_BYTES", 100)
    with pytest.raises(DeskError) as refused:
        rows(as_excel(COLUMNS["examples"], [ROW], {}), "xlsx")
    assert refused.value.code == "too_large"


# ---- Rasa's YAML ----

NLU = """\
version: "3.1"
nlu:
- intent: game/warn
  examples: |
    - 有人收我的[游戏号](item)
    - he wants my [account]{"entity": "item"}
- synonym: item
  examples: |
    - account
- intent: greet
  metadata:
    form: question
  examples:
  - text: |
      你好
    metadata:
      urgency: none
  - text: hi
"""


def test_examples_are_read_with_the_line_they_stand_on() -> None:
    found = list(nlu_table(NLU.encode(), {"greet": {"typology": "none", "urgency": "ask"}}).rows)
    assert found == [
        (5, {"text": "有人收我的游戏号", "typology": "game", "urgency": "warn", "form": "first", "language": "zh"}),
        (6, {"text": "he wants my account", "typology": "game", "urgency": "warn", "form": "first", "language": "en"}),
        (14, {"text": "你好", "typology": "none", "urgency": "none", "form": "question", "language": "zh"}),
        (18, {"text": "hi", "typology": "none", "urgency": "ask", "form": "question", "language": "en"}),
    ]


@pytest.mark.parametrize(
    ("data", "code"), [("nlu: [", "not_yaml"), ("rules: []", "not_nlu"), ("", "not_nlu"), ("- a", "not_nlu")]
)
def test_what_is_no_training_data_is_refused(data: str, code: str) -> None:
    with pytest.raises(DeskError) as refused:
        nlu_table(data.encode(), {})
    assert refused.value.code == code


def test_an_example_without_text_is_told() -> None:
    data = "nlu:\n- intent: game/warn\n  examples:\n  - metadata: {form: sms}\n"
    assert list(nlu_table(data.encode(), {}).rows) == [(4, "an example without text")]
