"""The flow's rules, without any store."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import ContentError, FlowError, NotAllowedError
from bot.core.publishing import AUTHOR, MOVES, STANDING, Right, Role, Rules, State, Step, Validity, check_move
from bot.core.words import Words

WORDS = Words("一", "one", "一")
EVERYTHING = frozenset(Right)


def step(id_: str, *, roles: tuple[str, ...] = ("anybody",), not_by: tuple[str, ...] = ()) -> Step:
    """A step that anybody may decide."""
    return Step(id_, WORDS, roles, not_by)


CHAIN = (
    step("fact_check", not_by=(AUTHOR,)),
    step("compliance", not_by=(AUTHOR,)),
    step("approval", not_by=("fact_check",)),
)


def rules(*steps: Step, rights: frozenset[Right] = EVERYTHING, validity: tuple[Validity, ...] = ()) -> Rules:
    """Rules with one role and these steps."""
    return Rules({"anybody": Role("anybody", WORDS, rights)}, steps or CHAIN, validity)


def decide(these: Rules, step_id: str, who: str, *, writers: set[str], accepted: Mapping[str, str]) -> None:
    """As somebody with the one role."""
    these.check_decision(step_id, who, ["anybody"], writers=writers, accepted=accepted)


# ---- States ----


@pytest.mark.parametrize(("old", "new"), list(product(State, State)))
def test_what_is_approved_never_becomes_a_draft_again(old: State, new: State) -> None:
    if old in STANDING | {State.EXPIRED, State.WITHDRAWN, State.REPLACED} and new in {State.DRAFT, State.REVIEW}:
        with pytest.raises(FlowError, match="save a new revision"):
            check_move(old, new)


def test_nothing_reaches_customers_but_through_approval() -> None:
    before = {old for old, new in MOVES.items() if State.RELEASED in new}
    assert before == {State.APPROVED, State.SCHEDULED, State.RELEASED, State.REPLACED}
    assert {old for old, new in MOVES.items() if State.APPROVED in new} == {
        State.REVIEW,
        State.APPROVED,
        State.SCHEDULED,
    }
    assert MOVES[State.DRAFT] == {State.REVIEW, State.REPLACED}


@pytest.mark.parametrize("end", [State.EXPIRED, State.WITHDRAWN])
def test_what_was_taken_away_does_not_come_back(end: State) -> None:
    assert MOVES[end] == frozenset()


# ---- Who decides ----


def test_the_steps_come_in_order_and_then_it_is_approved() -> None:
    these = rules()
    order = []
    while (following := these.next_step(order)) is not None:
        order.append(following.id)
    assert order == ["fact_check", "compliance", "approval"]


def test_a_step_that_was_put_in_meanwhile_is_asked_for_before_approval() -> None:
    following = rules().next_step({"fact_check", "approval"})
    assert following is not None
    assert following.id == "compliance"


@pytest.mark.parametrize("step_id", ["fact_check", "compliance"])
def test_nobody_checks_his_own_words(step_id: str) -> None:
    with pytest.raises(NotAllowedError) as caught:
        decide(rules(), step_id, "lin", writers={"lin", "mei"}, accepted={})
    assert caught.value.code == "wrote_it"


def test_fact_check_and_approval_are_two_people() -> None:
    done = {"fact_check": "mei", "compliance": "hua"}
    with pytest.raises(NotAllowedError) as caught:
        decide(rules(), "approval", "mei", writers={"lin"}, accepted=done)
    assert caught.value.code == "decided_before"
    decide(rules(), "approval", "wu", writers={"lin"}, accepted=done)


def test_two_people_are_enough() -> None:
    these = rules()
    decide(these, "fact_check", "mei", writers={"lin"}, accepted={})
    decide(these, "compliance", "mei", writers={"lin"}, accepted={"fact_check": "mei"})
    decide(these, "approval", "lin", writers={"lin"}, accepted={"fact_check": "mei", "compliance": "mei"})


def test_steps_are_parted_in_whichever_order_they_were_decided() -> None:
    with pytest.raises(NotAllowedError):
        decide(rules(), "fact_check", "wu", writers={"lin"}, accepted={"approval": "wu"})


def test_only_the_roles_of_a_step_decide_it() -> None:
    these = rules(step("check", roles=("anybody",)), step("approval", not_by=("check",)))
    with pytest.raises(NotAllowedError) as caught:
        these.check_decision("check", "vic", ["viewer"], writers={"lin"}, accepted={})
    assert caught.value.code == "not_his_step"


def test_a_step_the_chain_no_longer_has_is_said_so() -> None:
    with pytest.raises(FlowError, match="take the piece back"):
        decide(rules(), "consumer_protection", "mei", writers={"lin"}, accepted={})


PEOPLE = ["lin", "mei", "wu"]
NOT_BY = st.lists(st.sampled_from([AUTHOR, "a", "b", "c"]), unique=True).map(tuple)


@given(
    size=st.integers(1, 3),
    not_by=st.tuples(NOT_BY, NOT_BY, NOT_BY),
    writers=st.sets(st.sampled_from(PEOPLE), min_size=1),
    order=st.lists(st.sampled_from(PEOPLE), min_size=3, max_size=3),
)
def test_no_chain_a_bank_can_write_lets_one_person_release(
    size: int, not_by: tuple[tuple[str, ...], ...], writers: set[str], order: list[str]
) -> None:
    names = ["a", "b", "c"][:size]
    try:
        these = rules(*(step(n, not_by=nb) for n, nb in zip(names, not_by, strict=False)))
    except ContentError:
        return
    accepted: dict[str, str] = {}
    for name, who in zip(names, order, strict=False):
        try:
            decide(these, name, who, writers=writers, accepted=accepted)
        except NotAllowedError:
            return
        accepted[name] = who
    hands = {*accepted.values(), *writers}
    assert len(hands) > 1
    assert size == 1 or len(set(accepted.values())) > 1


# ---- Rights ----


def test_rights_of_several_roles_add_up_and_an_unknown_role_gives_none() -> None:
    these = Rules(
        {
            "author": Role("author", WORDS, frozenset({Right.WRITE})),
            "chief": Role("chief", WORDS, frozenset({Right.RELEASE, Right.STAFF})),
        },
        (step("one", roles=("chief",), not_by=(AUTHOR,)),),
    )
    assert these.rights(["author", "chief", "gone"]) == {Right.WRITE, Right.RELEASE, Right.STAFF}
    with pytest.raises(NotAllowedError, match="lin"):
        these.require(Right.RELEASE, "lin", ["author", "gone"])


# ---- What cannot be rules ----


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ((step("one"),), "not_by: \\[author\\]"),
        ((step("one"), step("two")), "not_by: \\[one\\]"),
        ((step("one"), step("two", not_by=(AUTHOR,))), "not_by: \\[one\\]"),
        ((step("one", not_by=("two",)), step("two", not_by=("one",))), "earlier steps"),
        ((step("one", not_by=(AUTHOR,)), step("one", not_by=("one",))), "stands twice"),
        ((step("one", roles=(), not_by=(AUTHOR,)),), "roles"),
        ((step("one", roles=("nobody",), not_by=(AUTHOR,)),), "nobody"),
        ((step("draft", not_by=(AUTHOR,)),), "draft"),
        ((step(AUTHOR, not_by=(AUTHOR,)),), AUTHOR),
    ],
)
def test_rules_nobody_could_keep_are_refused(steps: tuple[Step, ...], says: str) -> None:
    with pytest.raises(ContentError, match=says):
        rules(*steps)


def test_a_chain_without_a_step_is_refused() -> None:
    with pytest.raises(ContentError, match="no steps"):
        replace(rules(), steps=())


@pytest.mark.parametrize("right", [Right.WRITE, Right.RELEASE, Right.STAFF])
def test_rules_under_which_nobody_could_work_are_refused(right: Right) -> None:
    with pytest.raises(ContentError, match=right):
        rules(rights=EVERYTHING - {right})


# ---- Validity ----


def test_words_hold_as_long_as_their_kind_says() -> None:
    numbers = Validity("numbers", ("hotline", "bank"), 30, 7)
    these = rules(validity=(numbers, Validity("law", ("answer",), 180, 30)))
    assert these.validity_of("bank") == numbers
    assert these.validity_of("variants") is None
    assert numbers.until(datetime(2026, 12, 1, tzinfo=UTC)) == datetime(2026, 12, 31, tzinfo=UTC)


def test_a_kind_has_one_validity() -> None:
    with pytest.raises(ContentError, match="answer"):
        rules(validity=(Validity("a", ("answer",), 1, 1), Validity("b", ("answer",), 2, 1)))
