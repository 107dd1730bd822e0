"""One case becomes every product, and what belongs together stays together."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.content.files import Piece
from bot.core.errors import DeskError
from bot.core.products import LedLine
from bot.desk.products import as_product, drafts, families, faults_while_typing, linked, linked_with
from tests.desk.pieces import tiny_pieces, with_body, without

TODAY = date(2026, 12, 1)
CASE = "pet_ransom-2"
FAMILY = (
    ("case", CASE),
    ("led", f"{CASE}-led"),
    ("quiz", f"{CASE}-quiz"),
    ("screen", f"{CASE}-screen"),
    ("warning", f"{CASE}-warning"),
)


@pytest.fixture
def tiny(tmp_path: Path) -> list[Any]:
    """The tiny content with products, as pieces."""
    return tiny_pieces(tmp_path)


@pytest.fixture(scope="module")
def shipped(pieces: list[Piece]) -> list[Any]:
    """What drafts need of the shipped content."""
    needed = {"case", "typology", "template", "hotline", "bank"}
    return [(p.kind, p.key, p.body) for p in pieces if p.kind in needed]


def test_every_template_gives_a_draft_that_bears_its_case(tiny: list[Any]) -> None:
    made = {d.template: d for d in drafts("pet_ransom-3", tiny, today=TODAY)}
    assert made.keys() == {"led", "warning"}
    led, warning = made["led"], made["warning"]
    assert (led.kind, led.key, led.body["from_case"]) == ("led", "pet_ransom-3-led", "pet_ransom-3")
    assert led.body["text"] == "报警不晚"
    assert warning.body["text"] == {"zh-Hans": "报警不晚。拨{advice}。", "en": "It is never too late. Call {advice}."}
    assert all(d.ready and not d.exists for d in made.values())


def test_a_draft_is_valid_from_today_for_as_long_as_its_template_says(tiny: list[Any]) -> None:
    (made,) = drafts("pet_ransom-3", tiny, today=TODAY, only=["warning"])
    assert (made.body["start"], made.body["end"]) == ("2026-12-01", "2026-12-31")


def test_a_draft_of_what_is_there_already_says_so(tiny: list[Any]) -> None:
    assert all(d.exists for d in drafts(CASE, tiny, today=TODAY))


def test_a_draft_that_does_not_fit_is_given_with_its_faults(tiny: list[Any]) -> None:
    long = {"zh-Hans": "报警不晚" * 40, "en": "It is never too late."}
    (made,) = drafts(
        "pet_ransom-3", with_body(tiny, "case", "pet_ransom-3", lesson=long), today=TODAY, only=["warning"]
    )
    assert not made.ready
    assert [(f.code, f.location) for f in made.faults] == [("too_long", ("text", "zh-Hans"))]


@pytest.mark.parametrize(
    ("case", "only", "missing"),
    [("pet_ransom-9", None, "case pet_ransom-9"), ("pet_ransom-3", ["poster"], "template poster")],
)
def test_what_is_missing_is_named(tiny: list[Any], case: str, only: list[str] | None, missing: str) -> None:
    with pytest.raises(DeskError, match=missing) as refused:
        drafts(case, tiny, today=TODAY, only=only)
    assert refused.value.code == "no_such_piece"


def test_a_case_of_a_kind_that_is_gone_cannot_be_drafted_from(tiny: list[Any]) -> None:
    with pytest.raises(DeskError, match="typology pet_ransom"):
        drafts(CASE, without(tiny, "typology", "pet_ransom"), today=TODAY)


# ---- The shipped templates ----

EVERY = ["chat_card", "warning", "screen", "led", "prompt_card", "leaflet", "handbook", "quiz"]


def test_eight_products_come_from_one_shipped_case_ready_to_be_handed_in(shipped: list[Any]) -> None:
    made = drafts("police_gov-01", shipped, today=TODAY)
    assert {d.template for d in made} == set(EVERY)
    assert [d.template for d in made if not d.ready] == []
    assert {d.kind for d in made} == {"warning", "screen", "led", "prompt_card", "leaflet", "handbook", "quiz"}
    for draft in made:
        as_product(draft.kind, draft.body)


def test_every_shipped_case_gives_a_line_that_keeps_the_sign_s_rules(shipped: list[Any]) -> None:
    cases = [key for kind, key, _ in shipped if kind == "case"]
    wrong = [d.body["text"] for c in cases for d in drafts(c, shipped, today=TODAY, only=["led"]) if d.faults]
    assert len(cases) >= 87
    assert wrong == []


def test_the_shipped_templates_fit_the_shipped_cases(shipped: list[Any]) -> None:
    cases = [key for kind, key, _ in shipped if kind == "case"]
    unready = [(d.key, d.faults[0].message) for c in cases for d in drafts(c, shipped, today=TODAY) if not d.ready]
    assert unready == []


# ---- While typing ----


def test_faults_come_with_their_place_and_the_name_of_their_sentence() -> None:
    body = {"id": "x", "text": "請停", "start": "2026-12-01", "end": "2026-12-31"}
    (found,) = faults_while_typing("led", "x", body, {})
    assert (found.code, found.location, found.values["name"]) == ("sign_traditional", ("text",), "请")


def test_what_is_not_filled_in_yet_is_a_fault_and_no_error() -> None:
    codes = {f.code for f in faults_while_typing("warning", "x", {"id": "x"}, {})}
    assert codes == {"shape"}


def test_a_draft_is_previewed_as_its_product() -> None:
    body = {"id": "x", "text": "先停", "start": "2026-12-01", "end": "2026-12-31"}
    made = as_product("led", body)
    assert isinstance(made, LedLine)
    assert made.text == "先停"


@pytest.mark.parametrize(("kind", "code"), [("led", "shape"), ("poster", "no_product")])
def test_what_is_no_product_cannot_be_previewed(kind: str, code: str) -> None:
    with pytest.raises(DeskError) as refused:
        as_product(kind, {"id": "x"})
    assert refused.value.code == code


# ---- Belonging together ----


def test_a_case_and_what_was_made_of_it_are_one_set(tiny: list[Any]) -> None:
    assert linked(CASE, tiny) == FAMILY
    assert linked("pet_ransom-1", tiny) == (("case", "pet_ransom-1"),)


@pytest.mark.parametrize(("kind", "key"), FAMILY)
def test_the_set_is_found_from_each_of_its_pieces(tiny: list[Any], kind: str, key: str) -> None:
    assert linked_with(kind, key, tiny) == FAMILY


def test_a_piece_of_no_case_stands_alone(tiny: list[Any]) -> None:
    alone = with_body(tiny, "led", f"{CASE}-led", from_case="")
    assert linked_with("led", f"{CASE}-led", alone) == (("led", f"{CASE}-led"),)
    assert linked_with("reply", "greet", tiny) == (("reply", "greet"),)


def test_all_sets_are_listed_at_once(tiny: list[Any]) -> None:
    assert families(tiny) == {CASE: FAMILY[1:]}
