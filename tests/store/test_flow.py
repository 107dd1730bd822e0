"""Drafts, reviews and decisions, held against the rules inside the transaction."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.core.errors import CalledOff, FlowError, LockedError, MergeNeeded, NotAllowedError
from bot.core.publishing import OPEN, Actor, State, Verdict
from bot.store.audit import AuditStore
from bot.store.flow import FlowStore
from bot.store.locks import LockStore
from bot.store.reading import PieceReader
from bot.store.releases import ContentStore
from bot.store.staff import StaffStore
from bot.store.views import Written
from tests.editorial import ADA, HUA, LIN, MEI, OPERATOR, RULES, VIC, WU, Editorial
from tests.store.conftest import Connect

GREET = ("reply", "greet")
OLD, NEW, OTHER = {"text": "旧的"}, {"text": "新的"}, {"text": "另一句"}


def state(editorial: Editorial, number: int) -> tuple[State, str]:
    """Where a revision of the greeting stands."""
    found = PieceReader(editorial.engine).revision(*GREET, number)
    assert found is not None
    return found.state, found.step


# ---- Saving ----


def test_every_save_is_a_new_revision_and_keeps_the_words_before_it(editorial: Editorial) -> None:
    assert editorial.draft(*GREET, OLD) == 1
    assert editorial.draft(*GREET, NEW, base=1) == 2
    revisions = PieceReader(editorial.engine).revisions(*GREET)
    assert [(r.number, r.body, r.state) for r in revisions] == [(2, NEW, State.DRAFT), (1, OLD, State.REPLACED)]


def test_saving_a_draft_unchanged_makes_nothing_new(editorial: Editorial) -> None:
    editorial.draft(*GREET, OLD)
    assert editorial.draft(*GREET, OLD, base=1) == 1


def test_what_somebody_saved_in_between_is_told_with_both_bodies(editorial: Editorial) -> None:
    editorial.draft(*GREET, OLD)
    editorial.draft(*GREET, NEW, base=1, who=WU)
    with pytest.raises(MergeNeeded) as caught:
        editorial.draft(*GREET, OTHER, base=1)
    told = caught.value
    assert (told.base_number, told.newest_number, told.newest_author) == (1, 2, "wu")
    assert (told.base, told.newest, told.own) == (OLD, NEW, OTHER)
    assert editorial.draft(*GREET, OTHER, base=told.newest_number) == 3


def test_two_who_begin_the_same_new_piece_have_to_merge(editorial: Editorial) -> None:
    editorial.draft(*GREET, OLD)
    with pytest.raises(MergeNeeded) as caught:
        editorial.draft(*GREET, NEW, who=WU)
    assert caught.value.base == {}


def test_a_base_that_never_was_is_refused(editorial: Editorial) -> None:
    with pytest.raises(FlowError, match="no revision 1"):
        editorial.draft(*GREET, OLD, base=1)
    editorial.draft(*GREET, OLD)
    with pytest.raises(FlowError, match="no revision 7"):
        editorial.draft(*GREET, NEW, base=7)


def test_of_two_who_save_at_the_same_moment_one_has_to_merge(editorial: Editorial, connect: Connect) -> None:
    editorial.draft(*GREET, OLD)
    together = threading.Barrier(2)

    def save(who: Actor) -> str:
        own = FlowStore(connect(), RULES, editorial.clock)
        together.wait()
        try:
            return str(own.save(who, *GREET, {"text": who.login}, base=1))
        except MergeNeeded:
            return "merge"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(save, [LIN, WU])) == ["2", "merge"]


def test_nothing_is_saved_while_it_is_being_reviewed(editorial: Editorial) -> None:
    editorial.submitted(*GREET, OLD)
    with pytest.raises(FlowError) as caught:
        editorial.draft(*GREET, NEW, base=1)
    assert caught.value.code == "in_review"
    editorial.flow.take_back(LIN, *GREET, 1)
    assert editorial.draft(*GREET, NEW, base=1) == 2


def test_an_edit_after_approval_is_a_new_revision_and_leaves_the_approved_one(editorial: Editorial) -> None:
    editorial.approved(*GREET, OLD)
    assert editorial.draft(*GREET, NEW, base=1) == 2
    assert state(editorial, 1) == (State.APPROVED, "")
    assert state(editorial, 2) == (State.DRAFT, "")


@pytest.mark.parametrize("name", [("", "greet"), ("reply", ""), ("r" * 33, "greet"), ("reply", "g" * 129)])
def test_a_name_the_store_cannot_hold_is_refused(editorial: Editorial, name: tuple[str, str]) -> None:
    with pytest.raises(FlowError, match="at most"):
        editorial.draft(*name, OLD)


def test_a_piece_that_somebody_else_has_open_is_not_saved(editorial: Editorial) -> None:
    editorial.draft(*GREET, OLD)
    locks = LockStore(editorial.engine, RULES, editorial.clock)
    locks.take(WU, *GREET)
    with pytest.raises(LockedError) as caught:
        editorial.draft(*GREET, NEW, base=1)
    assert caught.value.values["who"] == "wu"
    assert editorial.draft(*GREET, NEW, base=1, who=WU) == 2


# ---- The chain ----


def test_a_draft_goes_through_every_step_to_approval(editorial: Editorial) -> None:
    number = editorial.submitted(*GREET, OLD)
    assert state(editorial, number) == (State.REVIEW, "fact_check")
    editorial.decide(MEI, *GREET, number, "fact_check")
    assert state(editorial, number) == (State.REVIEW, "compliance")
    editorial.decide(HUA, *GREET, number, "compliance")
    assert state(editorial, number) == (State.REVIEW, "approval")
    assert editorial.decide(WU, *GREET, number, "approval") is State.APPROVED


def test_what_is_returned_is_a_draft_again_with_the_reason(editorial: Editorial) -> None:
    number = editorial.submitted(*GREET, OLD)
    assert editorial.decide(MEI, *GREET, number, "fact_check", Verdict.RETURN, "哪个中心的数字？") is State.DRAFT
    found = PieceReader(editorial.engine).revision(*GREET, number)
    assert found is not None
    (said,) = found.decisions
    assert (said.who, said.step, said.verdict, said.comment) == (
        "mei",
        "fact_check",
        Verdict.RETURN,
        "哪个中心的数字？",
    )


def test_decisions_before_a_return_do_not_count_again(editorial: Editorial) -> None:
    number = editorial.submitted(*GREET, OLD)
    editorial.decide(MEI, *GREET, number, "fact_check")
    editorial.decide(HUA, *GREET, number, "compliance")
    editorial.decide(WU, *GREET, number, "approval", Verdict.RETURN, "太长")
    editorial.flow.submit(LIN, *GREET, number)
    assert state(editorial, number) == (State.REVIEW, "fact_check")
    editorial.decide(HUA, *GREET, number, "fact_check")
    assert state(editorial, number) == (State.REVIEW, "compliance")


def test_a_comment_moves_nothing(editorial: Editorial) -> None:
    number = editorial.submitted(*GREET, OLD)
    assert editorial.decide(LIN, *GREET, number, "fact_check", Verdict.COMMENT, "来源在附件") is State.REVIEW
    assert state(editorial, number) == (State.REVIEW, "fact_check")


@pytest.mark.parametrize("verdict", [Verdict.RETURN, Verdict.COMMENT])
def test_a_return_and_a_comment_say_why(editorial: Editorial, verdict: Verdict) -> None:
    number = editorial.submitted(*GREET, OLD)
    with pytest.raises(FlowError) as caught:
        editorial.decide(MEI, *GREET, number, "fact_check", verdict, "  ")
    assert caught.value.code == "comment_missing"


def test_a_decision_about_a_step_that_is_over_is_refused(editorial: Editorial) -> None:
    number = editorial.submitted(*GREET, OLD)
    editorial.decide(MEI, *GREET, number, "fact_check")
    with pytest.raises(FlowError) as caught:
        editorial.decide(HUA, *GREET, number, "fact_check")
    assert caught.value.code == "moved_on"


def test_of_two_who_decide_at_the_same_moment_one_is_told_it_moved_on(editorial: Editorial, connect: Connect) -> None:
    number = editorial.submitted(*GREET, OLD)
    together = threading.Barrier(2)

    def decide(who: Actor) -> str:
        own = FlowStore(connect(), RULES, editorial.clock)
        together.wait()
        try:
            return own.decide(who, *GREET, number, step="fact_check", verdict=Verdict.ACCEPT)
        except FlowError as error:
            return error.code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(decide, [MEI, HUA])) == ["moved_on", "review"]


def test_only_the_newest_draft_is_submitted(editorial: Editorial) -> None:
    editorial.approved(*GREET, OLD)
    editorial.draft(*GREET, NEW, base=1)
    with pytest.raises(FlowError) as caught:
        editorial.flow.submit(LIN, *GREET, 1)
    assert caught.value.code == "not_newest"
    editorial.flow.submit(LIN, *GREET, 2)
    with pytest.raises(FlowError):
        editorial.flow.take_back(LIN, *GREET, 1)


def test_what_is_no_draft_is_not_submitted_and_what_is_not_reviewed_is_not_taken_back(editorial: Editorial) -> None:
    editorial.approved(*GREET, OLD)
    with pytest.raises(FlowError, match="new revision"):
        editorial.flow.submit(LIN, *GREET, 1)
    with pytest.raises(FlowError) as caught:
        editorial.flow.take_back(LIN, *GREET, 1)
    assert caught.value.code == "not_in_review"


# ---- Two different people ----


def test_nobody_checks_words_he_wrote_or_had_a_hand_in_since_the_last_approval(editorial: Editorial) -> None:
    editorial.approved(*GREET, OLD, who=LIN)
    editorial.draft(*GREET, NEW, base=1, who=LIN)
    # a word changed by another does not make it the other's alone
    number = editorial.submitted(*GREET, OTHER, base=2, who=WU)
    for writer in (LIN, WU):
        with pytest.raises(NotAllowedError) as caught:
            editorial.decide(writer, *GREET, number, "fact_check")
        assert caught.value.code == "wrote_it"
    editorial.decide(MEI, *GREET, number, "fact_check")


def test_who_wrote_before_the_last_approval_may_check_what_another_wrote_after_it(editorial: Editorial) -> None:
    editorial.approved(*GREET, OLD, who=LIN)
    number = editorial.submitted(*GREET, NEW, base=1, who=WU)
    assert editorial.decide(LIN, *GREET, number, "fact_check") is State.REVIEW


def test_who_submitted_words_counts_as_their_writer(editorial: Editorial) -> None:
    number = editorial.draft(*GREET, OLD, who=LIN)
    editorial.flow.submit(WU, *GREET, number)
    with pytest.raises(NotAllowedError):
        editorial.decide(WU, *GREET, number, "fact_check")


def test_fact_check_and_approval_are_two_people(editorial: Editorial) -> None:
    number = editorial.submitted(*GREET, OLD)
    editorial.decide(WU, *GREET, number, "fact_check")
    editorial.decide(WU, *GREET, number, "compliance")
    with pytest.raises(NotAllowedError) as caught:
        editorial.decide(WU, *GREET, number, "approval")
    assert caught.value.code == "decided_before"
    assert state(editorial, number) == (State.REVIEW, "approval")
    assert editorial.decide(LIN, *GREET, number, "approval") is State.APPROVED


# ---- Who may at all ----


@pytest.mark.parametrize("who", [VIC, MEI, ADA])
def test_who_may_not_write_does_not(editorial: Editorial, who: Actor) -> None:
    number = editorial.draft(*GREET, OLD)
    for attempt in (
        lambda: editorial.draft(*GREET, NEW, base=1, who=who),
        lambda: editorial.flow.submit(who, *GREET, number),
        lambda: editorial.flow.take_back(who, *GREET, number),
    ):
        with pytest.raises(NotAllowedError):
            attempt()
    assert state(editorial, number) == (State.DRAFT, "")


@pytest.mark.parametrize("who", [VIC, ADA, Actor("nobody"), OPERATOR])
def test_who_has_no_role_of_a_step_does_not_decide_it_not_even_an_operator(editorial: Editorial, who: Actor) -> None:
    number = editorial.submitted(*GREET, OLD)
    with pytest.raises(NotAllowedError):
        editorial.decide(who, *GREET, number, "fact_check")


def test_roles_count_as_they_are_now(editorial: Editorial) -> None:
    staff = StaffStore(editorial.engine, RULES)
    staff.set_roles(ADA, "lin", ["viewer"])
    with pytest.raises(NotAllowedError):
        editorial.draft(*GREET, OLD)
    staff.set_roles(ADA, "lin", ["author"])
    staff.set_active(ADA, "lin", False)
    with pytest.raises(NotAllowedError):
        editorial.draft(*GREET, OLD)


def test_who_never_changed_his_first_password_does_nothing(editorial: Editorial) -> None:
    StaffStore(editorial.engine, RULES).add(ADA, "new", name="New", roles=["author"], password="a hash")
    with pytest.raises(NotAllowedError, match="first password"):
        editorial.draft(*GREET, OLD, who=Actor("new"))


# ---- What approval means ----


def test_approval_brings_a_withdrawn_piece_back_and_a_draft_does_not(editorial: Editorial) -> None:
    store = ContentStore(editorial.engine)
    editorial.approved(*GREET, OLD)
    store.publish(author="lin")
    editorial.publication.withdraw(WU, [GREET], reason="wrong number")
    editorial.draft(*GREET, NEW, base=1)
    assert store.upcoming() == []
    editorial.flow.submit(LIN, *GREET, 2)
    assert store.upcoming() == []
    editorial.decide(MEI, *GREET, 2, "fact_check")
    editorial.decide(HUA, *GREET, 2, "compliance")
    editorial.decide(WU, *GREET, 2, "approval")
    assert store.upcoming() == [(*GREET, NEW)]


def test_approved_words_hold_as_long_as_their_kind_says(editorial: Editorial) -> None:
    editorial.approved("hotline", "cn_police", {"number": "110"})
    editorial.approved("variants", "variants", {"variants": {}})
    hotline = PieceReader(editorial.engine).piece("hotline", "cn_police")
    variants = PieceReader(editorial.engine).piece("variants", "variants")
    assert hotline is not None
    assert variants is not None
    assert hotline.valid_until is not None
    assert (hotline.valid_until - editorial.clock.now).days == 30
    assert variants.valid_until is None


def test_at_most_one_revision_of_a_piece_is_open(editorial: Editorial) -> None:
    editorial.approved(*GREET, OLD)
    editorial.draft(*GREET, NEW, base=1)
    editorial.draft(*GREET, OTHER, base=2)
    editorial.flow.submit(LIN, *GREET, 3)
    open_now = [r.number for r in PieceReader(editorial.engine).revisions(*GREET) if r.state in OPEN]
    assert open_now == [3]


def test_many_drafts_are_saved_all_or_none(editorial: Editorial) -> None:
    editorial.draft("case", "c1", {"n": 1})
    new = [Written("case", f"n{i}", {"n": i}) for i in range(3)]
    with pytest.raises(MergeNeeded):
        editorial.flow.save_all(LIN, [*new, Written("case", "c1", {"n": 2}, base=0)])
    reader = PieceReader(editorial.engine)
    assert [one.key for one in reader.newest("case")] == ["c1"]
    editorial.flow.save_all(LIN, [*new, Written("case", "c1", {"n": 2}, base=1)], comment="together")
    assert {one.key: one.base for one in reader.newest("case")} == {"c1": 2, "n0": 1, "n1": 1, "n2": 1}
    found = reader.revision("case", "n1", 1)
    assert found is not None
    assert (found.author, found.comment, found.state) == ("lin", "together", State.DRAFT)


def test_the_trail_of_many_drafts_is_that_of_one_after_the_other(editorial: Editorial) -> None:
    editorial.flow.save_all(LIN, [Written("case", f"n{i}", {"n": i}) for i in range(3)])
    trail = AuditStore(editorial.engine)
    assert trail.verify().faults == ()
    assert [e.action for e in trail.entries(subject="case/n2")] == ["piece.saved"]


def test_who_may_not_write_saves_nothing_of_many(editorial: Editorial) -> None:
    with pytest.raises(NotAllowedError):
        editorial.flow.save_all(VIC, [Written("case", "n", {"n": 1})])
    assert PieceReader(editorial.engine).newest() == []


def test_many_at_once_tell_how_far_they_are(editorial: Editorial) -> None:
    editorial.draft("case", "n0", {"n": 0})
    told: list[int] = []
    drafts = [Written("case", f"n{n}", {"n": n + 1}, base=1 if n == 0 else 0) for n in range(1201)]
    editorial.flow.save_all(LIN, drafts, done=told.append)
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0, 1201)
    assert len(set(told)) > 10


@pytest.mark.parametrize("at", [0, 700, 1201])
def test_many_at_once_that_are_called_off_leave_nothing(editorial: Editorial, at: int) -> None:
    editorial.draft("case", "n0", {"n": 0})
    entries = len(AuditStore(editorial.engine).entries(limit=9999))

    def done(count: int) -> None:
        if count >= at:
            raise CalledOff("enough", code="called_off")

    drafts = [Written("case", f"n{n}", {"n": n + 1}, base=1 if n == 0 else 0) for n in range(1201)]
    with pytest.raises(CalledOff):
        editorial.flow.save_all(LIN, drafts, done=done)
    assert [(line.key, line.number) for line in PieceReader(editorial.engine).pieces(limit=5)] == [("n0", 1)]
    assert len(AuditStore(editorial.engine).entries(limit=9999)) == entries
