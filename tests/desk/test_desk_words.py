"""Every code the desk's services give has its sentence among the published replies, in both languages."""

import re
from pathlib import Path

import pytest

from bot.content.files import Piece
from bot.content.sign import SAID
from bot.desk.exchange_columns import COLUMNS
from tests.conftest import PROJECT

# Modules of this half of the desk; accounts and flow say theirs elsewhere.
MODULES = [
    "products",
    "led",
    "leaflet",
    "gate",
    "gate_judgement",
    "gate_words",
    "exchange",
    "exchange_files",
    "exchange_nlu",
    "exchange_plan",
]
CHECKS = [PROJECT / "bot" / "content" / f"{name}.py" for name in ("check", "product_check", "near")]


@pytest.fixture(scope="module")
def replies(pieces: list[Piece]) -> set[str]:
    """Ids of the published replies."""
    return {p.key for p in pieces if p.kind == "reply"}


def sources() -> str:
    """The text of the modules."""
    return "\n".join((PROJECT / "bot" / "desk" / f"{name}.py").read_text(encoding="utf-8") for name in MODULES)


def in_files(pattern: str, *paths: Path) -> set[str]:
    """What a pattern finds in files."""
    return {found for path in paths for found in re.findall(pattern, path.read_text(encoding="utf-8"))}


def test_every_rule_of_the_sign_is_said(replies: set[str]) -> None:
    assert {f"desk_sign_{rule}" for rule in SAID} - replies == set()


def test_every_fault_of_a_piece_is_said(replies: set[str]) -> None:
    codes = in_files(r'"(typed_number|typed_address|[a-z]+_placeholder|calls_safe|blames|promises|too_long|shape|pattern|template|no_such_piece|near_duplicate)"', *CHECKS)  # fmt: skip
    assert len(codes) >= 10
    own = {"contradiction", "number_not_approved", "no_number", "other"}
    assert {f"desk_fault_{code}" for code in codes | own} - replies == set()


def test_every_error_is_said(replies: set[str]) -> None:
    codes = set(re.findall(r'code="(\w+)"', sources()))
    assert len(codes) >= 15
    assert {f"desk_error_{code}" for code in codes - {"near_duplicate"}} - replies == set()


def test_every_step_reason_and_row_fault_is_said(replies: set[str]) -> None:
    text = sources()
    steps = {f"desk_gate_step_{s}" for s in ("learning", "checking", "reading_before", "reading_after")}
    steps |= {f"desk_import_step_{s}" for s in ("reading", "comparing")}
    reasons = {f"desk_gate_{r}" for r in re.findall(r'"((?:missed|recall|named|found)_\w+)"', text)}
    rows = set(re.findall(r'"(desk_import_\w+)"', text))
    assert len(reasons) >= 8
    assert len(rows) >= 9
    assert (steps | reasons | rows) - replies == set()


def test_every_column_has_a_heading_and_no_two_of_a_table_the_same(replies: set[str], pieces: list[Piece]) -> None:
    said = {p.key: p.body["text"] for p in pieces if p.kind == "reply"}
    for columns in COLUMNS.values():
        for language in ("zh-Hans", "en"):
            headings = [said[f"desk_column_{c.id}"][language] for c in columns]
            assert len(set(headings)) == len(headings)


def test_both_languages_of_a_sentence_are_filled_with_the_same(pieces: list[Piece]) -> None:
    said = {p.key: p.body["text"] for p in pieces if p.kind == "reply" and p.key.startswith("desk_")}
    gaps = {key: [set(re.findall(r"\{(\w+)\}", text[tag])) for tag in ("zh-Hans", "en")] for key, text in said.items()}
    # the English of a few needs less than the Chinese to be understood
    assert len(said) > 100
    assert [key for key, (chinese, english) in gaps.items() if english - chinese] == []


def test_what_is_printed_is_said(replies: set[str]) -> None:
    printed = set(re.findall(r'"(desk_print_\w+)"', sources())) | {
        f"desk_print_{n}" for n in ("story", "signs", "do", "never")
    }
    assert len(printed) >= 9
    assert printed - replies == set()
