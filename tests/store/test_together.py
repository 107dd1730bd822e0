"""What is made from one case is handed in, accepted, scheduled and released together, or apart with a reason."""

from datetime import timedelta
from typing import Any

import pytest

from bot.core.errors import FlowError, NotAllowedError
from bot.core.publishing import Actor, State
from bot.store.audit import AuditStore
from bot.store.reading import PieceReader
from bot.store.releases import ContentStore
from bot.store.sweeping import Sweeper
from tests.editorial import HUA, LIN, MEI, RULES, WU, Editorial

CASE, SIGN, LEAFLET = ("case", "c1"), ("led", "c1-led"), ("leaflet", "c1-leaflet")
GREET = ("reply", "greet")
OF_CASE: dict[str, Any] = {"from_case": "c1", "text": "一"}


def made(editorial: Editorial, *names: tuple[str, str]) -> dict[tuple[str, str], int]:
    """A draft of each, of one case; their numbers."""
    return {n: editorial.draft(*n, {"text": "一"} if n[0] in {"case", "reply"} else OF_CASE) for n in names}


def approve(editorial: Editorial, *names: tuple[str, str]) -> None:
    """Each goes through the whole chain."""
    for name in names:
        editorial.approved(*name, {"text": "一"} if name[0] in {"case", "reply"} else OF_CASE)


def states(editorial: Editorial, *names: tuple[str, str]) -> list[State]:
    """Where the newest revisions stand."""
    lines = [PieceReader(editorial.engine).piece(*name) for name in names]
    return [line.state for line in lines if line]


def shown(editorial: Editorial) -> set[tuple[str, str]]:
    """What customers see."""
    store = ContentStore(editorial.engine)
    return {(kind, key) for kind, key, _ in store.pieces_of(store.newest_release())}


def left_at(editorial: Editorial, **only: Any) -> dict[str, list[tuple[str, State, str]]]:
    """What the next release would leave behind."""
    upcoming = PieceReader(editorial.engine, editorial.clock).upcoming(**only)
    return {case: [(one.key, one.state, one.step) for one in pieces] for case, pieces in upcoming.left.items()}


# ---- Handing in and accepting ----


def test_with_one_that_cannot_be_submitted_none_is(editorial: Editorial) -> None:
    numbers = made(editorial, CASE, SIGN)
    editorial.flow.submit(LIN, *SIGN, numbers[SIGN])
    with pytest.raises(FlowError):
        editorial.flow.submit_all(LIN, [(*CASE, numbers[CASE]), (*SIGN, numbers[SIGN])])
    assert states(editorial, CASE, SIGN) == [State.DRAFT, State.REVIEW]
    submitted = [e.subject for e in AuditStore(editorial.engine).entries() if e.action == "piece.submitted"]
    assert submitted == ["led/c1-led"]


def test_with_one_that_may_not_be_accepted_none_is(editorial: Editorial) -> None:
    numbers = made(editorial, CASE, SIGN)
    both = [(*CASE, numbers[CASE]), (*SIGN, numbers[SIGN])]
    editorial.flow.submit_all(LIN, both)
    editorial.decide(MEI, *CASE, numbers[CASE], "fact_check")
    editorial.decide(WU, *SIGN, numbers[SIGN], "fact_check")
    editorial.flow.accept_all(HUA, [(one, "compliance") for one in both])
    # wu has decided the sign's fact check and may not approve it too
    with pytest.raises(NotAllowedError):
        editorial.flow.accept_all(WU, [(one, "approval") for one in both])
    assert states(editorial, CASE, SIGN) == [State.REVIEW, State.REVIEW]
    with pytest.raises(FlowError) as caught:
        editorial.flow.accept_all(WU, [(both[0], "compliance")])
    assert caught.value.code == "moved_on"


# ---- Releasing ----


def test_a_case_goes_out_with_everything_made_from_it_and_with_nothing_else(editorial: Editorial) -> None:
    approve(editorial, CASE, SIGN, LEAFLET, GREET)
    family = [CASE, SIGN, LEAFLET]
    looked_at = PieceReader(editorial.engine, editorial.clock).upcoming(only=family)
    assert {(c.kind, c.key) for c in looked_at.changes} == set(family)
    editorial.publication.release(WU, only=family, expect=looked_at.fingerprint)
    assert shown(editorial) == set(family)
    assert states(editorial, *family, GREET) == [*[State.RELEASED] * 3, State.APPROVED]
    editorial.publication.release(WU)
    assert shown(editorial) == {*family, GREET}


