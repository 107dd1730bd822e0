"""Two bodies side by side."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.difference import Change, Row, Span, difference


def told(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str]]:
    """Path and change of every row that differs."""
    return [(row.path, row.change.value) for row in difference(before, after)]


def text(side: tuple[Span, ...]) -> str:
    """A side as it reads."""
    return "".join(span.text for span in side)


def test_bodies_that_are_alike_differ_in_nothing() -> None:
    body = {"text": {"zh-Hans": "一", "en": "one"}, "list": [1, {"a": None}]}
    assert difference(body, body) == []
    assert {row.change for row in difference(body, body, same=True)} == {Change.SAME}


def test_a_changed_sentence_shows_which_words_changed() -> None:
    (row,) = difference({"text": {"zh-Hans": "请不要转账给他"}}, {"text": {"zh-Hans": "千万不要转账给陌生人"}})
    assert row.path == "text.zh-Hans"
    assert row.before == (Span("请", True), Span("不要转账给", False), Span("他", True))
    assert row.after == (Span("千万", True), Span("不要转账给", False), Span("陌生人", True))


def test_english_is_compared_word_by_word() -> None:
    (row,) = difference({"en": "Hang up now."}, {"en": "Hang up and wait."})
    assert [s.text for s in row.before if s.changed] == ["now"]
    assert [s.text for s in row.after if s.changed] == ["and wait"]


def test_what_was_added_and_removed_stands_on_its_own_side() -> None:
    rows = difference({"old": "一", "both": 1}, {"both": 1, "new": {"zh-Hans": "二"}})
    assert rows == [
        Row("new.zh-Hans", Change.ADDED, (), (Span("二", True),)),
        Row("old", Change.REMOVED, (Span("一", True),), ()),
    ]


def test_a_line_put_in_at_the_top_does_not_change_the_lines_below_it() -> None:
    before = {"steps": [{"en": "one"}, {"en": "two"}]}
    assert told(before, {"steps": [{"en": "zero"}, {"en": "one"}, {"en": "two"}]}) == [("steps.1.en", "added")]
    assert told(before, {"steps": [{"en": "two"}]}) == [("steps.1.en", "removed")]
    assert told(before, {"steps": [{"en": "one"}, {"en": "three"}]}) == [("steps.2.en", "changed")]


@pytest.mark.parametrize(
    ("before", "after"),
    [({"a": 1}, {"a": [1]}), ({"a": {"b": 1}}, {"a": "x"}), ({"a": []}, {"a": {}}), ({"a": None}, {"a": [2]})],
)
def test_a_value_that_became_another_shape_is_removed_and_added(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert {change for _, change in told(before, after)} == {"removed", "added"}


def test_one_and_true_are_not_alike() -> None:
    assert told({"n": 1}, {"n": True}) == [("n", "changed")]


def test_numbers_and_truths_are_shown_as_they_are_written() -> None:
    rows = difference({"leaves": True, "days": 30, "note": None}, {"leaves": False, "days": 90, "note": "x"})
    assert [(text(r.before), text(r.after)) for r in rows] == [("true", "false"), ("30", "90"), ("", "x")]


BODIES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab 字句。", max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from("pqr"), BODIES), st.dictionaries(st.sampled_from("pqr"), BODIES))
def test_a_row_reads_on_each_side_as_the_value_did_and_equal_bodies_have_none(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    rows = difference(before, after)
    assert (rows == []) == (json.dumps(before, sort_keys=True) == json.dumps(after, sort_keys=True))
    for row in rows:
        if row.change is Change.ADDED:
            assert (row.before, all(s.changed for s in row.after)) == ((), True)
        elif row.change is Change.REMOVED:
            assert (row.after, all(s.changed for s in row.before)) == ((), True)


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_letter_is_lost_in_the_comparing(before: str, after: str) -> None:
    for row in difference({"t": before}, {"t": after}):
        assert (text(row.before), text(row.after)) == (before, after)
