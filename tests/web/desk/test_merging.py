"""Two editors on one piece: only what both changed is left to a person."""

from typing import Any

import pytest

from bot.web.desk.merging import merge

BASE: dict[str, Any] = {
    "title": {"zh-Hans": "甲", "en": "a"},
    "steps": [{"en": "one"}, {"en": "two"}],
    "methods": ["x"],
    "foot": "f",
}


def test_changes_in_different_places_go_together() -> None:
    theirs = {**BASE, "title": {"zh-Hans": "乙", "en": "a"}, "steps": [{"en": "one!"}, {"en": "two"}]}
    own = {**BASE, "title": {"zh-Hans": "甲", "en": "b"}, "steps": [{"en": "one"}, {"en": "two!"}], "lead": "l"}
    merged = merge(BASE, theirs, own)
    assert merged.conflicts == ()
    assert merged.body == {
        **BASE,
        "title": {"zh-Hans": "乙", "en": "b"},
        "steps": [{"en": "one!"}, {"en": "two!"}],
        "lead": "l",
    }


def test_what_both_changed_keeps_ones_own_and_tells_the_others() -> None:
    merged = merge(BASE, {**BASE, "foot": "theirs"}, {**BASE, "foot": "mine"})
    assert merged.body["foot"] == "mine"
    assert [(c.path, c.theirs) for c in merged.conflicts] == [("foot", "theirs")]


def test_lists_of_other_lengths_are_one_place() -> None:
    theirs = {**BASE, "steps": [{"en": "zero"}, *BASE["steps"]]}
    own = {**BASE, "steps": [{"en": "one"}]}
    merged = merge(BASE, theirs, own)
    assert merged.body["steps"] == [{"en": "one"}]
    assert [c.path for c in merged.conflicts] == ["steps"]


@pytest.mark.parametrize("side", ["theirs", "own"])
def test_what_one_took_out_and_the_other_left_is_out(side: str) -> None:
    without = {k: v for k, v in BASE.items() if k != "foot"}
    merged = merge(BASE, without, BASE) if side == "theirs" else merge(BASE, BASE, without)
    assert (merged.body, merged.conflicts) == (without, ())


def test_what_one_took_out_and_the_other_changed_is_a_conflict() -> None:
    without = {k: v for k, v in BASE.items() if k != "foot"}
    merged = merge(BASE, without, {**BASE, "foot": "mine"})
    assert merged.body["foot"] == "mine"
    assert [(c.path, c.theirs) for c in merged.conflicts] == [("foot", None)]


def test_two_who_began_from_nothing_are_put_together_too() -> None:
    merged = merge({}, {"a": 1, "b": 2}, {"b": 3, "c": 4})
    assert merged.body == {"a": 1, "b": 3, "c": 4}
    assert [c.path for c in merged.conflicts] == ["b"]


def test_the_same_change_twice_is_no_conflict() -> None:
    assert merge(BASE, {**BASE, "foot": "x"}, {**BASE, "foot": "x"}).conflicts == ()