def test_a_part_of_a_case_goes_out_only_with_a_reason_that_the_trail_keeps(editorial: Editorial) -> None:
    approve(editorial, CASE, SIGN)
    made(editorial, LEAFLET)
    assert left_at(editorial) == {"c1": [("c1-leaflet", State.DRAFT, "")]}
    for empty in ("", "  "):
        with pytest.raises(FlowError) as caught:
            editorial.publication.release(WU, apart=empty)
        assert (caught.value.code, caught.value.values["count"]) == ("left_behind", "1")
    assert shown(editorial) == set()
    number = editorial.publication.release(WU, apart="the printer is late")
    assert shown(editorial) == {CASE, SIGN}
    (entry,) = [e for e in AuditStore(editorial.engine).entries(subject="case/c1") if e.action == "release.apart"]
    assert (entry.actor, entry.detail) == (
        "wu",
        {"reason": "the printer is late", "left": ["leaflet/c1-leaflet"], "release": number},
    )
    assert AuditStore(editorial.engine).verify().faults == ()


def test_one_piece_alone_leaves_behind_even_what_is_approved(editorial: Editorial) -> None:
    approve(editorial, CASE, SIGN)
    assert left_at(editorial, only=[SIGN]) == {"c1": [("c1", State.APPROVED, "")]}
    with pytest.raises(FlowError):
        editorial.publication.release(WU, only=[SIGN])
    editorial.publication.release(WU, only=[SIGN], apart="the sign is urgent")
    assert shown(editorial) == {SIGN}


def test_nothing_is_left_behind_of_what_is_out_already_withdrawn_or_of_another_case(editorial: Editorial) -> None:
    approve(editorial, CASE, SIGN, LEAFLET)
    editorial.publication.release(WU)
    editorial.publication.withdraw(WU, [LEAFLET], reason="protest")
    made(editorial, ("led", "other"))
    editorial.draft("led", "c2-led", {"from_case": "c2"})
    editorial.approved(*SIGN, {**OF_CASE, "text": "二"}, base=1)
    assert left_at(editorial)["c1"] == [("other", State.DRAFT, "")]
    editorial.draft("led", "other", {"from_case": "c2"}, base=1)
    assert left_at(editorial) == {}
    editorial.publication.release(WU)


def test_newer_words_in_the_making_keep_nothing_back(editorial: Editorial) -> None:
    approve(editorial, CASE, SIGN)
    editorial.draft(*SIGN, {**OF_CASE, "text": "二"}, base=1)
    assert left_at(editorial) == {}
    editorial.publication.release(WU)
    assert shown(editorial) == {CASE, SIGN}


def test_an_operator_too_needs_a_reason_and_seeds_wait_for_none(editorial: Editorial) -> None:
    approve(editorial, SIGN)
    made(editorial, CASE)
    store = ContentStore(editorial.engine)
    with pytest.raises(FlowError):
        store.publish(author="cli")
    store.seed([("led", "c1-b", OF_CASE)])
    store.publish(author="seed", seeds_only=True)
    assert shown(editorial) == {("led", "c1-b")}
    store.publish(author="cli", apart="urgent")
    assert shown(editorial) == {("led", "c1-b"), SIGN}


# ---- Scheduling ----


@pytest.fixture
def at(editorial: Editorial) -> Any:
    """In three days."""
    return editorial.clock.now + timedelta(days=3)


def test_a_case_is_given_one_time_and_goes_out_at_once(editorial: Editorial, at: Any) -> None:
    approve(editorial, CASE, SIGN)
    editorial.publication.schedule(WU, [(*CASE, 1), (*SIGN, 1)], release_at=at)
    editorial.clock.passes(days=3)
    Sweeper(editorial.engine, RULES, editorial.clock).sweep()
    assert shown(editorial) == {CASE, SIGN}


def test_a_time_for_a_part_of_a_case_needs_a_reason(editorial: Editorial, at: Any) -> None:
    approve(editorial, CASE, SIGN)
    with pytest.raises(FlowError) as caught:
        editorial.publication.schedule(WU, [(*SIGN, 1)], release_at=at)
    assert caught.value.code == "left_behind"
    assert states(editorial, SIGN) == [State.APPROVED]
    editorial.publication.schedule(WU, [(*SIGN, 1)], release_at=at, apart="the sign first")
    (entry,) = [e for e in AuditStore(editorial.engine).entries() if e.action == "release.apart"]
    assert (entry.subject, entry.detail["reason"]) == ("case/c1", "the sign first")
    # what is out by then is not left behind
    editorial.publication.schedule(WU, [(*CASE, 1)], release_at=at)


@pytest.mark.parametrize("who", [LIN, WU])
def test_with_one_that_cannot_be_scheduled_none_is(editorial: Editorial, at: Any, who: Actor) -> None:
    approve(editorial, CASE)
    made(editorial, SIGN)
    with pytest.raises(FlowError):
        editorial.publication.schedule(who, [(*CASE, 1), (*SIGN, 1)], release_at=at)
    assert states(editorial, CASE) == [State.APPROVED]
