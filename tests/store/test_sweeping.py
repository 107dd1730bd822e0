"""What time does: schedules, ends, and words that grow old."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.errors import ContentError
from bot.core.publishing import State, Validity
from bot.store.audit import AuditStore
from bot.store.reading import PieceReader
from bot.store.releases import ContentStore
from bot.store.sweeping import Sweeper, Swept
from tests.editorial import MEI, RULES, WU, Editorial
from tests.store.conftest import Connect

GREET, POSTER, CASE = ("reply", "greet"), ("screen", "poster"), ("case", "rebate-1")
ONE, TWO = {"text": "一"}, {"text": "二"}
TODAYS = replace(
    RULES, validity=(Validity("products", ("screen",), 90, 14, leaves=True), Validity("methods", ("case",), 90, 14))
)


@pytest.fixture
def desk(connect: Connect, editorial: Editorial) -> Editorial:
    """The flow with a validity of ninety days for screens, which leave, and cases, which stay."""
    return Editorial(editorial.engine, editorial.clock, TODAYS)


@pytest.fixture
def sweeper(desk: Editorial) -> Sweeper:
    """The sweep over it."""
    return Sweeper(desk.engine, TODAYS, desk.clock)


def shown(desk: Editorial) -> dict[str, Any]:
    """What customers see: key -> body."""
    store = ContentStore(desk.engine)
    return {key: body for _, key, body in store.pieces_of(store.newest_release())}


def state(desk: Editorial, name: tuple[str, str], number: int) -> State:
    """Where a revision stands."""
    found = PieceReader(desk.engine).revision(*name, number)
    assert found is not None
    return found.state


def test_where_nothing_is_due_nothing_happens(desk: Editorial, sweeper: Sweeper) -> None:
    desk.approved(*POSTER, ONE)
    before = AuditStore(desk.engine).entries(limit=1)
    assert sweeper.sweep() == Swept()
    assert AuditStore(desk.engine).entries(limit=1) == before
    assert ContentStore(desk.engine).newest_release() == 0


# ---- Schedules ----


def test_what_is_scheduled_goes_out_when_its_time_has_come_and_alone(desk: Editorial, sweeper: Sweeper) -> None:
    desk.approved(*GREET, ONE)
    desk.publication.release(WU)
    number = desk.approved(*POSTER, ONE)
    desk.approved(*GREET, TWO, base=1)  # approved, and for a publisher to release
    desk.publication.schedule(WU, [(*POSTER, number)], release_at=desk.clock.now + timedelta(hours=2))
    desk.clock.passes(hours=1, minutes=59)
    assert sweeper.sweep() == Swept()
    desk.clock.passes(minutes=1)
    assert sweeper.sweep() == Swept(release=2, released=(POSTER,))
    assert shown(desk) == {"greet": ONE, "poster": ONE}
    assert state(desk, POSTER, number) is State.RELEASED
    assert sweeper.sweep() == Swept()


def test_two_processes_that_sweep_at_once_release_once(desk: Editorial, sweeper: Sweeper, connect: Connect) -> None:
    number = desk.approved(*POSTER, ONE)
    desk.publication.schedule(WU, [(*POSTER, number)], release_at=desk.clock.now + timedelta(hours=2))
    desk.clock.passes(hours=3)
    together = threading.Barrier(2)

    def sweep(_: int) -> int | None:
        own = Sweeper(connect(), TODAYS, desk.clock)
        together.wait()
        return own.sweep().release

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(sweep, range(2)))
    assert sorted(done, key=str) == [1, None]
    assert ContentStore(desk.engine).newest_release() == 1


def test_what_cannot_be_released_stays_scheduled(desk: Editorial) -> None:
    number = desk.approved(*POSTER, ONE)
    desk.publication.schedule(WU, [(*POSTER, number)], release_at=desk.clock.now + timedelta(hours=2))
    desk.clock.passes(hours=3)

    def refuse(number: int, _: Any) -> None:
        raise ContentError(f"release {number} has no bank")

    with pytest.raises(ContentError):
        Sweeper(desk.engine, TODAYS, desk.clock, check=refuse).sweep()
    assert state(desk, POSTER, number) is State.SCHEDULED
    assert ContentStore(desk.engine).newest_release() == 0


# ---- Ends ----


def test_what_was_given_an_end_is_taken_down_then(desk: Editorial, sweeper: Sweeper) -> None:
    number = desk.approved(*POSTER, ONE)
    desk.approved(*GREET, ONE)
    start, end = desk.clock.now + timedelta(days=1), desk.clock.now + timedelta(days=8)
    desk.publication.schedule(WU, [(*POSTER, number)], release_at=start, ends_at=end)
    desk.publication.release(WU)
    desk.clock.passes(days=1)
    sweeper.sweep()
    assert set(shown(desk)) == {"greet", "poster"}
    desk.clock.passes(days=7)
    assert sweeper.sweep() == Swept(release=3, expired=(POSTER,))
    assert set(shown(desk)) == {"greet"}
    assert state(desk, POSTER, number) is State.EXPIRED
    assert sweeper.sweep() == Swept()


def test_what_ended_before_it_was_ever_shown_never_is(desk: Editorial, sweeper: Sweeper) -> None:
    desk.approved(*GREET, ONE)
    number = desk.approved(*POSTER, ONE)
    desk.publication.schedule(WU, [(*POSTER, number)], ends_at=desk.clock.now + timedelta(days=1))
    desk.clock.passes(days=2)
    desk.publication.release(WU)
    assert set(shown(desk)) == {"greet"}
    assert sweeper.sweep() == Swept(expired=(POSTER,))


# ---- Growing old ----


def test_words_are_a_draft_again_in_time_and_are_used_meanwhile(desk: Editorial, sweeper: Sweeper) -> None:
    desk.approved(*CASE, ONE)
    desk.publication.release(WU)
    desk.clock.passes(days=75, hours=23)
    assert sweeper.sweep() == Swept()
    desk.clock.passes(hours=1)
    assert sweeper.sweep() == Swept(renewed=(CASE,))
    newest = PieceReader(desk.engine).revisions(*CASE)[0]
    assert (newest.number, newest.state, newest.body, newest.author) == (2, State.DRAFT, ONE, "sweep")
    assert newest.comment == "validity ends 2027-03-01"
    assert shown(desk) == {"rebate-1": ONE}
    assert sweeper.sweep() == Swept()


def test_methods_grown_old_still_warn_and_products_grown_old_are_taken_down(desk: Editorial, sweeper: Sweeper) -> None:
    desk.approved(*CASE, ONE)
    desk.approved(*POSTER, ONE)
    desk.publication.release(WU)
    desk.clock.passes(days=90)
    assert sweeper.sweep() == Swept(release=2, expired=(POSTER,), renewed=(CASE, POSTER))
    assert shown(desk) == {"rebate-1": ONE}
    assert [line.key for line in PieceReader(desk.engine, desk.clock).overdue(TODAYS)] == ["rebate-1"]
    assert state(desk, CASE, 1) is State.RELEASED


def test_words_checked_again_hold_for_another_while(desk: Editorial, sweeper: Sweeper) -> None:
    desk.approved(*CASE, ONE)
    desk.publication.release(WU)
    desk.clock.passes(days=80)
    sweeper.sweep()
    desk.flow.submit(WU, *CASE, 2)
    desk.decide(MEI, *CASE, 2, "fact_check")
    desk.decide(MEI, *CASE, 2, "compliance")
    desk.decide(WU, *CASE, 2, "approval")
    desk.publication.release(WU)
    desk.clock.passes(days=20)
    assert sweeper.sweep() == Swept()
    assert state(desk, CASE, 2) is State.RELEASED


def test_what_somebody_works_on_already_gets_no_second_draft(desk: Editorial, sweeper: Sweeper) -> None:
    desk.approved(*CASE, ONE)
    desk.publication.release(WU)
    desk.draft(*CASE, TWO, base=1)
    desk.clock.passes(days=80)
    assert sweeper.sweep() == Swept()


def test_what_came_from_files_is_reminded_of_and_never_taken_down(desk: Editorial, sweeper: Sweeper) -> None:
    store = ContentStore(desk.engine)
    store.seed([(*POSTER, ONE)])
    store.publish(author="seed")
    (line,) = PieceReader(desk.engine).pieces()
    desk.clock.now = line.changed_at + timedelta(days=400)
    assert sweeper.sweep() == Swept()
    assert shown(desk) == {"poster": ONE}
    assert [p.key for p in PieceReader(desk.engine, desk.clock).overdue(TODAYS)] == ["poster"]


def test_what_was_given_an_end_is_over_then_and_not_renewed(desk: Editorial, sweeper: Sweeper) -> None:
    number = desk.approved(*POSTER, ONE)
    desk.publication.schedule(WU, [(*POSTER, number)], ends_at=desk.clock.now + timedelta(days=8))
    desk.publication.release(WU)
    desk.clock.passes(days=80)
    assert sweeper.sweep() == Swept(release=2, expired=(POSTER,))
    desk.clock.passes(days=80)
    assert sweeper.sweep() == Swept()


def test_what_was_withdrawn_is_not_renewed(desk: Editorial, sweeper: Sweeper) -> None:
    desk.approved(*CASE, ONE)
    desk.publication.release(WU)
    desk.publication.withdraw(WU, [CASE], reason="protest")
    desk.clock.passes(days=100)
    assert sweeper.sweep() == Swept()
