"""Templates: gaps are filled, the first alternative that fits is taken, and a slip is named."""

from typing import Any

import pytest

from bot.content.templates import EACH, ONE, Sources, faults_of, filled, for_sign

SOURCES = Sources(
    one={
        "lesson": {"zh-Hans": "叫您瞒着家人的，不是警察。", "en": "Secrecy is the sign."},
        "command": {"zh-Hans": "先挂断。", "en": "Hang up."},
        "story": {"zh-Hans": "很长" * 200, "en": "long " * 200},
    },
    each={"signs": tuple({"zh-Hans": f"第{n}样", "en": f"sign {n}"} for n in "一二三四")},
)
SCREEN = {"title": {"zh-Hans": "停", "en": "Stop"}, "lines": [{"zh-Hans": "停", "en": "Stop"}]}


def template(makes: str, **body: Any) -> dict[str, Any]:
    """A template's body."""
    return {"makes": makes, "body": body}


def test_gaps_are_filled_in_every_language_and_numbers_stay_for_the_table() -> None:
    words = {"zh-Hans": "{command}拨{police}", "en": "{command} Call {police}"}
    made = filled(template("screen", title=words), SOURCES, {})
    assert made["title"] == {"zh-Hans": "先挂断。拨{police}", "en": "Hang up. Call {police}"}


def test_the_first_alternative_that_fits_is_taken() -> None:
    story, command = ({"zh-Hans": f"{{{n}}}", "en": f"{{{n}}}"} for n in ("story", "command"))
    assert filled(template("screen", title={"any": [story, command]}), SOURCES, {})["title"]["en"] == "Hang up."


def test_where_none_fits_the_first_is_given_to_be_mended() -> None:
    story = {"zh-Hans": "{story}", "en": "{story}"}
    assert len(filled(template("screen", title={"any": [story]}), SOURCES, {})["title"]["en"]) > 60


def test_what_the_case_does_not_give_does_not_fit() -> None:
    alternatives = [{"zh-Hans": "{ask}", "en": "{ask}"}, {"zh-Hans": "{command}", "en": "{command}"}]
    assert filled(template("screen", title={"any": alternatives}), SOURCES, {})["title"]["en"] == "Hang up."


def test_a_list_takes_as_many_as_it_says_and_leaves_out_what_is_empty() -> None:
    made = filled(template("prompt_card", points={"each": "signs", "most": 3}), SOURCES, {})
    assert [p["en"] for p in made["points"]] == ["sign 一", "sign 二", "sign 三"]
    lines = [{"zh-Hans": "{ask}", "en": "{ask}"}, {"zh-Hans": "停", "en": "Stop"}]
    assert filled(template("screen", lines=lines), SOURCES, {})["lines"] == [lines[1]]


def test_a_line_for_a_sign_keeps_its_rules() -> None:
    made = filled(template("led", text={"any": ["{story}", "{lesson}"]}), SOURCES, {})
    assert made["text"] == "叫您瞒着家人的，不是警察"


@pytest.mark.parametrize(
    ("said", "on_the_sign"),
    [
        ("没有“安全账户”，先停!", "没有安全账户，先停！"),
        ("下载 app 前问。", "下载APP前问"),
        ("马上拨{police}。", "马上拨{police}"),
    ],
)
def test_marks_and_letters_become_what_a_sign_knows(said: str, on_the_sign: str) -> None:
    assert for_sign(said) == on_the_sign


# ---- Slips ----


@pytest.mark.parametrize(
    ("body", "location", "says"),
    [
        (template("led", text="{lesion}"), ("body", "text"), "{lesion} fills nothing"),
        (template("led", text="{lesson}", line="x"), ("body", "line"), "a led has no such field"),
        (template("led", text="{lesson}", start="2027-01-01"), ("body", "start"), "take it out"),
        (template("prompt_card", points={"each": "stories"}), ("body", "points", "each"), "no list of a case"),
        (template("prompt_card", points={"each": "signs", "most": 0}), ("body", "points", "most"), "1 or more"),
        (template("led", text={"any": []}), ("body", "text", "any"), "expected a list of alternatives"),
        (template("screen", title=SCREEN["title"]), ("body", "lines"), "makes no screen"),
    ],
)
def test_a_slip_in_a_template_is_named_where_it_stands(
    body: dict[str, Any], location: tuple[Any, ...], says: str
) -> None:
    assert [loc for loc, message in faults_of(body) if says in message] == [location]


def test_a_whole_template_has_no_fault() -> None:
    assert list(faults_of(template("screen", **SCREEN))) == []


def test_a_template_of_nothing_is_for_another_check() -> None:
    assert list(faults_of({"makes": "poster", "body": {}})) == []


def test_every_gap_is_explained() -> None:
    assert all(ONE.values())
    assert all(EACH.values())
