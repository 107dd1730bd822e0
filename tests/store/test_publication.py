"""Releasing, scheduling, withdrawing and rolling back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.errors import ContentError, FlowError, NotAllowedError
from bot.core.publishing import Actor, Right, State
from bot.store.audit import AuditStore
from bot.store.publication import PublicationStore
from bot.store.reading import PieceReader
from bot.store.releases import ContentStore
from tests.editorial import ADA, LIN, MEI, OPERATOR, RULES, VIC, WU, Editorial

GREET, THANKS, BYE = ("reply", "greet"), ("reply", "thanks"), ("reply", "bye")
ONE, TWO, THREE = {"text": "一"}, {"text": "二"}, {"text": "三"}


def state(editorial: Editorial, name: tuple[str, str], number: int) -> State:
    """Where a revision stands."""
    found = PieceReader(editorial.engine).revision(*name, number)
    assert found is not None
    return found.state


def shown(store: ContentStore) -> dict[str, Any]:
    """What customers see: key -> body."""
    return {key: body for _, key, body in store.pieces_of(store.newest_release())}


@pytest.fixture
def two_releases(store: ContentStore, editorial: Editorial) -> Editorial:
    """Release 1 with one and thanks, release 2 with two, thanks and bye."""
    editorial.approved(*GREET, ONE)
    editorial.approved(*THANKS, ONE)
    editorial.publication.release(WU)
    editorial.approved(*GREET, TWO, base=1)
    editorial.approved(*BYE, ONE)
    editorial.publication.release(WU, note="second")
    return editorial


# ---- Releasing ----


def test_a_release_takes_everything_approved_and_says_what_became_of_it(two_releases: Editorial) -> None:
    store = ContentStore(two_releases.engine)
    assert shown(store) == {"greet": TWO, "thanks": ONE, "bye": ONE}
    assert state(two_releases, GREET, 1) is State.REPLACED
    assert state(two_releases, GREET, 2) is State.RELEASED
    assert [(n.number, n.author, n.note) for n in store.history()] == [(2, "wu", "second"), (1, "wu", "")]


def test_there_is_no_release_without_anything_new(two_releases: Editorial) -> None:
    with pytest.raises(FlowError) as caught:
        two_releases.publication.release(WU)
    assert caught.value.code == "nothing_new"


@pytest.mark.parametrize("who", [VIC, MEI, ADA, Actor("nobody")])
def test_who_may_not_release_does_not(editorial: Editorial, who: Actor) -> None:
    editorial.approved(*GREET, ONE)
    with pytest.raises(NotAllowedError):
        editorial.publication.release(who)
    assert ContentStore(editorial.engine).newest_release() == 0


def test_only_what_was_looked_at_is_released(editorial: Editorial) -> None:
    editorial.approved(*GREET, ONE)
    looked_at = PieceReader(editorial.engine, editorial.clock).upcoming().fingerprint
    editorial.approved(*THANKS, ONE)
    with pytest.raises(FlowError) as caught:
        editorial.publication.release(WU, expect=looked_at)
    assert caught.value.code == "changed_meanwhile"
    again = PieceReader(editorial.engine, editorial.clock).upcoming().fingerprint
    assert editorial.publication.release(WU, expect=again) == 1


def test_an_override_needs_the_right_and_stands_in_the_trail(editorial: Editorial) -> None:
    editorial.approved(*GREET, ONE)
    publisher = RULES.roles["publisher"]
    weak = replace(publisher, rights=publisher.rights - {Right.OVERRIDE})
    without = replace(RULES, roles={**RULES.roles, "publisher": weak})
    with pytest.raises(NotAllowedError):
        PublicationStore(editorial.engine, without, editorial.clock).release(WU, override="holiday")
    editorial.publication.release(WU, override="holiday", findings={"missed": 1})
    newest = AuditStore(editorial.engine).entries(limit=1)[0]
    assert newest.detail["override"] == "holiday"
    assert newest.detail["findings"] == {"missed": 1}


def test_a_release_that_cannot_be_built_never_is_one(editorial: Editorial) -> None:
    editorial.approved(*GREET, ONE)
    told: list[tuple[int, Any]] = []

    def refuse(number: int, pieces: Any) -> None:
        told.append((number, pieces))
        raise ContentError("no bank")

    strict = PublicationStore(editorial.engine, RULES, editorial.clock, check=refuse)
    with pytest.raises(ContentError):
        strict.release(WU)
    assert told == [(1, [(*GREET, ONE)])]
    assert ContentStore(editorial.engine).newest_release() == 0
    assert state(editorial, GREET, 1) is State.APPROVED


# ---- Scheduling ----


def test_what_is_scheduled_waits_for_its_time_and_the_old_words_stay(two_releases: Editorial) -> None:
    number = two_releases.approved(*GREET, THREE, base=2)
    at = two_releases.clock.now + timedelta(days=3)
    assert two_releases.publication.schedule(WU, [(*GREET, number)], release_at=at) is State.SCHEDULED
    two_releases.approved(*THANKS, TWO, base=1)
    two_releases.publication.release(WU)
    assert shown(ContentStore(two_releases.engine)) == {"greet": TWO, "thanks": TWO, "bye": ONE}
    two_releases.clock.passes(days=3)
    two_releases.publication.release(WU)
    assert shown(ContentStore(two_releases.engine))["greet"] == THREE


def test_a_schedule_is_taken_off_by_naming_no_time(editorial: Editorial) -> None:
    number = editorial.approved(*GREET, ONE)
    editorial.publication.schedule(WU, [(*GREET, number)], release_at=editorial.clock.now + timedelta(days=3))
    assert editorial.publication.schedule(WU, [(*GREET, number)]) is State.APPROVED
    assert editorial.publication.release(WU) == 1


def test_times_that_cannot_be_are_refused(editorial: Editorial) -> None:
    number = editorial.approved(*GREET, ONE)
    now = editorial.clock.now
    for times, code in [
        ({"release_at": now}, "time_passed"),
        ({"ends_at": now}, "end_before_beginning"),
        ({"release_at": now + timedelta(days=2), "ends_at": now + timedelta(days=1)}, "end_before_beginning"),
    ]:
        with pytest.raises(FlowError) as caught:
            editorial.publication.schedule(WU, [(*GREET, number)], **times)
        assert caught.value.code == code


def test_only_what_is_approved_can_be_scheduled(editorial: Editorial) -> None:
    later = editorial.clock.now + timedelta(days=1)
    draft = editorial.draft(*GREET, ONE)
    with pytest.raises(FlowError) as caught:
        editorial.publication.schedule(WU, [(*GREET, draft)], release_at=later)
    assert caught.value.code == "not_approved"
    number = editorial.approved(*THANKS, ONE)
    editorial.publication.release(WU)
    with pytest.raises(FlowError) as caught:
        editorial.publication.schedule(WU, [(*THANKS, number)], release_at=later)
    assert caught.value.code == "released_already"
    assert editorial.publication.schedule(WU, [(*THANKS, number)], ends_at=later) is State.RELEASED


# ---- Withdrawing ----


def test_a_withdrawn_piece_is_gone_at_once_and_nothing_else_changes(two_releases: Editorial) -> None:
    two_releases.approved(*THANKS, THREE, base=1)  # approved, and not meant to go out yet
    assert two_releases.publication.withdraw(MEI, [GREET], reason="wrong number") == 3
    assert shown(ContentStore(two_releases.engine)) == {"thanks": ONE, "bye": ONE}
    assert state(two_releases, GREET, 2) is State.WITHDRAWN
    assert state(two_releases, THANKS, 2) is State.APPROVED


def test_pieces_that_belong_together_go_in_one_release(two_releases: Editorial) -> None:
    assert two_releases.publication.withdraw(WU, [GREET, BYE], reason="protest") == 3
    assert shown(ContentStore(two_releases.engine)) == {"thanks": ONE}


def test_older_words_do_not_take_the_place_of_withdrawn_ones(two_releases: Editorial) -> None:
    two_releases.publication.withdraw(WU, [GREET], reason="wrong")
    two_releases.approved(*THANKS, TWO, base=1)
    two_releases.publication.release(WU)
    assert "greet" not in shown(ContentStore(two_releases.engine))


def test_what_was_approved_but_never_shown_is_withdrawn_without_a_release(two_releases: Editorial) -> None:
    number = two_releases.approved("reply", "new", ONE)
    assert two_releases.publication.withdraw(WU, [("reply", "new")], reason="doubtful") == 2
    assert state(two_releases, ("reply", "new"), number) is State.WITHDRAWN


def test_a_withdrawal_says_why_and_what(two_releases: Editorial) -> None:
    for names, reason, code in [([GREET], " ", "reason_missing"), ([GREET, ("reply", "x")], "wrong", "no_piece")]:
        with pytest.raises(FlowError) as caught:
            two_releases.publication.withdraw(WU, names, reason=reason)
        assert caught.value.code == code
    assert ContentStore(two_releases.engine).newest_release() == 2
    assert state(two_releases, GREET, 2) is State.RELEASED


@pytest.mark.parametrize("who", [VIC, ADA])
def test_who_may_not_withdraw_does_not(two_releases: Editorial, who: Actor) -> None:
    with pytest.raises(NotAllowedError):
        two_releases.publication.withdraw(who, [GREET], reason="wrong")


# ---- Rolling back ----


def test_a_roll_back_is_a_new_release_with_the_old_words(two_releases: Editorial) -> None:
    done = two_releases.publication.roll_back(WU, 1, reason="too early")
    assert (done.release, done.kept, done.left_out) == (3, (), ())
    assert shown(ContentStore(two_releases.engine)) == {"greet": ONE, "thanks": ONE}
    assert (state(two_releases, GREET, 1), state(two_releases, GREET, 2)) == (State.RELEASED, State.REPLACED)


def test_the_next_release_does_not_undo_a_roll_back(two_releases: Editorial) -> None:
    two_releases.publication.roll_back(WU, 1, reason="too early")
    two_releases.approved(*THANKS, TWO, base=1)
    two_releases.publication.release(WU)
    assert shown(ContentStore(two_releases.engine)) == {"greet": ONE, "thanks": TWO}
    ContentStore(two_releases.engine).publish(author="cli")
    assert shown(ContentStore(two_releases.engine)) == {"greet": ONE, "thanks": TWO}


def test_one_can_go_forward_again(two_releases: Editorial) -> None:
    two_releases.publication.roll_back(WU, 1, reason="too early")
    two_releases.publication.roll_back(OPERATOR, 2, reason="was right after all")
    assert shown(ContentStore(two_releases.engine)) == {"greet": TWO, "thanks": ONE, "bye": ONE}


def test_what_was_withdrawn_does_not_come_back_by_a_roll_back(two_releases: Editorial) -> None:
    two_releases.publication.withdraw(WU, [THANKS], reason="wrong number")
    done = two_releases.publication.roll_back(WU, 1, reason="too early")
    assert done.left_out == (THANKS,)
    assert shown(ContentStore(two_releases.engine)) == {"greet": ONE}


def test_older_words_of_a_withdrawn_piece_do_not_come_back_either(two_releases: Editorial) -> None:
    two_releases.publication.withdraw(WU, [GREET], reason="not ours to tell")
    done = two_releases.publication.roll_back(WU, 1, reason="too early")
    assert done.left_out == (GREET,)
    assert shown(ContentStore(two_releases.engine)) == {"thanks": ONE}


def test_words_that_took_the_place_of_withdrawn_ones_stay_through_a_roll_back(two_releases: Editorial) -> None:
    two_releases.publication.withdraw(WU, [THANKS], reason="wrong number")
    two_releases.approved(*THANKS, THREE, base=1)
    two_releases.publication.release(WU)
    done = two_releases.publication.roll_back(WU, 1, reason="too early")
    assert done.kept == (THANKS,)
    assert shown(ContentStore(two_releases.engine)) == {"greet": ONE, "thanks": THREE}


def test_a_roll_back_leads_to_another_release_that_is_there(two_releases: Editorial) -> None:
    for number, reason, code in [
        (2, "why not", "nothing_new"),
        (9, "why not", "no_release"),
        (1, "", "reason_missing"),
    ]:
        with pytest.raises(FlowError) as caught:
            two_releases.publication.roll_back(WU, number, reason=reason)
        assert caught.value.code == code


@pytest.mark.parametrize("who", [VIC, MEI, ADA])
def test_who_may_not_release_does_not_roll_back(two_releases: Editorial, who: Actor) -> None:
    with pytest.raises(NotAllowedError):
        two_releases.publication.roll_back(who, 1, reason="too early")


def test_what_is_approved_and_not_released_outlives_a_roll_back(two_releases: Editorial) -> None:
    two_releases.approved(*BYE, TWO, base=1)
    two_releases.publication.roll_back(LIN, 1, reason="too early")
    assert "bye" not in shown(ContentStore(two_releases.engine))
    two_releases.publication.release(WU)
    assert shown(ContentStore(two_releases.engine))["bye"] == TWO
