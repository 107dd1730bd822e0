"""Who has a piece open."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.core.errors import LockedError, NotAllowedError
from bot.core.publishing import Actor
from bot.store.locks import LASTS, LockStore
from tests.editorial import LIN, RULES, VIC, WU, Editorial
from tests.store.conftest import Connect

GREET = ("reply", "greet")


@pytest.fixture
def locks(editorial: Editorial) -> LockStore:
    """The locks, by the clock of the test."""
    return LockStore(editorial.engine, RULES, editorial.clock)


def test_whoever_opens_a_piece_has_it(locks: LockStore, editorial: Editorial) -> None:
    assert locks.holder(*GREET) is None
    lock = locks.take(LIN, *GREET)
    assert (lock.holder, lock.since, lock.until) == ("lin", editorial.clock.now, editorial.clock.now + LASTS)
    assert locks.holder(*GREET) == lock
    with pytest.raises(LockedError) as caught:
        locks.take(WU, *GREET)
    assert caught.value.values == {"who": "lin", "until": lock.until.isoformat()}


def test_a_lock_is_kept_by_renewing_it(locks: LockStore, editorial: Editorial) -> None:
    first = locks.take(LIN, *GREET)
    for _ in range(3):
        editorial.clock.passes(minutes=4)
        again = locks.take(LIN, *GREET)
    assert again.since == first.since
    assert again.until == editorial.clock.now + LASTS
    with pytest.raises(LockedError):
        locks.take(WU, *GREET)


def test_a_lock_that_is_not_renewed_ends_by_itself(locks: LockStore, editorial: Editorial) -> None:
    locks.take(LIN, *GREET)
    editorial.clock.passes(seconds=LASTS.total_seconds())
    assert locks.holder(*GREET) is None
    assert locks.take(WU, *GREET).holder == "wu"
    with pytest.raises(LockedError):
        locks.take(LIN, *GREET)


def test_leaving_frees_a_piece_for_others_and_only_ones_own(locks: LockStore) -> None:
    locks.take(LIN, *GREET)
    locks.leave(WU, *GREET)
    assert locks.holder(*GREET) is not None
    locks.leave(LIN, *GREET)
    assert locks.take(WU, *GREET).holder == "wu"


def test_two_pieces_are_two_locks(locks: LockStore) -> None:
    locks.take(LIN, "reply", "greet")
    assert locks.take(WU, "answer", "greet").holder == "wu"


def test_who_may_not_write_opens_nothing(locks: LockStore) -> None:
    with pytest.raises(NotAllowedError):
        locks.take(VIC, *GREET)


def test_of_two_who_open_at_the_same_moment_one_has_it(editorial: Editorial, connect: Connect) -> None:
    together = threading.Barrier(2)

    def take(who: Actor) -> str:
        own = LockStore(connect(), RULES, editorial.clock)
        together.wait()
        try:
            return own.take(who, *GREET).holder
        except LockedError:
            return "locked"

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(take, [LIN, WU]))
    assert done.count("locked") == 1
